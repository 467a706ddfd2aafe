#include "app/scene/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace convlens {

namespace {

// Where the point was before the sheet was turned.
Point turned_back(const GridMark& grid, Point p) {
    if (grid.turn == 0) return p;
    const Rect frame = grid.frame();
    const Point centre{frame.x + frame.w / 2, frame.y + frame.h / 2};
    const float angle = -grid.turn * std::numbers::pi_v<float> / 180;
    const float c = std::cos(angle);
    const float s = std::sin(angle);
    const Point d{p.x - centre.x, p.y - centre.y};
    return {centre.x + c * d.x - s * d.y, centre.y + s * d.x + c * d.y};
}

// A cell without fill and number is a hole that the pointer looks through.
bool drawn(const GridMark& grid, std::int32_t row, std::int32_t col) {
    if (grid.is_picture()) return true;
    const std::size_t i =
        static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cols) + static_cast<std::size_t>(col);
    if (i >= grid.fill.size() || grid.fill[i].a > 0) return true;
    return std::ranges::any_of(grid.texts, [&](const GridText& text) { return text.row == row && text.col == col; });
}

std::optional<MarkId> cell_under(const GridMark& grid, Point point) {
    const Point p = turned_back(grid, point);
    if (grid.pitch <= 0 || !grid.frame().contains(p)) return {};
    const auto row = std::min(static_cast<std::int32_t>((p.y - grid.origin.y) / grid.height()), grid.rows - 1);
    const auto col = std::min(static_cast<std::int32_t>((p.x - grid.origin.x) / grid.pitch), grid.cols - 1);
    if (!drawn(grid, row, col)) return {};
    MarkId id = grid.id;
    id.y += row * grid.y_step;
    id.x += col * grid.x_step;
    return id;
}

}  // namespace

const SceneClip* clip_of(const Scene& scene, std::size_t mark) {
    const auto found =
        std::ranges::find_if(scene.clips, [&](const SceneClip& clip) { return mark >= clip.begin && mark < clip.end; });
    return found == scene.clips.end() ? nullptr : &*found;
}

bool is_seen(const Scene& scene, std::size_t mark, Point point) {
    const SceneClip* clip = clip_of(scene, mark);
    return clip == nullptr || clip->rect.contains(point);
}

std::optional<MarkId> hit_test(const Scene& scene, Point point) {
    for (std::size_t i = scene.marks.size(); i-- > 0;) {
        const auto* grid = std::get_if<GridMark>(&scene.marks[i]);
        if (grid == nullptr || !is_seen(scene, i, point)) continue;
        if (const std::optional<MarkId> id = cell_under(*grid, point)) return id;
    }
    return {};
}

}  // namespace convlens
