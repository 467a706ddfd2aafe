#include "core/conv/count.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace convlens {
namespace {

TEST(Count, HasEveryDigitOfAProductThatIsWiderThan64Bits) {
    EXPECT_EQ((Count(999'999'998) * 999'999'998 * 9).digits(), "8999999964000000036");
    EXPECT_EQ((Count(12'345'678'901) * 10'987'654'321 * 1'000'000'007).digits(), "135650053071801546076758268547");
    EXPECT_EQ(Count(0).digits(), "0");
    EXPECT_EQ((Count(5) * 0).digits(), "0");
    EXPECT_EQ((Count(1'000'000'000) * 1'000'000'000).digits(), "1000000000000000000") << "zeros between";
    Count most = 1;
    for (int i = 0; i < 8; ++i) most *= std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(most.digits(),
              "523742497263382698747836148807661557933719124546113378862641795775320003709193437647875410"
              "41733925104025910035567032750922845842742640075519159173120001");
    EXPECT_DOUBLE_EQ(static_cast<double>(most), 0x1p504);
}

TEST(Count, AddsWithItsCarry) {
    EXPECT_EQ((Count(999'999'999) + 1).digits(), "1000000000");
    EXPECT_EQ((Count(999'999'999'999'999'999) + 5).digits(), "1000000000000000004");
    EXPECT_EQ(Count(7) + 8, Count(15));
}

TEST(Count, IsA64BitNumberAsLongAsOneHoldsIt) {
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(Count(most).whole(), most);
    EXPECT_EQ((Count(most) + 1).whole(), std::nullopt);
    EXPECT_EQ((Count(3) * 5).whole(), 15);
}

}  // namespace
}  // namespace convlens
