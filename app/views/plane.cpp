#include "app/views/plane.h"

#include <algorithm>
#include <cmath>

#include "core/text/number.h"

namespace convlens {

namespace {

// One size for all numbers of a plane: about half of a cell, or as large as the widest one allows.
float number_size(const GridMark& grid, const Page& page, const FontMetrics& fonts) {
    const float most = std::min(grid.pitch, grid.height()) * 0.48F;
    const float least = std::max(page.least_text, 7.0F);
    float widest = 0;
    for (const GridText& cell : grid.texts) widest = std::max(widest, fonts.text_width(cell.text, 100, Face::mono));
    if (widest <= 0) return most;
    return std::max(least, std::min(most, grid.pitch * 0.86F / (widest / 100)));
}

float smaller_side(const GridMark& grid) { return std::min(grid.pitch, grid.height()); }

// In proportion to the cells, whole pixels; cells too small for lines have none.
CellOutlines outlines_of(const GridMark& grid, const PlaneSpec& spec) {
    const float side = smaller_side(grid);
    CellOutlines outlines{spec.outline, spec.casing};
    if (side < kLeastLinedPitch) return outlines;
    outlines.inset = side < kLeastNumberPitch ? 0 : std::max(1.0F, std::round(side * 0.025F));
    outlines.read = std::max(1.0F, std::round(side * 0.045F));
    outlines.current = std::max(outlines.read + 1, std::round(side * 0.085F));
    return outlines;
}

// Where the numbers of noted cells go to make room for the notes: up and to the left. `room`: between the outlines.
void shift_numbers(GridMark& grid, const FontMetrics& fonts, float room) {
    std::vector<std::uint8_t> noted(grid.states.size(), 0);
    const auto index = [&](const GridText& at) {
        return static_cast<std::size_t>(at.row) * static_cast<std::size_t>(grid.cols) +
               static_cast<std::size_t>(at.col);
    };
    for (const GridText& note : grid.notes) noted[index(note)] = 1;
    const float digits = grid.text_size * kDigitShare;
    const float spare = std::max(0.0F, room - digits - grid.note_size * kDigitShare);
    for (GridText& number : grid.texts) {
        if (noted[index(number)] == 0) continue;
        const float width = fonts.text_width(number.text, grid.text_size, Face::mono);
        number.shift.x = -std::round(std::clamp((room - width) / 2, 0.0F, grid.pitch * 0.12F));
        number.shift.y = -std::round((room - digits) / 2 - spare * 0.35F);
    }
}

// One size for the notes of all cells, or no notes where that would be too small to be read.
void fit_notes(GridMark& grid, const Page& page, const FontMetrics& fonts) {
    if (grid.notes.empty()) return;
    const bool current = std::ranges::find(grid.states, CellState::current) != grid.states.end();
    const float side = smaller_side(grid);
    const float edge = grid.outlines.inset + (current ? grid.outlines.current : grid.outlines.read);
    const float line = grid.line.a > 0 ? 1 : 0, gap = std::max(1.0F, std::round(side * 0.03F));
    const float room = side - line - 2 * edge;
    float widest = 0;
    for (const GridText& note : grid.notes) widest = std::max(widest, fonts.text_width(note.text, 100, Face::mono));
    const float high = (room - 3 * gap) / kDigitShare - grid.text_size;
    const float wide = (grid.pitch - line - 2 * (edge + gap)) / (widest / 100);
    const float size = std::floor(std::min({side * 0.36F, grid.text_size * 0.75F, wide, high}));
    if (size < std::max(page.least_text, 7.0F)) {
        grid.notes.clear();
        return;
    }
    grid.note_size = size;
    grid.note_inset = edge + line + gap;
    shift_numbers(grid, fonts, room);
}

}  // namespace

float least_number_pitch(const Page& page) { return std::max(kLeastNumberPitch, page.least_text * 1.3F); }

CellSpan visible(float origin, float pitch, std::int64_t count, float length) {
    const auto first = static_cast<std::int64_t>(std::floor(-origin / pitch));
    const auto last = static_cast<std::int64_t>(std::ceil((length - origin) / pitch));
    return {std::clamp<std::int64_t>(first, 0, count), std::clamp<std::int64_t>(last, 0, count)};
}

namespace {

// The cells along an axis that a pixel of a picture is the mean of: `count` of them, `step` apart.
struct Samples {
    std::int64_t first = 0, step = 1, count = 1;
};

// Pixel `pixel`, counted from the plane's first.
Samples samples_of(std::int64_t pixel, float cell, std::int64_t cells) {
    const auto at = [&](std::int64_t edge) {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(edge) / static_cast<double>(cell)));
    };
    const std::int64_t first = std::min(at(pixel), cells - 1);
    const std::int64_t covered = std::clamp<std::int64_t>(at(pixel + 1) - first, 1, cells - first);
    if (covered <= pixel_mean(cell).taken) return {first, 1, covered};
    const std::int64_t step = (covered / 2) | 1;  // odd: what stride 2 makes of a plane keeps both of its kinds
    return {first + (covered - 1 - step) / 2, step, 2};
}

