#include "app/photo/filter_runner.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/document/sample_image.h"
#include "core/engine/filter/filter_chain.h"
#include "core/image/kernel.h"

namespace convlens {
namespace {

std::vector<FilterStep> two_steps() {
    std::vector<FilterStep> chain(2);
    chain[0].kernel = parse_kernel("box:size=3");
    chain[1].kernel = parse_kernel("sharpen");
    chain[1].stride = 2;
    return chain;
}

PhotoResult loaded_sample() {
    PhotoResult result;
    result.before = sample_image();
    return result;
}

TEST(FilterRunner, NothingIsSaidOfAGpuThatNobodyWants) {
    FilterRunner runner(GpuContext::own);
    const FilterPlace place = runner.place(Backend::cpu, *sample_image(), two_steps(), {});
    EXPECT_FALSE(place.gpu);
    EXPECT_TRUE(place.reason.empty());
    EXPECT_FALSE(runner.place(Backend::gpu, *sample_image(), {}, {}).gpu);
    EXPECT_EQ(runner.renderer(), "");
}

TEST(FilterRunner, LittleWorkDoesNotWakeTheGpu) {
    FilterRunner runner(GpuContext::own);
    const FilterPlace place = runner.place(Backend::automatic, *sample_image(), two_steps(), {});
    EXPECT_FALSE(place.gpu);
    EXPECT_TRUE(place.reason.empty());
    EXPECT_EQ(runner.renderer(), "");
}

TEST(FilterRunner, WhatTheProcessorAloneComputesIsNotTriedOnTheGpu) {
    FilterRunner runner(GpuContext::own);
    FilterOptions fourier, signed_words;
    fourier.method = FilterMethod::fourier;
    signed_words.save_as = Depth::s16;
    for (const FilterOptions& options : {fourier, signed_words}) {
        for (const Backend backend : {Backend::automatic, Backend::gpu}) {
            const FilterPlace place = runner.place(backend, *sample_image(), two_steps(), options);
            EXPECT_FALSE(place.gpu);
            EXPECT_EQ(place.why, NotOnGpu::Why::cannot);
            EXPECT_FALSE(place.reason.empty());
        }
        std::vector<StepReport> reports;
        EXPECT_THROW(runner.filter(Backend::gpu, *sample_image(), two_steps(), options, reports), NotOnGpu);
        EXPECT_TRUE(reports.empty());
    }
}

// The command line makes a chain at once, the window step by step.
TEST(FilterRunner, StepByStepIsTheSameAsAtOnce) {
    FilterRunner runner(GpuContext::own);
    std::vector<StepReport> reports;
    const Image at_once = runner.filter(Backend::cpu, *sample_image(), two_steps(), {}, reports);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].backend, "cpu");

    PhotoResult result = loaded_sample();
    ASSERT_TRUE(add_steps_on_cpu(result, two_steps(), {}));
    ASSERT_EQ(result.steps.size(), 2U);
    EXPECT_EQ(result.steps[0].image->depth(), Depth::f32);
    EXPECT_FALSE(result.steps[1].gpu);
    EXPECT_TRUE(std::ranges::equal(result.after()->bytes(), at_once.bytes()));
}

TEST(FilterRunner, StepsThatAreKnownStay) {
    PhotoResult result = loaded_sample();
    ASSERT_TRUE(add_steps_on_cpu(result, two_steps(), {}));
    const ImageRef first = result.steps[0].image, last = result.steps[1].image;
    result.steps.pop_back();
    ASSERT_TRUE(add_steps_on_cpu(result, two_steps(), {}));
    EXPECT_EQ(result.steps[0].image, first);
    EXPECT_TRUE(std::ranges::equal(result.after()->bytes(), last->bytes()));
}

TEST(FilterRunner, AStopLeavesTheRestOut) {
    PhotoResult result = loaded_sample();
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(add_steps_on_cpu(result, two_steps(), stop.get_token()));
}

}  // namespace
}  // namespace convlens
