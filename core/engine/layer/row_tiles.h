// The tiles of a row whose lanes are channels (Traversal::channels). See work.h.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/layer/work.h"

namespace convlens {

// The tiles of LayerKernels::sum_cells that a row of `cols` cells takes at the lowest cost, which is returned, in cells.
// The last tiles come first.
template <typename T>
double choose_row_tiles(const LayerKernels<T>& kernels, std::int64_t cols, std::vector<TilePlace>& tiles);

// What follows from work.row_tiles: part_channels, tile_columns, row_pieces. Precondition: all that choose_geometry() sets
// before them is set.
template <typename T>
void set_row_tiles(LayerWork<T>& work);

}  // namespace convlens
