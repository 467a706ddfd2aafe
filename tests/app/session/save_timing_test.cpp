// However busy the user is, no edit waits longer than half a second for its save.
#include "app/session/save_timing.h"

#include <cmath>

#include <gtest/gtest.h>

namespace convlens {
namespace {

// A save takes this long, seconds, and succeeds.
constexpr double kWrite = 0.02;

TEST(SaveTiming, NothingIsDueBeforeAChange) {
    SaveTiming timing;
    timing.see(0, true, 7);
    EXPECT_TRUE(std::isinf(timing.due()));
    EXPECT_TRUE(timing.all_saved());
}

TEST(SaveTiming, AnEditThatHasEndedIsSavedAtOnce) {
    SaveTiming timing;
    timing.see(1, true, 10);
    EXPECT_DOUBLE_EQ(timing.due(), 10);
    timing.began(10);
    EXPECT_TRUE(std::isinf(timing.due()));
    timing.ended(true, 10 + kWrite);
    EXPECT_TRUE(timing.all_saved());
}

TEST(SaveTiming, ADragIsSavedHalfASecondAfterItsFirstChangeAndAtItsEnd) {
    SaveTiming timing;
    timing.see(1, false, 10);
    timing.see(2, false, 10.3);
    EXPECT_DOUBLE_EQ(timing.due(), 10.5) << "not 10.8: later changes do not move it";
    timing.see(3, true, 10.4);
    EXPECT_DOUBLE_EQ(timing.due(), 10.4) << "the button is let go";
}

// Bursts of edits, one each `gap` seconds, of which each ends at once or all belong to one drag: how long a change
// waits until its save has ended, at most.
double longest_wait(double gap, bool resting, double seconds) {
    SaveTiming timing;
    double longest = 0, saving_until = -1, oldest = -1, oldest_saved = -1;
    std::uint64_t changes = 0;
    for (double now = 0, next = 0; now < seconds; now += 0.001) {
        if (now >= next) {
            ++changes;
            next += gap;
            if (oldest < 0) oldest = now;
        }
        if (saving_until >= 0 && now >= saving_until) {
            timing.ended(true, now);
            longest = std::max(longest, now - oldest_saved);
            saving_until = -1;
        }
        timing.see(changes, resting, now);
        if (now < timing.due() || saving_until >= 0) continue;
        timing.began(now);
        saving_until = now + kWrite;
        oldest_saved = std::exchange(oldest, -1);
    }
    return longest;
}

TEST(SaveTiming, SteadyEditingDoesNotStarveIt) {
    for (const double gap : {0.2, 0.31, 0.47}) EXPECT_LT(longest_wait(gap, true, 60), 0.1) << gap;
    for (const double gap : {0.016, 0.3, 0.9}) EXPECT_LT(longest_wait(gap, false, 60), 0.6) << gap;
}

TEST(SaveTiming, KeysHeldDownAreNotSavedMoreThanTwentyTimesASecond) {
    SaveTiming timing;
    int saves = 0;
    for (std::uint64_t ms = 0; ms < 1000; ++ms) {
        const double now = static_cast<double>(ms) / 1000;
        timing.see(ms / 33 + 1, true, now);
        if (now < timing.due()) continue;
        timing.began(now);
        ++saves;
    }
    EXPECT_LE(saves, 21);
    EXPECT_GE(saves, 14);
}

TEST(SaveTiming, AFailedSaveIsTriedAgainAfterOneSecondAndThenEveryTwo) {
    SaveTiming timing;
    timing.see(1, true, 10);
    timing.began(10);
    double now = 10.1;
    for (const double pause : {1.0, 2.0, 2.0, 2.0, 2.0}) {
        timing.ended(false, now);
        EXPECT_FALSE(timing.all_saved());
        EXPECT_DOUBLE_EQ(timing.due(), now + pause);
        now = timing.due();
        timing.see(1, true, now);
        timing.began(now);
    }
    timing.ended(true, now);
    EXPECT_TRUE(timing.all_saved());
    EXPECT_TRUE(std::isinf(timing.due()));
}

TEST(SaveTiming, AChangeAfterAFailureIsTriedWithinASecond) {
    SaveTiming timing;
    timing.see(1, true, 10);
    timing.began(10);
    for (int i = 0; i < 9; ++i) timing.ended(false, 11);
    timing.see(2, true, 12);
    EXPECT_DOUBLE_EQ(timing.due(), 12);
    timing.began(12);
    timing.ended(false, 12.1);
    timing.see(3, true, 12.2);
    EXPECT_DOUBLE_EQ(timing.due(), 13) << "a second after the last try";
}

TEST(SaveTiming, AChangeDuringASaveIsSavedNext) {
    SaveTiming timing;
    timing.see(1, true, 10);
    timing.began(10);
    timing.see(2, true, 10.01);
    EXPECT_DOUBLE_EQ(timing.due(), 10 + SaveTiming::kSpacing);
    timing.ended(true, 10.02);
    EXPECT_FALSE(timing.all_saved());
    EXPECT_DOUBLE_EQ(timing.due(), 10 + SaveTiming::kSpacing);
}

}  // namespace
}  // namespace convlens
