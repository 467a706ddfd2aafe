#include "app/photo/backend_rule.h"

#include <gtest/gtest.h>

#include "core/base/parallel.h"
#include "core/image/kernel.h"

namespace convlens {
namespace {

using Choice = BackendRule::Choice;
constexpr bool kReal = false, kSoftware = true;
constexpr double kMuch = 1e9;  // products

TEST(BackendRule, ARealGpuIsTriedWhereItsContextIsThere) {
    const BackendRule rule;
    EXPECT_EQ(rule.choose(kReal), Choice::gpu);
    EXPECT_EQ(rule.choose(kSoftware), Choice::cpu_for_real);
}

TEST(BackendRule, AGpuIsWokenOnlyForWorkThatTakesLonger) {
    BackendRule rule;
    EXPECT_FALSE(rule.worth_waking(kMuch));
    EXPECT_TRUE(rule.worth_waking(10 * kMuch));
    rule.took(false, kMuch, 10);  // a processor of many cores
    EXPECT_FALSE(rule.worth_waking(10 * kMuch));
    EXPECT_TRUE(rule.worth_waking(1000 * kMuch));
}

TEST(BackendRule, TheFasterOneIsTakenOnceBothAreMeasured) {
    BackendRule rule;
    for (int i = 0; i < 3; ++i) rule.took(true, kMuch, 5000);  // the driver compiles
    rule.took(false, kMuch, 100);
    EXPECT_EQ(rule.choose(kReal), Choice::gpu);
    rule.took(true, kMuch, 200);
    EXPECT_EQ(rule.choose(kReal), Choice::cpu_is_faster);
    rule.took(false, kMuch, 300);
    EXPECT_EQ(rule.choose(kReal), Choice::gpu);
}

TEST(BackendRule, AnUnmeasuredProcessorDoesNotWin) {
    BackendRule rule;
    for (int i = 0; i < 5; ++i) rule.took(true, kMuch, 5000);
    EXPECT_EQ(rule.choose(kReal), Choice::gpu);
}

TEST(BackendRule, LittleWorkSaysNothing) {
    BackendRule rule;
    for (int i = 0; i < 5; ++i) rule.took(true, 1e5, 50);
    rule.took(false, 1e5, 1);
    EXPECT_EQ(rule.choose(kReal), Choice::gpu);
}

TEST(BackendRule, WhatAGpuWouldTakeGoesByItsLastStepThatTells) {
    BackendRule rule;
    EXPECT_GT(rule.expected_gpu_ms(kMuch, kSoftware), rule.expected_gpu_ms(kMuch, kReal));
    rule.computed_on_gpu(kMuch, 50);
    rule.computed_on_gpu(1e5, 50);  // little work
    EXPECT_DOUBLE_EQ(rule.expected_gpu_ms(2 * kMuch, kSoftware), 100);
    EXPECT_DOUBLE_EQ(rule.expected_gpu_ms(2 * kMuch, kReal), 100);
}

TEST(BackendRule, WorkOfAChainIsThatOfItsStepsOnTheirPictures) {
    FilterStep full;
    full.kernel = parse_kernel("1 2; 3 5");
    FilterStep strided = full;
    strided.stride = 2;
    const Image picture(100, 50, 3, Depth::u8);
    const std::vector<FilterStep> chain{strided, full};
    EXPECT_EQ(filter_work(full, 100, 50, picture), 4 * 100 * 50 * 3);
    EXPECT_EQ(chain_work(chain, picture), 4 * 50 * 25 * 3 * 2);
    EXPECT_EQ(chain_work({}, picture), 0);
}

TEST(CpuText, CountsThreads) {
    EXPECT_EQ(english(cpu_words(1)), "CPU, 1 thread");
    EXPECT_EQ(english(cpu_words(3)), "CPU, 3 threads");
    EXPECT_EQ(cpu_words(0), cpu_words(thread_count(0)));
}

}  // namespace
}  // namespace convlens
