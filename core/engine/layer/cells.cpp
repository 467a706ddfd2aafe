// Tiles whose lanes are neighbouring cells. They write on a strip: the band's rows end to end, each with some cells
// behind it that nobody sees. See band.h.
//
// Example: a band of two rows of 3 cells, A B C and D E F, a kernel of 3 columns, so rows of 5 padded elements; four
// lanes. x is a cell that nobody sees. A tile may have several of the vectors in brackets.
//
//   flat           [A B C x] [x D E F]    pitch 5, the rows end to end; the strip ends with the last cell
//   along_rows     [A B C x] [D E F x]    pitch 4, each row a whole number of vectors
//   across_rows    [A B C x] [D E F x]    the same, but a tile goes down the rows: a vector's input is a row further on
//
// put_tile() copies A B C and D E F to the output and leaves out each x.
#include <algorithm>
#include <bit>

#include "core/engine/layer/band.h"

namespace convlens {

namespace {

// Tiles that lie one after the other.
struct TileRun {
    std::int64_t in = 0;     // where its first vector reads, from the band's begin on
    std::int64_t strip = 0;  // where it writes
    std::int64_t vectors = 0;
    std::int64_t step = 0;   // elements from one vector's input to the next one's
    std::int64_t row = -1;   // of the lattice, where they are all of one row
    std::int64_t ahead = 0;  // as in TileJob
};

// From one row of the strip to the next.
template <typename T>
std::int64_t strip_pitch(const LayerWork<T>& work) {
    if (work.traversal == Traversal::flat) return work.pitch;
    const std::int64_t lanes = work.kernels.lanes;
    return (work.cols.lattice + lanes - 1) / lanes * lanes;
}

// Cells of a flat strip from the band's first to its last.
template <typename T>
std::int64_t band_end(const BandRun<T>& run) {
    return (run.band.rows - 1) * run.work.pitch + run.work.cols.lattice;
}

// Puts a tile of `cells` cells, from `strip` on, where they belong.
template <typename T>
void put_tile(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::int64_t strip,
              std::int64_t cells) {
    const LayerWork<T>& work = run.work;
    const std::int64_t pitch = strip_pitch(work);
    const std::int64_t cols = work.cols.lattice;
    const T* sums = run.scratch.sums.data();
    if (pitch == cols && work.rows.spread == 1 && work.cols.spread == 1) {  // the output's rows lie end to end, too
        const std::int64_t count = std::min(cells, run.band.rows * cols - strip);
        return put_segment(run, block, row_phase, {sums, cells, run.band.first, strip, count});
    }
    std::int64_t row = strip / pitch;
    std::int64_t col = strip % pitch;
    for (std::int64_t at = 0; at < cells && row < run.band.rows; ++row) {
        const std::int64_t count = std::min(cells - at, cols - col);
        if (count > 0) put_segment(run, block, row_phase, {sums + at, cells, run.band.first + row, col, count});
        at += pitch - col;
        col = 0;
    }
}

// Where a tile of `cells` cells may be summed up at once, because it is a part of an output row: else null.
template <typename T>
T* place_in_output(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::int64_t strip,
                   std::int64_t cells) {
    const LayerWork<T>& work = run.work;
    const std::int64_t cols = work.cols.lattice;
    const bool whole = work.cols.spread == 1 && block.channels == block.width;
    if (!whole) return nullptr;
    const std::int64_t pitch = strip_pitch(work);
    const std::int64_t plane = run.out_plane();
    if (pitch == cols && work.rows.spread == 1) {  // the output's rows lie end to end, too
        if (strip + cells > run.band.rows * cols) return nullptr;
        return run.out + block.first * plane + run.band.first * cols + strip;
    }
    const std::int64_t row = strip / pitch;
    const std::int64_t col = strip % pitch;
    const std::int64_t y = (run.band.first + row) * work.rows.spread + static_cast<std::int64_t>(row_phase);
    if (col + cells > cols || y >= work.out.h) return nullptr;
    return run.out + block.first * plane + y * work.out.w + col;
}

// The taps that matter to a tile.
template <typename T>
TapRange taps_of_tile(const LayerWork<T>& work, const OutputPhase<T>& output, std::size_t row_phase,
                      const TileRun& place) {
    if (place.row < 0) return {0, static_cast<std::int64_t>(output.offsets.size())};
    const KernelRows rows = kernel_rows(work, row_phase, place.row);
    return {rows.first * output.row_taps, rows.count * output.row_taps};
}

// The sums of a tile, for each column phase of the output; with one phase, they may go straight to `out`.
template <typename T>
void sum_phases(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, std::int64_t vectors,
                const TileRun& place, T* out) {
    const LayerWork<T>& work = run.work;
    const auto log = static_cast<std::size_t>(std::countr_zero(static_cast<std::uint64_t>(block.width)));
    const auto sum_tile = work.kernels.sum_tile[log][static_cast<std::size_t>(vectors)];
    const std::size_t phases = work.cols.taps.size();
    const std::int64_t slot = run.group * work.slots + block.slot;
    const std::int64_t pitch = out ? run.out_plane() : vectors * work.kernels.lanes;
    T* sums = out ? out : run.scratch.sums.data();
    for (std::size_t phase = 0; phase < phases; ++phase, sums += block.width * pitch) {
        const OutputPhase<T>& output = work.phases[row_phase * phases + phase];
        const auto all = static_cast<std::int64_t>(output.offsets.size());
        const TapRange taps = taps_of_tile(work, output, row_phase, place);
        sum_tile({run.in + place.in, output.offsets.data() + taps.first,
                  output.weights.data() + slot * all + taps.first * block.width, work.bias.data() + slot, taps.count,
                  place.step, sums, pitch, place.ahead});
    }
}

// The vectors of the next tile when `left` are left: as many as there is a kernel for.
template <typename T>
std::int64_t next_vectors(const BandRun<T>& run, const ChannelBlock& block, std::int64_t left) {
    const auto log = static_cast<std::size_t>(std::countr_zero(static_cast<std::uint64_t>(block.width)));
    std::int64_t vectors = std::min(kMaxVectors, left);
    if (run.work.in_place) vectors = std::min(vectors, band_end(run) / run.work.kernels.lanes);
    while (!run.work.kernels.sum_tile[log][static_cast<std::size_t>(vectors)]) --vectors;
    return vectors;
}

template <typename T>
void run_tiles(const BandRun<T>& run, std::span<const ChannelBlock> blocks, std::size_t row_phase,
               const TileRun& tiles) {
    const LayerWork<T>& work = run.work;
    const std::int64_t lanes = work.kernels.lanes;
    for (std::int64_t done = 0; done < tiles.vectors;) {
        const std::int64_t vectors = next_vectors(run, blocks.front(), tiles.vectors - done);
        TileRun place = tiles;
        place.strip += done * lanes;
        place.in += done * tiles.step;
        if (work.in_place) {  // nothing behind the band may be read: the last vectors overlap those before
            const std::int64_t over = std::max<std::int64_t>(place.strip + vectors * lanes - band_end(run), 0);
            place.strip -= over;
            place.in -= over;
        }
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const ChannelBlock& block = blocks[i];
            // What the next tile reads comes from far away: each of the first blocks prefetches one of its
            // vectors.
            const bool prefetches = work.blocks_in_tiles && static_cast<std::int64_t>(i) < vectors;
            place.ahead = prefetches ? (vectors + static_cast<std::int64_t>(i)) * tiles.step : 0;
            T* out = place_in_output(run, block, row_phase, place.strip, vectors * lanes);
            sum_phases(run, block, row_phase, vectors, place, out);
            if (!out) put_tile(run, block, row_phase, place.strip, vectors * lanes);
        }
        done += vectors;
    }
}

}  // namespace

template <typename T>
void run_cells(const BandRun<T>& run, std::span<const ChannelBlock> blocks, std::size_t row_phase) {
    const LayerWork<T>& work = run.work;
    const std::int64_t lanes = work.kernels.lanes;
    if (work.traversal == Traversal::flat)
        return run_tiles(run, blocks, row_phase, {0, 0, (band_end(run) + lanes - 1) / lanes, lanes});
    if (work.traversal == Traversal::across_rows)
        return run_tiles(run, blocks, row_phase, {0, 0, run.band.rows, work.pitch});
    const std::int64_t pitch = strip_pitch(work);
    for (std::int64_t row = 0; row < run.band.rows; ++row)
        run_tiles(run, blocks, row_phase, {row * work.pitch, row * pitch, pitch / lanes, lanes, run.band.first + row});
}

template void run_cells(const BandRun<float>&, std::span<const ChannelBlock>, std::size_t);
template void run_cells(const BandRun<double>&, std::span<const ChannelBlock>, std::size_t);

}  // namespace convlens
