#include "app/views/plane.h"

#include <algorithm>
#include <cmath>

#include "core/text/number.h"

namespace convlens {

namespace {

Colour over(Colour ground, Colour tint, float amount) {
    const auto channel = [amount](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(std::lround(static_cast<float>(a) + (static_cast<float>(b) - a) * amount));
    };
    return {channel(ground.r, tint.r), channel(ground.g, tint.g), channel(ground.b, tint.b), 255};
}

// One size for all numbers of a plane: as large as the pitch allows for the widest one, within reading limits.
float number_size(const GridMark& grid, const Page& page, const FontMetrics& fonts) {
    const float most = std::min(grid.pitch * 0.5F, page.text_size * 2.4F);
    const float least = std::max(page.least_text, 7.0F);
    float widest = 0;
    for (const GridText& cell : grid.texts) widest = std::max(widest, fonts.text_width(cell.text, 100, Face::mono));
    if (widest <= 0) return most;
    return std::max(least, std::min(most, grid.pitch * 0.82F / (widest / 100)));
}

}  // namespace

CellSpan visible(float origin, float pitch, std::int64_t count, float length) {
    const auto first = static_cast<std::int64_t>(std::floor(-origin / pitch));
    const auto last = static_cast<std::int64_t>(std::ceil((length - origin) / pitch));
    return {std::clamp<std::int64_t>(first, 0, count), std::clamp<std::int64_t>(last, 0, count)};
}

GridMark make_plane(const PlaneSpec& spec, const Theme& theme, const Page& page, const FontMetrics& fonts) {
    const CellSpan rows = visible(spec.origin.y, spec.pitch, spec.rows, page.height);
    const CellSpan cols = visible(spec.origin.x, spec.pitch, spec.cols, page.width);
    const bool whole = spec.rows <= kMostWhole / std::max<std::int64_t>(spec.cols, 1);
    const CellSpan made_rows = whole ? CellSpan{0, spec.rows} : rows;
    const CellSpan made_cols = whole ? CellSpan{0, spec.cols} : cols;
    GridMark grid;
    grid.id = spec.id;
    grid.id.y += made_rows.first * spec.y_step;
    grid.id.x += made_cols.first * spec.x_step;
    grid.y_step = spec.y_step;
    grid.x_step = spec.x_step;
    grid.origin = {spec.origin.x + spec.pitch * static_cast<float>(made_cols.first),
                   spec.origin.y + spec.pitch * static_cast<float>(made_rows.first)};
    grid.pitch = spec.pitch;
    grid.rows = static_cast<std::int32_t>(made_rows.count());
    grid.cols = static_cast<std::int32_t>(made_cols.count());
    grid.line = spec.pitch >= 6 ? theme.line : Colour{0, 0, 0, 0};
    const auto cells = static_cast<std::size_t>(made_rows.count() * made_cols.count());
    grid.fill.resize(cells);
    grid.lit.assign(cells, 0);

    const bool numbers = spec.pitch >= std::max(kLeastNumberPitch, page.least_text * 1.3F);
    for (std::int64_t r = made_rows.first; r < made_rows.last; ++r) {
        for (std::int64_t c = made_cols.first; c < made_cols.last; ++c) {
            CellLook look = spec.look(r, c);
            const std::int64_t row = r - made_rows.first, col = c - made_cols.first;
            const auto i = static_cast<std::size_t>(row * made_cols.count() + col);
            grid.fill[i] = look.fill;
            grid.lit[i] = look.lit ? 1 : 0;
            const bool seen = r >= rows.first && r < rows.last && c >= cols.first && c < cols.last;
            if (!numbers || !seen || (!look.number && look.text.empty())) continue;
            if (look.text.empty()) look.text = short_number(look.value);
            grid.texts.push_back(
                {static_cast<std::int32_t>(row), static_cast<std::int32_t>(col), std::move(look.text), look.ink});
        }
    }
    grid.text_size = number_size(grid, page, fonts);
    std::erase_if(grid.texts, [&](const GridText& cell) {
        return fonts.text_width(cell.text, grid.text_size, Face::mono) > grid.pitch - 1;
    });
    return grid;
}

CellLook value_look(const Theme& theme, double value, double peak) {
    CellLook look;
    look.value = value;
    look.fill = value_colour(theme, value, peak);
    look.ink = ink_on(theme, look.fill);
    return look;
}

CellLook padding_look(const Theme& theme, double value) {
    CellLook look;
    look.value = value;
    look.fill = theme.padding;
    look.ink = theme.faint;
    return look;
}

CellLook empty_look(const Theme& theme) {
    CellLook look;
    look.fill = theme.empty;
    look.number = false;
    return look;
}

CellLook lit_look(CellLook look, Colour tint) {
    look.fill = look.fill.a == 0 ? tint.with_alpha(0.25F) : over(look.fill, tint, 0.28F);
    look.lit = true;
    return look;
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
