#include "core/conv/anchor.h"

#include <algorithm>
#include <array>

#include "core/conv/kernel_index.h"
#include "core/conv/shape.h"

namespace convlens {

namespace {

// no words: names of functions
constexpr std::array kConventions{
    AnchorConvention{"OpenCV filter2D", PadRule::opencv_anchor, false},
    AnchorConvention{"MATLAB conv2 'same'", PadRule::octave_same, true},
    AnchorConvention{"MATLAB filter2 'same'", PadRule::octave_same, false},
    AnchorConvention{"MATLAB imfilter", PadRule::octave_imfilter, false},
    AnchorConvention{"SciPy convolve2d 'same'", PadRule::scipy_convolve2d_same, true},
    AnchorConvention{"SciPy correlate2d 'same'", PadRule::scipy_correlate2d_same, false},
    AnchorConvention{"ndimage.convolve", PadRule::ndimage_convolve, true},
    AnchorConvention{"ndimage.correlate", PadRule::ndimage_correlate, false},
    AnchorConvention{"PyTorch 'same'", PadRule::torch_same, false},
    AnchorConvention{"TensorFlow SAME", PadRule::tf_SAME, false},
    AnchorConvention{"ONNX SAME_LOWER", PadRule::onnx_SAME_LOWER, false},
};

// The place on one axis: the pads before, where the outputs stand on input cells and the window covers them.
std::optional<std::int64_t> place_on(const AxisShape& axis) {
    const bool on_inputs = axis.output == (axis.input - 1) / axis.stride + 1;
    if (!on_inputs || axis.pad_before < 0 || axis.pad_before >= axis.effective_kernel) return {};
    return axis.pad_before;
}

}  // namespace

bool can_have_anchor(const ConvSpec& spec) { return spec.op == Op::conv; }

std::optional<Anchor> kernel_anchor(const ConvSpec& spec, Size2 input_plane) {
    if (!can_have_anchor(spec)) return {};
    const auto row = place_on(solve_axis(spec, input_plane, Axis::h));
    const auto column = place_on(solve_axis(spec, input_plane, Axis::w));
    if (!row || !column) return {};
    Anchor anchor;
    anchor.place = {*row, *column};
    const Size2 d = spec.dilation;
    if (*row % d.h == 0 && *column % d.w == 0) {
        anchor.window = Size2{*row / d.h, *column / d.w};
        anchor.stored = stored_cell(spec, *anchor.window);
    }
    return anchor;
}

ConvSpec with_anchor(const ConvSpec& spec, Size2 window_cell) {
    ConvSpec moved = spec;
    moved.pad_rule = PadRule::opencv_anchor;
    moved.anchor = window_cell;
    return moved;
}

std::span<const AnchorConvention> anchor_conventions() { return kConventions; }

ConvSpec with_convention(const ConvSpec& spec, const AnchorConvention& convention) {
    ConvSpec changed = spec;
    changed.pad_rule = convention.rule;
    changed.anchor.reset();
    changed.flip_kernel = convention.turns;
    return changed;
}

const AnchorConvention* convention_of(const ConvSpec& spec) {
    if (!can_have_anchor(spec) || spec.anchor) return nullptr;
    const auto* const found = std::ranges::find_if(kConventions, [&](const AnchorConvention& convention) {
        return convention.rule == spec.pad_rule && convention.turns == spec.flip_kernel;
    });
    return found == kConventions.end() ? nullptr : found;
}

}  // namespace convlens
