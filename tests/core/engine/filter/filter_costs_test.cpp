#include "core/engine/filter/filter_costs.h"

#include <gtest/gtest.h>

#include "core/engine/filter/ready_filter.h"
#include "tests/core/engine/filter/naive_filter.h"

namespace convlens {
namespace {

constexpr double kProducts = 448.0 * 448 * 13 * 13;  // of the dense kernel

// 0.01 s for the products of the dense kernel makes the seconds of `products` of them.
double seconds(double products) { return 0.01 / kProducts * products; }

TEST(FilterCosts, AreTimesInProductsOfTheDenseKernel) {
    const double samples = 448.0 * 448;
    const FilterTimes times{0.01, seconds(2 * 20e6 / 1.3), seconds(samples * 2 * 31 * 1.23), seconds(samples * 57)};
    const FilterCosts costs = filter_costs(times);  // tiles of larger pictures take 1.3 times as long
    EXPECT_NEAR(costs.tiles, 20e6, 1);
    EXPECT_NEAR(costs.pass, 1.2, 1e-12);
    EXPECT_NEAR(costs.box, 57, 1e-9);
    EXPECT_EQ(filter_costs({times.dense * 3, times.tiles * 3, times.passes * 3, times.box * 3}), costs)
        << "a machine that is slower throughout";
}

TEST(FilterCosts, AreWithinAFactorOfFourOfWhatIsAssumed) {
    const FilterCosts assumed, least = filter_costs({0.01, 0, 0, 0}), most = filter_costs({0.01, 100, 200, 300});
    EXPECT_NEAR(least.tiles, 6.3e6, 1);  // of 6.25e6 two digits
    EXPECT_NEAR(least.pass, 0.38, 1e-12);
    EXPECT_NEAR(least.box, 10, 1e-12);
    EXPECT_NEAR(most.tiles, 4 * assumed.tiles, 1);
    EXPECT_NEAR(most.pass, 4 * assumed.pass, 1e-12);
    EXPECT_NEAR(most.box, 4 * assumed.box, 1e-9);
}

TEST(FilterCosts, AreMeasuredAndNotJustAssumed) {
    const FilterCosts assumed, measured = measure_filter_costs();
    EXPECT_NE(measured, assumed);
    EXPECT_GT(measured.tiles, 0);
    EXPECT_GT(measured.pass, 0);
    EXPECT_GT(measured.box, 0);
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
