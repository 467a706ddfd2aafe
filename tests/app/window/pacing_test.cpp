// When frames are due: the window is quiet unless something happened or moves.
#include "app/window/pacing.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace convlens {
namespace {

// Draws whatever is due until nothing more is; gives the times of the frames.
std::vector<double> frames_until_quiet(Pacing& pacing) {
    std::vector<double> times;
    while (std::isfinite(pacing.next_frame()) && times.size() < 100) {
        times.push_back(pacing.next_frame());
        pacing.drew(times.back());
        pacing.clear_wants();
    }
    return times;
}

TEST(Pacing, AnEventIsFollowedByAFewFramesAndThenByNone) {
    Pacing pacing;
    pacing.clear_wants();
    pacing.wake(10);
    const std::vector<double> times = frames_until_quiet(pacing);
    EXPECT_GE(times.size(), 3U);
    EXPECT_LE(times.size(), 8U);
    EXPECT_LT(times.back(), 11) << "one more for tips of a resting pointer, and quiet";
    EXPECT_TRUE(std::isinf(pacing.next_frame()));
}

TEST(Pacing, FramesAreASixtiethOfASecondApart) {
    Pacing pacing;
    pacing.wake(10);
    pacing.drew(10);
    pacing.want(10);
    EXPECT_NEAR(pacing.next_frame(), 10 + 1.0 / 60, 1e-9);
}

TEST(Pacing, TheSoonestWishCounts) {
    Pacing pacing;
    pacing.clear_wants();
    pacing.drew(10);
    pacing.want(12);
    pacing.want(11);
    pacing.want(std::numeric_limits<double>::infinity());
    EXPECT_EQ(pacing.next_frame(), 11);
    pacing.clear_wants();
    EXPECT_TRUE(std::isinf(pacing.next_frame()));
}

}  // namespace
}  // namespace convlens
