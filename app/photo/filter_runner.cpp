#include "app/photo/filter_runner.h"

#include <chrono>
#include <optional>
#include <utility>

#include "app/gpu/compute_filter.h"
#include "app/photo/costs_file.h"
#include "core/engine/filter/filter_chain.h"

namespace convlens {

namespace {

// What of it the GPU cannot do.
Message processor_only(const FilterOptions& options) {
    if (options.save_as == Depth::s16) return msg("s16 results are computed on the processor only");
    if (options.method == FilterMethod::fourier) return msg("the Fourier transform is computed on the processor only");
    return {};
}

// Of each step that keeps alpha though it is to be filtered.
void note_kept_alpha(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                     std::span<StepReport> reports) {
    if (!options.filter_alpha || !image.has_alpha()) return;
    for (std::size_t i = 0; i < chain.size(); ++i)
        if (always_keeps_alpha(chain[i].kernel))
            reports[i].note =
                msg("The weights add up to 0, which would leave nothing visible: alpha is kept as it is.");
}

}  // namespace

struct FilterRunner::Gpu {
    Message reason;                      // why there is none
    std::unique_ptr<GlContext> context;  // first made, last gone
    std::unique_ptr<GpuFilter> filter;

    Gpu() : context(GlContext::create_headless(reason)) {
        if (!context) return;
        reason = context->caps().reason;
        if (context->caps().compute) filter = std::make_unique<GpuFilter>(context->caps());
    }
};

FilterRunner::FilterRunner(Backend backend) : backend_(backend) {}
FilterRunner::~FilterRunner() = default;

Image FilterRunner::filter(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                           std::vector<StepReport>& reports) {
    Image result = filter_somewhere(image, chain, options, reports);
    note_kept_alpha(image, chain, options, std::span(reports).last(chain.size()));
    return result;
}

Image FilterRunner::filter_on_cpu(const Image& image, std::span<const FilterStep> chain, FilterOptions options,
                                  std::optional<double> work, std::vector<StepReport>& reports) {
    if (options.method == FilterMethod::automatic) options.costs = machine_filter_costs();
    std::vector<StepTiming> timings;
    std::optional<Image> picture = filter_chain(image, chain, options, {}, &timings);
    double ms = 0;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        reports.push_back(
            {chain[i].name, "cpu", timings[i].method, english(cpu_words(options.threads)), timings[i].ms, {}});
        ms += timings[i].ms;
    }
    if (work) rule_.took(false, *work, ms);
    return std::move(*picture);
}

Image FilterRunner::filter_somewhere(const Image& image, std::span<const FilterStep> chain,
                                     const FilterOptions& options, std::vector<StepReport>& reports) {
    const auto work = backend_ == Backend::automatic ? std::optional(chain_work(chain, image)) : std::nullopt;
    if (!wants_gpu(work, options)) return filter_on_cpu(image, chain, options, work, reports);
    const auto began = std::chrono::steady_clock::now();
    GpuFilterResult result = gpu_->filter->run(image, chain, options);
    const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - began;
    if (!result.image) {
        if (backend_ == Backend::gpu) throw NotOnGpu(NotOnGpu::Why::failed, result.reason);
        return filter_on_cpu(image, chain, options, work, reports);
    }
    if (work) rule_.took(true, *work, whole.count());
    const std::string where = "GPU compute: " + gpu_->context->caps().renderer;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        reports.push_back({chain[i].name, "gpu", FilterMethod::sums, where, result.milliseconds.at(i), {}});
    }
    return std::move(*result.image);
}

bool FilterRunner::wants_gpu(std::optional<double> work, const FilterOptions& options) {
    if (backend_ == Backend::cpu) return false;
    const Message what = processor_only(options);
    if (work) return what.empty() && rule_takes_gpu(*work);
    if (!what.empty()) throw NotOnGpu(NotOnGpu::Why::cannot, what);
    if (!gpu_) gpu_ = std::make_unique<Gpu>();
    if (!gpu_->filter) throw NotOnGpu(NotOnGpu::Why::absent, gpu_->reason);
    return true;
}

// What kind of GPU there is shows when its context is made, and that is worth it only for much work.
bool FilterRunner::rule_takes_gpu(double work) {
    if (!gpu_ && !rule_.worth_waking(work)) return false;
    if (!gpu_) gpu_ = std::make_unique<Gpu>();
    if (!gpu_->filter) return false;
    return rule_.choose(gpu_->context->caps().software) == BackendRule::Choice::gpu;
}

}  // namespace convlens
