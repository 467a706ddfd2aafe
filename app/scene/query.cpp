#include "app/scene/query.h"

#include <algorithm>

#include <fmt/format.h>

namespace convlens {

namespace {

struct Found {
    const GridMark* grid = nullptr;
    std::int32_t row = 0, col = 0;
};

// The topmost grid of a part that has the cell (y, x).
Found find_cell(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x) {
    Found found;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (!grid || grid->id.part != part || grid->id.pane != pane) continue;
        const std::int64_t dy = y - grid->id.y;
        const std::int64_t dx = x - grid->id.x;
        if (dy % grid->y_step != 0 || dx % grid->x_step != 0) continue;
        const std::int64_t row = dy / grid->y_step;
        const std::int64_t col = dx / grid->x_step;
        if (row < 0 || col < 0 || row >= grid->rows || col >= grid->cols) continue;
        found = {grid, static_cast<std::int32_t>(row), static_cast<std::int32_t>(col)};
    }
    return found;
}

struct TextBox {
    Rect rect;
    std::string text;
};

std::vector<TextBox> text_boxes(const Scene& scene, const FontMetrics& fonts) {
    std::vector<TextBox> boxes;
    for (const Mark& mark : scene.marks) {
        if (const auto* text = std::get_if<TextMark>(&mark)) {
            const float w = fonts.text_width(text->text, text->size, text->face);
            const float shift = text->align == Align::left ? 0 : text->align == Align::centre ? w / 2 : w;
            boxes.push_back({{text->at.x - shift, text->at.y, w, text->size}, text->text});
        } else if (const auto* formula = std::get_if<FormulaMark>(&mark)) {
            const FontMetrics::Box box = fonts.formula_box(formula->latex, formula->size);
            boxes.push_back({{formula->at.x, formula->at.y, box.w, box.h}, formula->latex});
        } else if (const auto* grid = std::get_if<GridMark>(&mark)) {
            for (const GridText& cell : grid->texts) {
                const Rect at = grid->cell(cell.row, cell.col);
                const float w = fonts.text_width(cell.text, grid->text_size, Face::mono);
                const float h = grid->text_size * kDigitShare;
                const Point corner{at.x + (at.w - w) / 2 + cell.shift.x, at.y + (at.h - h) / 2 + cell.shift.y};
                boxes.push_back({{corner.x, corner.y, w, h}, cell.text});
            }
            for (const GridText& note : grid->notes) {
                const Rect at = grid->cell(note.row, note.col);
                const float w = fonts.text_width(note.text, grid->note_size, Face::mono);
                const float h = grid->note_size * kDigitShare;
                boxes.push_back(
                    {{at.right() - grid->note_inset - w, at.bottom() - grid->note_inset - h, w, h}, note.text});
            }
        }
    }
    return boxes;
}

bool overlap(const Rect& a, const Rect& b) {
    const float slack = 0.5F;
    return a.x + slack < b.right() && b.x + slack < a.right() && a.y + slack < b.bottom() && b.y + slack < a.bottom();
}

}  // namespace

std::optional<std::string> number_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x) {
    const Found found = find_cell(scene, part, pane, y, x);
    if (!found.grid) return std::nullopt;
    for (const GridText& cell : found.grid->texts)
        if (cell.row == found.row && cell.col == found.col) return cell.text;
    return std::nullopt;
}

bool lit_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x) {
    const Found found = find_cell(scene, part, pane, y, x);
    if (!found.grid || found.grid->lit.empty()) return false;
    return found.grid->lit[static_cast<std::size_t>(found.row) * static_cast<std::size_t>(found.grid->cols) +
                           static_cast<std::size_t>(found.col)] != 0;
}

CellState state_at(const Scene& scene, Part part, int pane, std::int64_t y, std::int64_t x) {
    const Found found = find_cell(scene, part, pane, y, x);
    if (!found.grid || found.grid->states.empty()) return CellState::plain;
    return found.grid->states[static_cast<std::size_t>(found.row) * static_cast<std::size_t>(found.grid->cols) +
                              static_cast<std::size_t>(found.col)];
}

std::vector<std::pair<std::int64_t, std::int64_t>> lit_cells(const Scene& scene, Part part, int pane) {
    std::vector<std::pair<std::int64_t, std::int64_t>> cells;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (!grid || grid->id.part != part || grid->id.pane != pane || grid->lit.empty()) continue;
        for (std::int32_t r = 0; r < grid->rows; ++r)
            for (std::int32_t c = 0; c < grid->cols; ++c)
                if (grid->lit[static_cast<std::size_t>(r) * static_cast<std::size_t>(grid->cols) +
                              static_cast<std::size_t>(c)])
                    cells.emplace_back(grid->id.y + r * grid->y_step, grid->id.x + c * grid->x_step);
    }
    std::sort(cells.begin(), cells.end());
    return cells;
}

std::optional<Rect> cell_rect(const Scene& scene, const MarkId& cell) {
    std::optional<Rect> found;
    for (const Mark& mark : scene.marks) {
        const auto* grid = std::get_if<GridMark>(&mark);
        if (grid == nullptr || grid->id.part != cell.part || grid->id.pane != cell.pane) continue;
        if (grid->id.n != cell.n || grid->id.c != cell.c) continue;
        const std::int64_t dy = cell.y - grid->id.y, dx = cell.x - grid->id.x;
        if (dy % grid->y_step != 0 || dx % grid->x_step != 0) continue;
        const std::int64_t row = dy / grid->y_step, col = dx / grid->x_step;
        if (row >= 0 && col >= 0 && row < grid->rows && col < grid->cols) found = grid->cell(row, col);
    }
    return found;
}

std::string text_of(const Scene& scene, Part part, int pane) {
    std::string all;
    for (const Mark& mark : scene.marks)
        if (const auto* text = std::get_if<TextMark>(&mark); text && text->id.part == part && text->id.pane == pane)
            all += text->text;
    return all;
}

// no words: tests alone ask
std::vector<std::string> text_faults(const Scene& scene, const FontMetrics& fonts) {
    const std::vector<TextBox> boxes = text_boxes(scene, fonts);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const Rect& a = boxes[i].rect;
        if (a.x < -0.5F || a.y < -0.5F || a.right() > scene.width + 0.5F || a.bottom() > scene.height + 0.5F)
            faults.push_back(fmt::format("'{}' leaves the picture", boxes[i].text));
        for (std::size_t j = i + 1; j < boxes.size(); ++j)
            if (overlap(a, boxes[j].rect))
                faults.push_back(fmt::format("'{}' overlaps '{}'", boxes[i].text, boxes[j].text));
    }
    return faults;
}

}  // namespace convlens
