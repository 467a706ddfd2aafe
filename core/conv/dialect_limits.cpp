#include "core/conv/dialect_limits.h"

#include <algorithm>
#include <utility>

#include "core/conv/validate.h"

namespace convlens {

namespace {

// The sum over i = 0 .. count-1 of floor((step i + start) / divisor), as Euclid's algorithm finds it (the "floor sum" of
// lattice points below a line). Precondition: count >= 0, divisor > 0, step >= 0.
Wide floor_sum(Wide count, Wide divisor, Wide step, Wide start) {
    Wide sum = 0;
    while (count > 0) {
        sum += floor_div(start, divisor) * count + step / divisor * (count * (count - 1) / 2);
        start -= floor_div(start, divisor) * divisor;
        step %= divisor;
        const Wide top = step * count + start;
        if (top < divisor) break;
        count = top / divisor;
        start = top % divisor;
        std::swap(divisor, step);
    }
    return sum;
}

}  // namespace

bool crops_too(const ConvSpec& spec) {
    if (spec.dialect == Dialect::convlens) return true;
    if (spec.dialect != Dialect::torch || spec.op != Op::conv) return false;
    const auto mixed = [](std::int64_t a, std::int64_t b) { return std::min(a, b) < 0 && std::max(a, b) > 0; };
    switch (spec.pad_mode) {
        case PadMode::replicate:
        case PadMode::reflect: return true;
        case PadMode::circular:
            return !mixed(spec.pads.top, spec.pads.bottom) && !mixed(spec.pads.left, spec.pads.right);
        default: return false;
    }
}

bool output_padding_below_stride(Dialect dialect) { return dialect == Dialect::onnx || dialect == Dialect::tensorflow; }

std::optional<Wide> pad_limit(const ConvSpec& spec, Wide length) {
    const bool torch = spec.dialect == Dialect::torch;
    const bool tensorflow = spec.dialect == Dialect::tensorflow;
    const bool onnx = spec.dialect == Dialect::onnx;
    if (spec.pad_mode == PadMode::reflect && (torch || tensorflow || onnx)) return length - 1;
    if (spec.pad_mode == PadMode::symmetric && tensorflow) return length;
    if (spec.pad_mode == PadMode::circular && torch) return length;
    return {};
}

std::optional<Wide> pool_pad_limit(const ConvSpec& spec, const WideAxis& axis) {
    const bool automatic = spec.pad_rule == PadRule::onnx_SAME_UPPER || spec.pad_rule == PadRule::onnx_SAME_LOWER;
    switch (spec.dialect) {
        case Dialect::torch: return axis.kernel / 2;
        case Dialect::onnx: return automatic ? std::nullopt : std::optional(axis.kernel - 1);
        default: return {};
    }
}

bool needs_input_in_windows(const ConvSpec& spec) {
    return spec.op == Op::max_pool ||
           (spec.op == Op::avg_pool && !spec.count_include_pad && !spec.divisor_override.has_value());
}

// Cells are counted from the first that is read: negative pads cut some away.
PaddingWindow window_of_padding(const WideAxis& axis) {
    const Wide cut = std::min<Wide>(axis.pad_before, 0);
    const Wide length = axis.input + cut + std::min<Wide>(axis.pad_after, 0);
    if (length < 1 || axis.output < 1) return PaddingWindow::none;
    const Wide first = cut - axis.pad_before;
    if (first + axis.effective_kernel <= 0) return PaddingWindow::first;
    if (first + (axis.output - 1) * axis.stride >= length) return PaddingWindow::last;
    // What is left are windows that begin in the padding and step over the whole input: their first cell behind its
    // start lies beyond its end.
    if (first >= 0 || axis.dilation <= length) return PaddingWindow::none;
    if (axis.padded > kMaxCells) return PaddingWindow::between;  // too large to be counted, and to be computed
    const Wide before_input = std::min(axis.output, floor_div(-first + axis.stride - 1, axis.stride));
    const Wide stepping_over = floor_sum(before_input, axis.dilation, axis.stride, first + axis.dilation - length) -
                               floor_sum(before_input, axis.dilation, axis.stride, first);
    return stepping_over > 0 ? PaddingWindow::between : PaddingWindow::none;
}

LengthRange reachable_lengths(const ConvSpec& spec, const WideAxis& axis) {
    // PyTorch lets output_size mean only the sizes that the same convolution shrinks to the input.
    const bool ours = spec.dialect == Dialect::convlens;
    const Wide choices = ours ? std::max(axis.stride, axis.dilation) : axis.stride;
    const Wide least = axis.padded - axis.pad_before - axis.pad_after;
    return {std::max<Wide>(least, 1), least + choices - 1};
}

Wide expected_input(const ConvSpec& spec, const WideAxis& axis, Wide size) {
    if (spec.pad_rule == PadRule::tf_SAME) return floor_div(size + axis.stride - 1, axis.stride);
    if (spec.pad_rule == PadRule::tf_VALID) return floor_div(size - axis.effective_kernel, axis.stride) + 1;
    const Wide cropped = std::max<Wide>(axis.padded + axis.output_padding - size, 0);
    return floor_div(size + cropped - axis.effective_kernel, axis.stride) + 1;
}

}  // namespace convlens
