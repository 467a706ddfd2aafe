// Tiles whose lanes are channels: they fit rows of any length, and rows of padding can be left out. See layer_band.h.
#include <algorithm>

#include "core/engine/layer_band.h"

namespace convlens {

namespace {

// Which of the taps all tiles of a band meet now.
struct Part {
    TapRange taps;
    bool last = false;
};

// Adds a part's taps to the sums of a tile in the band's row `row`.
template <typename T>
void sum_part(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::size_t col_phase,
              const Part& part, std::int64_t row, const TilePlace& tile, T* sums) {
    const LayerWork<T>& work = run.work;
    const OutputPhase<T>& output = work.phases[row_phase * work.cols.taps.size() + col_phase];
    const TapRange all = taps_of_row(work, row_phase, col_phase, run.band.first + row);
    const std::int64_t first = std::max(all.first, part.taps.first);
    const std::int64_t end = std::min(all.first + all.count, part.taps.first + part.taps.count);
    const std::int64_t slot = run.group * work.slots + block.slot;
    const auto taps = static_cast<std::int64_t>(output.offsets.size());
    work.kernels.sum_cells[static_cast<std::size_t>(tile.cells)](
        {run.in + row * work.pitch + tile.col, output.offsets.data() + first,
         output.weights.data() + slot * taps + first * block.width,
         part.taps.first == 0 ? work.bias.data() + slot : nullptr, std::max<std::int64_t>(end - first, 0), 0, sums, 0});
}

// The same for all tiles of a piece, whose sums lie one after the other.
template <typename T>
void sum_piece(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::size_t col_phase,
               const Part& part, std::int64_t row, const RowPiece& piece, T* sums) {
    for (std::size_t i = piece.first_tile; i < piece.end_tile; ++i) {
        const TilePlace& tile = run.work.row_tiles[i];
        sum_part(run, block, row_phase, col_phase, part, row, tile, sums + (tile.col - piece.place.col) * block.width);
    }
}

// Turns the sums of a piece, [column phase][cell][channel], and puts them where they belong.
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
        return work.kernels.turn_rows({sums, block.width, to, plane, block.channels, cells});
    }
    for (std::size_t phase = 0; phase < work.cols.taps.size(); ++phase) {
        const std::int64_t at = static_cast<std::int64_t>(phase) * piece.cells * block.width;
        T* to = run.scratch.turned.data() + at;
        work.kernels.turn_rows({sums + at, block.width, to, piece.cells, block.channels, cells});
    }
    put_segment(run, block, row_phase, {run.scratch.turned.data(), piece.cells, row, piece.col, cells});
}

template <typename T>
void walk_part(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, const Part& part) {
    const LayerWork<T>& work = run.work;
    const bool only = part.last && part.taps.first == 0;
    T* sums = run.scratch.sums.data();
    for (std::int64_t row = 0; row < run.band.rows; ++row) {
        for (const RowPiece& piece : work.row_pieces) {
            for (std::size_t phase = 0; phase < work.cols.taps.size(); ++phase)
                sum_piece(run, block, row_phase, phase, part, row, piece,
                          sums + static_cast<std::int64_t>(phase) * piece.place.cells * block.width);
            if (part.last) put_cells(run, block, row_phase, run.band.first + row, piece.place, sums);
            if (!only) sums += piece.place.cells * block.width;
        }
    }
}

}  // namespace

template <typename T>
void walk_channels(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase) {
    const LayerWork<T>& work = run.work;
    std::int64_t taps = 0;
    for (std::size_t phase = 0; phase < work.cols.taps.size(); ++phase)
        taps = std::max(
            taps, static_cast<std::int64_t>(work.phases[row_phase * work.cols.taps.size() + phase].offsets.size()));
    std::int64_t first = 0;
    do {
        const std::int64_t count = std::min(work.part_taps, taps - first);
        walk_part(run, block, row_phase, {{first, count}, first + count == taps});
        first += count;
    } while (first < taps);
}

template void walk_channels(const BandRun<float>&, const ChannelBlock&, std::size_t);
template void walk_channels(const BandRun<double>&, const ChannelBlock&, std::size_t);

}  // namespace convlens
