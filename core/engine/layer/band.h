// What the traversals of a band of a layer share (run_cells, run_channels, run_plane). See work.h.
#pragma once

#include <span>

#include "core/engine/layer/work.h"

namespace convlens {

// One band of one group of one batch item, for one worker.
template <typename T>
struct BandRun {
    const LayerWork<T>& work;
    LayerScratch<T>& scratch;
    const T* in = nullptr;  // lattice place (band.first, 0) of the padded input
    T* out = nullptr;       // first channel of the group
    std::int64_t group = 0;
    Band band;
    std::int64_t out_plane() const { return work.out.h * work.out.w; }
};

// Some of an output phase's taps.
struct TapRange {
    std::int64_t first = 0;
    std::int64_t count = 0;
};

// The kernel's rows that matter to lattice row `row`: where the padding changes nothing, those that lie on the input.
struct KernelRows {
    std::int64_t first = 0;
    std::int64_t count = 0;
};
template <typename T>
KernelRows kernel_rows(const LayerWork<T>& work, std::size_t row_phase, std::int64_t row) {
    const std::vector<AxisTap>& taps = work.rows.taps[row_phase];
    const auto padding = [&](std::int64_t tap) {
        const AxisTap& at = taps[static_cast<std::size_t>(tap)];
        return source_at(work.rows, row + at.shift, work.rows.phases[static_cast<std::size_t>(at.phase)]) < 0;
    };
    std::int64_t first = 0;
    auto end = static_cast<std::int64_t>(taps.size());
    while (work.skips_padding && first < end && padding(first)) ++first;
    while (work.skips_padding && end > first && padding(end - 1)) --end;
    return {first, end - first};
}

// The sums of neighbouring cells of a row: [column phase][channel][cell].
template <typename T>
struct Segment {
    const T* sums = nullptr;
    std::int64_t pitch = 0;         // from one channel to the next
    std::int64_t row = 0, col = 0;  // of its first cell, on the lattice
    std::int64_t count = 0;
};

// Puts a block's sums where they belong in the output.
template <typename T>
void put_segment(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, const Segment<T>& segment);

// Puts rows of sums, [column phase][row][cell], where they belong in the output: job.to is where the first phase's first
// cell goes, in column `x`.
template <typename T>
void put_phases(const LayerWork<T>& work, RowsJob<T> job, std::int64_t x);

// Blocks of channels of a band, for one row phase of the output. Lanes are cells: each tile for all of the blocks, which
// have one width, before the next tile.
template <typename T>
void run_cells(const BandRun<T>& run, std::span<const ChannelBlock> blocks, std::size_t row_phase);
// One block; lanes are channels.
template <typename T>
void run_channels(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase);
// One block, which is one channel: all of its rows at once.
template <typename T>
void run_plane(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase);

}  // namespace convlens
