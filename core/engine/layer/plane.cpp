// Output channels that few others share their input with: row by row down a whole band. See band.h.
#include <algorithm>

#include "core/engine/layer/band.h"

namespace convlens {

namespace {

// Kernel rows that are `apart` rows of a band from each other are summed for every row of that many, each time those
// output rows that share input rows.
template <typename T>
void sum_rows(const LayerWork<T>& work, std::size_t row_phase, const PlaneJob<T>& job) {
    const std::vector<AxisTap>& rows = work.rows.taps[row_phase];
    const TapSteps steps = *tap_steps(rows);
    const auto sum_plane = work.kernels.sum_plane[static_cast<std::size_t>(steps.stride - 1)][rows.size() - 1];
    for (std::int64_t first = 0; first < std::min(steps.apart, job.rows); ++first) {
        PlaneJob<T> some = job;
        some.in += first * job.in_pitch;
        some.in_pitch *= steps.apart;
        some.out += first * job.out_pitch;
        some.out_pitch *= steps.apart;
        some.rows = (job.rows - first + steps.apart - 1) / steps.apart;
        sum_plane(some);
    }
}

// What all column phases of the output have in common.
template <typename T>
PlaneJob<T> job_of(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase) {
    const LayerWork<T>& work = run.work;
    const std::int64_t spread = work.rows.spread;
    const std::int64_t y = run.band.first * spread + static_cast<std::int64_t>(row_phase);
    PlaneJob<T> job;
    job.in = run.in;
    job.in_pitch = work.pitch;
    job.bias = work.bias[static_cast<std::size_t>(run.group * work.slots + block.slot)];
    job.out = run.out + block.first * run.out_plane() + y * work.out.w;
    job.out_pitch = spread * work.out.w;
    // The last lattice row may lie beyond the output for the later phases.
    job.rows = std::min(run.band.rows, (work.out.h - y + spread - 1) / spread);
    job.cols = work.cols.lattice;
    return job;
}

}  // namespace

template <typename T>
void run_plane(const BandRun<T>& run, const ChannelBlock& block, std::size_t row_phase) {
    const LayerWork<T>& work = run.work;
    const std::size_t phases = work.cols.taps.size();
    const bool interleaved = work.cols.spread > 1;
    const PlaneJob<T> whole = job_of(run, block, row_phase);
    const std::int64_t plane = work.band_rows * whole.cols;
    for (std::size_t phase = 0; phase < phases; ++phase) {
        const OutputPhase<T>& output = work.phases[row_phase * phases + phase];
        const auto taps = static_cast<std::int64_t>(output.offsets.size());
        PlaneJob<T> job = whole;
        job.offsets = output.offsets.data();
        job.weights = output.weights.data() + (run.group * work.slots + block.slot) * taps;
        job.row_taps = output.row_taps;
        if (interleaved) {
            job.out = run.scratch.sums.data() + static_cast<std::int64_t>(phase) * plane;
            job.out_pitch = job.cols;
        }
        sum_rows(work, row_phase, job);
    }
    const T* sums = run.scratch.sums.data();
    if (interleaved) put_phases(work, {sums, whole.cols, whole.out, whole.out_pitch, whole.rows, whole.cols, plane}, 0);
}

template void run_plane(const BandRun<float>&, const ChannelBlock&, std::size_t);
template void run_plane(const BandRun<double>&, const ChannelBlock&, std::size_t);

}  // namespace convlens
