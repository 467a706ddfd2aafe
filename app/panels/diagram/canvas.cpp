// Canvas: the picture of the layer, to be pointed at and changed.
#include "app/panels/diagram/canvas.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "app/panels/explanation/compared.h"
#include "app/panels/layer/compare.h"
#include "app/scene/theme.h"
#include "app/session/session.h"
#include "app/views/views.h"

namespace convlens {

namespace {

// The channel and batch item that are looked at, where there are several.
void draw_slices(const PanelContext& context) {
    const auto at = static_cast<std::size_t>(context.ui.pane);
    const Moment moment = shown_moment(context, context.ui.pane);
    const Pane& pane = moment.pane;
    const Shape4 out = moment.layer->output.shape();
    const std::int64_t group = moment.group_channels();
    if (out.n < 2 && out.c < 2 && group < 2) return;
    struct Row {
        const char* label;
        std::int64_t Slice::*member;
        std::int64_t count;
        Key about;
        std::int64_t first;  // of the indices
    };
    const Row rows[] = {
        {"n", &Slice::n, out.n, key("The batch item shown (N, Shift+N)."), 0},
        {"c_out", &Slice::c_out, out.c, key("The output channel shown (O, Shift+O)."), 0},
        {"c_in", &Slice::c_in, group, key("The input channel shown, one of the output's group (I, Shift+I)."),
         moment.first_channel()},
    };
    const float em = context.text_size;
    ImGui::SetCursorPos({em * 0.75F, em * 0.5F});
    ImGui::BeginGroup();
    bool first = true;
    for (const Row& row : rows) {
        if (row.count < 2) continue;
        if (!first) ImGui::SameLine(0, em);
        first = false;
        const bool played = row.member == &Slice::c_in && moment.channel_played;
        ImGui::BeginDisabled(played);
        const auto chosen = index_stepper(context, row.label, std::string("canvas ") + row.label,
                                          played ? moment.channel : pane.slice.*row.member, row.count,
                                          played ? kPlayedChannel : row.about, row.first);
        ImGui::EndDisabled();
        if (!chosen || played) continue;
        context.ui.edit(msg("look at {index}", "index"_is(row.label)), "slice",
                        [at, member = row.member, to = *chosen](Document& d) { d.panes[at].slice.*member = to; });
    }
    ImGui::EndGroup();
}

// A bar over the pane that keys and parameters speak to.
void mark_current_pane(const CanvasView& view) {
    const auto count = std::min(view.context.document.panes.size(), kMostPanes);
    if (count < 2) return;
    const float width = view.width / static_cast<float>(count);
    const float left = view.at.x + width * static_cast<float>(view.ui().pane), em = view.context.text_size;
    ImGui::GetWindowDrawList()->AddRectFilled({std::round(left + em), view.at.y},
                                              {std::round(left + width - em), view.at.y + std::round(em * 0.15F)},
                                              packed_colour(view.context.theme.accent));
}

// Each pane can be taken away where it stands.
void draw_crosses(const CanvasView& view) {
    const auto count = static_cast<int>(std::min(view.context.document.panes.size(), kMostPanes));
    if (count < 2 || view.ui().presenter) return;
    const float width = view.width / static_cast<float>(count), em = view.context.text_size;
    for (int i = 0; i < count; ++i) {
        const float right = view.at.x + width * static_cast<float>(i + 1) - em * 0.6F;
        ImGui::SetCursorScreenPos({std::round(right - ImGui::GetFrameHeight()), view.at.y + std::round(em * 0.45F)});
        ImGui::PushID(i);
        if (cross_button("×###close")) close_pane(view.ui(), view.context.document, i);
        tip(view.context, msg("Close this pane."));
        ImGui::PopID();
    }
}

// The plane that a cell is of, with all of its weights where a kernel is pulled apart; in pixels of the picture.
std::optional<Rect> plane_around(const Scene& scene, const MarkId& cell) {
    std::optional<Rect> found;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != cell.part || grid->id.pane != cell.pane) continue;
        const Rect frame = grid->frame();
        if (!found) {
            found = frame;
            continue;
        }
        const float right = std::max(found->right(), frame.right()), bottom = std::max(found->bottom(), frame.bottom());
        found->x = std::min(found->x, frame.x);
        found->y = std::min(found->y, frame.y);
        found->w = right - found->x;
        found->h = bottom - found->y;
    }
    return found;
}

// Where words of this size stand so that they do not cover the plane they speak of: below it, above, or beside it, on the
// level of the pointer; where the plane leaves no room, away from the pointer.
ImVec2 place_beside(const CanvasView& view, const Rect& plane, ImVec2 size) {
    const ImVec2 mouse = ImGui::GetMousePos(), window = ImGui::GetIO().DisplaySize;
    const float gap = std::round(view.context.text_size * 0.4F);
    const ImVec2 low{view.at.x + plane.x, view.at.y + plane.y}, high{low.x + plane.w, low.y + plane.h};
    const auto within = [](float at, float length, float end) {
        return std::clamp(at, 0.0F, std::max(0.0F, end - length));
    };
    const float x = within(mouse.x - size.x / 2, size.x, window.x), y = within(mouse.y - size.y / 2, size.y, window.y);
    if (high.y + gap + size.y <= window.y) return {x, high.y + gap};
    if (low.y - gap - size.y >= 0) return {x, low.y - gap - size.y};
    if (high.x + gap + size.x <= window.x) return {high.x + gap, y};
    if (low.x - gap - size.x >= 0) return {low.x - gap - size.x, y};
    return {mouse.x < window.x / 2 ? window.x - size.x : 0, mouse.y < window.y / 2 ? window.y - size.y : 0};
}

