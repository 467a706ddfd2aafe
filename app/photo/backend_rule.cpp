#include "app/photo/backend_rule.h"

#include "core/base/parallel.h"
#include "core/engine/filter/filter_plan.h"

namespace convlens {

namespace {

// Milliseconds for one product, until they are measured: as a machine with few cores does it, and a slow GPU.
constexpr double kCpuCost = 1e-7, kGpuCost = 2e-9;
constexpr double kSoftwareCost = 5e-6;  // of a GPU that is the processor
constexpr double kWakingMs = 500;       // a context and its first program
constexpr double kTellingWork = 1e6;    // of less, what each call costs by itself hides the rest
constexpr int kRunsToCompile = 3;       // of the GPU, before what it takes is believed

}  // namespace

double filter_work(const FilterStep& filter, std::int64_t width, std::int64_t height, const Image& like) {
    const FilterPlan plan = plan_filter(filter, width, height, like.depth());
    const auto weights = static_cast<double>(plan.separable() ? plan.rows + plan.cols : plan.rows * plan.cols);
    return weights * static_cast<double>(plan.output.h) * static_cast<double>(plan.output.w) * like.channels();
}

double chain_work(std::span<const FilterStep> chain, const Image& image) {
    std::int64_t width = image.width(), height = image.height();
    double work = 0;
    for (const FilterStep& step : chain) {
        work += filter_work(step, width, height, image);
        width = (width - 1) / step.stride + 1;
        height = (height - 1) / step.stride + 1;
    }
    return work;
}

BackendRule::Choice BackendRule::choose(bool software) const {
    if (software) return Choice::cpu_for_real;
    return cpu_cost_ > 0 && gpu_cost_ > cpu_cost_ ? Choice::cpu_is_faster : Choice::gpu;
}

bool BackendRule::worth_waking(double work) const {
    const double cpu_cost = cpu_cost_ > 0 ? cpu_cost_ : kCpuCost;
    return work * cpu_cost >= kWakingMs + work * kGpuCost;
}

double BackendRule::expected_gpu_ms(double work, bool software) const {
    if (gpu_step_cost_ > 0) return work * gpu_step_cost_;
    return work * (software ? kSoftwareCost : kGpuCost);
}

void BackendRule::computed_on_gpu(double work, double ms) {
    if (work >= kTellingWork && ms > 0) gpu_step_cost_ = ms / work;
}

void BackendRule::took(bool on_gpu, double work, double ms) {
    if (on_gpu && gpu_runs_++ < kRunsToCompile) return;
    if (work < kTellingWork || ms <= 0) return;
    (on_gpu ? gpu_cost_ : cpu_cost_) = ms / work;
}

Message cpu_words(int threads) { return plural("CPU, {n} thread", "CPU, {n} threads", thread_count(threads)); }

}  // namespace convlens
