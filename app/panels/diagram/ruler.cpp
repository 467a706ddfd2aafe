// Size ruler: one axis as a strip, every window a bracket. Pointing at a bracket names it and lights its output.
#include <algorithm>
#include <cmath>

#include "app/moment/padding_words.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/settings.h"
#include "app/views/build.h"
#include "app/views/ruler.h"

namespace convlens {

namespace {

// The bracket under the pointer, or nothing.
std::optional<std::int64_t> bracket_at(const Scene& scene, Point p, float reach) {
    std::optional<std::int64_t> found;
    float least = reach;
    for (const Mark& mark : scene.marks) {
        const auto* line = std::get_if<LineMark>(&mark);
        if (line == nullptr || line->id.part != Part::ruler || line->from.y != line->to.y) continue;
        if (p.x < line->from.x || p.x > line->to.x) continue;
        const float distance = std::abs(p.y - line->from.y);
        if (distance >= least) continue;
        least = distance;
        found = line->id.x;
    }
    return found;
}

// The output cell of this window in the row or column that the highlight is in.
void light_output(const PanelContext& context, const Pane& pane, Axis axis, std::int64_t index) {
    UiState& ui = context.ui;
    if (context.derived.document.layers[static_cast<std::size_t>(pane.layer)].spec.op == Op::conv_transpose) return;
    const auto now = moment_of(context.derived, ui.pane, ui.playhead, std::nullopt).out;
    MarkId id{Part::output, ui.pane, pane.slice.n, pane.slice.c_out, now ? now->y : 0, now ? now->x : 0};
    (axis == Axis::h ? id.y : id.x) = index;
    ui.hover = id;
}

// As chosen; else the rows, which of a layer of height 1 tell nothing.
Axis shown_axis(const PanelContext& context) {
    const Pane& pane = context.derived.document.panes[static_cast<std::size_t>(context.ui.pane)];
    const DerivedLayer& layer = *shown_layer(context.derived, pane);
    const bool one_row = layer.h.input == 1 && layer.h.output == 1;
    return context.ui.panels.diagram.ruler_axis.value_or(one_row ? Axis::w : Axis::h);
}

// With the cross behind it.
float switch_width(const PanelContext& context) {
    return button_width(context.words(msg("H"))) + button_width(context.words(msg("W"))) + ImGui::GetFrameHeight() +
           context.text_size * 0.6F;
}

void draw_axis_switch(const PanelContext& context) {
    const Axis axis = shown_axis(context);
    std::optional<Axis>& chosen = context.ui.panels.diagram.ruler_axis;
    const float room = ImGui::GetContentRegionAvail().x - switch_width(context);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, room));
    if (switch_button(context, "H", axis == Axis::h)) chosen = Axis::h;
    tip(context, msg("H: rows, from top to bottom"));
    ImGui::SameLine(0, context.text_size * 0.2F);
    if (switch_button(context, "W", axis == Axis::w)) chosen = Axis::w;
    tip(context, msg("W: columns, from left to right"));
    ImGui::SameLine(0, context.text_size * 0.4F);
    // no words: the name of a panel
    if (cross_button("×###close ruler")) set_closed(context.ui.settings, "Size ruler", true);
    tip(context, msg("Close (View, Panels brings it back)."));
}

// The caption, taken out of the scene where it does not fit beside the switch.
std::optional<std::string> take_long_caption(const PanelContext& context, Scene& scene) {
    for (auto mark = scene.marks.begin(); mark != scene.marks.end(); ++mark) {
        const auto* text = std::get_if<TextMark>(&*mark);
        if (text == nullptr || text->id.x != -1) continue;
        const float end = text->at.x + context.fonts.text_width(text->text, text->size, text->face);
        if (end + context.text_size + switch_width(context) <= scene.width) return std::nullopt;
        std::string caption = text->text;
        scene.marks.erase(mark);
        return caption;
    }
    return std::nullopt;
}

void draw_strip(const PanelContext& context, const Pane& pane, const Scene& scene) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    if (room.x < 1 || room.y < 1) return;
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("##strip", room);
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetMousePos();
    const auto index = bracket_at(scene, {mouse.x - at.x, mouse.y - at.y}, context.text_size * 0.5F);
    if (!index) return;
    const Axis axis = shown_axis(context);
    const DerivedLayer& layer = *shown_layer(context.derived, pane);
    std::string text;
    for (const Message& line : window_lines(layer, axis, *index))
        text += (text.empty() ? "" : "\n") + context.words(line);
    if (!context.ui.tips_wait) ImGui::SetTooltip("%s", text.c_str());
    light_output(context, pane, axis, *index);
}

}  // namespace

void ruler_panel(PanelContext& context) {
    UiState& ui = context.ui;
    const Pane& pane = context.derived.document.panes[static_cast<std::size_t>(ui.pane)];
    const ImVec2 start = ImGui::GetCursorPos(), room = ImGui::GetContentRegionAvail();
    if (room.x < context.text_size * 6 || room.y < context.text_size * 3) return;

    const StaleLook look(context, pane.layer);
    Page page;
    page.width = std::floor(room.x);
    page.height = std::floor(room.y);
    page.text_size = context.text_size;
    page.least_text = std::round(context.text_size * 0.7F);
    page.transparent = true;
    page.lang = context.lang;
    const auto made = [&] {
        return build_ruler(context.derived, pane.layer, shown_axis(context), ui.playhead, context.theme, page,
                           highlight(ui), context.fonts);
    };
    Scene scene = made();
    if (const auto caption = take_long_caption(context, scene)) {
        // Over the whole width, and the switch beside the strip, which leaves the line of its caption empty.
        wrapped(*caption, context.theme.text);
        const float below = ImGui::GetCursorPosY(), empty = ruler_caption_height(context.text_size);
        page.width -= switch_width(context) + context.text_size;
        page.height -= below - start.y - empty;
        scene = made();
        take_long_caption(context, scene);
        ImGui::SetCursorPos({start.x, below - empty});
        draw_strip(context, pane, scene);
        ImGui::SetCursorPos({start.x, below});
        return draw_axis_switch(context);
    }
    draw_strip(context, pane, scene);
    ImGui::SetCursorPos(start);
    draw_axis_switch(context);
}

}  // namespace convlens
