// From the sums of a tile to the output. See band.h.
#include <algorithm>

#include "core/engine/layer/band.h"

namespace convlens {

namespace {

// Cells from `first` on, one at a time: every phase has a cell of its own between the neighbours' ones.
template <typename T>
void put_apart(const LayerWork<T>& work, const RowsJob<T>& job, std::int64_t x, std::int64_t first) {
    const std::int64_t spread = work.cols.spread;
    const auto phases = static_cast<std::int64_t>(work.cols.taps.size());
    for (std::int64_t c = 0; c < job.rows; ++c) {
        for (std::int64_t phase = 0; phase < phases; ++phase) {
            const T* from = job.from + phase * job.next + c * job.from_pitch;
            T* to = job.to + c * job.to_pitch + phase;
            // The last lattice column may lie beyond the output for the later phases.
            const std::int64_t end = std::min(job.count, (work.out.w - x - phase + spread - 1) / spread);
            for (std::int64_t i = first; i < end; ++i) to[i * spread] = from[i];
        }
    }
}

}  // namespace

template <typename T>
void put_phases(const LayerWork<T>& work, RowsJob<T> job, std::int64_t x) {
    if (work.cols.spread == 1) return work.kernels.copy_rows(job);
    if (work.cols.spread != 2) return put_apart(work, job, x, 0);
    const std::int64_t pairs = std::min(job.count, (work.out.w - x) / 2);
    if (pairs < job.count) put_apart(work, job, x, pairs);
    job.count = pairs;
    if (pairs > 0) work.kernels.interleave_rows(job);
}

template <typename T>
void put_segment(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase, const Segment<T>& segment) {
    const LayerWork<T>& work = run.work;
    const std::int64_t y = segment.row * work.rows.spread + static_cast<std::int64_t>(row_phase);
    if (y >= work.out.h) return;
    const std::int64_t plane = run.out_plane();
    const std::int64_t x = segment.col * work.cols.spread;
    T* to = run.out + block.first * plane + y * work.out.w + x;
    put_phases(work,
               {segment.sums, segment.pitch, to, plane, block.channels, segment.count, block.width * segment.pitch}, x);
}

template void put_phases(const LayerWork<float>&, RowsJob<float>, std::int64_t);
template void put_phases(const LayerWork<double>&, RowsJob<double>, std::int64_t);
template void put_segment(const BandRun<float>&, const ChannelBlock&, std::size_t, const Segment<float>&);
template void put_segment(const BandRun<double>&, const ChannelBlock&, std::size_t, const Segment<double>&);

}  // namespace convlens
