// The difference of two outputs as a small plane: equal cells are blank, a cell that differs has its number or a dot, and
// one that only one of the outputs has is hatched.
#pragma once

#include <string>

#include "app/views/build.h"
#include "core/trace/compare.h"

namespace convlens {

// Cells of plane (n, c) are GridMark cells of Part::difference, lit where they differ; the first that differs is framed.
// As wide as page.width, as high as it comes out (Scene::height, at most page.height). Nothing is drawn where a cell
// would be less than two pixels: the scene is then 0 high.
Scene build_difference(const OutputDifference& difference, std::int64_t n, std::int64_t c, const Theme& theme,
                       const Page& page, const FontMetrics& fonts);

// One line: "4×4 against 2×2: 3 of 4 shared outputs differ, first at [0, 0]: 1 against 4". `cell`: the first that differs, to be
// told with its values; nothing: without it.
Message difference_headline(const OutputDifference& difference, const CellDifference* cell);

}  // namespace convlens
