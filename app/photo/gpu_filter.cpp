#include "app/photo/gpu_filter.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "app/gpu/compute_filter.h"
#include "app/photo/backend_rule.h"
#include "core/engine/filter/filter_chain.h"

namespace convlens {

namespace {

constexpr double kLongestMs = 1000;

// Milliseconds for one product, until it has been measured: a slow one of each kind.
constexpr double kSoftwareCost = 5e-6, kHardwareCost = 2e-9;

double now_ms() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct PhotoGpu::Impl {
    GpuFilter filter;
    double cost = 0;  // milliseconds for one product

    Impl() { cost = filter.caps().software ? kSoftwareCost : kHardwareCost; }
};

PhotoGpu::PhotoGpu() = default;
PhotoGpu::~PhotoGpu() = default;

Message PhotoGpu::unavailable() {
    if (!impl_) impl_ = std::make_unique<Impl>();
    return impl_->filter.caps().reason;
}

bool PhotoGpu::software() { return impl_ && impl_->filter.caps().software; }

std::string PhotoGpu::renderer() {
    if (!impl_) return {};
    const std::string& full = impl_->filter.caps().renderer;
    return full.substr(0, full.find(" ("));  // "llvmpipe (LLVM 15.0.6, 256 bits)"
}

void PhotoGpu::filter(PhotoResult& known, const std::vector<FilterStep>& chain) {
    if (const Message reason = unavailable(); !reason.empty()) throw PhotoGpuError(reason);
    const double expected = chain_work(std::span(chain).subspan(known.steps.size()), *known.after()) * impl_->cost;
    if (expected > kLongestMs)
        throw PhotoGpuError(msg("{renderer} would need about {seconds} s and freeze the window, so the CPU is used.",
                                "renderer"_is(renderer()),
                                "seconds"_is(fmt::format("{:.0f}", std::max(1.0, expected / 1000)))));
    for (std::size_t i = known.steps.size(); i < chain.size(); ++i) {
        const ImageRef from = known.after();
        const double began = now_ms();
        const FilterOptions options = step_options({}, known.before->depth(), i, chain.size());
        GpuFilterResult made = impl_->filter.run(*from, chain[i], options);
        const double whole = now_ms() - began;
        if (!made.image) throw PhotoGpuError(made.reason);
        const double ms = made.total_milliseconds();
        const double work = filter_work(chain[i], from->width(), from->height(), *from);
        // Small pictures say little about large ones: what each dispatch costs by itself hides the rest.
        constexpr double kTelling = 1e6;
        if (work > kTelling) impl_->cost = ms / work;
        known.steps.push_back({chain[i], std::make_shared<const Image>(std::move(*made.image)), ms, whole, true});
    }
}

}  // namespace convlens
