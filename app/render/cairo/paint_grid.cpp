// A plane of cells: fills, lines, outlines and numbers; upright on whole pixels, or turned as a sheet.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/render/cairo/painter.h"
#include "app/render/type/typeface.h"

namespace convlens {

namespace {

constexpr std::size_t kManyCells = 10000;

// Cells of one colour side by side are one rectangle.
void fill_runs(Paper& paper, const GridMark& grid) {
    for (std::int32_t row = 0; row < grid.rows; ++row) {
        const std::size_t start = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cols);
        std::int32_t col = 0;
        while (col < grid.cols) {
            const Colour colour = grid.fill[start + static_cast<std::size_t>(col)];
            std::int32_t end = col + 1;
            while (end < grid.cols && grid.fill[start + static_cast<std::size_t>(end)] == colour) ++end;
            Rect run = grid.cell(row, col);
            run.w = grid.pitch * static_cast<float>(end - col);
            // Both edges are rounded, so neighbours meet even where the pitch is no whole number.
            if (colour.a > 0) fill_crisp(paper, snapped(run), colour);
            col = end;
        }
    }
}

// As a picture of its colours: a plane of a thousand rows is not a million rectangles.
void fill_many(Paper& paper, const GridMark& grid) {
    const std::int32_t rows = grid.fill_rows(), cols = grid.fill_cols();
    const CairoSurface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, cols, rows));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return;
    unsigned char* bytes = cairo_image_surface_get_data(surface.get());
    const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface.get());
    const Colour* colour = grid.fill.data();
    for (std::int32_t row = 0; row < rows; ++row) {
        auto* out = reinterpret_cast<std::uint32_t*>(bytes + row * stride);
        for (std::int32_t col = 0; col < cols; ++col, ++colour) {
            const auto times_alpha = [a = colour->a](std::uint32_t v) { return (v * a + 127) / 255; };
            out[col] = static_cast<std::uint32_t>(colour->a) << 24U | times_alpha(colour->r) << 16U |
                       times_alpha(colour->g) << 8U | times_alpha(colour->b);
        }
    }
    cairo_surface_mark_dirty(surface.get());

    const Rect frame = snapped(grid.fill_frame());
    cairo_matrix_t matrix;
    cairo_matrix_init_scale(&matrix, static_cast<double>(cols) / frame.w, static_cast<double>(rows) / frame.h);
    cairo_matrix_translate(&matrix, -frame.x, -frame.y);
    paper.fill_with(surface.get(), matrix, grid.is_picture() || grid.pitch >= 1, frame);
}

void fill_upright(Paper& paper, const GridMark& grid) {
    grid.is_picture() || grid.fill.size() > kManyCells ? fill_many(paper, grid) : fill_runs(paper, grid);
}

// Antialiased neighbours let the ground shine through where they meet, so opaque cells overlap a little.
void fill_turned(Paper& paper, const GridMark& grid) {
    for (std::int32_t row = 0; row < grid.rows; ++row) {
        for (std::int32_t col = 0; col < grid.cols; ++col) {
            const std::size_t i =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cols) + static_cast<std::size_t>(col);
            const Colour colour = grid.fill[i];
            if (colour.a == 0) continue;
            const Rect cell = grid.cell(row, col);
            const float over_x = colour.a == 255 && col + 1 < grid.cols ? 0.5F : 0;
            const float over_y = colour.a == 255 && row + 1 < grid.rows ? 0.5F : 0;
            set_colour(paper, colour);
            cairo_rectangle(paper, cell.x, cell.y, cell.w + over_x, cell.h + over_y);
            paper.fill();
        }
    }
}

void paint_lines(Paper& paper, const GridMark& grid) {
    const Rect frame = grid.frame();
    const bool upright = grid.turn == 0;
    const auto fit = [upright](float v) { return upright ? std::round(v) : v; };
    const float top = fit(frame.y);
    const float left = fit(frame.x);
    const float bottom = fit(frame.bottom());
    const float right = fit(frame.right());
    set_colour(paper, grid.line);
    if (upright) cairo_set_antialias(paper, CAIRO_ANTIALIAS_NONE);
    for (std::int32_t col = 1; col <= grid.cols; ++col)
        cairo_rectangle(paper, fit(frame.x + grid.pitch * static_cast<float>(col)) - 1, top, 1, bottom - top);
    for (std::int32_t row = 1; row <= grid.rows; ++row)
        cairo_rectangle(paper, left, fit(frame.y + grid.height() * static_cast<float>(row)) - 1, right - left, 1);
    // A turned sheet shows its other two edges.
    if (!upright) {
        cairo_rectangle(paper, left, top, right - left, 1);
        cairo_rectangle(paper, left, top, 1, bottom - top);
    }
    paper.fill();  // one fill: where lines cross, a translucent colour is not doubled
    cairo_set_antialias(paper, CAIRO_ANTIALIAS_DEFAULT);
}

