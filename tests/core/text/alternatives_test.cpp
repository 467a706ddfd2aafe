#include "core/text/alternatives.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(Alternatives, TheLastIsJoinedByOr) {
    const Message png = verbatim(".png"), hdr = verbatim(".hdr"), npy = verbatim(".npy");
    EXPECT_EQ(english(either({})), "");
    EXPECT_EQ(english(either({png})), ".png");
    EXPECT_EQ(english(either({png, npy})), ".png or .npy");
    EXPECT_EQ(english(either({png, hdr, npy})), ".png, .hdr or .npy");
}

}  // namespace
}  // namespace convlens
