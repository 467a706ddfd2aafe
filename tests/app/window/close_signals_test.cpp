#include "app/window/close_signals.h"

#include <chrono>
#include <csignal>
#include <semaphore>

#include <gtest/gtest.h>

namespace convlens {
namespace {

struct sigaction action_of(int signal) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    return action;
}

TEST(CloseSignals, EachOfThemIsNoticedAndEndsNothing) {
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
        std::signal(signal, SIG_DFL);  // whoever starts the tests with nohup or in the background has them ignored
        std::binary_semaphore woken(0);
        const CloseSignals signals([&] { woken.release(); });
        EXPECT_FALSE(signals.came());
        raise(signal);
        EXPECT_TRUE(woken.try_acquire_for(std::chrono::seconds(2))) << signal;
        EXPECT_TRUE(signals.came());
    }
}

TEST(CloseSignals, AreAfterwardsWhatTheyWereBefore) {
    const auto before = action_of(SIGTERM).sa_handler;
    {
        const CloseSignals signals([] {});
        EXPECT_NE(action_of(SIGTERM).sa_handler, before);
    }
    EXPECT_EQ(action_of(SIGTERM).sa_handler, before);
}

TEST(CloseSignals, WhatIsIgnoredStaysIgnored) {
    const auto before = std::signal(SIGHUP, SIG_IGN);
    {
        const CloseSignals signals([] {});
        EXPECT_EQ(action_of(SIGHUP).sa_handler, SIG_IGN) << "nohup";
        raise(SIGHUP);
        EXPECT_FALSE(signals.came());
    }
    std::signal(SIGHUP, before);
}

}  // namespace
}  // namespace convlens
