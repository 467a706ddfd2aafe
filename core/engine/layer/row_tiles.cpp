#include "core/engine/layer/row_tiles.h"

#include <algorithm>

namespace convlens {

namespace {

// Taps of the phase that has most of them.
std::int64_t most_of_a_phase(const std::vector<std::vector<AxisTap>>& phases) {
    std::size_t most = 0;
    for (const std::vector<AxisTap>& taps : phases) most = std::max(most, taps.size());
    return static_cast<std::int64_t>(most);
}

// The fewest cells of a tile, side by side, that one column of the kernel must be added to: those that have it on the
// input. All, where the padding may count or too little is saved; none, where the column lies in the padding for each.
template <typename T>
TileColumns cells_of_column(const LayerWork<T>& work, const TilePlace& tile, const AxisTap& column) {
    constexpr std::int64_t kWorthACall = 96;  // products of a cell with two vectors of channels
    const TileColumns all{0, 1, 0, tile.cells};
    if (!work.skips_padding) return all;
    const std::int64_t phase = work.cols.phases[static_cast<std::size_t>(column.phase)];
    const auto padding = [&](std::int64_t cell) {
        return tile.col + cell >= work.cols.lattice || source_at(work.cols, tile.col + cell + column.shift, phase) < 0;
    };
    std::int64_t begin = 0;
    std::int64_t end = tile.cells;
    while (begin < end && padding(begin)) ++begin;
    while (end > begin && padding(end - 1)) --end;
    if (begin == end) return {0, 1, 0, 0};
    std::int64_t cells = end - begin;
    while (!work.kernels.sum_cells[static_cast<std::size_t>(cells)]) ++cells;
    const std::int64_t taps = work.part_channels * most_of_a_phase(work.rows.taps);
    if ((tile.cells - cells) * taps < kWorthACall) return all;
    return {0, 1, std::min(begin, tile.cells - cells), cells};
}

// Neighbours that the same cells have are added in one go; those that all cells have come first, with the bias.
template <typename T>
void set_tile_columns(LayerWork<T>& work) {
    for (const std::vector<AxisTap>& taps : work.cols.taps) {
        for (const TilePlace& tile : work.row_tiles) {
            std::vector<TileColumns>& all = work.tile_columns.emplace_back();
            for (std::size_t i = 0; i < taps.size(); ++i) {
                TileColumns one = cells_of_column(work, tile, taps[i]);
                one.first = static_cast<std::int64_t>(i);
                if (one.cells == 0) continue;
                TileColumns* last = all.empty() ? nullptr : &all.back();
                if (last && last->first + last->count == one.first && last->cells == one.cells &&
                    last->first_cell == one.first_cell) {
                    ++last->count;
                } else {
                    all.push_back(one);
                }
            }
            std::stable_partition(all.begin(), all.end(), [&](const TileColumns& c) { return c.cells == tile.cells; });
        }
    }
}

// Where the weights that a block has for a row of the output are too many for the cache that they are to come from, all
// tiles of a band meet those of some input channels at a time. Sums of few taps are not worth going on later.
template <typename T>
void set_parts(LayerWork<T>& work) {
    constexpr std::int64_t kLeastTaps = 200;  // of a sum, in a part
    const std::int64_t rows = most_of_a_phase(work.rows.taps);
    std::int64_t cols = 0;  // in all column phases
    for (const std::vector<AxisTap>& taps : work.cols.taps) cols += static_cast<std::int64_t>(taps.size());
    const std::int64_t bytes = 2 * work.kernels.lanes * static_cast<std::int64_t>(sizeof(T));
    const std::int64_t wanted = work.group_in * rows * cols * bytes / work.kernels.bytes_of_a_part + 1;
    const std::int64_t most = work.group_in * rows * most_of_a_phase(work.cols.taps) / kLeastTaps;
    const std::int64_t parts = std::clamp<std::int64_t>(std::min(wanted, most), 1, work.group_in);
    work.part_channels = (work.group_in + parts - 1) / parts;
}

// Long rows of sums are transposed at less cost than those of single tiles. Overlapping tiles may share a row of sums as
// long as each tile sums up all of its taps at once: sums that go on would have the shared cells' products twice.
template <typename T>
void set_pieces(LayerWork<T>& work) {
    constexpr std::int64_t kMostCellsOfAPiece = 64;  // stay in the first level of the cache
    const bool by_parts = work.part_channels < work.group_in;
    for (std::size_t i = 0; i < work.row_tiles.size(); ++i) {
        const TilePlace& tile = work.row_tiles[i];
        if (!work.row_pieces.empty()) {
            RowPiece& last = work.row_pieces.back();
            const std::int64_t cells = last.place.col + last.place.cells - tile.col;
            const bool overlaps = tile.col + tile.cells > last.place.col;
            if (cells <= kMostCellsOfAPiece && !(by_parts && overlaps)) {
                last = {{tile.col, cells}, last.first_tile, i + 1};
                continue;
            }
        }
        work.row_pieces.push_back({tile, i, i + 1});
    }
}

}  // namespace

template <typename T>
double choose_row_tiles(const LayerKernels<T>& kernels, std::int64_t cols, std::vector<TilePlace>& tiles) {
    constexpr double kBesideItsCells = 0.2;
    std::vector<double> cost(static_cast<std::size_t>(cols) + 1);
    std::vector<std::int64_t> last(cost.size());
    for (std::int64_t end = 1; end <= cols; ++end) {
        const auto at = static_cast<std::size_t>(end);
        for (std::int64_t cells = 1; cells <= kMostCells; ++cells) {
            if (!kernels.sum_cells[static_cast<std::size_t>(cells)]) continue;
            const double one = std::max(static_cast<double>(cells), kernels.least_cost_of_cells) + kBesideItsCells;
            const double all = one + cost[static_cast<std::size_t>(std::max<std::int64_t>(end - cells, 0))];
            if (last[at] != 0 && cost[at] <= all) continue;
            cost[at] = all;
            last[at] = cells;
        }
    }
    for (std::int64_t end = cols; end > 0; end -= last[static_cast<std::size_t>(end)]) {
        const std::int64_t cells = last[static_cast<std::size_t>(end)];
        // One that would begin before the row begins with it instead.
        const std::int64_t col = std::max<std::int64_t>(end - cells, 0);
        tiles.push_back({col, cells});
    }
    return cost.back();
}

template <typename T>
void set_row_tiles(LayerWork<T>& work) {
    set_parts(work);
    set_tile_columns(work);
    set_pieces(work);
}

template double choose_row_tiles(const LayerKernels<float>&, std::int64_t, std::vector<TilePlace>&);
template double choose_row_tiles(const LayerKernels<double>&, std::int64_t, std::vector<TilePlace>&);
template void set_row_tiles(LayerWork<float>&);
template void set_row_tiles(LayerWork<double>&);

}  // namespace convlens
