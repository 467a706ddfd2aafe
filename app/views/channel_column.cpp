// Between the products and the output of a layer that adds up several input channels: what each of them adds, one below
// the other, so that the picture adds up by itself.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "app/moment/part_sums.h"
#include "app/views/sliding.h"
#include "core/text/number.h"

namespace convlens {

namespace {

constexpr std::int64_t kMostRows = 8;
constexpr std::int64_t kTellFirst = 3;  // of more channels: these, then a row for all that are not told

// A row of the column: a channel of the group, or all that have no row of their own.
struct ColumnRow {
    std::int64_t channel = 0;
    bool others = false;
    bool reached = false;
    double value = 0;
};

std::vector<ColumnRow> column_rows(const PaneScene& scene, const Sliding& m) {
    const Moment& moment = scene.moment;
    const std::int64_t count = moment.group_channels();
    std::vector<ColumnRow> rows;
    const std::vector<std::int64_t> told = told_parts(count, kMostRows, moment.channel);
    for (const std::int64_t channel : told) {
        if (std::ssize(told) < count && std::ssize(rows) == kTellFirst) rows.push_back({0, true, false, 0});
        rows.push_back({channel, false, false, 0});
    }
    if (!moment.out) return rows;
    const auto parts = part_sums(moment, m.products, PartsBy::channels);
    if (!parts) return rows;
    for (const PartSum& part : *parts) {
        const std::int64_t channel = part.index - moment.first_channel();
        auto row =
            std::ranges::find_if(rows, [&](const ColumnRow& each) { return !each.others && each.channel == channel; });
        if (row == rows.end()) row = std::ranges::find_if(rows, &ColumnRow::others);
        row->value += part.value;
        row->reached = true;
    }
    return rows;
}

}  // namespace

bool has_channel_column(const PaneScene& scene) { return !scene.pooling() && scene.group_channels() > 1; }

PlaneRequest channel_column_request(const PaneScene& scene) {
    const std::int64_t count = scene.group_channels();
    const std::int64_t rows = count <= kMostRows ? count : std::ssize(told_parts(count, kMostRows, 0)) + 1;
    PlaneRequest column{Part::sum, rows, 1, "Z", {}, scene.words(msg("channel sums")), "Σ", scene.theme.text};
    if (scene.one_row()) {
        std::swap(column.rows, column.cols);
    } else {
        column.beside = {0, 1};  // for the channels' numbers
    }
    return column;
}

Rect channel_row(const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    const std::vector<ColumnRow> rows = column_rows(scene, m);
    const auto here = std::ranges::find_if(
        rows, [&](const ColumnRow& row) { return !row.others && row.channel == scene.moment.channel; });
    const auto at = static_cast<double>(here - rows.begin());
    return scene.one_row() ? placed.cells(0, at, 1, 1) : placed.cells(at, 0, 1, 1);
}

void add_channel_column(Scene& out, const PaneScene& scene, const Sliding& m, const PlacedPlane& placed) {
    const std::vector<ColumnRow> rows = column_rows(scene, m);
    const bool flat = scene.one_row();
    PlaneSpec plane;
    plane.id = scene.id(Part::sum, 0);
    plane.origin = placed.origin;
    plane.pitch = placed.pitch;
    plane.stretch = placed.stretch;
    plane.rows = flat ? 1 : std::ssize(rows);
    plane.cols = flat ? std::ssize(rows) : 1;
    plane.look = [&](std::int64_t r, std::int64_t c) {
        const ColumnRow& row = rows[static_cast<std::size_t>(flat ? c : r)];
        if (!row.reached) return empty_look(scene.theme);
        CellLook look = value_look(scene.theme, row.value, scene.layer.output_peak);
        if (row.value == std::trunc(row.value)) look.text = sum_number(row.value);  // all digits: they are added up
        return look;
    };
    out.marks.push_back(make_plane(plane, scene.theme, scene.page, scene.fonts));
    out.marks.push_back(outline(plane.id,
                                placed.cells(0, 0, static_cast<double>(plane.rows), static_cast<double>(plane.cols)),
                                scene.theme.frame, 1));
    for (std::int64_t i = 0; i < std::ssize(rows); ++i) {
        const ColumnRow& row = rows[static_cast<std::size_t>(i)];
        const Rect cell =
            flat ? placed.cells(0, static_cast<double>(i), 1, 1) : placed.cells(static_cast<double>(i), 0, 1, 1);
        if (!row.others && row.channel == scene.moment.channel)
            out.marks.push_back(step_outline(scene.id(Part::sum, 0), cell, placed.smaller_side(), scene.theme.reading));
        if (flat) continue;
        const std::int64_t channel = scene.first_channel() + row.channel;
        const std::string name = row.others ? "…" : channel_symbol(channel);
        const float size = std::min(scene.page.text_size, cell.h * 0.6F);
        if (size < scene.page.least_text || scene.fonts.text_width(name, size, Face::mono) > cell.w) continue;
        const Colour colour = row.others ? scene.theme.faint : channel_colour(scene.theme, channel);
        out.marks.push_back(TextMark{{Part::title, scene.index, 0, 0, -11, i},
                                     name,
                                     {cell.x - cell.w / 2, cell.y + (cell.h - size) / 2},
                                     size,
                                     colour,
                                     Face::mono,
                                     Align::centre});
    }
}

}  // namespace convlens
