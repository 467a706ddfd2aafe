#include "core/image/filter_costs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/image/ready_filter.h"
#include "tests/core/image/naive_filter.h"

namespace convlens {
namespace {

bool has_two_digits(double number) {
    const double digits = number / std::pow(10, std::floor(std::log10(number)) - 1);
    return std::abs(digits - std::round(digits)) < 1e-6;
}

TEST(FilterCosts, AreMeasuredWithinReason) {
    const FilterCosts assumed, measured = measure_filter_costs();
    for (const auto cost : {&FilterCosts::tiles, &FilterCosts::pass, &FilterCosts::box}) {
        EXPECT_GE(measured.*cost, assumed.*cost / 4.001);
        EXPECT_LE(measured.*cost, assumed.*cost * 4.001);
        EXPECT_TRUE(has_two_digits(measured.*cost)) << measured.*cost;
    }
}

// The way that is taken on costs of `costs`.
FilterMethod method(const Kernel& kernel, const FilterCosts& costs) {
    const Image image = test::random_image(150, 140, 1, Depth::u8, 1);
    FilterStep step;
    step.kernel = kernel;
    FilterOptions options;
    options.costs = costs;
    ReadyFilter ready(step, image, options);
    Image result = ready.make_result();
    ready.run(image, result);
    return ready.method();
}

TEST(FilterCosts, DecideBetweenSumsAndTheFourierTransform) {
    const Kernel dense = test::random_kernel(21, 21, false, 3);
    EXPECT_EQ(method(dense, {.tiles = 1e6}), FilterMethod::fourier);
    EXPECT_EQ(method(dense, {.tiles = 100e6}), FilterMethod::sums);
    const Kernel separable = make_kernel("gaussian", {{"size", 31}});
    EXPECT_EQ(method(separable, {.tiles = 2e6, .pass = 0.5}), FilterMethod::sums);
    EXPECT_EQ(method(separable, {.tiles = 2e6, .pass = 50}), FilterMethod::fourier);
    const Kernel box = make_kernel("box", {{"size", 31}});
    EXPECT_EQ(method(box, {.tiles = 2e6, .pass = 50, .box = 5}), FilterMethod::sums);
    EXPECT_EQ(method(box, {.tiles = 2e6, .pass = 50, .box = 1000}), FilterMethod::fourier);
}

TEST(FilterCosts, AForcedMethodAsksForNoCosts) {
    const Image image = test::random_image(60, 50, 1, Depth::f32, 1);
    for (const FilterMethod method : {FilterMethod::sums, FilterMethod::fourier}) {
        FilterStep step;
        step.kernel = test::random_kernel(9, 9, false, 3);
        FilterOptions options;
        options.method = method;
        ReadyFilter ready(step, image, options);
        Image result = ready.make_result();
        ready.run(image, result);
        EXPECT_EQ(ready.method(), method);
    }
}

}  // namespace
}  // namespace convlens
