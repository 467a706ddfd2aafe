#include "app/cli/side_by_side.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace convlens {
namespace {

// Every file goes through its stages in order, the calling thread takes files in theirs, and no more than `most` are on
// their way.
TEST(SideBySide, KeepsTheOrderAndTheLimit) {
    for (const std::size_t most : {1U, 2U, 3U, 8U}) {
        constexpr std::size_t kFiles = 20;
        std::vector<std::atomic<int>> stage(kFiles);
        std::vector<std::size_t> worked, finished;
        std::atomic<int> on_their_way{0}, peak{0};
        const auto caller = std::this_thread::get_id();
        FileStages stages;
        stages.read = [&](std::size_t i) {
            const int now = ++on_their_way;
            for (int seen = peak; now > seen && !peak.compare_exchange_weak(seen, now);) {
            }
            EXPECT_EQ(stage[i]++, 0);
            std::this_thread::sleep_for(std::chrono::microseconds(i % 3 * 300));
        };
        stages.work = [&](std::size_t i) {
            EXPECT_EQ(stage[i]++, 1);
            EXPECT_EQ(std::this_thread::get_id(), caller);
            worked.push_back(i);
        };
        stages.write = [&](std::size_t i) {
            EXPECT_EQ(stage[i]++, 2);
            std::this_thread::sleep_for(std::chrono::microseconds((20 - i) % 4 * 300));
        };
        stages.finish = [&](std::size_t i) {
            EXPECT_EQ(stage[i]++, 3);
            EXPECT_EQ(std::this_thread::get_id(), caller);
            finished.push_back(i);
            --on_their_way;
        };
        stages.at_once = [&] { return most; };
        run_side_by_side(kFiles, stages);
        std::vector<std::size_t> all(kFiles);
        for (std::size_t i = 0; i < kFiles; ++i) all[i] = i;
        EXPECT_EQ(worked, all);
        EXPECT_EQ(finished, all);
        EXPECT_LE(peak, static_cast<int>(most));
    }
}

TEST(SideBySide, ReadsTheNextFileWhileOneIsWritten) {
    std::atomic<bool> second_read{false};
    bool seen = false;
    FileStages stages;
    stages.read = [&](std::size_t i) { second_read = second_read || i == 1; };
    stages.work = [](std::size_t) {};
    stages.write = [&](std::size_t i) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (i == 0 && !second_read && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        seen = seen || (i == 0 && second_read);
    };
    stages.finish = [](std::size_t) {};
    stages.at_once = [] { return std::size_t{2}; };
    run_side_by_side(2, stages);
    EXPECT_TRUE(seen);
    run_side_by_side(0, stages);
}

}  // namespace
}  // namespace convlens
