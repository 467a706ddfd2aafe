#include "core/import/result.h"

#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/import/arguments.h"

namespace convlens::pasted {

namespace {

// One axis of a layer, with what its text tells of the sizes.
struct Line {
    std::int64_t input = 0, output = 0;  // 0: not told
    std::int64_t reach = 1;              // E
    std::int64_t stride = 1;
    std::int64_t before = 0, after = 0;  // pads, or crops
    std::int64_t extra = 0;              // output padding
};

// Positions from the start and from the end, which need no size.
bool needs_no_size(const Slice& slice) {
    return slice.step > 0 && slice.start.value_or(0) >= 0 && slice.stop.value_or(0) <= 0 && slice.stop != 0;
}

// Of a convolution: o' = o * step + first.
bool take_of_conv(Line& line, const Slice& slice) {
    if (slice.is_whole()) return true;
    if (line.output == 0) {
        if (!needs_no_size(slice)) return false;
        line.before -= slice.start.value_or(0) * line.stride;
        line.after += slice.stop.value_or(0) * line.stride;
        line.stride *= slice.step;
        return true;
    }
    const Taken part = taken(slice, line.output);
    if (part.count == 0 || part.step < 0) return false;
    line.before -= part.first * line.stride;
    line.stride *= part.step;
    const std::int64_t span = line.input + line.before + line.after - line.reach;
    if (span < 0 || span / line.stride + 1 != part.count)
        line.after = (part.count - 1) * line.stride + line.reach - line.input - line.before;
    return true;
}

// Of a transposed convolution, with cells of zeros added in front and behind; first and count are of its result.
void crop(Line& line, std::int64_t first, std::int64_t count) {
    line.before += first;
    line.after = (line.input - 1) * line.stride + line.reach + line.extra - line.before - count;
}

bool take_of_transposed(Line& line, const Slice& slice) {
    if (slice.is_whole()) return true;
    if (slice.step != 1) return false;
    if (line.output == 0) {
        if (!needs_no_size(slice)) return false;
        line.before += slice.start.value_or(0);
        line.after -= slice.stop.value_or(0);
        return true;
    }
    const Taken part = taken(slice, line.output);
    if (part.count == 0) return false;
    crop(line, part.first, part.count);
    return true;
}

struct Lines {
    Line h, w;
};

// Settings and sizes that can be multiplied without an overflow.
bool is_small(const LayerShape& layer) {
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    const ConvSpec& s = layer.spec;
    return s.stride.h < kMost && s.stride.w < kMost && layer.input.h < kMost && layer.input.w < kMost;
}

// Nothing where the rule chooses pads by a size that is not told, or the layer is not possible.
std::optional<Lines> lines_of(const ImportedLayer& imported) {
    LayerShape layer = imported.layer;
    const ConvSpec& spec = layer.spec;
    layer.spec.dialect = Dialect::convlens;
    if (is_pooling(spec.op) || !is_small(layer) || !validate(layer).empty()) return {};
    const bool fixed = spec.pad_rule == PadRule::explicit_ || (spec.op == Op::conv && spec.stride == Size2{1, 1});
    if (!imported.size_told && (!fixed || spec.output_size)) return {};
    const Pads pads = resolve_pads(spec, layer.input.plane());
    const Size2 reach{effective_kernel(spec.kernel.h, spec.dilation.h),
                      effective_kernel(spec.kernel.w, spec.dilation.w)};
    Lines lines{{0, 0, reach.h, spec.stride.h, pads.top, pads.bottom, spec.output_padding.h},
                {0, 0, reach.w, spec.stride.w, pads.left, pads.right, spec.output_padding.w}};
    if (!imported.size_told) return lines;
    const Shape4 output = output_shape(layer.spec, layer.input);
    lines.h.input = layer.input.h;
    lines.w.input = layer.input.w;
    lines.h.output = output.h;
    lines.w.output = output.w;
    return lines;
}

void put(ConvSpec& spec, const Lines& lines) {
    spec.stride = {lines.h.stride, lines.w.stride};
    spec.pads = {lines.h.before, lines.h.after, lines.w.before, lines.w.after};
    spec.pad_rule = PadRule::explicit_;
    spec.anchor.reset();
    spec.output_size.reset();
}

// Positions that settings can hold without an overflow.
bool is_small(const Slice& slice) {
    constexpr std::int64_t kMost = std::int64_t{1} << 30;
    const auto small = [](std::int64_t n) { return n > -kMost && n < kMost; };
    return small(slice.start.value_or(0)) && small(slice.stop.value_or(0)) && small(slice.step);
}

}  // namespace

bool take_part(ImportedLayer& imported, const Slice& rows, const Slice& columns) {
    auto lines = is_small(rows) && is_small(columns) ? lines_of(imported) : std::nullopt;
    if (!lines) return false;
    const auto take = imported.layer.spec.op == Op::conv ? take_of_conv : take_of_transposed;
    if (!take(lines->h, rows) || !take(lines->w, columns)) return false;
    put(imported.layer.spec, *lines);
    if (!imported.size_told) grow_guessed_plane(imported);
    return true;
}

std::optional<std::vector<Slice>> matlab_part_of(const ImportedLayer& imported, const Node& call) {
    auto slices = matlab_slices_of(call);
    if (!slices || slices->size() != 1) return slices;
    const bool known = imported.size_told && validate(imported.layer).empty();
    if (!known || output_shape(imported.layer.spec, imported.layer.input).h != 1) return {};
    slices->insert(slices->begin(), Slice{});
    return slices;
}

bool take_outer_border(ImportedLayer& imported, const Border& border) {
    if (imported.layer.spec.op != Op::conv_transpose || imported.has_bias == true) return false;
    if (adds(border.pads) && constant_of(border.mode, border.value) != 0.0) return false;
    auto lines = imported.size_told ? lines_of(imported) : std::nullopt;
    if (!lines) return false;
    const Pads& p = border.pads;
    crop(lines->h, -p.top, lines->h.output + p.top + p.bottom);
    crop(lines->w, -p.left, lines->w.output + p.left + p.right);
    put(imported.layer.spec, *lines);
    return true;
}

}  // namespace convlens::pasted
