// The tiles of a row whose lanes are channels (Traversal::channels). See work.h.
//
// Example: a row of 7 cells on a machine with 16 registers, where sum_cells has tiles of 2, 4, 5 and 6 cells. A tile
// costs its cells, but never less than least_cost_of_cells = 4, and 0.2 more:
//
//   6 + 2   6.2 + 4.2 = 10.4
//   5 + 2   5.2 + 4.2 =  9.4
//   4 + 4   4.2 + 4.2 =  8.4   the least: cells 3 to 6 and cells 0 to 3; cell 3 is computed twice
//
//   cell      0  1  2  3  4  5  6
//   tile 0             [--------]     {col 3, cells 4}, the last tile of the row, listed first
//   tile 1   [--------]               {col 0, cells 4}
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
