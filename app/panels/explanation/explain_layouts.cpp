// The weight tensor in the order of each program, and where the weight that is pointed at stands in it.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/panels/explanation/explain.h"
#include "core/conv/weight_layout.h"
#include "core/engine/reference.h"

namespace convlens {

namespace {

// The stored weight under the pointer or the pin, or that of the product that the play has just added.
std::optional<Cell4> weight_looked_at(const ExplainView& view) {
    const Moment& m = view.moment;
    const Shape4 weight = view.layer.layer.weight->shape();
    if (m.pointed && m.pointed->tensor == TensorKind::weight) {
        const Cell4& at = m.pointed->at;
        if (at.n < weight.n && at.c < weight.c && at.y < weight.h && at.x < weight.w) return at;
    }
    if (m.timeline.by != StepBy::product || m.step.before_first || view.spec().op != Op::conv) return {};
    const Size2 k = view.spec().kernel;
    const Size2 at = stored_cell(view.spec(), {m.step.product / k.w, m.step.product % k.w});
    return Cell4{view.pane.slice.c_out, m.step.channel, at.h, at.w};
}

// Program and order on the left; on the right the shape, and below it the weight's index and position in memory.
void draw_row(const ExplainView& view, const WeightLayout& layout, const std::optional<Cell4>& weight) {
    const PanelContext& context = view.context;
    const auto list = [](const std::vector<std::int64_t>& numbers) {
        return fmt::format("[{}]", fmt::join(numbers, ", "));
    };
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(layout.programs.data(), layout.programs.data() + layout.programs.size());
    ImGui::PopTextWrapPos();
    if (layout.from_one) tip(context, msg("MATLAB counts from 1 and stores arrays column-major."));
    ImGui::PushFont(context.screen.faces().mono, number_size(context));
    ImGui::TextColored(vec(context.theme.weight), "%s", std::string(layout.order).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(list(layout.shape).c_str());
    if (weight) {
        const WeightPlace place = place_in(layout, view.spec(), view.input_shape().c, *weight);
        const std::string text = fmt::format("{} #{}", list(place.index), place.position);
        ImGui::TextColored(vec(context.theme.accent), "%s", text.c_str());
    } else {
        ImGui::NewLine();  // the rows stay where they are when the pointer comes
    }
    ImGui::PopFont();
}

}  // namespace

void draw_weight_layouts(const ExplainView& view) {
    const PanelContext& context = view.context;
    const std::vector<WeightLayout> layouts = weight_layouts(view.spec(), view.input_shape().c);
    if (layouts.empty()) return;
    const Message groups = groups_text(view.spec(), view.input_shape().c, view.pane.slice.c_out);
    if (!groups.empty()) wrapped(context, groups, context.theme.text);
    if (!ImGui::CollapsingHeader(context.label(msg("Weight layouts")).c_str())) {
        tip(context, msg("The weight tensor's shape in each program's order of axes."));
        return;
    }
    const std::optional<Cell4> weight = weight_looked_at(view);
    if (ImGui::BeginTable("layouts", 2, ImGuiTableFlags_BordersInnerH)) {
        for (const WeightLayout& layout : layouts) draw_row(view, layout, weight);
        ImGui::EndTable();
    }
    wrapped(context,
            weight ? msg("In colour: the index of the highlighted weight and its offset in memory.")
                   : msg("Point at a weight to see its index in each."),
            context.theme.faint);
}

}  // namespace convlens
