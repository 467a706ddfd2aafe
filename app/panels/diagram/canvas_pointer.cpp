// The pointer on the picture.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "app/document/compare.h"
#include "app/panels/diagram/canvas.h"
#include "app/session/playback.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

constexpr float kZoomStep = 1.2F;
constexpr float kLeastZoom = 0.2F, kMostZoom = 20;  // the latter of cells that are a pixel or more at zoom 1

bool same_plane(const MarkId& a, const MarkId& b) {
    return a.part == b.part && a.pane == b.pane && (a.part == Part::kernel || (a.n == b.n && a.c == b.c));
}

const GridMark* nearest_plane(const Scene& scene, Point p) {
    const GridMark* nearest = nullptr;
    float least = 0;
    for (std::size_t i = 0; i < scene.marks.size(); ++i) {
        const auto* grid = std::get_if<GridMark>(&scene.marks[i]);
        if (grid == nullptr || !is_seen(scene, i, p)) continue;  // of the pane that the point is in
        const Rect frame = grid->frame();
        const float dx = std::max({frame.x - p.x, 0.0F, p.x - frame.right()});
        const float dy = std::max({frame.y - p.y, 0.0F, p.y - frame.bottom()});
        if (nearest == nullptr || dx + dy < least) {
            nearest = grid;
            least = dx + dy;
        }
    }
    return nearest;
}

// The same plane in another picture. Of a large one each picture has only what is in sight, so its first cell may differ.
const GridMark* find_plane(const Scene& scene, const GridMark& plane) {
    const GridMark* found = nullptr;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr) continue;
        if (grid->id == plane.id) return grid;
        const MarkId &a = grid->id, &b = plane.id;
        if (a.part == b.part && a.pane == b.pane && a.n == b.n && a.c == b.c) found = grid;
    }
    return found;
}

// Cells that are smaller than a pixel at zoom 1 can be brought as near as all others.
float most_zoom(const Scene& scene, float zoom) {
    float least = 1;  // pitch at zoom 1
    for (const Mark& mark : scene.marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) least = std::min(least, grid->pitch / zoom);
    return kMostZoom / least;
}

// Zooms so that what is under the pointer stays there.
void zoom(const CanvasView& view, float notches) {
    UiState& ui = view.ui();
    const Point p = view.local(ImGui::GetMousePos());
    if (!ui.panels.diagram.scene) return;
    const GridMark* plane = nearest_plane(*ui.panels.diagram.scene, p);
    const float before = ui.camera.zoom;
    const float most = std::max(before, most_zoom(*ui.panels.diagram.scene, before));
    ui.camera.zoom = std::clamp(before * std::pow(kZoomStep, notches), kLeastZoom, most);
    if (plane == nullptr || ui.camera.zoom == before) return;
    const float row = (p.y - plane->origin.y) / plane->height(), col = (p.x - plane->origin.x) / plane->pitch;
    const PanelContext& c = view.context;
    const Scene larger =
        build_scene(c.derived, ui.playhead, c.theme, scene_options(view), c.fonts, &ui.panels.diagram.scatters);
    const GridMark* there = find_plane(larger, *plane);
    if (there == nullptr) return;
    const auto down = static_cast<float>((plane->id.y - there->id.y) / there->y_step);
    const auto right = static_cast<float>((plane->id.x - there->id.x) / there->x_step);
    ui.camera.pan.x += p.x - (there->origin.x + (col + right) * there->pitch);
    ui.camera.pan.y += p.y - (there->origin.y + (row + down) * there->height());
}

void change_cell(const CanvasView& view, const CellTarget& target, double value, std::string merge) {
    view.ui().edit(
        msg("{name} = {value}", "name"_is(target_name(view.context.document, target)), "value"_is(field_text(value))),
        std::move(merge), [target, value](Document& document) { set_target(document, target, value); });
}

void use_wheel(const CanvasView& view) {
    const ImGuiIO& io = ImGui::GetIO();
    const float notches = io.MouseWheel != 0 ? io.MouseWheel : io.MouseWheelH;  // Shift turns the wheel sideways
    if (!view.over || notches == 0) return;
    if (io.KeyCtrl) return zoom(view, notches);
    if (!view.cell || view.ui().panels.diagram.cell_edit) return;  // the field stands over another cell's number
    const auto target = editable_mark(view.context, *view.cell);
    if (!target) return;
    const double step = io.KeyShift ? 0.1 : 1;
    // Tenths are not exact in binary: what is left over far behind the point is taken off.
    const double value = target_value(view.context.document, *target) + step * static_cast<double>(notches);
    const Cell4& at = target->cell;
    change_cell(view, *target, std::round(value * 1e9) / 1e9,
                fmt::format("wheel {} {} {} {} {} {}", target->layer, target->weight, at.n, at.c, at.y, at.x));
}

// All cells that the pointer crossed since the frame before.
std::vector<CellTarget> crossed_cells(const CanvasView& view, const Stroke& stroke) {
    std::vector<CellTarget> targets;
    const ImVec2 to = ImGui::GetMousePos(), moved = ImGui::GetIO().MouseDelta;
    const float length = std::max(std::abs(moved.x), std::abs(moved.y));
    const int samples = std::clamp(static_cast<int>(length / 4), 1, 400);
    for (int i = 0; i <= samples; ++i) {
        const float back = 1 - static_cast<float>(i) / static_cast<float>(samples);
        const auto cell =
            hit_test(*view.ui().panels.diagram.scene, view.local({to.x - moved.x * back, to.y - moved.y * back}));
        if (!cell || !mark_exists(view.context.derived, *cell) || !same_plane(*cell, stroke.from)) continue;
        const auto target = editable_mark(view.context, *cell);
        if (target && std::ranges::find(targets, *target) == targets.end()) targets.push_back(*target);
    }
    return targets;
}

