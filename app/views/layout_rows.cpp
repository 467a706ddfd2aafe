// A layer of height 1: its planes as rows below one another, each standing where it lies on the input.
#include <algorithm>
#include <cmath>

#include "app/views/cell_sizes.h"

namespace convlens {

namespace {

struct Labels {
    float line = 0;  // height
    float gap = 0;   // between words of a line, and between a label and its row
    int lines = 1;   // of every label: one, or name and the rest, or one for each
    float width = 0;
};

struct Words {
    float name = 0, detail = 0, note = 0;
};

Words measure(const PlaneRequest& plane, const std::string& before, const Page& page, const FontMetrics& fonts) {
    const auto width = [&](const std::string& text, Face face) {
        return text.empty() ? 0 : fonts.text_width(text, page.text_size, face);
    };
    const std::string lead = before.empty() ? "" : before + " ";
    return {width(lead, Face::text) + width(plane.name, Face::bold), width(plane.detail, Face::text),
            width(plane.note, Face::text)};
}

float width_of(const Words& words, int lines, float gap) {
    const auto beside = [gap](float a, float b) { return a + (a > 0 && b > 0 ? gap : 0) + b; };
    if (lines == 1) return beside(beside(words.name, words.detail), words.note);
    if (lines == 2) return std::max(words.name, beside(words.detail, words.note));
    return std::max({words.name, words.detail, words.note});
}

const std::string& operator_before(const std::vector<PlaneRequest>& planes, std::size_t i) {
    static const std::string none;
    return i == 0 ? none : planes[i - 1].then;
}

Labels label_lines(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, const FontMetrics& fonts) {
    Labels labels;
    labels.line = std::round(room.page.text_size * 1.25F);
    labels.gap = std::round(room.page.text_size * 0.6F);
    for (labels.lines = std::clamp(room.label_lines, 1, 3); labels.lines <= 3; ++labels.lines) {
        labels.width = 0;
        for (std::size_t i = 0; i < planes.size(); ++i) {
            const Words words = measure(planes[i], operator_before(planes, i), room.page, fonts);
            labels.width = std::max(labels.width, width_of(words, labels.lines, labels.gap));
        }
        if (labels.width <= room.area.w || labels.lines == 3) break;
    }
    return labels;
}

struct Block {
    double first = 0, last = 1;  // columns, from the first cell of the first plane
};

Block block_of(const std::vector<PlaneRequest>& planes) {
    Block block;
    double widest = 0;
    for (const PlaneRequest& plane : planes) {
        widest = std::max(widest, static_cast<double>(plane.cols));
        if (!plane.column) continue;
        block.first = std::min(block.first, *plane.column);
        block.last = std::max(block.last, *plane.column + static_cast<double>(plane.cols));
    }
    const double missing = std::max(0.0, widest - (block.last - block.first));
    return {block.first - std::floor(missing / 2), block.last + std::ceil(missing / 2)};
}

}  // namespace

bool stand_in_rows(const std::vector<PlaneRequest>& planes) {
    const bool flat = std::ranges::all_of(planes, [](const PlaneRequest& plane) {
        return plane.rows == 1 && plane.beside == Size2{0, 0};
    });
    const bool wide = std::ranges::any_of(planes, [](const PlaneRequest& plane) { return plane.cols > 1; });
    return planes.size() > 1 && flat && wide;
}

namespace {

// How a block of rows is drawn.
struct RowSizes {
    CellPitches pitches;
    std::vector<CellSize> cells;  // of each row
    float cells_height = 0;       // of all together
};

RowSizes row_sizes(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, float columns, float high,
                   float most) {
    RowSizes sizes;
    const float fitting = std::min({room.area.w / columns, high, most});
    CellPitches& pitches = sizes.pitches;
    pitches.common = fitting >= 1 ? std::floor(fitting) : std::max(fitting, 1.0F / 4096);
    const std::vector<bool> small = small_planes(planes);
    if (pitches.common < least_number_pitch(room.page)) {
        float fits = std::min(high, most_small_pitch(room.page, most));
        for (std::size_t i = 0; i < planes.size(); ++i)
            if (small[i]) fits = std::min(fits, room.area.w / static_cast<float>(planes[i].cols));
        pitches.small = std::floor(fits);
    }
    pitches.small = std::max(pitches.small, pitches.common);
    pitches = zoomed(pitches, room.camera.zoom);
    for (std::size_t i = 0; i < planes.size(); ++i) {
        sizes.cells.push_back(cell_size(planes[i], small[i], pitches));
        CellSize& cell = sizes.cells.back();
        cell.h = std::max(cell.h, std::min(kLeastStrip, high));
        sizes.cells_height += sizes.cells.back().h;
    }
    return sizes;
}

}  // namespace

Layout place_rows(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, float most,
                  const FontMetrics& fonts) {
    const Rect& area = room.area;
    const Page& page = room.page;
    const Labels labels = label_lines(planes, room, fonts);
    const Block block = block_of(planes);
    const auto count = static_cast<float>(planes.size());
    const auto columns = static_cast<float>(block.last - block.first);
    const float gap_y = std::round(page.text_size * 0.9F);
    const float head = labels.line * static_cast<float>(labels.lines) + std::round(page.text_size * 0.3F);
    const float high = std::floor((area.h - (count - 1) * gap_y) / count - head);
    const RowSizes sizes = row_sizes(planes, room, columns, high, most);

    Layout layout;
    layout.rows = labels.lines;
    layout.pitch = sizes.pitches.common;
    const float width = std::max(columns * layout.pitch, std::min(labels.width, area.w));
    const float height = count * head + sizes.cells_height + (count - 1) * gap_y;
    const float left = area.x + (area.w - width) / 2 + room.camera.pan.x;
    // Zoomed in, the words stay in sight while any of the row they stand by does.
    const float words = std::clamp(area.x, left, std::max(left, left + width - labels.width));
    const float cells = area.x + (area.w - columns * layout.pitch) / 2 + room.camera.pan.x;
    float y = area.y + (area.h - height) / 2 + room.camera.pan.y;
    for (const PlaneRequest& plane : planes) {
        const CellSize cell = sizes.cells[layout.planes.size()];
        const double middle = (block.first + block.last - static_cast<double>(plane.cols)) / 2;
        const auto column = static_cast<float>(plane.column.value_or(middle) - block.first);
        // A row of larger cells has its middle where it would have it, and stays beside the others.
        const auto cols = static_cast<float>(plane.cols);
        const float wider = (cell.w - layout.pitch) * cols, rest = columns * layout.pitch - cols * cell.w;
        const float at =
            std::clamp(column * layout.pitch - wider / 2, std::min(0.0F, rest / 2), std::max(rest, rest / 2));
        PlacedPlane placed;
        placed.pitch = cell.w;
        placed.stretch = cell.h / cell.w;
        placed.box = {std::round(words), std::round(y), left + width - words, head + cell.h};
        placed.origin = {std::round(cells + (wider > 0 ? at : column * layout.pitch)), std::round(y + head)};
        const auto fitting = [&](std::string text, Face face, float before) {
            const auto too_wide = [&] { return before + fonts.text_width(text, page.text_size, face) > area.w; };
            while (too_wide() && shorten_label(text)) {
            }
            return text;
        };
        const float lead = measure({}, operator_before(planes, layout.planes.size()), page, fonts).name;
        placed.name = fitting(plane.name, Face::bold, lead);
        placed.detail = fitting(plane.detail, Face::text, 0);
        placed.note = fitting(plane.note, Face::text, 0);
        layout.planes.push_back(placed);
        y += head + cell.h + gap_y;
    }
    return layout;
}

void add_row_labels(Scene& scene, int pane, const std::vector<PlaneRequest>& planes, const Layout& layout,
                    const Theme& theme, const Page& page, const FontMetrics& fonts) {
    const float size = page.text_size, line = std::round(size * 1.25F), gap = std::round(size * 0.6F);
    for (std::size_t i = 0; i < planes.size(); ++i) {
        const PlaneRequest& plane = planes[i];
        const PlacedPlane& placed = layout.planes[i];
        Point at{placed.box.x, placed.box.y};
        const MarkId id{Part::title, pane, 0, 0, 0, static_cast<std::int64_t>(i)};
        const auto put = [&](const std::string& text, Colour colour, Face face, float after) {
            if (text.empty()) return;
            scene.marks.push_back(TextMark{id, text, at, size, colour, face, Align::left});
            at.x += fonts.text_width(text, size, face) + after;
        };
        const auto next_line = [&](int from_lines) {
            if (layout.rows < from_lines) return;
            at.x = placed.box.x;
            at.y += line;
        };
        const std::string& before = operator_before(planes, i);
        if (!before.empty()) put(before, theme.faint, Face::text, fonts.text_width(" ", size, Face::text));
        put(placed.name, plane.colour, Face::bold, gap);
        next_line(2);
        put(placed.detail, theme.faint, Face::text, gap);
        next_line(3);
        put(placed.note, theme.faint, Face::text, gap);
    }
}

}  // namespace convlens
