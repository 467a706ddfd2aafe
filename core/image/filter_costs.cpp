#include "core/image/filter_costs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/image/ready_filter.h"

namespace convlens {

namespace {

constexpr std::int64_t kSide = 448;  // of the picture: 2 by 2 tiles for a kernel of kTiledKernel
constexpr double kSamples = kSide * kSide;
constexpr std::int64_t kDenseKernel = 13, kTiledKernel = 33, kSeparableKernel = 31, kBoxKernel = 31;
constexpr double kTilePairs = 2;
constexpr int kRuns = 5;
constexpr double kMostApart = 4;  // from what is assumed where nothing was measured

// Neither a product of a column and a row nor a sum of a few.
Kernel full_kernel(std::int64_t side) {
    Kernel kernel{side, side, {}, 1, 0};
    for (std::int64_t i = 0; i < side * side; ++i) kernel.weights.push_back(1 / (1.5 + static_cast<double>(i % 97)));
    return kernel;
}

// The quickest of some runs, on one thread.
double seconds(const Kernel& kernel, FilterMethod method) {
    const Image picture(kSide, kSide, 1, Depth::f32);
    FilterStep step;
    step.kernel = kernel;
    FilterOptions options;
    options.method = method;
    options.threads = 1;
    ReadyFilter ready(step, picture, options);
    Image result = ready.make_result();
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= kRuns; ++i) {
        const auto began = std::chrono::steady_clock::now();
        ready.run(picture, result);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        least = std::min(least, took.count());
    }
    return least;
}

double sensible(double measured, double assumed) {
    const double cost = std::clamp(measured, assumed / kMostApart, assumed * kMostApart);
    const double unit = std::pow(10, std::floor(std::log10(cost)) - 1);
    return std::round(cost / unit) * unit;
}

}  // namespace

FilterCosts measure_filter_costs() {
    const double product =
        seconds(full_kernel(kDenseKernel), FilterMethod::sums) / (kSamples * kDenseKernel * kDenseKernel);
    const auto in_products = [product](const Kernel& kernel, FilterMethod method, double count) {
        return seconds(kernel, method) / product / count;
    };
    const auto named = [](const char* name, std::int64_t side) {
        return make_kernel(name, {{"size", static_cast<double>(side)}});
    };
    const FilterCosts assumed;
    return {
        sensible(in_products(full_kernel(kTiledKernel), FilterMethod::fourier, kTilePairs), assumed.tiles),
        sensible(in_products(named("gaussian", kSeparableKernel), FilterMethod::sums, kSamples * 2 * kSeparableKernel),
                 assumed.pass),
        sensible(in_products(named("box", kBoxKernel), FilterMethod::sums, kSamples), assumed.box)};
}

}  // namespace convlens