void paint(const CanvasView& view, const Stroke& stroke) {
    std::vector<CellTarget> targets = crossed_cells(view, stroke);
    std::erase_if(
        targets, [&](const CellTarget& target) { return target_value(view.context.document, target) == stroke.value; });
    if (targets.empty()) return;
    view.ui().edit(msg("paint {value}", "value"_is(field_text(stroke.value))), "paint",
                   [targets, value = stroke.value](Document& document) {
                       for (const CellTarget& target : targets) set_target(document, target, value);
                   });
}

void begin_stroke(const CanvasView& view, bool right) {
    UiState& ui = view.ui();
    ui.panels.diagram.stroke.reset();
    if (!view.cell) return;
    const auto target = editable_mark(view.context, *view.cell);
    Stroke stroke{*view.cell, 0, false, right};
    if (target && !right) stroke.value = target_value(view.context.document, *target);
    if (right && !target) return;
    ui.panels.diagram.stroke = stroke;
    if (right) {
        ui.panels.diagram.stroke->painting = true;
        paint(view, *ui.panels.diagram.stroke);
    }
}

// An output cell, or an input cell that stamps: the play goes there. Anything else is pinned.
void click(const CanvasView& view, const MarkId& cell) {
    UiState& ui = view.ui();
    ui.pane = cell.pane;
    const Derived& derived = view.context.derived;
    const auto pointed = cell_of(derived.document, cell);
    if (const auto step = pointed ? step_of_cell(derived, *pointed) : std::nullopt)
        return go_to_clicked_step(ui, derived, *step);
    if (ui.pinned == cell) {
        ui.pinned.reset();
    } else {
        ui.pinned = cell;
    }
}

void end_stroke(const CanvasView& view) {
    UiState& ui = view.ui();
    const std::optional<Stroke> stroke = ui.panels.diagram.stroke;
    ui.panels.diagram.stroke.reset();
    ui.seal = true;
    if (!stroke || stroke->painting || stroke->right) return;
    if (view.cell == stroke->from) click(view, stroke->from);
}

void go_on_with_stroke(const CanvasView& view) {
    UiState& ui = view.ui();
    Stroke& stroke = *ui.panels.diagram.stroke;
    const bool can_paint = stroke.right || editable_mark(view.context, stroke.from).has_value();
    if (can_paint && view.cell && *view.cell != stroke.from && same_plane(*view.cell, stroke.from))
        stroke.painting = true;
    if (stroke.painting) paint(view, stroke);
}

// The button is down on the anchor's ring: it moves, or if it did not move that was a click on its cell.
void go_on_with_anchor(const CanvasView& view) {
    UiState& ui = view.ui();
    if (ImGui::IsItemActive()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
        return drag_anchor(view);
    }
    const bool moved = ui.panels.diagram.anchor_drag->moved;
    ui.panels.diagram.anchor_drag.reset();
    ui.seal = true;
    if (!moved && view.cell) click(view, *view.cell);
}

// The pane under the pointer becomes the one that keys and parameters speak to.
void pick_pane(const CanvasView& view) {
    const auto count = static_cast<int>(std::min(view.context.document.panes.size(), kMostPanes));
    const float x = view.local(ImGui::GetMousePos()).x;
    view.ui().pane = std::clamp(static_cast<int>(x / view.width * static_cast<float>(count)), 0, count - 1);
}

void move_picture(UiState& ui) {
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    ui.camera.pan.x += moved.x;
    ui.camera.pan.y += moved.y;
}

}  // namespace

void use_pointer(const CanvasView& view) {
    UiState& ui = view.ui();
    use_wheel(view);
    if (view.over && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && view.cell) {
        if (const auto target = editable_mark(view.context, *view.cell)) {
            const double value = target_value(view.context.document, *target);
            ui.panels.diagram.cell_edit = CellEdit{*view.cell, field_text(value), {}, true, 0};
            ui.panels.diagram.stroke.reset();
            ui.pinned.reset();
            return;
        }
    }
    if (ui.panels.diagram.anchor_drag) return go_on_with_anchor(view);
    if (view.on_anchor && ImGui::IsItemActivated() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        ui.panels.diagram.stroke.reset();
        ui.panels.diagram.anchor_drag = anchor_under_pointer(view);
        if (ui.panels.diagram.anchor_drag) ui.pane = ui.panels.diagram.anchor_drag->pane;
        return;
    }
    if (view.on_anchor && !ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    if (!ImGui::IsItemActive()) {
        if (ImGui::IsItemDeactivated() && ui.panels.diagram.stroke) end_stroke(view);
        return;
    }
    const bool left = ImGui::IsMouseDown(ImGuiMouseButton_Left), middle = ImGui::IsMouseDown(ImGuiMouseButton_Middle);
    if (ImGui::IsItemActivated() && !middle) {
        begin_stroke(view, !left);
        if (left && !view.cell) {
            ui.pinned.reset();
            pick_pane(view);
        }
        return;
    }
    if (middle || (left && !ui.panels.diagram.stroke)) return move_picture(ui);
    if (ui.panels.diagram.stroke) go_on_with_stroke(view);
}

}  // namespace convlens
