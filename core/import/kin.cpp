#include "core/import/kin.h"

#include <array>

namespace convlens::pasted {

int axes_of(std::string_view function) { return lower(function).find("1d") != std::string::npos ? 1 : 2; }

std::string layout_of(std::string_view layout, int axes) {
    std::string letters(layout);
    if (axes == 1) std::erase(letters, 'H');
    return letters;
}

std::string_view data_format_of(const Arguments& arguments) {
    constexpr std::array kFormats{Choice<std::string_view>{"NCHW", "NCHW"}, Choice<std::string_view>{"NHWC", "NHWC"}};
    return arguments.choice<std::string_view>("data_format", kFormats, "NCHW");
}

Draft kin_draft(const Kin& kin, Op op, int axes) {
    Draft draft;
    draft.result.program = kin.program;
    draft.spec().op = op;
    draft.spec().dialect = Dialect::convlens;
    if (axes == 1) draft.h = 1;
    return draft;
}

void take_kin_steps(Draft& draft, const Arguments& arguments, const Kin& kin, int axes) {
    ConvSpec& spec = draft.spec();
    spec.stride = arguments.lengths("stride", {1, 1}, axes);
    spec.dilation = arguments.lengths("dilation", {1, 1}, axes);
    spec.groups = arguments.whole(kin.groups, 1);
    if (spec.op == Op::conv_transpose) spec.output_padding = arguments.lengths("output_padding", {0, 0}, axes, 0);
}

void take_kin_sizes(Draft& draft, const Arguments& arguments, int axes) {
    ConvSpec& spec = draft.spec();
    arguments.required("in_channels", "3");
    draft.c = arguments.whole("in_channels", 1);
    arguments.required("out_channels", "16");
    spec.out_channels = arguments.whole("out_channels", 1);
    arguments.required("kernel_size", "3");
    spec.kernel = arguments.lengths("kernel_size", {3, 3}, axes);
}

void take_kin_padding(Draft& draft, const Arguments& arguments, int axes, std::string_view order) {
    const std::vector<std::int64_t> p = arguments.wholes("padding");
    if (p.size() != static_cast<std::size_t>(axes) * 2) {
        const Size2 pads = arguments.lengths("padding", {0, 0}, axes, 0);
        draft.spec().pads = {pads.h, pads.h, pads.w, pads.w};
    } else if (axes == 1) {
        draft.spec().pads = {0, 0, p[0], p[1]};
    } else if (order == "HW") {
        draft.spec().pads = {p[0], p[1], p[2], p[3]};
    } else {
        draft.spec().pads = {p[2], p[3], p[0], p[1]};
    }
}

void take_padding_mode(Draft& draft, const Arguments& arguments) {
    constexpr std::array kModes{
        Choice<PadMode>{"zeros", PadMode::zeros},
        Choice<PadMode>{"reflect", PadMode::reflect},
        Choice<PadMode>{"replicate", PadMode::replicate},
        Choice<PadMode>{"circular", PadMode::circular},
    };
    draft.spec().pad_mode = arguments.choice<PadMode>("padding_mode", kModes, PadMode::zeros);
}

void take_input_of_channels(Draft& draft, const ToldArray& input) {
    const std::optional<std::int64_t> channels = draft.c;
    take_input(draft, input);
    if (channels && draft.c != channels)
        draft.note(msg("the input has {channels} channels, but in_channels is {expected}; the input's were taken",
                       "channels"_is(*draft.c), "expected"_is(*channels)));
}

void take_kin_input(Draft& draft, std::optional<ToldArray> input, std::string_view layout, int axes) {
    const std::string letters = layout_of(layout, axes);
    draft.result.axes = letters;
    if (!input) return;
    if (input->shape.size() != letters.size()) {
        draft.note(msg("the input has {axes} axes, not the {expected} of {layout}; it was left out",
                       "axes"_is(input->shape.size()), "expected"_is(letters.size()), "layout"_is(letters)));
        return;
    }
    ToldArray planes = permuted(*input, letters, layout_of("NCHW", axes));
    if (axes == 1) planes.shape.insert(planes.shape.end() - 1, 1);
    take_input_of_channels(draft, planes);
}

void take_kin_module_input(Draft& draft, const Found& found, const Node& call, std::string_view layout, int axes) {
    take_kin_input(draft, module_input(draft, found, call, layout_of(layout, axes)), layout, axes);
}

void take_kin_weight(Draft& draft, const Arguments& arguments, const Kin& kin, int axes) {
    const bool transposed = draft.spec().op == Op::conv_transpose;
    const std::string letters = layout_of(transposed ? kin.transposed_weights : kin.weights, axes);
    const std::optional<ToldArray> weight = arguments.weight(draft, "weight", letters);
    arguments.required("weight", "w");
    if (!weight) return assume_weight(draft, arguments, "weight", axes);
    if (weight->shape.size() != letters.size()) arguments.fail("weight", axes_text(*weight, letters));
    ToldArray ours = permuted(*weight, letters, layout_of(transposed ? "IOHW" : "OIHW", axes));
    if (axes == 1) ours.shape.insert(ours.shape.end() - 1, 1);
    take_weight(draft, ours);
}

}  // namespace convlens::pasted
