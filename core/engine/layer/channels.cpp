// Tiles whose lanes are channels: they fit rows of any length, and what lies in the padding can be left out. See
// band.h.
#include <algorithm>

#include "core/engine/layer/band.h"

namespace convlens {

namespace {

// Which of the input's channels all tiles of a band meet now.
struct Part {
    std::int64_t first = 0, channels = 0;
    bool last = false;
};

// A row of a band that is summed up now, for one phase of the output.
template <typename T>
struct RowRun {
    const BandRun<T>& run;
    const ChannelBlock& block;
    std::size_t row_phase = 0, col_phase = 0;
    const Part& part;
    std::int64_t row = 0;  // of the band
    KernelRows kernel;     // that matter to it

    const OutputPhase<T>& output() const { return run.work.phases[row_phase * run.work.cols.taps.size() + col_phase]; }
    std::int64_t all_kernel_rows() const { return static_cast<std::int64_t>(run.work.rows.taps[row_phase].size()); }
};

// Adds taps to the sums of a tile's cells from `first_cell` on, or to the bias if these sums begin.
template <typename T>
void add_taps(const RowRun<T>& row, const TilePlace& tile, const TileColumns& columns, const TapRange& taps, bool begin,
              T* sums) {
    const LayerWork<T>& work = row.run.work;
    const OutputPhase<T>& output = row.output();
    const std::int64_t slot = row.run.group * work.slots + row.block.slot;
    const auto all = static_cast<std::int64_t>(output.offsets.size());
    work.kernels.sum_cells[static_cast<std::size_t>(columns.cells)](
        {row.run.in + row.row * work.pitch + tile.col + columns.first_cell, output.offsets.data() + taps.first,
         output.weights.data() + slot * all + taps.first * row.block.width, begin ? work.bias.data() + slot : nullptr,
         taps.count, 0, sums + columns.first_cell * row.block.width, 0});
}

// Adds the part's taps to the sums of a tile.
template <typename T>
void sum_part(const RowRun<T>& row, std::size_t tile_index, T* sums) {
    const LayerWork<T>& work = row.run.work;
    const TilePlace& tile = work.row_tiles[tile_index];
    const std::vector<TileColumns>& all = work.tile_columns[row.col_phase * work.row_tiles.size() + tile_index];
    bool begin = row.part.first == 0;
    const auto add = [&](const TileColumns& columns, const TapRange& taps) {
        if (taps.count == 0 && !begin) return;
        add_taps(row, tile, columns, taps, begin, sums);
        begin = false;
    };
    // No column is met by all cells: the bias comes first, for all of them.
    if (all.empty() || all.front().cells < tile.cells) add({0, 0, 0, tile.cells}, {0, 0});
    const std::int64_t rows = row.all_kernel_rows();
    const auto kernel_cols = static_cast<std::int64_t>(work.cols.taps[row.col_phase].size());
    const std::int64_t first = row.part.first * rows * kernel_cols;
    const std::int64_t channels = row.part.channels;
    for (const TileColumns& columns : all) {
        if (row.kernel.count == rows) {
            add(columns, {first + columns.first * rows * channels, columns.count * rows * channels});
            continue;
        }
        // Some rows of each column only: not one run of taps.
        for (std::int64_t column = columns.first; column < columns.first + columns.count; ++column)
            add(columns, {first + (column * rows + row.kernel.first) * channels, row.kernel.count * channels});
    }
}

// The same for all tiles of a piece, whose sums lie one after the other.
template <typename T>
void sum_piece(const RowRun<T>& row, const RowPiece& piece, T* sums) {
    for (std::size_t i = piece.first_tile; i < piece.end_tile; ++i)
        sum_part(row, i, sums + (row.run.work.row_tiles[i].col - piece.place.col) * row.block.width);
}

// Transposes the sums of a piece, [column phase][cell][channel], so that neighbouring cells of a channel are neighbours
// in memory, and writes them to the output.
template <typename T>
void put_cells(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::int64_t row,
               const TilePlace& piece, const T* sums) {
    const LayerWork<T>& work = run.work;
    const std::int64_t cells = std::min(piece.cells, work.cols.lattice - piece.col);
    const std::int64_t y = row * work.rows.spread + static_cast<std::int64_t>(row_phase);
    if (y >= work.out.h) return;
    if (work.cols.spread == 1) {
        const std::int64_t plane = run.out_plane();
        T* to = run.out + block.first * plane + y * work.out.w + piece.col;
        return work.kernels.transpose_rows({sums, block.width, to, plane, block.channels, cells});
    }
    for (std::size_t phase = 0; phase < work.cols.taps.size(); ++phase) {
        const std::int64_t at = static_cast<std::int64_t>(phase) * piece.cells * block.width;
        T* to = run.scratch.transposed.data() + at;
        work.kernels.transpose_rows({sums + at, block.width, to, piece.cells, block.channels, cells});
    }
    put_segment(run, block, row_phase, {run.scratch.transposed.data(), piece.cells, row, piece.col, cells});
}

template <typename T>
void run_part(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, const Part& part) {
    const LayerWork<T>& work = run.work;
    const bool only = part.last && part.first == 0;
    T* sums = run.scratch.sums.data();
    for (std::int64_t row = 0; row < run.band.rows; ++row) {
        const KernelRows kernel = kernel_rows(work, row_phase, run.band.first + row);
        for (const RowPiece& piece : work.row_pieces) {
            const std::int64_t of_a_phase = piece.place.cells * block.width;
            for (std::size_t phase = 0; phase < work.cols.taps.size(); ++phase)
                sum_piece<T>({run, block, row_phase, phase, part, row, kernel}, piece,
                             sums + static_cast<std::int64_t>(phase) * of_a_phase);
            if (part.last) put_cells(run, block, row_phase, run.band.first + row, piece.place, sums);
            if (!only) sums += static_cast<std::int64_t>(work.cols.taps.size()) * of_a_phase;
        }
    }
}

}  // namespace

template <typename T>
void run_channels(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase) {
    const LayerWork<T>& work = run.work;
    for (std::int64_t first = 0; first < work.group_in; first += work.part_channels) {
        const std::int64_t channels = std::min(work.part_channels, work.group_in - first);
        run_part(run, block, row_phase, {first, channels, first + channels == work.group_in});
    }
}

template void run_channels(const BandRun<float>&, const ChannelBlock&, std::size_t);
template void run_channels(const BandRun<double>&, const ChannelBlock&, std::size_t);

}  // namespace convlens
