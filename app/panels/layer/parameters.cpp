// Parameters: the settings of the layer that the current pane shows. What is possible takes effect at once; what is
// typed and impossible stays in its field, with the reason and what would work.
#include "app/panels/layer/parameters.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/layer/compare.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"

namespace convlens {

namespace {

struct Choice {
    Message label;
    Message about;
};

// Of a combo box that shows the longest of its choices whole.
float combo_width(const PanelContext& context, std::span<const Choice> choices) {
    float widest = 0;
    for (const Choice& choice : choices) widest = std::max(widest, button_width(context.words(choice.label)));
    return widest + ImGui::GetFrameHeight();
}

// A name on the left, a choice on the right or, where that is too narrow for one of its words, below; with `right` pixels left free behind it. Gives the index that was picked.
int draw_choice(const PanelContext& context, Key name, Key about, std::span<const Choice> choices, int now,
                float right = 0) {
    int picked = -1;
    constexpr float kColumn = 5.2F;
    const float room = ImGui::GetContentRegionAvail().x - right;
    hue_label(context, name, context.theme.text, about);
    if (kColumn * context.text_size + combo_width(context, choices) <= room) beside_label(context, kColumn);
    ImGui::SetNextItemWidth(-std::max(right, 1.0F));
    const std::string id = fmt::format("##{}", name.text);
    const Choice& shown = choices[static_cast<std::size_t>(now)];
    if (ImGui::BeginCombo(id.c_str(), context.words(shown.label).c_str())) {
        for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
            const Choice& choice = choices[static_cast<std::size_t>(i)];
            if (ImGui::Selectable(context.label(choice.label).c_str(), i == now)) picked = i;
            tip(context, choice.about);
        }
        ImGui::EndCombo();
    } else {
        tip(context, shown.about);
    }
    return picked == now ? -1 : picked;
}

// Which layer the rows below speak of, where the picture shows several.
void draw_pane_choice(const PanelContext& context) {
    const auto& panes = context.document.panes;
    if (panes.size() < 2) return;
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < panes.size(); ++i)
        choices.push_back({pane_title(context.document, i), msg("Settings, timeline and explanation follow.")});
    const float cross = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
    const int picked = draw_choice(context, key("pane"), key("The pane these settings belong to (Tab for the next)."),
                                   choices, context.ui.pane, cross);
    if (picked >= 0) context.ui.pane = picked;
    ImGui::SameLine();
    if (cross_button("×###close pane")) close_pane(context.ui, context.document, context.ui.pane);
    tip(context, msg("Close this pane (Shift+C)."));
}

void draw_op(LayerControls& controls) {
    static const std::array<Choice, 4> kOps{{
        {title(Op::conv), msg("Each output is the sum of a window of the input times the kernel (torch.nn.Conv2d).")},
        {title(Op::conv_transpose), msg("Each input cell stamps the kernel onto a larger output; overlaps add "
                                        "(torch.nn.ConvTranspose2d).")},
        {title(Op::max_pool), msg("Each output is the largest value of its window (torch.nn.MaxPool2d).")},
        {title(Op::avg_pool), msg("Each output is the average of its window (torch.nn.AvgPool2d).")},
    }};
    const int picked = draw_choice(controls.context, key("operation"), key("The operation this layer computes."), kOps,
                                   static_cast<int>(controls.shape.spec.op));
    if (picked < 0) return;
    LayerShape wanted = controls.shape;
    ConvSpec& spec = wanted.spec;
    spec.op = static_cast<Op>(picked);
    // Settings that the new operation does not have.
    if (spec.op != Op::conv_transpose) spec.output_padding = {0, 0};
    if (spec.op != Op::conv) spec.pad_mode = PadMode::zeros;
    if (is_pooling(spec.op)) spec.groups = 1;
    controls.propose(wanted, title(wanted.spec.op));
}

void draw_reading(const PanelContext& context) {
    static const std::array<Choice, 3> kReadings{{
        {key_in("noun", "stamp"),
         msg("Each input cell adds its value times the kernel to the output; padding then crops the edges.")},
        {msg("gather"), msg("Each output cell adds up the stamps that cover it.")},
        {msg("insert zeros"),
         msg("A convolution of stride 1 with the flipped kernel, over the input with zeros inserted "
             "between its cells.")},
    }};
    const auto at = static_cast<std::size_t>(context.ui.pane);
    const Reading now = context.document.panes[at].reading;
    if (now == Reading::slide) return;  // the draft's operation is not the document's yet
    const int index = static_cast<int>(now) - static_cast<int>(Reading::stamp);
    const int picked =
        draw_choice(context, key("shown as"),
                    key("Three equivalent ways to explain the same transposed convolution (R)."), kReadings, index);
    if (picked < 0) return;
    const auto next = static_cast<Reading>(static_cast<int>(Reading::stamp) + picked);
    context.ui.edit(msg("show as: {reading}", "reading"_is(kReadings[static_cast<std::size_t>(picked)].label)), {},
                    [at, next](Document& document) { document.panes[at].reading = next; });
}

// Problems whose field has no row in sight.
void draw_other_problems(LayerControls& controls) {
    draw_problems(controls, [](const Problem&) { return true; });
}

}  // namespace

void parameters_panel(PanelContext& context) {
    const Pane& pane = context.document.panes[static_cast<std::size_t>(context.ui.pane)];
    // Whoever leaves the anchor's controls for the picture goes to take hold of the ring; any other control is another matter.
    if (ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) context.ui.panels.diagram.anchor_looked_at = false;
    LayerControls controls{context, pane.layer, shown_shape(context.ui, context.document, pane.layer), {}};
    if (context.ui.draft && context.ui.draft->layer == pane.layer) controls.problems = context.ui.draft->problems;

    draw_pane_choice(context);
    draw_compare_button(context);
    draw_op(controls);
    const bool transposed = controls.shape.spec.op == Op::conv_transpose;
    if (transposed) draw_reading(context);
    if (controls.source()) draw_source(controls);
    draw_axes_heading(context, one_row(controls.shape));
    for (const Parameter* const row : rows_of(controls.shape.spec.op, true))
        if (controls.can_set(*row)) draw_parameter(controls, *row);
    draw_fill(controls);
    ImGui::Spacing();
    draw_advanced(controls);
    draw_other_problems(controls);
}

}  // namespace convlens
