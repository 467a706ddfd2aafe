// How often each row or column of a plane is covered, as bars along its edge.
#pragma once

#include <cstdint>
#include <vector>

#include "app/views/pane.h"

namespace convlens {

// One axis of a plane whose cells are counted.
struct EdgeCounts {
    std::vector<std::int64_t> counts;    // of each row (or column) that is drawn; of the tensor's with their copies
    std::vector<std::int64_t> places;    // the same without: how often each is covered where it stands
    std::int64_t first = 0, length = 0;  // those that are the tensor's; the others are padding
    std::int64_t most = 0;

    std::int64_t at(std::int64_t i) const { return counts[static_cast<std::size_t>(i)]; }
    bool inside(std::int64_t i) const { return i >= first && i < first + length; }
    std::int64_t drawn() const { return static_cast<std::int64_t>(counts.size()); }
};

// `covered` (see core/trace/coverage.h) begins at row `start` of the `drawn` ones; all others are covered 0 times. A row of
// the tensor whose copies `mode` puts into the padding is covered as often as it and they are.
EdgeCounts edge_counts(const std::vector<std::int64_t>& covered, std::int64_t drawn, std::int64_t start,
                       std::int64_t first, std::int64_t length, PadMode mode = PadMode::zeros);

// Where a count stands on the scale of heat, 0 to 1. Where none is large all keep to its paler end.
float heat_share(std::int64_t count, std::int64_t most);

// What the bars and their numbers take beside a plane, pixels: above it for its columns (Axis::w), to its left for its
// rows. 0 where there is but one.
float profile_depth(const EdgeCounts& edge, Axis axis, const Page& page, const FontMetrics& fonts);

// The bars beside `plane`, each as long as its count, with the number at its end where there is room; of rows that
// share a pixel the longest. Of the numbers' ids y is -4 for columns, -5 for rows, and x counts them.
void add_profile(Scene& out, const PaneScene& scene, const EdgeCounts& edge, Axis axis, const Rect& plane);

}  // namespace convlens
