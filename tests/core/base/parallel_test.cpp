#include "core/base/parallel.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace convlens {
namespace {

TEST(Bands, CoverEveryIndexOnce) {
    for (const int threads : {1, 2, 7}) {
        for (const std::int64_t count : {0, 1, 6, 7, 8, 1000}) {
            std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
            for_bands(count, 7, threads, [&](std::int64_t first, std::int64_t last) {
                EXPECT_LE(last - first, 7);
                for (std::int64_t i = first; i < last; ++i) ++seen[static_cast<std::size_t>(i)];
            });
            for (const auto& times : seen) EXPECT_EQ(times, 1) << threads << " threads, " << count;
        }
    }
}

TEST(Bands, NoWorkerDoesTwoAtATime) {
    constexpr int kThreads = 5;
    std::array<std::atomic<bool>, kThreads> busy{};
    for_bands(2000, 1, kThreads, [&](std::int64_t, std::int64_t, int worker) {
        ASSERT_GE(worker, 0);
        ASSERT_LT(worker, kThreads);
        EXPECT_FALSE(busy[static_cast<std::size_t>(worker)].exchange(true));
        std::this_thread::yield();
        busy[static_cast<std::size_t>(worker)] = false;
    });
}

TEST(Bands, ThrowWhatABandThrowsAndLeaveTheRestOut) {
    for (const int threads : {1, 3}) {
        std::atomic<bool> thrown = false;
        std::atomic<int> after_it = 0;
        const auto work = [&](std::int64_t first, std::int64_t) {
            if (first == 5) {
                thrown = true;
                throw std::runtime_error("the sixth");
            }
            while (first > 5 && !thrown) std::this_thread::yield();
            if (first > 5) ++after_it;
        };
        EXPECT_THROW(for_bands(1000000, 1, threads, work), std::runtime_error);
        EXPECT_LT(after_it, 999994);
    }
    std::atomic<int> after = 0;
    for_bands(10, 1, 3, [&](std::int64_t, std::int64_t) { ++after; });
    EXPECT_EQ(after, 10);
}

TEST(Bands, SeveralCallersAndBandsWithinBandsShareTheThreads) {
    std::atomic<int> inner = 0;
    const auto nested = [&] {
        for (int i = 0; i < 50; ++i)
            for_bands(4, 1, 3, [&](std::int64_t, std::int64_t) {
                for_bands(3, 1, 2, [&](std::int64_t, std::int64_t) { ++inner; });
            });
    };
    {
        const std::jthread other(nested);
        nested();
    }
    EXPECT_EQ(inner, 2 * 50 * 4 * 3);
}

}  // namespace
}  // namespace convlens
