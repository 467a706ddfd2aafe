// The output size as each program writes it, and the plain convolution that a transposed one equals.
#include <string>

#include <fmt/format.h>

#include "app/panels/explanation/explain.h"
#include "core/conv/framework_formulas.h"

namespace convlens {

namespace {

void draw_forms(const ExplainView& view, Axis axis) {
    const PanelContext& context = view.context;
    const std::int64_t output = axis == Axis::h ? view.layer.h.output : view.layer.w.output;
    for (const SizeForm& form : size_forms(view.spec(), view.input_shape().plane(), axis)) {
        ImGui::TextUnformatted(form.program.data(), form.program.data() + form.program.size());
        wrapped(form.formula, context.theme.faint);
        wrapped(fmt::format("= {} = {}", form.numbers, output), context.theme.text);
        if (!form.note.empty()) wrapped(form.note, context.theme.faint);
    }
}

void draw_plain(const ExplainView& view, Axis axis) {
    if (const auto plain = plain_equivalent(view.spec(), view.input_shape().plane(), axis))
        wrapped("Equals a plain convolution: " + in_words(*plain) + ".", view.context.theme.text);
}

}  // namespace

void draw_size_forms(const ExplainView& view) {
    if (!ImGui::CollapsingHeader("Size formula in other programs")) {
        tip("The formulas of PyTorch, TensorFlow and ONNX in their own names, where they hold for this layer.");
        return;
    }
    const bool both = !same_axes(view.layer);
    for (const Axis axis : {Axis::h, Axis::w}) {
        if (axis == Axis::w && !both) break;
        if (both) ImGui::TextColored(vec(view.context.theme.output), "%s", axis == Axis::h ? "rows" : "columns");
        draw_forms(view, axis);
        draw_plain(view, axis);
    }
}

}  // namespace convlens
