// What the walks over a band of a layer share. See layer_work.h.
#pragma once

#include "core/engine/layer_work.h"

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

// The taps that matter to lattice row `row`: where rows of padding change nothing, those that lie on the input.
template <typename T>
TapRange taps_of_row(const LayerWork<T>& work, std::size_t row_phase, std::size_t col_phase, std::int64_t row) {
    const OutputPhase<T>& phase = work.phases[row_phase * work.cols.taps.size() + col_phase];
    const std::vector<AxisTap>& taps = work.rows.taps[row_phase];
    const auto padding = [&](std::int64_t tap) {
        const AxisTap& at = taps[static_cast<std::size_t>(tap)];
        return source_at(work.rows, row + at.shift, work.rows.phases[static_cast<std::size_t>(at.phase)]) < 0;
    };
    std::int64_t first = 0;
    auto end = static_cast<std::int64_t>(taps.size());
    while (work.skips_rows && first < end && padding(first)) ++first;
    while (work.skips_rows && end > first && padding(end - 1)) --end;
    return {first * phase.row_taps, (end - first) * phase.row_taps};
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

// One block of channels of a band, for one row phase of the output: lanes are cells; lanes are channels; all rows of a
// single channel at once.
template <typename T>
void walk_cells(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase);
template <typename T>
void walk_channels(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase);
template <typename T>
void walk_plane(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase);

}  // namespace convlens
