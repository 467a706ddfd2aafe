#include "core/engine/filter/filter_costs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/engine/filter/ready_filter.h"

namespace convlens {

namespace {

constexpr std::int64_t kSide = 448;  // of the image: 2 by 2 tiles for a kernel of kTiledKernel
constexpr double kSamples = kSide * kSide;
constexpr std::int64_t kDenseKernel = 13, kTiledKernel = 33, kSeparableKernel = 31, kBoxKernel = 31;
constexpr double kTilePairs = 2;
constexpr double kFar = 1.3;  // tiles of images larger than the caches take 1.2 to 1.5 times as long as these
constexpr int kRuns = 6;
constexpr double kMostApart = 4;  // from what is assumed where nothing was measured

// Neither a product of a column and a row nor a sum of a few.
Kernel full_kernel(std::int64_t side) {
    Kernel kernel{side, side, {}, 1, 0};
    for (std::int64_t i = 0; i < side * side; ++i) kernel.weights.push_back(1 / (1.5 + static_cast<double>(i % 97)));
    return kernel;
}

// A filter whose runs are timed, on one thread.
class Timed {
public:
    Timed(const Kernel& kernel, FilterMethod method)
        : image_(kSide, kSide, 1, Depth::f32),
          ready_(step(kernel), image_, options(method)),
          result_(ready_.make_result()) {}

    void run() {
        const auto began = std::chrono::steady_clock::now();
        ready_.run(image_, result_);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        least_ = std::min(least_, took.count());
    }
    double seconds() const { return least_; }  // of the quickest run

private:
    static FilterStep step(const Kernel& kernel) {
        FilterStep step;
        step.kernel = kernel;
        return step;
    }
    static FilterOptions options(FilterMethod method) {
        FilterOptions options;
        options.method = method;
        options.threads = 1;
        return options;
    }

    Image image_;
    ReadyFilter ready_;
    Image result_;
    double least_ = std::numeric_limits<double>::infinity();
};

double sensible(double measured, double assumed) {
    const double cost = std::clamp(measured, assumed / kMostApart, assumed * kMostApart);
    const double unit = std::pow(10, std::floor(std::log10(cost)) - 1);
    return std::round(cost / unit) * unit;
}

}  // namespace

FilterCosts filter_costs(const FilterTimes& times) {
    const double product = times.dense / (kSamples * kDenseKernel * kDenseKernel);
    const FilterCosts assumed;
    return {sensible(kFar * times.tiles / product / kTilePairs, assumed.tiles),
            sensible(times.passes / product / (kSamples * 2 * kSeparableKernel), assumed.pass),
            sensible(times.box / product / kSamples, assumed.box)};
}

FilterCosts measure_filter_costs() {
    const auto named = [](const char* name, std::int64_t side) {
        return make_kernel(name, {{"size", static_cast<double>(side)}});
    };
    Timed dense(full_kernel(kDenseKernel), FilterMethod::sums);
    Timed tiles(full_kernel(kTiledKernel), FilterMethod::fourier);
    Timed passes(named("gaussian", kSeparableKernel), FilterMethod::sums);
    Timed box(named("box", kBoxKernel), FilterMethod::sums);
    for (int i = 0; i < kRuns; ++i)  // the methods alternate, so that a busy moment meets all of them
        for (Timed* each : {&dense, &tiles, &passes, &box}) each->run();
    return filter_costs({dense.seconds(), tiles.seconds(), passes.seconds(), box.seconds()});
}

}  // namespace convlens
