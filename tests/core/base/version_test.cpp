#include "core/base/version.h"

#include <gtest/gtest.h>

namespace convlens {

TEST(Version, HasThreeNumbers) {
    int major = 0, minor = 0, patch = 0;
    EXPECT_EQ(std::sscanf(version().data(), "%d.%d.%d", &major, &minor, &patch), 3);
}

}  // namespace convlens