// The cell's number with all digits, once the pointer has rested on it. It goes with the first key: whoever plays by keys
// wants to see what lies beneath.
void draw_cell_tip(const CanvasView& view) {
    constexpr float kRest = 0.45F;
    if (!view.cell || !view.over || view.ui().panels.diagram.cell_edit || ImGui::IsAnyMouseDown()) return;
    if (view.ui().tips_wait) return;
    if (ImGui::GetCurrentContext()->MouseStationaryTimer < kRest) return;
    const auto cell = cell_of(view.context.derived.document, *view.cell);
    if (!cell) return;
    const CellWords words = describe_cell(shown_moment(view.context, cell->pane), cell->cell);
    if (words.name.empty()) return;
    const std::string name = view.context.words(words.name), note = view.context.words(words.note);
    ImFont* mono = view.context.screen.faces().mono;
    const auto plane = plane_around(*view.ui().panels.diagram.scene, *view.cell);
    if (plane) {
        ImVec2 size = ImGui::CalcTextSize(name.c_str());
        const auto add = [&size](const std::string& text) {
            if (text.empty()) return;
            const ImVec2 line = ImGui::CalcTextSize(text.c_str());
            size = {std::max(size.x, line.x), size.y + line.y + ImGui::GetStyle().ItemSpacing.y};
        };
        ImGui::PushFont(mono, 0);
        add(words.value);
        ImGui::PopFont();
        add(note);
        const ImVec2 padding = ImGui::GetStyle().WindowPadding;
        ImGui::SetNextWindowPos(place_beside(view, *plane, {size.x + 2 * padding.x, size.y + 2 * padding.y}));
    }
    if (!ImGui::BeginTooltip()) return;
    ImGui::TextUnformatted(name.c_str());
    if (!words.value.empty()) {
        ImGui::PushFont(mono, 0);
        ImGui::TextUnformatted(words.value.c_str());
        ImGui::PopFont();
    }
    if (!note.empty()) ImGui::TextDisabled("%s", note.c_str());
    ImGui::EndTooltip();
}

// Without the Layer panel nothing else says that the picture is not of the settings that were asked for.
void draw_problem_of_draft(const PanelContext& context) {
    const UiState& ui = context.ui;
    if (!ui.draft || !(ui.presenter || ui.panels_hidden)) return;
    ImGui::SetCursorPos({context.text_size * 0.75F, ImGui::GetCursorPosY() + context.text_size * 0.3F});
    ImGui::BeginGroup();
    if (!ui.draft->problems.empty()) problem_text(context, ui.draft->problems.front().message);
    wrapped(context, msg("The diagram still shows the last setting that worked."), context.theme.faint);
    ImGui::EndGroup();
}

void forget_gone_cells(const PanelContext& context) {
    UiState& ui = context.ui;
    const Derived& derived = context.derived;
    if (ui.pinned && !mark_exists(derived, *ui.pinned)) ui.pinned.reset();
    if (ui.panels.diagram.cell_edit && !editable_mark(context, ui.panels.diagram.cell_edit->cell))
        ui.panels.diagram.cell_edit.reset();
    if (ui.panels.diagram.stroke && !mark_exists(derived, ui.panels.diagram.stroke->from))
        ui.panels.diagram.stroke.reset();
}

void find_cell(CanvasView& view) {
    UiState& ui = view.ui();
    if (!view.over || !ui.panels.diagram.scene) return;
    view.cell = hit_test(*ui.panels.diagram.scene, view.local(ImGui::GetMousePos()));
    if (view.cell && !mark_exists(view.context.derived, *view.cell)) view.cell.reset();
    if (view.cell) ui.hover = view.cell;
    view.on_anchor = anchor_under_pointer(view).has_value();
}

SceneKey scene_key(const CanvasView& view, const SceneOptions& options) {
    const Derived& derived = view.context.derived;
    const UiState& ui = view.ui();
    const Playhead seen = seen_playhead(derived, ui.playhead, options.shown.motion);
    const Page& page = options.page;
    return {derived.layers,
            derived.document.panes,
            derived.document.step_by,
            seen.step,
            seen.phase,
            options.hover,
            options.camera.zoom,
            options.camera.pan,
            page.width,
            page.height,
            page.text_size,
            page.least_text,
            view.context.theme.dark,
            options.shown.motion,
            options.shown.anchor,
            page.lang};
}

