// The kernel's anchor, dragged from cell to cell.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/diagram/canvas.h"
#include "app/views/plane.h"
#include "core/conv/anchor.h"

namespace convlens {

namespace {

Point centre_of(const std::vector<Point>& points) {
    Point centre;
    for (const Point& p : points) {
        centre.x += p.x / static_cast<float>(points.size());
        centre.y += p.y / static_cast<float>(points.size());
    }
    return centre;
}

std::optional<float> kernel_pitch(const Scene& scene, int pane) {
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid != nullptr && grid->id.part == Part::kernel && grid->id.pane == pane) return grid->pitch;
    }
    return {};
}

// On the ring or between it and the edge of its cell; in a small cell anywhere.
bool on_ring(Point p, Point centre, float pitch) {
    const float dx = std::abs(p.x - centre.x), dy = std::abs(p.y - centre.y);
    const float radius = anchor_ring({0, 0, pitch, pitch}).radius;
    const float half = std::max(pitch / 2, radius + 1);
    if (dx > half || dy > half) return false;
    return pitch < 24 || std::hypot(dx, dy) >= radius - std::clamp(pitch * 0.1F, 3.0F, 8.0F);
}

bool before_turn(const CanvasView& view, int pane) { return shown_moment(view.context, pane).to_turn(); }

std::int64_t nearest_cell(std::int64_t place, std::int64_t dilation, std::int64_t kernel) {
    const auto cell = std::llround(static_cast<double>(place) / static_cast<double>(dilation));
    return std::clamp<std::int64_t>(cell, 0, kernel - 1);
}

}  // namespace

std::optional<AnchorDrag> anchor_under_pointer(const CanvasView& view) {
    const auto& scene = view.ui().panels.diagram.scene;
    if (!view.over || !scene) return {};
    const Point p = view.local(ImGui::GetMousePos());
    for (std::size_t i = 0; i < scene->marks.size(); ++i) {
        const auto* ring = std::get_if<PolygonMark>(&scene->marks[i]);
        if (ring == nullptr || ring->id.part != Part::anchor || ring->id.n != 0 || !is_seen(*scene, i, p)) continue;
        const Point centre = centre_of(ring->points);
        const auto pitch = kernel_pitch(*scene, ring->id.pane);
        if (!pitch || !on_ring(p, centre, *pitch)) continue;
        return AnchorDrag{ring->id.pane, centre, *pitch, {ring->id.y, ring->id.x}, before_turn(view, ring->id.pane),
                          false};
    }
    return {};
}

void drag_anchor(const CanvasView& view) {
    UiState& ui = view.ui();
    AnchorDrag& drag = *ui.panels.diagram.anchor_drag;
    const auto pane = static_cast<std::size_t>(drag.pane);
    if (pane >= view.context.document.panes.size()) return;
    const int layer = view.context.document.panes[pane].layer;
    LayerShape shape = layer_shape(view.context.document.layers[static_cast<std::size_t>(layer)]);
    if (!can_have_anchor(shape.spec)) return;
    const Point p = view.local(ImGui::GetMousePos());
    const auto cells = [&](float pixels) {
        const auto count = static_cast<std::int64_t>(std::lround(pixels / drag.pitch));
        return drag.mirrored ? -count : count;
    };
    const ConvSpec& spec = shape.spec;
    const Size2 place{drag.place.h + cells(p.y - drag.centre.y), drag.place.w + cells(p.x - drag.centre.x)};
    const Size2 target{nearest_cell(place.h, spec.dilation.h, spec.kernel.h),
                       nearest_cell(place.w, spec.dilation.w, spec.kernel.w)};
    const auto now = kernel_anchor(spec, shape.input.plane());
    if (!drag.moved && place == drag.place) return;
    drag.moved = true;
    if (now && now->window == target) return;
    shape.spec = with_anchor(spec, target);
    propose(ui, view.context.document, layer, shape,
            msg("anchor ({row}, {column})", "row"_is(target.h), "column"_is(target.w)),
            fmt::format("anchor {}", layer));
}

}  // namespace convlens
