#include "core/conv/size_ambiguity.h"

#include "core/conv/pad.h"

namespace convlens {

namespace {

// The pads are the same whatever the length.
bool pads_are_fixed(PadRule rule) {
    return rule != PadRule::tf_SAME && rule != PadRule::onnx_SAME_UPPER && rule != PadRule::onnx_SAME_LOWER;
}

std::optional<SizeAmbiguity> forward_trip(const ConvSpec& spec, Size2 plane, Axis axis) {
    const AxisShape a = solve_axis(spec, plane, axis);
    SizeAmbiguity trip{a.output, inputs_alike(spec, plane, axis), a.input, {}, {}};
    if (trip.count() == 1) return {};
    const std::int64_t back = (a.output - 1) * a.stride + a.effective_kernel - a.pad_before - a.pad_after;
    if (spec.op == Op::conv && pads_are_fixed(spec.pad_rule) && back <= trip.alike.least) trip.first_back = back;
    return trip;
}

std::optional<SizeAmbiguity> transposed_trip(const ConvSpec& spec, Size2 plane, Axis axis) {
    const bool own_pads =
        spec.pad_rule == PadRule::explicit_ || (spec.pad_rule == PadRule::onnx_NOTSET && !spec.output_size);
    if (!own_pads) return {};
    const AxisShape a = solve_axis(spec, plane, axis);
    SizeAmbiguity trip{a.input, outputs_alike(spec, plane, axis), a.output, {}, {}};
    if (trip.alike.least < 1 || a.output_padding < 0) return {};
    trip.first_back = trip.alike.least;
    if (!trip.contains(a.output))
        trip.shrinks_to = (a.output + a.pad_before + a.pad_after - a.effective_kernel) / a.stride + 1;
    if (trip.count() == 1 && !trip.shrinks_to) return {};
    return trip;
}

}  // namespace

std::optional<SizeAmbiguity> size_ambiguity(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    return spec.op == Op::conv_transpose ? transposed_trip(spec, input_plane, axis)
                                         : forward_trip(spec, input_plane, axis);
}

}  // namespace convlens
