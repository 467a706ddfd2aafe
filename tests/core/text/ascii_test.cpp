#include "core/text/ascii.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(Ascii, OnlyItsOwnLettersBecomeSmall) {
    EXPECT_EQ(lower("A.PnG [Z] 9_"), "a.png [z] 9_");
    EXPECT_EQ(lower("ÄÖ Ы"), "ÄÖ Ы");
}

TEST(Ascii, BlanksAroundATextGo) {
    EXPECT_EQ(trimmed(" \t1 2\r\n"), "1 2");
    EXPECT_EQ(trimmed("a"), "a");
    EXPECT_EQ(trimmed(" \n"), "");
    EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace convlens
