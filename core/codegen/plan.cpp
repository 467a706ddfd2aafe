#include "core/codegen/plan.h"

#include <algorithm>

#include "core/codegen/literal.h"
#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/window.h"

namespace convlens {

namespace {

std::vector<std::int64_t> picked(std::int64_t length, std::int64_t before, std::int64_t after, PadMode mode) {
    std::vector<std::int64_t> cells;
    for (std::int64_t i = -before; i < length + after; ++i) cells.push_back(source_index(i, length, mode).value_or(0));
    return cells;
}

struct Ends {
    std::int64_t before = 0;
    std::int64_t after = 0;
};

// Cells to add on one axis of which `cut` went: as pads say, but as many at the end as the last window needs.
Ends pool_ends(std::int64_t input, Ends pads, Ends cut, std::int64_t effective, std::int64_t stride,
               std::int64_t output) {
    const std::int64_t kept = std::max<std::int64_t>(input - cut.before - cut.after, 0);
    const std::int64_t padded = std::max(input + pads.before + pads.after, (output - 1) * stride + effective);
    const std::int64_t before = std::max<std::int64_t>(pads.before, 0);
    return {before, std::max<std::int64_t>(padded - kept - before, 0)};
}

// Cells of each window that lie on [low, high) of an axis.
std::vector<std::int64_t> counted(const AxisSpec& axis, std::int64_t output, std::int64_t before, std::int64_t low,
                                  std::int64_t high) {
    std::vector<std::int64_t> counts;
    for (std::int64_t o = 0; o < output; ++o) {
        counts.push_back(cells_within(o * axis.stride - before, axis.dilation, axis.kernel, low, high).count());
    }
    return counts;
}

// Cells of each window on the padded input, or on what pads leave of the input.
WindowCounts raw_counts(const Plan& plan, bool padded) {
    const Pads& p = plan.pads;
    const Pads cut = pad_step(p).cut;
    const AxisSpec h = axis_of(plan.spec, Axis::h);
    const AxisSpec w = axis_of(plan.spec, Axis::w);
    if (padded) {
        return {counted(h, plan.out.h, p.top, -p.top, plan.in.h + p.bottom),
                counted(w, plan.out.w, p.left, -p.left, plan.in.w + p.right)};
    }
    return {counted(h, plan.out.h, p.top, cut.top, plan.in.h - cut.bottom),
            counted(w, plan.out.w, p.left, cut.left, plan.in.w - cut.right)};
}

}  // namespace

bool Plan::zero_padded() const {
    return spec.pad_mode == PadMode::zeros || (spec.pad_mode == PadMode::constant && spec.pad_value == 0) ||
           is_zero(pads);
}

bool Plan::finite() const { return all_finite(data.input) && all_finite(data.weight) && all_finite(data.bias); }

bool Plan::single_plane() const { return in.n == 1 && in.c == 1 && out.c == 1; }

Plan plan_layer(const ConvSpec& spec, const LayerData& data) {
    Plan plan{spec, data, data.input.shape, output_shape(spec, data.input.shape), {}, {}};
    if (is_pooling(spec.op)) plan.data.weight = plan.data.bias = {};
    plan.pads = resolve_pads(spec, plan.in.plane());
    plan.effective = {effective_kernel(spec.kernel.h, spec.dilation.h),
                      effective_kernel(spec.kernel.w, spec.dilation.w)};
    return plan;
}

bool is_zero(const Pads& pads) { return pads == Pads{}; }
bool is_negative(const Pads& pads) { return std::min({pads.top, pads.bottom, pads.left, pads.right}) < 0; }
bool is_symmetric(const Pads& pads) { return pads.top == pads.bottom && pads.left == pads.right; }

PadStep pad_step(const Pads& pads) {
    const auto positive = [](std::int64_t pad) { return std::max<std::int64_t>(pad, 0); };
    return {{positive(pads.top), positive(pads.bottom), positive(pads.left), positive(pads.right)},
            {positive(-pads.top), positive(-pads.bottom), positive(-pads.left), positive(-pads.right)}};
}

Size2 canvas_size(const Plan& plan) {
    return {(plan.in.h - 1) * plan.spec.stride.h + plan.effective.h,
            (plan.in.w - 1) * plan.spec.stride.w + plan.effective.w};
}

Pads canvas_pads(const Plan& plan) {
    const Size2 canvas = canvas_size(plan);
    const Pads& crop = plan.pads;
    return {-crop.top, plan.out.h + crop.top - canvas.h, -crop.left, plan.out.w + crop.left - canvas.w};
}

std::optional<TransposedPadding> symmetric_crop(const Plan& plan) {
    const Pads ends = canvas_pads(plan);
    const Size2 padding{plan.pads.top, plan.pads.left};
    const Size2 output_padding{ends.bottom + padding.h, ends.right + padding.w};
    const ConvSpec& s = plan.spec;
    const auto fits = [](std::int64_t crop, std::int64_t extra, std::int64_t stride, std::int64_t dilation) {
        return crop >= 0 && extra >= 0 && extra < std::max(stride, dilation);
    };
    if (!fits(padding.h, output_padding.h, s.stride.h, s.dilation.h)) return {};
    if (!fits(padding.w, output_padding.w, s.stride.w, s.dilation.w)) return {};
    return TransposedPadding{padding, output_padding};
}

PickedCells picked_cells(const Plan& plan) {
    const Pads& p = plan.pads;
    return {picked(plan.in.h, p.top, p.bottom, plan.spec.pad_mode),
            picked(plan.in.w, p.left, p.right, plan.spec.pad_mode)};
}

PadStep pool_step(const Plan& plan) {
    const Pads& p = plan.pads;
    const Pads cut = pad_step(p).cut;
    const Ends rows = pool_ends(plan.in.h, {p.top, p.bottom}, {cut.top, cut.bottom}, plan.effective.h,
                                plan.spec.stride.h, plan.out.h);
    const Ends columns = pool_ends(plan.in.w, {p.left, p.right}, {cut.left, cut.right}, plan.effective.w,
                                   plan.spec.stride.w, plan.out.w);
    return {{rows.before, rows.after, columns.before, columns.after}, cut};
}

WindowCounts window_counts(const Plan& plan) {
    WindowCounts counts = raw_counts(plan, plan.spec.count_include_pad);
    for (auto* axis : {&counts.rows, &counts.columns}) {
        for (std::int64_t& count : *axis) count = std::max<std::int64_t>(count, 1);
    }
    counts.full = std::ranges::all_of(counts.rows, [&](std::int64_t n) { return n == plan.spec.kernel.h; }) &&
                  std::ranges::all_of(counts.columns, [&](std::int64_t n) { return n == plan.spec.kernel.w; });
    return counts;
}

bool has_empty_window(const Plan& plan) {
    const WindowCounts counts = raw_counts(plan, false);
    return std::ranges::count(counts.rows, 0) + std::ranges::count(counts.columns, 0) > 0;
}

}  // namespace convlens
