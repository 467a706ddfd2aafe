#include "app/views/layout.h"

#include <algorithm>
#include <cmath>

#include "app/views/cell_sizes.h"

namespace convlens {

namespace {

// Columns of plane indices. With equal counts in every column the planes also stand in rows.
using Arrangement = std::vector<std::vector<std::size_t>>;

// All arrangements worth trying for `count` planes in reading order; every pane has four, of pooling three,
// of several input channels five.
std::vector<Arrangement> arrangements(std::size_t count) {
    Arrangement row;
    Arrangement column(1);
    for (std::size_t i = 0; i < count; ++i) {
        row.push_back({i});
        column[0].push_back(i);
    }
    std::vector<Arrangement> all{row};
    if (count == 3) all.push_back({{0}, {1, 2}});
    if (count == 4) {
        all.push_back({{0}, {1, 2}, {3}});
        all.push_back({{0, 2}, {1, 3}});
    }
    if (count == 5) {
        all.push_back({{0}, {1, 2}, {3}, {4}});
        all.push_back({{0}, {1, 2}, {3, 4}});
        all.push_back({{0, 2}, {1, 3}, {4}});
        all.push_back({{0, 2, 4}, {1, 3}});
    }
    all.push_back(column);
    return all;
}

struct Labels {
    std::string name, detail, note;
};

struct Measures {
    float line = 0;  // height of a label line
    float head = 0;  // name and detail above a plane
    float gap_x = 0, gap_y = 0;
    std::vector<float> label;  // width that is kept for the labels of each plane
    std::vector<float> tail;   // height of the note below
    std::vector<bool> small;
    bool one_line = false;  // name and detail stand beside one another
};

float text_width(const std::string& text, Face face, const Page& page, const FontMetrics& fonts) {
    return text.empty() ? 0 : fonts.text_width(text, page.text_size, face);
}

// Of the line, or the lines, above a plane.
float head_width(const Labels& labels, bool one_line, const Page& page, const FontMetrics& fonts) {
    const float name = text_width(labels.name, Face::bold, page, fonts);
    const float detail = text_width(labels.detail, Face::text, page, fonts);
    if (!one_line) return std::max(name, detail);
    return name + detail + (name > 0 && detail > 0 ? label_gap(page) : 0);
}

float width_of(const Labels& labels, bool one_line, const Page& page, const FontMetrics& fonts) {
    return std::max(head_width(labels, one_line, page, fonts), text_width(labels.note, Face::text, page, fonts));
}

// The labels that a plane cannot do without.
Labels least_labels(const PlaneRequest& plane) {
    Labels least{plane.name, plane.detail, {}};
    while (shorten_label(least.name)) {
    }
    while (shorten_label(least.detail)) {
    }
    return least;
}

Measures measure(const std::vector<PlaneRequest>& planes, bool one_line, const Page& page, const FontMetrics& fonts) {
    Measures m;
    m.one_line = one_line;
    m.line = std::round(page.text_size * 1.25F);
    const bool bare = std::ranges::all_of(planes, [](const auto& p) { return p.name.empty() && p.detail.empty(); });
    m.head = bare ? 0 : (one_line ? 1 : 2) * m.line + std::round(page.text_size * 0.3F);
    m.gap_x = std::round(page.text_size * 2.2F);
    m.gap_y = std::round(page.text_size * 0.9F);
    for (const PlaneRequest& plane : planes) {
        m.label.push_back(width_of(least_labels(plane), one_line, page, fonts));
        m.tail.push_back(plane.note.empty() ? 0 : m.line + std::round(page.text_size * 0.3F));
    }
    m.small = small_planes(planes);
    return m;
}

// A plane's cells with what is kept free beside them.
CellSize plane_size(const PlaneRequest& plane, bool small, const CellPitches& pitches) {
    const CellSize cell = cell_size(plane, small, pitches);
    return {cell.w * static_cast<float>(plane.cols) + pitches.common * static_cast<float>(plane.beside.w),
            cell.h * static_cast<float>(plane.rows) + pitches.common * static_cast<float>(plane.beside.h)};
}

struct Extent {
    float w = 0, h = 0;
    std::vector<float> column_w, column_h, row_h;
    bool rows_align = false;
};

Extent extent(const Arrangement& columns, const std::vector<PlaneRequest>& planes, const Measures& m,
              const CellPitches& pitches) {
    Extent e;
    e.rows_align = columns.size() > 1 && std::all_of(columns.begin(), columns.end(),
                                                     [&](const auto& c) { return c.size() == columns[0].size(); });
    if (e.rows_align) e.row_h.assign(columns[0].size(), 0);
    for (const auto& column : columns) {
        float w = 0;
        float h = m.gap_y * static_cast<float>(column.size() - 1);
        for (std::size_t k = 0; k < column.size(); ++k) {
            const std::size_t i = column[k];
            const CellSize size = plane_size(planes[i], m.small[i], pitches);
            const float own = m.head + size.h + m.tail[i];
            w = std::max({w, size.w, m.label[i]});
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

// The largest pitch at which an arrangement fits with small planes at no less than `small`.
float best_pitch(const Arrangement& columns, const std::vector<PlaneRequest>& planes, const Measures& m,
                 const Rect& area, float small, float most) {
    return largest_pitch(most, [&](float pitch) {
        const Extent e = extent(columns, planes, m, {pitch, small});
        return e.w <= area.w && e.h <= area.h;
    });
}

// With the pitch of small planes, which are as large as there is room where the others' cells are too small for numbers.
CellPitches pitches_of(const Arrangement& columns, const std::vector<PlaneRequest>& planes, const Measures& m,
                       const LayoutRoom& room, float pitch, float least, float most) {
    if (pitch >= least_number_pitch(room.page)) return {pitch, pitch};
    const float small = largest_pitch(most_small_pitch(room.page, most), [&](float larger) {
        const Extent e = extent(columns, planes, m, {pitch, larger});
        return e.w <= room.area.w && e.h <= room.area.h;
    });
    return {pitch, std::max({pitch, least, small})};
}

// The widest of one kind of label that asks for more than its plane's cells, made shorter.
bool shorten_widest(std::vector<Labels>& all, std::string Labels::*kind, Face face, Measures& m,
                    const std::vector<PlaneRequest>& planes, const CellPitches& pitches, const Page& page,
                    const FontMetrics& fonts) {
    const bool spare = kind == &Labels::note;
    std::size_t found = all.size();
    float widest = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::string trial = all[i].*kind;
        if (trial.empty() || (!shorten_label(trial) && !spare)) continue;
        const float width =
            m.one_line && !spare ? head_width(all[i], true, page, fonts) : text_width(all[i].*kind, face, page, fonts);
        if (width <= std::max(widest, plane_size(planes[i], m.small[i], pitches).w)) continue;
        widest = width;
        found = i;
    }
    if (found == all.size()) return false;
    std::string& label = all[found].*kind;
    if (!shorten_label(label)) label.clear();
    m.label[found] = width_of(all[found], m.one_line, page, fonts);
    return true;
}

// The longest form of a label that is no wider than `room`; nothing if none is.
std::string longest(std::string label, float room, Face face, const Page& page, const FontMetrics& fonts) {
    while (!label.empty() && text_width(label, face, page, fonts) > room)
        if (!shorten_label(label)) label.clear();
    return label;
}

// The labels as long as they fit beside one another at this pitch; their widths are kept for them.
std::vector<Labels> fitting_labels(const Arrangement& columns, const std::vector<PlaneRequest>& planes, Measures& m,
                                   const CellPitches& pitches, float room, const Page& page, const FontMetrics& fonts) {
    std::vector<Labels> all;
    for (std::size_t i = 0; i < planes.size(); ++i) {
        all.push_back({planes[i].name, planes[i].detail, planes[i].note});
        m.label[i] = width_of(all.back(), m.one_line, page, fonts);
    }
    const auto shorter = [&](std::string Labels::*kind, Face face) {
        return shorten_widest(all, kind, face, m, planes, pitches, page, fonts);
    };
    while (extent(columns, planes, m, pitches).w > room &&
           (shorter(&Labels::note, Face::text) || shorter(&Labels::detail, Face::text) ||
            shorter(&Labels::name, Face::bold))) {
    }
    // What was given up in vain, because another label of the plane needs as much, comes back.
    for (std::size_t i = 0; i < all.size(); ++i) {
        const float own = std::max(m.label[i], plane_size(planes[i], m.small[i], pitches).w);
        const float name =
            m.one_line && !all[i].name.empty() ? text_width(all[i].name, Face::bold, page, fonts) + label_gap(page) : 0;
        all[i].detail = longest(planes[i].detail, own - name, Face::text, page, fonts);
        all[i].note = longest(planes[i].note, own, Face::text, page, fonts);
    }
    return all;
}

struct Choice {
    Arrangement arrangement;
    float pitch = 0;
    float small = 0;  // what is kept for small planes
};

Choice best_arrangement(const std::vector<PlaneRequest>& planes, const Measures& m, const Rect& area, float small,
                        float most) {
    Choice best;
    for (const Arrangement& candidate : arrangements(planes.size())) {
        const float pitch = best_pitch(candidate, planes, m, area, small, most);
        // A little smaller is no reason to leave the row, which reads best.
        if (best.arrangement.empty() || pitch > best.pitch * 1.08F) best = {candidate, pitch, small};
    }
    return best;
}

// Small planes have numbers where the others have none.
Choice best_arrangement(const std::vector<PlaneRequest>& planes, const Measures& m, const LayoutRoom& room,
                        float most) {
    const float numbered = least_number_pitch(room.page);
    const Choice alike = best_arrangement(planes, m, room.area, 0, most);
    if (alike.pitch >= numbered) return alike;
    return best_arrangement(planes, m, room.area, least_small_pitch(planes, room.area, numbered), most);
}

// How the planes stand, and with which labels.
struct Plan {
    Measures measures;
    Choice choice;
};

// Name and detail beside one another take less of the height. They do so where the cells are larger for it, and else where
// nothing of the words is lost; the cells then are as large as they would be, in panes with longer words, too.
Plan best_plan(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, float most, const FontMetrics& fonts) {
    constexpr float kWorthAWord = 1.04F;
    Plan two{measure(planes, false, room.page, fonts), {}}, one{measure(planes, true, room.page, fonts), {}};
    two.choice = best_arrangement(planes, two.measures, room, most);
    one.choice = best_arrangement(planes, one.measures, room, most);
    if (one.choice.pitch >= two.choice.pitch * kWorthAWord) return one;
    Measures whole = one.measures;
    for (std::size_t i = 0; i < planes.size(); ++i)
        whole.label[i] = width_of({planes[i].name, planes[i].detail, planes[i].note}, true, room.page, fonts);
    const Extent e =
        extent(two.choice.arrangement, planes, whole, {two.choice.pitch, std::max(two.choice.pitch, two.choice.small)});
    return e.w <= room.area.w ? Plan{one.measures, two.choice} : two;
}

// Where words take most of the room, cells without them say more than words over one another.
constexpr float kTimesLarger = 4;
constexpr float kLeastPitch = 1.0F / 4096;  // where nothing fits, not even the gaps

std::vector<PlaneRequest> without_words(std::vector<PlaneRequest> planes) {
    for (PlaneRequest& plane : planes) {
        plane.name.clear();
        plane.detail.clear();
        plane.note.clear();
    }
    return planes;
}

// The middle of a plane's cells with what stands beside them, and how high they are.
struct Upright {
    float middle = 0, height = 0;
};
Upright upright(const PlaneRequest& plane, const PlacedPlane& placed, float pitch) {
    const float beside = pitch * static_cast<float>(plane.beside.h);
    const float height = placed.cells(0, 0, static_cast<double>(plane.rows), 0).h + beside;
    return {placed.origin.y - beside + height / 2, height};
}

void place_operators(Layout& layout, const std::vector<PlaneRequest>& planes) {
    for (std::size_t i = 0; i + 1 < planes.size(); ++i) {
        if (planes[i].then.empty()) continue;
        const PlacedPlane& a = layout.planes[i];
        const PlacedPlane& b = layout.planes[i + 1];
        if (b.box.x <= a.box.right()) continue;  // the next plane stands below, not beside
        const Upright left = upright(planes[i], a, layout.pitch), right = upright(planes[i + 1], b, layout.pitch);
        const float middle = left.height < right.height ? left.middle : right.middle;
        layout.operators.push_back({planes[i].then, {std::round((a.box.right() + b.box.x) / 2), std::round(middle)}});
    }
}

// In the middle of the area, moved by `pan`.
void place_columns(Layout& layout, const Arrangement& columns, const std::vector<PlaneRequest>& planes,
                   const Measures& m, const CellPitches& pitches, const std::vector<Labels>& labels, const Rect& area,
                   Point pan) {
    const Extent e = extent(columns, planes, m, pitches);
    layout.planes.resize(planes.size());
    float x = area.x + (area.w - e.w) / 2 + pan.x;
    const float middle = area.y + area.h / 2 + pan.y;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        float y = middle - (e.rows_align ? e.h : e.column_h[c]) / 2;
        for (std::size_t k = 0; k < columns[c].size(); ++k) {
            const std::size_t i = columns[c][k];
            const CellSize cell = cell_size(planes[i], m.small[i], pitches);
            const CellSize size = plane_size(planes[i], m.small[i], pitches);
            const float h = m.head + size.h + m.tail[i];
            const float slack = e.rows_align ? (e.row_h[k] - h) / 2 : 0;
            PlacedPlane& placed = layout.planes[i];
            placed.pitch = cell.w;
            placed.stretch = cell.h / cell.w;
            placed.box = {std::round(x), std::round(y + slack), e.column_w[c], h};
            placed.origin = {
                std::round(x + (e.column_w[c] - size.w) / 2 + size.w - cell.w * static_cast<float>(planes[i].cols)),
                std::round(y + slack + m.head + size.h - cell.h * static_cast<float>(planes[i].rows))};
            placed.name = labels[i].name;
            placed.detail = labels[i].detail;
            placed.note = labels[i].note;
            y += (e.rows_align ? e.row_h[k] : h) + m.gap_y;
        }
        x += e.column_w[c] + m.gap_x;
    }
}

}  // namespace

float label_gap(const Page& page) { return std::round(page.text_size * 0.5F); }

Rect PlacedPlane::cells(double row, double col, double rows, double cols) const {
    const auto across = [this](double count) { return static_cast<float>(count) * pitch; };
    const auto down = [this](double count) { return static_cast<float>(count) * pitch * stretch; };
    return {origin.x + across(col), origin.y + down(row), across(cols), down(rows)};
}

Layout place_planes(const std::vector<PlaneRequest>& planes, const LayoutRoom& room, const FontMetrics& fonts) {
    const Rect& area = room.area;
    const Page& page = room.page;
    const float most = std::floor(std::max(24.0F, std::min(page.height / 7, page.width / 9)));
    if (stand_in_rows(planes)) return place_rows(planes, room, most, fonts);
    auto [m, choice] = best_plan(planes, room, most, fonts);
    const auto& [chosen, pitch, small] = choice;
    const bool worded = std::ranges::any_of(planes, [](const auto& p) { return !p.name.empty() || !p.detail.empty(); });
    if (pitch < 1 && worded) {
        const std::vector<PlaneRequest> bare = without_words(planes);
        const float larger = best_arrangement(bare, measure(bare, false, page, fonts), room, most).pitch;
        if (larger >= kTimesLarger * pitch) return place_planes(bare, room, fonts);
    }
    const CellPitches pitches = pitches_of(chosen, planes, m, room, std::max(pitch, kLeastPitch), small, most);
    const std::vector<Labels> labels = fitting_labels(chosen, planes, m, pitches, area.w, page, fonts);
    const CellPitches seen = zoomed(pitches, room.camera.zoom);
    Layout layout;
    layout.pitch = seen.common;
    layout.one_line = m.one_line;
    place_columns(layout, chosen, planes, m, seen, labels, area, room.camera.pan);
    place_operators(layout, planes);
    return layout;
}

}  // namespace convlens
