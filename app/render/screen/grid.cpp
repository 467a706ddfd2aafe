// A plane of cells on the draw list: one nearest-filtered texture, lines, and the outlines and numbers that are in sight.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <imgui_internal.h>

#include "app/render/screen/draw.h"
#include "app/render/type/fonts.h"

namespace convlens {

namespace {

// The colours of a grid that one texture holds.
struct Tile {
    std::int32_t row = 0, col = 0, rows = 0, cols = 0;
};

void draw_tile(const ScreenTarget& target, const GridMark& grid, const Tile& tile) {
    const bool whole = tile.rows == grid.fill_rows() && tile.cols == grid.fill_cols();
    std::vector<Colour> part;
    std::span<const Colour> colours = grid.fill;
    if (!whole) {
        for (std::int32_t row = tile.row; row < tile.row + tile.rows; ++row) {
            const auto start = grid.fill.begin() + static_cast<std::ptrdiff_t>(row) * grid.fill_cols() + tile.col;
            part.insert(part.end(), start, start + tile.cols);
        }
        colours = part;
    }
    const ScreenTexture& texture = target.textures.cells(colours, tile.cols, tile.rows);
    const Rect frame = grid.fill_frame();
    const auto corner = [&](std::int32_t row, std::int32_t col) {
        return target.place(
            {std::round(frame.x + frame.w * static_cast<float>(col) / static_cast<float>(grid.fill_cols())),
             std::round(frame.y + frame.h * static_cast<float>(row) / static_cast<float>(grid.fill_rows()))});
    };
    target.list->AddImage(ImTextureRef(static_cast<ImTextureID>(texture.id)), corner(tile.row, tile.col),
                          corner(tile.row + tile.rows, tile.col + tile.cols));
}

void draw_fills(const ScreenTarget& target, const GridMark& grid) {
    const auto side = static_cast<std::int32_t>(target.textures.longest_side());
    const ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
    target.list->AddCallback(platform.DrawCallback_SetSamplerNearest, nullptr);
    const std::int32_t rows = grid.fill_rows(), cols = grid.fill_cols();
    for (std::int32_t row = 0; row < rows; row += side) {
        for (std::int32_t col = 0; col < cols; col += side)
            draw_tile(target, grid, {row, col, std::min(side, rows - row), std::min(side, cols - col)});
    }
    target.list->AddCallback(platform.DrawCallback_SetSamplerLinear, nullptr);
}

// Inside each cell's right and bottom edge, as app/render/cairo/paint_grid.cpp has it.
void draw_lines(const ScreenTarget& target, const GridMark& grid) {
    const Rect frame = grid.frame();
    const ImU32 colour = packed(grid.line);
    const float left = std::round(frame.x), top = std::round(frame.y);
    const float right = std::round(frame.right()), bottom = std::round(frame.bottom());
    const auto line = [&](float x0, float y0, float x1, float y1) {
        target.list->AddRectFilled(target.place({x0, y0}), target.place({x1, y1}), colour);
    };
    // Only what is in sight: a zoomed plane of a thousand columns has a thousand lines.
    const ImVec2 low = target.list->GetClipRectMin(), high = target.list->GetClipRectMax();
    const auto beyond = [](float place, float from, float to) { return place < from - 1 || place > to + 1; };
    for (std::int32_t col = 1; col <= grid.cols; ++col) {
        const float x = std::round(frame.x + grid.pitch * static_cast<float>(col));
        if (grid.turn == 0 && beyond(target.at.x + x, low.x, high.x)) continue;
        line(x - 1, top, x, bottom);
    }
    for (std::int32_t row = 1; row <= grid.rows; ++row) {
        const float y = std::round(frame.y + grid.height() * static_cast<float>(row));
        if (grid.turn == 0 && beyond(target.at.y + y, low.y, high.y)) continue;
        line(left, y - 1, right, y);
    }
    if (grid.turn != 0) {  // a turned sheet shows its other two edges
        line(left, top, right, top + 1);
        line(left, top, left + 1, bottom);
    }
}

// Is a cell that was not turned in sight?
bool in_sight(const ScreenTarget& target, const Rect& cell) {
    const ImVec2 low = target.list->GetClipRectMin(), high = target.list->GetClipRectMax();
    const ImVec2 corner = target.place({cell.x, cell.y});
    return corner.x < high.x && corner.y < high.y && corner.x + cell.w > low.x && corner.y + cell.h > low.y;
}

void draw_outline(const ScreenTarget& target, const GridMark& grid, std::int32_t row, std::int32_t col, float width) {
    const Rect at = grid.outlined(row, col);
    const auto frame = [&](float in, float thick, Colour colour) {
        const ImVec2 low = target.place({std::round(at.x) + in, std::round(at.y) + in});
        const ImVec2 high = target.place({std::round(at.right()) - in, std::round(at.bottom()) - in});
        target.list->AddRect(low, high, packed(colour), 0, thick);
    };
    if (grid.outlines.casing.a > 0) frame(width, std::ceil(width / 2), grid.outlines.casing);
    frame(0, width, grid.outlines.colour);
}

void draw_outlines(const ScreenTarget& target, const GridMark& grid) {
    if (grid.outlines.colour.a == 0) return;
    std::size_t i = 0;
    for (std::int32_t row = 0; row < grid.rows; ++row) {
        for (std::int32_t col = 0; col < grid.cols; ++col, ++i) {
            const float width = i < grid.states.size() ? grid.outline_width(grid.states[i]) : 0;
            if (width <= 0) continue;
            if (grid.turn == 0 && !in_sight(target, grid.cell(row, col))) continue;
            draw_outline(target, grid, row, col, width);
        }
    }
}

float text_width(ImFontBaked& baked, const char* text, const char* end) {
    float width = 0;
    while (text < end) {
        unsigned int character = static_cast<unsigned char>(*text);
        text += character < 0x80 ? 1 : ImTextCharFromUtf8(&character, text, end);
        width += baked.GetCharAdvance(static_cast<ImWchar>(character));
    }
    return width;
}

void draw_numbers(const ScreenTarget& target, const GridMark& grid) {
    if (grid.texts.empty() || grid.text_size <= 0) return;
    ImFont* font = target.fonts.mono;
    const float size = whole_size(grid.text_size);
    ImFontBaked& baked = *font->GetFontBaked(size);
    // A number looks centred when the middle of its digits is, not that of its box.
    const float up = text_baseline(size, Face::mono) - digit_height(size, Face::mono) / 2;
    const float inner = grid.pitch - (grid.line.a > 0 ? 1 : 0);
    for (const GridText& number : grid.texts) {
        const Rect cell = grid.cell(number.row, number.col);
        if (grid.turn == 0 && !in_sight(target, cell)) continue;
        const ImVec2 corner = target.place({cell.x + number.shift.x, cell.y + number.shift.y});
        const char* begin = number.text.data();
        const char* end = begin + number.text.size();
        const float width = text_width(baked, begin, end);
        const ImVec2 at{std::round(corner.x + (inner - width) / 2), std::round(corner.y + inner / 2 - up)};
        target.list->AddText(font, size, at, packed(number.colour), begin, end);
    }
}

// As app/render/cairo/paint_grid.cpp has them.
void draw_notes(const ScreenTarget& target, const GridMark& grid) {
    if (grid.notes.empty() || grid.note_size <= 0) return;
    ImFont* font = target.fonts.mono;
    const float size = whole_size(grid.note_size);
    ImFontBaked& baked = *font->GetFontBaked(size);
    const float baseline = text_baseline(size, Face::mono);
    for (const GridText& note : grid.notes) {
        const Rect cell = grid.cell(note.row, note.col);
        if (grid.turn == 0 && !in_sight(target, cell)) continue;
        const char* begin = note.text.data();
        const char* end = begin + note.text.size();
        const ImVec2 corner = target.place({cell.right() - grid.note_inset, cell.bottom() - grid.note_inset});
        const ImVec2 at{std::round(corner.x - text_width(baked, begin, end)), std::round(corner.y - baseline)};
        target.list->AddText(font, size, at, packed(note.colour), begin, end);
    }
}

// Turns everything drawn since vertex `first` around the grid's centre.
void turn(const ScreenTarget& target, const GridMark& grid, int first) {
    const Rect frame = grid.frame();
    const ImVec2 centre = target.place({frame.x + frame.w / 2, frame.y + frame.h / 2});
    const float angle = grid.turn * std::numbers::pi_v<float> / 180;
    const float cos = std::cos(angle), sin = std::sin(angle);
    ImVector<ImDrawVert>& vertices = target.list->VtxBuffer;
    for (int i = first; i < vertices.Size; ++i) {
        ImVec2& p = vertices[i].pos;
        const float x = p.x - centre.x, y = p.y - centre.y;
        p = {centre.x + x * cos - y * sin, centre.y + x * sin + y * cos};
    }
}

}  // namespace

void draw_mark(const ScreenTarget& target, const GridMark& grid) {
    if (grid.rows <= 0 || grid.cols <= 0) return;
    const int first = target.list->VtxBuffer.Size;
    if (grid.is_filled()) draw_fills(target, grid);
    if (grid.line.a > 0) draw_lines(target, grid);
    for (const PolygonMark& line : grid.beneath) draw_mark(target, line);
    draw_outlines(target, grid);
    draw_numbers(target, grid);
    draw_notes(target, grid);
    if (grid.turn != 0) turn(target, grid, first);
}

}  // namespace convlens
