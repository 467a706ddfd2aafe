#include "app/views/edge_profile.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "app/views/plane.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

// A stretch of rows (or columns) that are covered equally often.
struct Run {
    std::int64_t first = 0, last = 0, count = 0;
    bool inside = true, alike = true;
};

// What of an edge shares a pixel: as many rows as that has from `first` on, with the most often covered one's count.
Run pixel_run(const EdgeCounts& edge, std::int64_t first, std::int64_t last) {
    Run run{first, last, edge.at(first), edge.inside(first)};
    for (std::int64_t i = first + 1; i < last; ++i) {
        run.alike = run.alike && edge.at(i) == run.count;
        run.count = std::max(run.count, edge.at(i));
    }
    return run;
}

// Each row by itself, or those with one count together; `together`: so many rows share a pixel.
std::vector<Run> runs_of(const EdgeCounts& edge, const CellSpan& seen, std::int64_t together, bool apart) {
    std::vector<Run> runs;
    for (std::int64_t i = seen.first; i < seen.last; i += together) {
        const Run run = pixel_run(edge, i, std::min(i + together, seen.last));
        if (!apart && !runs.empty() && runs.back().count == run.count && runs.back().inside == run.inside) {
            runs.back().last = run.last;
            runs.back().alike = runs.back().alike && run.alike;
        } else {
            runs.push_back(run);
        }
    }
    return runs;
}

float number_size(const Page& page) { return std::max(std::round(page.text_size * 0.8F), page.least_text); }
float gap_of(const Page& page) { return std::round(page.text_size * 0.3F); }
float longest_bar(const Page& page) { return std::round(page.text_size * 1.7F); }

}  // namespace

EdgeCounts edge_counts(const std::vector<std::int64_t>& covered, std::int64_t drawn, std::int64_t start,
                       std::int64_t first, std::int64_t length, PadMode mode) {
    std::vector<std::int64_t> places(static_cast<std::size_t>(drawn));
    for (std::int64_t i = 0; i < std::ssize(covered); ++i) {
        if (i + start < 0 || i + start >= drawn) continue;
        places[static_cast<std::size_t>(i + start)] = covered[static_cast<std::size_t>(i)];
    }
    EdgeCounts edge{places, places, first, length, 0};
    for (std::int64_t i = 0; i < drawn; ++i) {
        const auto copied = edge.inside(i) ? std::nullopt : source_index(i - first, length, mode);
        if (copied) edge.counts[static_cast<std::size_t>(*copied + first)] += places[static_cast<std::size_t>(i)];
    }
    for (const std::int64_t count : edge.counts) edge.most = std::max(edge.most, count);
    return edge;
}

float heat_share(std::int64_t count, std::int64_t most) {
    constexpr std::int64_t kLeastScale = 4;
    return static_cast<float>(count) / static_cast<float>(std::max(most, kLeastScale));
}

float profile_depth(const EdgeCounts& edge, Axis axis, const Page& page, const FontMetrics& fonts) {
    if (edge.drawn() < 2) return 0;
    const float size = number_size(page);
    const float number = axis == Axis::w ? size : fonts.text_width(fmt::format("{}", edge.most), size, Face::mono);
    return longest_bar(page) + 2 * gap_of(page) + number;
}

void add_profile(Scene& out, const PaneScene& scene, const EdgeCounts& edge, Axis axis, const Rect& plane) {
    if (edge.drawn() < 2 || edge.most == 0) return;
    constexpr float kLeastApart = 10;  // cells from this size on have bars of their own
    const Page& page = scene.page;
    const bool columns = axis == Axis::w;
    const float pitch = (columns ? plane.w : plane.h) / static_cast<float>(edge.drawn());
    const bool apart = pitch >= kLeastApart;
    const auto together = std::max<std::int64_t>(1, static_cast<std::int64_t>(1 / pitch));
    const float size = number_size(page), gap = gap_of(page), margin = apart ? 1.0F : 0.0F;
    const float start = columns ? plane.x : plane.y;
    const CellSpan seen = visible(start, pitch, edge.drawn(), columns ? page.width : page.height);
    std::int64_t number = 0;
    for (const Run& run : runs_of(edge, seen, together, apart)) {
        const float from = start + pitch * static_cast<float>(run.first) + margin;
        const float wide = pitch * static_cast<float>(run.last - run.first) - 2 * margin;
        const float share = static_cast<float>(run.count) / static_cast<float>(edge.most);
        const float high = std::max(1.0F, std::round(longest_bar(page) * share));
        RectMark bar;
        bar.id = scene.id(Part::none, 0);
        bar.rect =
            columns ? Rect{from, plane.y - gap - high, wide, high} : Rect{plane.x - gap - high, from, high, wide};
        bar.fill = run.count == 0 ? scene.theme.line : heat_colour(scene.theme, heat_share(run.count, edge.most));
        if (!run.inside) bar.fill = bar.fill.with_alpha(0.4F);
        out.marks.push_back(bar);
        const std::string text = fmt::format("{}", run.count);
        const float needed = columns ? scene.fonts.text_width(text, size, Face::mono) + size * 0.4F : size;
        if (needed > wide || !run.alike) continue;
        const float middle = from + wide / 2;
        const Point at =
            columns ? Point{middle, bar.rect.y - size - 1} : Point{bar.rect.x - gap / 2 - 1, middle - size / 2};
        out.marks.push_back(TextMark{{Part::title, scene.index, 0, 0, columns ? -4 : -5, number++},
                                     text,
                                     at,
                                     size,
                                     run.inside ? scene.theme.text : scene.theme.faint,
                                     Face::mono,
                                     columns ? Align::centre : Align::right});
    }
}

}  // namespace convlens
