#include "app/views/difference.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/views/plane.h"
#include "core/text/number.h"

namespace convlens {

namespace {

constexpr float kLeastPitch = 2, kLeastDotPitch = 6;

MarkId difference_id(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    return {Part::difference, 0, n, c, y, x};
}

// Where numbers are too small to print a dot still says that there is one.
void add_dots(Scene& scene, const GridMark& grid, const Theme& theme) {
    if (grid.pitch < kLeastDotPitch) return;
    for (std::int32_t y = 0; y < grid.rows; ++y) {
        for (std::int32_t x = 0; x < grid.cols; ++x) {
            if (grid.lit[static_cast<std::size_t>(y) * static_cast<std::size_t>(grid.cols) +
                         static_cast<std::size_t>(x)] == 0)
                continue;
            const bool printed =
                std::ranges::any_of(grid.texts, [&](const GridText& t) { return t.row == y && t.col == x; });
            const Rect cell = grid.cell(y, x);
            if (printed) continue;
            scene.marks.push_back(DotMark{difference_id(grid.id.n, grid.id.c, y, x),
                                          {cell.x + cell.w / 2, cell.y + cell.h / 2},
                                          std::max(1.5F, grid.pitch * 0.14F),
                                          theme.text});
        }
    }
}

// What lies beyond the cells that both have.
void add_unshared(Scene& scene, const OutputDifference& d, const GridMark& grid, const Theme& theme) {
    const auto strip = [&](std::int64_t y, std::int64_t x, std::int64_t rows, std::int64_t cols) {
        if (rows <= 0 || cols <= 0) return;
        const Rect first = grid.cell(y, x);
        const Rect rect{first.x, first.y, grid.pitch * static_cast<float>(cols), grid.pitch * static_cast<float>(rows)};
        scene.marks.push_back(hatch(difference_id(grid.id.n, grid.id.c, y, x), rect, theme.faint));
    };
    strip(0, d.shared.w, d.shared.h, grid.cols - d.shared.w);
    strip(d.shared.h, 0, grid.rows - d.shared.h, grid.cols);
}

// How many of the outputs that both have differ.
Message differing_text(const OutputDifference& d) {
    if (d.differing == 0)
        return d.same_shape() ? plural("all {n} output equal", "all {n} outputs equal", d.cells)
                              : plural("all {n} shared output equal", "all {n} shared outputs equal", d.cells);
    const auto count = "count"_is(d.differing);
    return d.same_shape()
               ? plural("{count} of {n} output differs", "{count} of {n} outputs differ", d.cells, count)
               : plural("{count} of {n} shared output differs", "{count} of {n} shared outputs differ", d.cells, count);
}

}  // namespace

Scene build_difference(const OutputDifference& difference, std::int64_t n, std::int64_t c, const Theme& theme,
                       const Page& page, const FontMetrics& fonts) {
    const OutputDifference& d = difference;
    Scene scene;
    scene.width = page.width;
    scene.background = page.transparent ? Colour{0, 0, 0, 0} : theme.background;
    const std::int64_t rows = std::max(d.first.h, d.second.h), cols = std::max(d.first.w, d.second.w);
    const bool has_plane = n < d.shared.n && c < d.shared.c;
    const float room =
        std::min((page.width - 4) / static_cast<float>(cols), (page.height - 4) / static_cast<float>(rows));
    const float pitch = std::floor(std::min(room, page.text_size * 2.2F));
    if (!has_plane || pitch < kLeastPitch) return scene;
    scene.height = pitch * static_cast<float>(rows) + 4;

    PlaneSpec plane;
    plane.id = difference_id(n, c, 0, 0);
    plane.origin = {2, 2};
    plane.pitch = pitch;
    plane.rows = rows;
    plane.cols = cols;
    const double peak = std::isfinite(d.largest) ? d.largest : 1;
    plane.look = [&](std::int64_t y, std::int64_t x) {
        if (y >= d.shared.h || x >= d.shared.w) return empty_look(theme);
        const double by = d.by.at(n, c, y, x);
        CellLook look = value_look(theme, by, peak);
        look.number = look.lit = by != 0;
        return look;
    };
    Page own = page;
    own.height = scene.height;
    GridMark grid = make_plane(plane, theme, own, fonts);
    scene.marks.emplace_back(grid);
    add_dots(scene, grid, theme);
    add_unshared(scene, d, grid, theme);
    scene.marks.push_back(outline(plane.id, grid.frame(), theme.frame, 1));
    if (d.at && d.at->n == n && d.at->c == c)
        scene.marks.push_back(
            outline(difference_id(n, c, d.at->y, d.at->x), grid.cell(d.at->y, d.at->x), theme.accent, 3));
    return scene;
}

Message difference_headline(const OutputDifference& d, const CellDifference* cell) {
    Message text = differing_text(d);
    if (cell && d.differing > 0) {
        const bool one_plane = d.shared.n == 1 && d.shared.c == 1;
        const Cell4& at = cell->cell;
        const std::string place =
            one_plane ? fmt::format("[{}, {}]", at.y, at.x) : fmt::format("[{}, {}, {}, {}]", at.n, at.c, at.y, at.x);
        text = msg("{difference}, first at {place}: {first} vs {second}", "difference"_is(std::move(text)),
                   "place"_is(place), "first"_is(sum_number(cell->first)), "second"_is(sum_number(cell->second)));
    }
    if (d.same_shape()) return text;
    const bool planes = d.first.n == d.second.n && d.first.c == d.second.c;
    const auto size = [planes](const Shape4& shape) {
        return planes ? fmt::format("{}×{}", shape.h, shape.w) : to_string(shape);
    };
    return msg("{first} vs {second}: {difference}", "first"_is(size(d.first)), "second"_is(size(d.second)),
               "difference"_is(std::move(text)));
}

}  // namespace convlens
