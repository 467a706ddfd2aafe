#include "app/jobs/newest_job.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace convlens {
namespace {

using Job = NewestJob<int>;

Job::Make gives(int value) {
    return [value](const std::stop_token&) { return std::optional(value); };
}

TEST(NewestJob, MakesAResultThatIsTakenOnce) {
    std::atomic<int> woken = 0;
    Job job([&] { ++woken; });
    EXPECT_FALSE(job.busy());
    EXPECT_FALSE(job.take());
    job.start(gives(5));
    EXPECT_TRUE(job.busy());
    job.wait();
    EXPECT_TRUE(job.busy()) << "until the result is taken";
    EXPECT_EQ(job.take(), 5);
    EXPECT_FALSE(job.busy());
    EXPECT_FALSE(job.take());
}

TEST(NewestJob, AnOrderStopsTheOneBeforeItAndOnlyItsOwnResultCounts) {
    Job job;
    std::promise<void> begun;
    std::atomic<bool> stopped = false;
    job.start([&](const std::stop_token& stop) -> std::optional<int> {
        begun.set_value();
        while (!stop.stop_requested()) std::this_thread::yield();
        stopped = true;
        return 1;  // made all the same: it was too late
    });
    begun.get_future().wait();
    job.start(gives(2));
    job.wait();
    EXPECT_TRUE(stopped);
    EXPECT_EQ(job.take(), 2);
}

TEST(NewestJob, OfManyOrdersTheLastOneIsMade) {
    Job job;
    std::atomic<int> made = 0;
    for (int i = 0; i < 1000; ++i) {
        job.start([i, &made](const std::stop_token& stop) -> std::optional<int> {
            ++made;
            if (stop.stop_requested()) return std::nullopt;
            return i;
        });
    }
    job.wait();
    EXPECT_EQ(job.take(), 999);
    EXPECT_GE(made, 1);
}

TEST(NewestJob, ACancelledOrderLeavesNothing) {
    Job job;
    std::promise<void> begun;
    job.start([&](const std::stop_token& stop) -> std::optional<int> {
        begun.set_value();
        while (!stop.stop_requested()) std::this_thread::yield();
        throw std::runtime_error("too late");
    });
    begun.get_future().wait();
    job.cancel();
    EXPECT_FALSE(job.busy());
    job.wait();
    EXPECT_FALSE(job.take());
    job.start(gives(3));
    job.wait();
    EXPECT_EQ(job.take(), 3);
}

TEST(NewestJob, WhatAnOrderThrowsIsThrownWhereItsResultIsTaken) {
    Job job;
    job.start([](const std::stop_token&) -> std::optional<int> { throw std::runtime_error("no memory"); });
    job.wait();
    EXPECT_THROW(job.take(), std::runtime_error);
    EXPECT_FALSE(job.busy());
    EXPECT_FALSE(job.take());
}

TEST(NewestJob, EndsWhileAnOrderIsUnderWayAndOneIsWaiting) {
    std::promise<void> begun;
    {
        Job job;
        job.start([&](const std::stop_token& stop) -> std::optional<int> {
            begun.set_value();
            while (!stop.stop_requested()) std::this_thread::yield();
            return std::nullopt;
        });
        begun.get_future().wait();
    }
    SUCCEED() << "the thread has ended, or this would not return";
}

}  // namespace
}  // namespace convlens