// Made anew only when it would differ: a large plane takes a while, and most frames change nothing here.
std::shared_ptr<const Scene> make_scene(const CanvasView& view) {
    DiagramState& state = view.ui().panels.diagram;
    // A step, or a click elsewhere in the picture: the anchor is looked at no longer.
    const bool left = view.over && ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !view.on_anchor;
    if (left || state.scene_key.step != seen_playhead(view.context.derived, view.ui().playhead, false).step)
        state.anchor_looked_at = false;
    const SceneOptions options = scene_options(view);
    SceneKey key = scene_key(view, options);
    if (!state.scene || key != state.scene_key) {
        const PanelContext& c = view.context;
        state.scene = std::make_shared<const Scene>(
            build_scene(c.derived, c.ui.playhead, c.theme, options, c.fonts, &state.scatters));
        state.scene_key = std::move(key);
    }
    return state.scene;
}

// Of the picture, in its own pixels; its lower end where it has none.
float top_of_sums(const Scene& scene) {
    float top = scene.height;
    for (const Mark& mark : scene.marks) {
        const auto* text = std::get_if<TextMark>(&mark);
        if (text != nullptr && text->id.part == Part::sum) top = std::min(top, text->at.y);
    }
    return top;
}

}  // namespace

bool mark_exists(const Derived& derived, const MarkId& mark) {
    const auto cell = cell_of(derived.document, mark);
    return cell && cell_exists(derived, *cell);
}

std::optional<CellTarget> editable_mark(const PanelContext& context, const MarkId& mark) {
    const Derived& derived = context.derived;
    const auto cell = cell_of(derived.document, mark);
    if (!cell) return std::nullopt;
    const Pane& pane = derived.document.panes[static_cast<std::size_t>(cell->pane)];
    if (!seen_view(pane, *shown_layer(derived, pane)).view->shows_values) return std::nullopt;
    const auto target = editable_cell(derived, *cell);
    if (!target || !has_target(context.document, *target)) return std::nullopt;
    // While another layer is computed in its place, the cells that are seen are not those that would change.
    const auto index = static_cast<std::size_t>(target->layer);
    const Layer &seen = derived.layers[index]->layer, &own = context.document.layers[index];
    return seen.spec == own.spec && input_shape(seen) == input_shape(own) ? target : std::nullopt;
}

SceneOptions scene_options(const CanvasView& view) {
    const UiState& ui = view.ui();
    SceneOptions options;
    options.page.width = view.width;
    options.page.height = view.height;
    options.page.text_size = view.context.text_size;
    options.page.lang = view.context.lang;
    options.page.least_text = least_text(view.context.text_size, ui.presenter);
    options.camera = ui.camera;
    options.hover = highlight(ui);
    options.shown.motion = ui.settings.motion;
    options.shown.titles = !view.low;
    options.shown.anchor = ui.panels.diagram.anchor_looked_at || ui.panels.diagram.anchor_drag;
    return options;
}

void canvas_panel(PanelContext& context) {
    UiState& ui = context.ui;
    forget_gone_cells(context);
    draw_slices(context);
    draw_problem_of_draft(context);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    // In a low panel, as with large type on a small screen, title and hints make room for cells that can be read.
    constexpr float kLow = 17;  // text heights
    const bool low = room.y < kLow * context.text_size;
    const float line = ui.presenter || low ? 0 : std::round(context.text_size * 1.7F);
    const float compared = has_compared_line(context) ? compared_line_height() : 0;
    // Messages stand over the line of hints, and over the picture only where there is no room above them. In front of a
    // class the picture stays where it is: there they stand over it, above the sums. Many of them reach into it, since a
    // picture that makes way for all is too small to be read.
    constexpr float kMostGivenWay = 0.3F;  // of the panel's height
    const bool makes_way = !ui.presenter && room.y > 2 * kLow / 3 * context.text_size;
    const float told = makes_way ? std::min(ui.panels.diagram.covered, std::floor(kMostGivenWay * room.y)) : 0;
    const float below = std::max(line + compared, told);
    CanvasView view{
        context, ImGui::GetCursorScreenPos(), std::floor(room.x), std::floor(room.y - below), low, false, {}, false};
    if (view.width < context.text_size * 4 || view.height < context.text_size * 4) return;

    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton(
        "##picture", {view.width, view.height},
        ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
    view.over = ImGui::IsItemHovered();
    find_cell(view);
    use_pointer(view);
    use_digits(view);

    const std::shared_ptr<const Scene> scene = make_scene(view);
    ui.panels.diagram.sums_height = room.y - top_of_sums(*scene);
    context.screen.draw(*scene, {view.at.x, view.at.y}, ImGui::GetWindowDrawList());
    mark_current_pane(view);
    draw_crosses(view);
    draw_computing(view);
    draw_cell_edit(view, *scene);
    draw_cell_tip(view);
    const float foot = view.at.y + std::floor(room.y - line - compared);
    if (line > 0) draw_canvas_line(view, foot + compared);
    if (compared > 0) draw_compared_line(context, view.at.x, foot, view.width);
}

}  // namespace convlens
