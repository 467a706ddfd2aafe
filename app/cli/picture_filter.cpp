#include "app/cli/picture_filter.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/gpu/compute_filter.h"
#include "app/photo/costs_file.h"
#include "core/base/parallel.h"
#include "core/engine/filter/filter_chain.h"

namespace convlens {

namespace {

// A context and its first program take some tenths of a second. The processor does so many products meanwhile.
constexpr double kWorthTheGpu = 5e9;

double products(const Image& image, std::span<const FilterStep> chain) {
    const auto samples = static_cast<double>(image.width()) * static_cast<double>(image.height()) * image.channels();
    double sum = 0;
    for (const FilterStep& step : chain) sum += samples * static_cast<double>(step.kernel.weights.size());
    return sum;
}

// What of it the GPU cannot do, with its verb.
std::string processor_only(const FilterOptions& options) {
    if (options.save_as == Depth::s16) return "s16 results are computed";
    if (options.method == FilterMethod::fourier) return "the Fourier transform is computed";
    return "";
}

Image filter_on_cpu(const Image& image, std::span<const FilterStep> chain, FilterOptions options,
                    std::vector<StepReport>& reports) {
    const int threads = thread_count(options.threads);
    const std::string where = fmt::format("CPU, {} {}", threads, threads == 1 ? "thread" : "threads");
    if (options.method == FilterMethod::automatic) options.costs = machine_filter_costs();
    std::vector<StepTiming> timings;
    std::optional<Image> picture = filter_chain(image, chain, options, {}, &timings);
    for (std::size_t i = 0; i < chain.size(); ++i)
        reports.push_back({chain[i].name, "cpu", timings[i].method, where, timings[i].ms, ""});
    return std::move(*picture);
}

// Of each step that keeps alpha though it is to be filtered.
void note_kept_alpha(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                     std::span<StepReport> reports) {
    if (!options.filter_alpha || !image.has_alpha()) return;
    for (std::size_t i = 0; i < chain.size(); ++i)
        if (always_keeps_alpha(chain[i].kernel))
            reports[i].note = "The weights add up to 0, which would leave nothing visible: alpha is kept as it is.";
}

}  // namespace

struct PictureFilter::Gpu {
    std::string reason;                  // why there is none
    std::unique_ptr<GlContext> context;  // first made, last gone
    std::unique_ptr<GpuFilter> filter;

    Gpu() : context(GlContext::create_headless(reason)) {
        if (!context) return;
        reason = context->caps().reason;
        if (context->caps().compute) filter = std::make_unique<GpuFilter>(context->caps());
    }
};

PictureFilter::PictureFilter(Backend backend) : backend_(backend) {}
PictureFilter::~PictureFilter() = default;

Image PictureFilter::filter(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options,
                            std::vector<StepReport>& reports) {
    Image result = filter_somewhere(image, chain, options, reports);
    note_kept_alpha(image, chain, options, std::span(reports).last(chain.size()));
    return result;
}

Image PictureFilter::filter_somewhere(const Image& image, std::span<const FilterStep> chain,
                                      const FilterOptions& options, std::vector<StepReport>& reports) {
    if (!wants_gpu(image, chain, options)) return filter_on_cpu(image, chain, options, reports);
    GpuFilterResult result = gpu_->filter->run(image, chain, options);
    if (!result.image) {
        if (backend_ == Backend::gpu)
            throw RefusedInput("--backend gpu: " + result.reason + "; --backend auto goes on on the CPU");
        return filter_on_cpu(image, chain, options, reports);
    }
    const std::string where = "GPU compute: " + gpu_->context->caps().renderer;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        reports.push_back({chain[i].name, "gpu", FilterMethod::sums, where, result.milliseconds.at(i), ""});
    }
    return std::move(*result.image);
}

bool PictureFilter::wants_gpu(const Image& image, std::span<const FilterStep> chain, const FilterOptions& options) {
    if (backend_ == Backend::cpu) return false;
    if (const std::string what = processor_only(options); !what.empty()) {
        if (backend_ == Backend::automatic) return false;
        throw RefusedInput("--backend gpu: " + what + " on the processor only; --backend auto does so");
    }
    if (backend_ == Backend::automatic && !gpu_ && products(image, chain) < kWorthTheGpu) return false;
    if (!gpu_) gpu_ = std::make_unique<Gpu>();
    if (backend_ == Backend::automatic) return gpu_->filter && !gpu_->context->caps().software;
    if (!gpu_->filter) throw RefusedInput("--backend gpu: " + gpu_->reason + "; --backend cpu does the same");
    return true;
}

}  // namespace convlens
