#include "app/scene/layout.h"

#include <algorithm>
#include <cmath>

namespace convlens {

namespace {

// Columns of plane indices. With equal counts in every column the planes also stand in rows.
using Arrangement = std::vector<std::vector<std::size_t>>;

// All arrangements worth trying for `count` planes in reading order; every pane has four.
std::vector<Arrangement> arrangements(std::size_t count) {
    Arrangement row;
    Arrangement column(1);
    for (std::size_t i = 0; i < count; ++i) {
        row.push_back({i});
        column[0].push_back(i);
    }
    std::vector<Arrangement> all{row};
    if (count == 4) {
        all.push_back({{0}, {1, 2}, {3}});
        all.push_back({{0, 2}, {1, 3}});
    }
    all.push_back(column);
    return all;
}

struct Measures {
    float line = 0;  // height of a label line
    float head = 0;  // name and detail above a plane
    float gap_x = 0, gap_y = 0;
    std::vector<float> label;  // widest label of each plane
    std::vector<float> tail;   // height of the note below
};

Measures measure(const std::vector<PlaneRequest>& planes, const SceneOptions& options, const FontMetrics& fonts) {
    Measures m;
    m.line = std::round(options.text_size * 1.25F);
    m.head = 2 * m.line + std::round(options.text_size * 0.3F);
    m.gap_x = std::round(options.text_size * 2.2F);
    m.gap_y = std::round(options.text_size * 0.9F);
    for (const PlaneRequest& plane : planes) {
        const float name = fonts.text_width(plane.name, options.text_size, Face::bold);
        const float detail = fonts.text_width(plane.detail, options.text_size, Face::text);
        const float note = fonts.text_width(plane.note, options.text_size, Face::text);
        m.label.push_back(std::max({name, detail, note}));
        m.tail.push_back(plane.note.empty() ? 0 : m.line + std::round(options.text_size * 0.3F));
    }
    return m;
}

float plane_height(const PlaneRequest& plane, const Measures& m, std::size_t i, float pitch) {
    return m.head + pitch * static_cast<float>(plane.rows) + m.tail[i];
}

struct Extent {
    float w = 0, h = 0;
    std::vector<float> column_w, column_h, row_h;
    bool rows_align = false;
};

Extent extent(const Arrangement& columns, const std::vector<PlaneRequest>& planes, const Measures& m, float pitch) {
    Extent e;
    e.rows_align = columns.size() > 1 && std::all_of(columns.begin(), columns.end(),
                                                     [&](const auto& c) { return c.size() == columns[0].size(); });
    if (e.rows_align) e.row_h.assign(columns[0].size(), 0);
    for (const auto& column : columns) {
        float w = 0;
        float h = m.gap_y * static_cast<float>(column.size() - 1);
        for (std::size_t k = 0; k < column.size(); ++k) {
            const std::size_t i = column[k];
            const float own = plane_height(planes[i], m, i, pitch);
            w = std::max({w, pitch * static_cast<float>(planes[i].cols), m.label[i]});
            h += own;
            if (e.rows_align) e.row_h[k] = std::max(e.row_h[k], own);
        }
        e.column_w.push_back(w);
        e.column_h.push_back(h);
        e.w += w;
        e.h = std::max(e.h, h);
    }
    e.w += m.gap_x * static_cast<float>(columns.size() - 1);
    if (e.rows_align) {
        e.h = m.gap_y * static_cast<float>(e.row_h.size() - 1);
        for (const float h : e.row_h) e.h += h;
    }
    return e;
}

// The largest whole pitch at which an arrangement fits, 0 if none does.
float best_pitch(const Arrangement& columns, const std::vector<PlaneRequest>& planes, const Measures& m,
                 const Rect& area, float most) {
    float low = 0;
    float high = most;
    while (low < high) {  // extent grows with the pitch, so halving works
        const float mid = std::ceil((low + high) / 2);
        const Extent e = extent(columns, planes, m, mid);
        if (e.w <= area.w && e.h <= area.h) {
            low = mid;
        } else {
            high = mid - 1;
        }
    }
    return low;
}

void place_operators(Layout& layout, const std::vector<PlaneRequest>& planes) {
    for (std::size_t i = 0; i + 1 < planes.size(); ++i) {
        if (planes[i].then.empty()) continue;
        const PlacedPlane& a = layout.planes[i];
        const PlacedPlane& b = layout.planes[i + 1];
        if (b.box.x <= a.box.right()) continue;  // the next plane stands below, not beside
        const float ha = layout.pitch * static_cast<float>(planes[i].rows);
        const float hb = layout.pitch * static_cast<float>(planes[i + 1].rows);
        const float middle = ha < hb ? a.origin.y + ha / 2 : b.origin.y + hb / 2;
        layout.operators.push_back({planes[i].then, {std::round((a.box.right() + b.box.x) / 2), std::round(middle)}});
    }
}

}  // namespace

Rect PlacedPlane::cells(float pitch, double row, double col, double rows, double cols) const {
    const auto pixels = [pitch](double count) { return static_cast<float>(count) * pitch; };
    return {origin.x + pixels(col), origin.y + pixels(row), pixels(cols), pixels(rows)};
}

Layout place_planes(const std::vector<PlaneRequest>& planes, const Rect& area, const SceneOptions& options,
                    const FontMetrics& fonts) {
    const float most = std::floor(std::max(24.0F, std::min(options.height / 7, options.width / 9)));
    if (stand_in_rows(planes)) return place_rows(planes, area, most, options, fonts);
    const Measures m = measure(planes, options, fonts);
    Arrangement chosen;
    Layout layout;
    for (const Arrangement& candidate : arrangements(planes.size())) {
        const float pitch = best_pitch(candidate, planes, m, area, most);
        // A little smaller is no reason to leave the row, which reads best.
        if (chosen.empty() || pitch > layout.pitch * 1.08F) {
            chosen = candidate;
            layout.pitch = pitch;
        }
    }
    layout.pitch = std::max(1.0F, std::round(std::max(layout.pitch, 1.0F) * options.camera.zoom));

    const Extent e = extent(chosen, planes, m, layout.pitch);
    layout.planes.resize(planes.size());
    float x = area.x + (area.w - e.w) / 2 + options.camera.pan.x;
    const float middle = area.y + area.h / 2 + options.camera.pan.y;
    for (std::size_t c = 0; c < chosen.size(); ++c) {
        float y = middle - (e.rows_align ? e.h : e.column_h[c]) / 2;
        for (std::size_t k = 0; k < chosen[c].size(); ++k) {
            const std::size_t i = chosen[c][k];
            const float w = layout.pitch * static_cast<float>(planes[i].cols);
            const float h = plane_height(planes[i], m, i, layout.pitch);
            const float slack = e.rows_align ? (e.row_h[k] - h) / 2 : 0;
            PlacedPlane& placed = layout.planes[i];
            placed.box = {std::round(x), std::round(y + slack), e.column_w[c], h};
            placed.origin = {std::round(x + (e.column_w[c] - w) / 2), std::round(y + slack + m.head)};
            y += (e.rows_align ? e.row_h[k] : h) + m.gap_y;
        }
        x += e.column_w[c] + m.gap_x;
    }
    place_operators(layout, planes);
    return layout;
}

void add_labels(Scene& scene, int pane, const std::vector<PlaneRequest>& planes, const Layout& layout,
                const Theme& theme, const SceneOptions& options, const FontMetrics& fonts) {
    if (layout.rows > 0) return add_row_labels(scene, pane, planes, layout, theme, options, fonts);
    const float size = options.text_size;
    const float line = std::round(size * 1.25F);
    for (std::size_t i = 0; i < planes.size(); ++i) {
        const PlaneRequest& plane = planes[i];
        const PlacedPlane& placed = layout.planes[i];
        const float centre = placed.box.x + placed.box.w / 2;
        const float bottom = placed.origin.y + layout.pitch * static_cast<float>(plane.rows);
        const MarkId id{Part::title, pane, 0, 0, 0, static_cast<std::int64_t>(i)};
        const auto text = [&](const std::string& words, float y, Colour colour, Face face) {
            if (!words.empty())
                scene.marks.push_back(TextMark{id, words, {centre, y}, size, colour, face, Align::centre});
        };
        const float head = placed.origin.y - std::round(size * 0.3F);
        text(plane.name, head - 2 * line, plane.colour, Face::bold);
        text(plane.detail, head - line, theme.faint, Face::text);
        text(plane.note, bottom + std::round(size * 0.3F), theme.faint, Face::text);
    }
    for (const PlacedOperator& op : layout.operators) {
        const float big = size * 1.5F;
        scene.marks.push_back(TextMark{{Part::title, pane},
                                       op.text,
                                       {op.centre.x, op.centre.y - big / 2},
                                       big,
                                       theme.faint,
                                       Face::text,
                                       Align::centre});
    }
}

}  // namespace convlens
