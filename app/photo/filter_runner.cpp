#include "app/photo/filter_runner.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "app/gpu/compute_filter.h"
#include "app/photo/costs_file.h"
#include "core/engine/filter/filter_chain.h"

namespace convlens {

namespace {

constexpr double kLongestMs = 1000;  // that a window may stand still

double now_ms() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

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

std::string short_renderer(const GpuCaps& caps) {
    return caps.renderer.substr(0, caps.renderer.find(" ("));  // "llvmpipe (LLVM 15.0.6, 256 bits)"
}

}  // namespace

struct FilterRunner::Gpu {
    std::unique_ptr<GlContext> context;  // the runner's own; first made, last gone
    GpuCaps caps;
    std::unique_ptr<GpuFilter> filter;  // nullptr: there is no GPU that could be used, by caps.reason

    explicit Gpu(GpuContext which) {
        if (which == GpuContext::own) context = GlContext::create_headless(caps.reason);
        if (which == GpuContext::current || context) caps = context ? context->caps() : read_gpu_caps();
        if (caps.compute) filter = std::make_unique<GpuFilter>(caps);
    }
};

FilterRunner::FilterRunner(GpuContext context) : context_(context) {}
FilterRunner::~FilterRunner() = default;

FilterRunner::Gpu& FilterRunner::gpu() {
    if (!gpu_) gpu_ = std::make_unique<Gpu>(context_);
    return *gpu_;
}

std::string FilterRunner::renderer() const { return gpu_ ? short_renderer(gpu_->caps) : std::string(); }

FilterPlace FilterRunner::place(Backend backend, const Image& image, std::span<const FilterStep> chain,
                                const FilterOptions& options) {
    if (backend == Backend::cpu || chain.empty()) return {};
    if (Message what = processor_only(options); !what.empty()) return {false, NotOnGpu::Why::cannot, std::move(what)};
    // What kind of GPU there is shows when its context is made, and that is worth it only for much work.
    const bool asleep = context_ == GpuContext::own && !gpu_;
    if (backend == Backend::automatic && asleep && !rule_.worth_waking(chain_work(chain, image))) return {};
    if (!gpu().filter) return {false, NotOnGpu::Why::absent, gpu().caps.reason};
    if (backend == Backend::gpu) return {.gpu = true, .reason = {}};
    return place_by_rule();
}

FilterPlace FilterRunner::place_by_rule() {
    switch (rule_.choose(gpu().caps.software)) {
        case BackendRule::Choice::gpu: return {.gpu = true, .reason = {}};
        case BackendRule::Choice::cpu_for_real:
            return {false, NotOnGpu::Why::slower,
                    msg("{renderer} is a software renderer: it runs on the CPU, where Convlens's own filter is faster.",
                        "renderer"_is(renderer()))};
        case BackendRule::Choice::cpu_is_faster: break;
    }
    return {false, NotOnGpu::Why::slower, msg("The CPU was faster when last measured.")};
}

Image FilterRunner::filter(Backend backend, const Image& image, std::span<const FilterStep> chain,
                           const FilterOptions& options, std::vector<StepReport>& reports) {
    FilterPlace where = place(backend, image, chain, options);
    if (backend == Backend::gpu && !where.gpu) throw NotOnGpu(where.why, std::move(where.reason));
    Image result = where.gpu ? filter_whole_on_gpu(backend, image, chain, options, reports)
                             : filter_whole_on_cpu(backend, image, chain, options, reports);
    note_kept_alpha(image, chain, options, std::span(reports).last(chain.size()));
    return result;
}

Image FilterRunner::filter_whole_on_cpu(Backend backend, const Image& image, std::span<const FilterStep> chain,
                                        const FilterOptions& options, std::vector<StepReport>& reports) {
    std::vector<StepTiming> timings;
    std::optional<Image> result = filter_chain(image, chain, cpu_options(options), {}, &timings);
    double ms = 0;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        reports.push_back({chain[i].name, "cpu", timings[i].method, cpu_words(options.threads), timings[i].ms, {}});
        ms += timings[i].ms;
    }
    if (backend == Backend::automatic) took_on_cpu(image, chain, ms);
    return std::move(*result);
}

Image FilterRunner::filter_whole_on_gpu(Backend backend, const Image& image, std::span<const FilterStep> chain,
                                        const FilterOptions& options, std::vector<StepReport>& reports) {
    const double began = now_ms();
    GpuFilterResult result = gpu().filter->run(image, chain, options);
    if (!result.image) {
        if (backend == Backend::gpu) throw NotOnGpu(NotOnGpu::Why::failed, result.reason);
        return filter_whole_on_cpu(backend, image, chain, options, reports);
    }
    if (backend == Backend::automatic) rule_.took(true, chain_work(chain, image), now_ms() - began);
    const Message where = msg("GPU compute: {renderer}", "renderer"_is(gpu().caps.renderer));
    for (std::size_t i = 0; i < chain.size(); ++i)
        reports.push_back({chain[i].name, "gpu", FilterMethod::sums, where, result.milliseconds.at(i), {}});
    return std::move(*result.image);
}

void FilterRunner::add_steps_on_gpu(PhotoResult& known, std::span<const FilterStep> chain) {
    const double expected =
        rule_.expected_gpu_ms(chain_work(chain.subspan(known.steps.size()), *known.after()), gpu().caps.software);
    if (context_ == GpuContext::current && expected > kLongestMs)
        throw NotOnGpu(
            NotOnGpu::Why::failed,
            msg("{renderer} would need about {seconds} s and freeze the window, so the CPU is used.",
                "renderer"_is(renderer()), "seconds"_is(fmt::format("{:.0f}", std::max(1.0, expected / 1000)))));
    for (std::size_t i = known.steps.size(); i < chain.size(); ++i) {
        const ImageRef from = known.after();
        const double began = now_ms();
        GpuFilterResult made =
            gpu().filter->run(*from, chain[i], step_options({}, known.before->depth(), i, chain.size()));
        const double whole = now_ms() - began;
        if (!made.image) throw NotOnGpu(NotOnGpu::Why::failed, made.reason);
        const double ms = made.total_milliseconds();
        rule_.computed_on_gpu(filter_work(chain[i], from->width(), from->height(), *from), ms);
        known.steps.push_back({chain[i], std::make_shared<const Image>(std::move(*made.image)), ms, whole, true});
    }
    rule_.took(true, chain_work(chain, *known.before), known.whole_ms());
}

void FilterRunner::took_on_cpu(const Image& image, std::span<const FilterStep> chain, double ms) {
    rule_.took(false, chain_work(chain, image), ms);
}

FilterOptions cpu_options(FilterOptions options) {
    if (options.method == FilterMethod::automatic) options.costs = machine_filter_costs();
    return options;
}

bool add_steps_on_cpu(PhotoResult& known, std::span<const FilterStep> chain, const std::stop_token& stopped) {
    const FilterOptions options = cpu_options();
    for (std::size_t i = known.steps.size(); i < chain.size(); ++i) {
        StepTiming timing;
        std::optional<Image> image =
            filter_chain_step(*known.after(), chain, i, known.before->depth(), options, stopped, timing);
        if (!image) return false;
        known.steps.push_back(
            {chain[i], std::make_shared<const Image>(std::move(*image)), timing.ms, timing.ms, false});
    }
    return true;
}

}  // namespace convlens
