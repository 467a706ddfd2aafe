// The output size as each program writes it, and the plain convolution that a transposed one equals.
#include <string>

#include <fmt/format.h>

#include "app/panels/explanation/explain.h"
#include "core/conv/framework_formulas.h"

namespace convlens {

namespace {

void draw_formulas(const ExplainView& view, Axis axis) {
    const PanelContext& context = view.context;
    const std::int64_t output = axis == Axis::h ? view.layer.h.output : view.layer.w.output;
    for (const FrameworkFormula& each : framework_formulas(view.spec(), view.input_shape().plane(), axis)) {
        ImGui::TextUnformatted(each.program.data(), each.program.data() + each.program.size());
        wrapped(each.formula, context.theme.faint);
        wrapped(fmt::format("= {} = {}", each.numbers, output), context.theme.text);
        if (!each.note.empty()) wrapped(context, each.note, context.theme.faint);
    }
}

void draw_plain(const ExplainView& view, Axis axis) {
    if (const auto plain = plain_equivalent(view.spec(), view.input_shape().plane(), axis))
        wrapped(view.context, msg("Equals a plain convolution: {convolution}.", "convolution"_is(in_words(*plain))),
                view.context.theme.text);
}

}  // namespace

void draw_framework_formulas(const ExplainView& view) {
    if (!ImGui::CollapsingHeader(view.context.label(msg("Size formula in other programs")).c_str())) {
        tip(view.context,
            msg("The formulas of PyTorch, TensorFlow and ONNX in their own names, where they hold for this layer."));
        return;
    }
    const PanelContext& context = view.context;
    const bool both = !same_axes(view.layer);
    for (const Axis axis : {Axis::h, Axis::w}) {
        if (axis == Axis::w && !both) break;
        if (both)
            ImGui::TextColored(vec(view.context.theme.output), "%s",
                               context.words(axis == Axis::h ? msg("rows") : msg("columns")).c_str());
        draw_formulas(view, axis);
        draw_plain(view, axis);
    }
}

}  // namespace convlens