// Strokes what `path` adds, all of it at once.
template <typename Path>
void stroke_outlines(Paper& paper, Colour colour, float width, const Path& path) {
    if (width <= 0 || colour.a == 0) return;
    set_colour(paper, colour);
    cairo_set_line_width(paper, width);
    path();
    paper.stroke();
}

void paint_outlines(Paper& paper, const GridMark& grid) {
    for (const CellState state : {CellState::read, CellState::current}) {
        if (std::ranges::find(grid.states, state) == grid.states.end()) continue;
        const float width = grid.outline_width(state);
        // Each line's middle lies `in` inside the cell's outline.
        const auto rectangles = [&](float in) {
            for (std::int32_t row = 0; row < grid.rows; ++row) {
                const std::size_t start = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.cols);
                for (std::int32_t col = 0; col < grid.cols; ++col) {
                    if (grid.states[start + static_cast<std::size_t>(col)] != state) continue;
                    const Rect at = grid.turn == 0 ? snapped(grid.outlined(row, col)) : grid.outlined(row, col);
                    cairo_rectangle(paper, at.x + in, at.y + in, at.w - 2 * in, at.h - 2 * in);
                }
            }
        };
        const float casing = std::ceil(width / 2);
        stroke_outlines(paper, grid.outlines.casing, casing, [&] { rectangles(width + casing / 2); });
        stroke_outlines(paper, grid.outlines.colour, width, [&] { rectangles(width / 2); });
    }
}

void paint_notes(Paper& paper, const GridMark& grid) {
    if (grid.note_size <= 0) return;
    Typefaces& faces = Typefaces::of_this_thread();
    for (const GridText& note : grid.notes) {
        if (paper.is_stopped()) return;
        const Rect cell = grid.cell(note.row, note.col);
        const float width = faces.width(note.text, grid.note_size, Face::mono);
        // Digits have no descenders, so they stand where the box of a text would end.
        const Point start{cell.right() - grid.note_inset - width, std::round(cell.bottom() - grid.note_inset)};
        paper.write({note.text, start, grid.note_size, Face::mono, note.colour, Align::right});
    }
}

void paint_numbers(Paper& paper, const GridMark& grid) {
    if (grid.texts.empty() || grid.text_size <= 0) return;
    Typefaces& faces = Typefaces::of_this_thread();
    const float height = faces.digit_height(grid.text_size, Face::mono);
    const float inner = grid.pitch - (grid.line.a > 0 ? 1 : 0);  // the line takes the right and bottom edge
    for (const GridText& number : grid.texts) {
        if (paper.is_stopped()) return;
        const Rect cell = grid.cell(number.row, number.col);
        const float width = faces.width(number.text, grid.text_size, Face::mono);
        Point start{cell.x + (inner - width) / 2 + number.shift.x, cell.y + (inner + height) / 2 + number.shift.y};
        if (grid.turn == 0) start.y = std::round(start.y);
        paper.write({number.text, start, grid.text_size, Face::mono, number.colour, Align::centre});
    }
}

}  // namespace

void paint_mark(Paper& paper, const GridMark& mark) {
    const CairoSaved saved(paper);
    if (mark.turn != 0) {
        const Rect frame = mark.frame();
        cairo_translate(paper, frame.x + frame.w / 2, frame.y + frame.h / 2);
        cairo_rotate(paper, mark.turn * std::numbers::pi / 180);
        cairo_translate(paper, -frame.x - frame.w / 2, -frame.y - frame.h / 2);
    }
    if (mark.is_filled()) mark.turn == 0 ? fill_upright(paper, mark) : fill_turned(paper, mark);
    if (mark.line.a > 0) paint_lines(paper, mark);
    for (const PolygonMark& line : mark.beneath) paint_mark(paper, line);
    paint_outlines(paper, mark);
    paint_numbers(paper, mark);
    paint_notes(paper, mark);
}

}  // namespace convlens