Colour mean_colour(const PlaneSpec& spec, const Samples& rows, const Samples& cols) {
    float r = 0, g = 0, b = 0, a = 0;
    for (std::int64_t i = 0; i < rows.count; ++i) {
        for (std::int64_t k = 0; k < cols.count; ++k) {
            const Colour fill = spec.look(rows.first + i * rows.step, cols.first + k * cols.step).fill;
            const auto alpha = static_cast<float>(fill.a);
            r += static_cast<float>(fill.r) * alpha;
            g += static_cast<float>(fill.g) * alpha;
            b += static_cast<float>(fill.b) * alpha;
            a += alpha;
        }
    }
    if (a == 0) return {0, 0, 0, 0};
    const auto channel = [](float value) { return static_cast<std::uint8_t>(std::lround(value)); };
    return {channel(r / a), channel(g / a), channel(b / a), channel(a / static_cast<float>(rows.count * cols.count))};
}

// The part of a plane, still without its cells.
GridMark grid_of(const PlaneSpec& spec, const CellSpan& rows, const CellSpan& cols) {
    GridMark grid;
    grid.id = spec.id;
    grid.id.y += rows.first * spec.y_step;
    grid.id.x += cols.first * spec.x_step;
    grid.y_step = spec.y_step;
    grid.x_step = spec.x_step;
    grid.origin = {spec.origin.x + spec.pitch * static_cast<float>(cols.first),
                   spec.origin.y + spec.pitch * spec.stretch * static_cast<float>(rows.first)};
    grid.pitch = spec.pitch;
    grid.stretch = spec.stretch;
    grid.rows = static_cast<std::int32_t>(rows.count());
    grid.cols = static_cast<std::int32_t>(cols.count());
    return grid;
}

GridMark make_picture(const PlaneSpec& spec, const Page& page) {
    GridMark grid = grid_of(spec, {0, spec.rows}, {0, spec.cols});
    const auto pixels = [](float length) { return std::max<std::int64_t>(1, std::llround(length)); };
    const CellSpan rows = visible(spec.origin.y, 1, pixels(grid.frame().h), page.height);
    const CellSpan cols = visible(spec.origin.x, 1, pixels(grid.frame().w), page.width);
    grid.picture = {spec.origin.x + static_cast<float>(cols.first), spec.origin.y + static_cast<float>(rows.first),
                    static_cast<float>(cols.count()), static_cast<float>(rows.count())};
    grid.fill.reserve(static_cast<std::size_t>(rows.count() * cols.count()));
    std::vector<Samples> across;
    for (std::int64_t x = cols.first; x < cols.last; ++x) across.push_back(samples_of(x, grid.pitch, spec.cols));
    for (std::int64_t y = rows.first; y < rows.last; ++y) {
        const Samples down = samples_of(y, grid.height(), spec.rows);
        for (const Samples& samples : across) grid.fill.push_back(mean_colour(spec, down, samples));
    }
    return grid;
}

}  // namespace

PixelMean pixel_mean(float cell) {
    constexpr std::int64_t kMostTaken = 2;  // so that a picture costs what its pixels do, however many cells they cover
    const auto covered = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(1 / cell)));
    return {covered, std::min(covered, kMostTaken)};
}

GridMark make_plane(const PlaneSpec& spec, const Theme& theme, const Page& page, const FontMetrics& fonts) {
    if (std::min(spec.pitch, spec.pitch * spec.stretch) < 1) return make_picture(spec, page);
    const CellSpan rows = visible(spec.origin.y, spec.pitch * spec.stretch, spec.rows, page.height);
    const CellSpan cols = visible(spec.origin.x, spec.pitch, spec.cols, page.width);
    const bool whole = spec.rows <= kMostWhole / std::max<std::int64_t>(spec.cols, 1);
    const CellSpan made_rows = whole ? CellSpan{0, spec.rows} : rows;
    const CellSpan made_cols = whole ? CellSpan{0, spec.cols} : cols;
    GridMark grid = grid_of(spec, made_rows, made_cols);
    grid.line = spec.pitch >= kLeastLinedPitch ? theme.line : Colour{0, 0, 0, 0};
    const auto cells = static_cast<std::size_t>(made_rows.count() * made_cols.count());
    grid.fill.resize(cells);
    grid.lit.assign(cells, 0);
    grid.states.assign(cells, CellState::plain);
    grid.outlines = outlines_of(grid, spec);

    const bool numbers = spec.pitch >= least_number_pitch(page);
    for (std::int64_t r = made_rows.first; r < made_rows.last; ++r) {
        for (std::int64_t c = made_cols.first; c < made_cols.last; ++c) {
            CellLook look = spec.look(r, c);
            const std::int64_t row = r - made_rows.first, col = c - made_cols.first;
            const auto i = static_cast<std::size_t>(row * made_cols.count() + col);
            grid.fill[i] = look.fill;
            grid.lit[i] = look.lit ? 1 : 0;
            grid.states[i] = look.state;
            const bool seen = r >= rows.first && r < rows.last && c >= cols.first && c < cols.last;
            if (!numbers || !seen || (!look.number && look.text.empty())) continue;
            if (look.text.empty()) look.text = short_number(look.value);
            const auto row_32 = static_cast<std::int32_t>(row), col_32 = static_cast<std::int32_t>(col);
            const Colour ink = look.unread ? faded_ink(look.ink, look.fill) : look.ink;
            grid.texts.push_back({row_32, col_32, std::move(look.text), ink});
            if (!look.note.empty()) grid.notes.push_back({row_32, col_32, std::move(look.note), spec.note_ink});
        }
    }
    grid.text_size = number_size(grid, page, fonts);
    std::erase_if(grid.texts, [&](const GridText& cell) {
        return fonts.text_width(cell.text, grid.text_size, Face::mono) > grid.pitch - 1;
    });
    fit_notes(grid, page, fonts);
    return grid;
}

CellLook value_look(const Theme& theme, double value, double peak) {
    CellLook look;
    look.value = value;
    look.fill = value_colour(theme, value, peak);
    look.ground = theme.cell;
    look.ink = ink_on(theme, look.fill);
    return look;
}

CellLook padding_look(const Theme& theme, double value) {
    CellLook look;
    look.value = value;
    look.fill = look.ground = theme.padding;
    look.ink = value == 0 ? theme.faint : ink_on(theme, look.fill);
    return look;
}

CellLook empty_look(const Theme& theme) {
    CellLook look;
    look.fill = look.ground = theme.empty;
    look.number = false;
    return look;
}

CellLook lit_look(CellLook look, CellState state) {
    look.lit = true;
    look.state = state;
    return look;
}

CellLook unread_look(CellLook look) {
    if (look.fill.a != 255 || look.ground.a != 255) return look;
    look.fill = faded(look.fill, look.ground);
    look.unread = true;
    return look;
}

namespace {

Rect seen_frame(const Rect& cells) {
    if (std::min(cells.w, cells.h) >= kLeastLinedPitch) return cells;
    constexpr float kLeast = 9;  // three pixels of frame around three of what it frames
    const float wider = std::max(0.0F, kLeast - cells.w), higher = std::max(0.0F, kLeast - cells.h);
    return {cells.x - wider / 2, cells.y - higher / 2, cells.w + wider, cells.h + higher};
}

}  // namespace

float step_frame_width(float cell) { return std::max(3.0F, std::round(cell * 0.09F)); }

Rect step_frame(const Rect& cells, float cell) {
    const Rect seen = seen_frame(cells);
    const float width = step_frame_width(cell), line = 1;  // the last cells end in a line that the frame covers
    return {seen.x - width, seen.y - width, seen.w + 2 * width - line, seen.h + 2 * width - line};
}

RectMark step_outline(const MarkId& id, const Rect& cells, float cell, Colour colour, float dash) {
    return outline(id, step_frame(cells, cell), colour, step_frame_width(cell), dash);
}

RectMark outline(const MarkId& id, const Rect& rect, Colour colour, float width, float dash) {
    RectMark mark;
    mark.id = id;
    mark.rect = rect;
    mark.stroke = colour;
    mark.stroke_width = width;
    mark.dash = dash;
    return mark;
}

RectMark hatch(const MarkId& id, const Rect& rect, Colour colour) {
    RectMark mark;
    mark.id = id;
    mark.rect = rect;
    mark.stroke = colour.with_alpha(0.45F);  // numbers stay legible beneath
    mark.stroke_width = 1;
    mark.hatched = true;
    return mark;
}

}  // namespace convlens
