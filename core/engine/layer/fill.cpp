// The padded input of a band of rows, sorted by phase.
//
// Example: rows of 5 cells, stride 2, padding 1, a kernel of 3 columns (the example of axis.h). p is work.constant.
//
//   input row              a b c d e
//   plane of phase 0       p b d p       fill_edges writes the p, fill_inside or deinterleave_inside the rest
//   plane of phase 1       a c e p
//
// deinterleave_inside splits the pairs (a, b) and (c, d), the first of each into phase 1, the second into phase 0. One
// cell of phase 1 is left, e: fill_inside copies it.
#include <algorithm>

#include "core/engine/layer/work.h"

namespace convlens {

namespace {

// Rows of the input, `step` from each other, that make rows of one phase of the band's rows.
template <typename T>
struct FilledRows {
    const T* from = nullptr;
    std::int64_t step = 0;
    T* to = nullptr;  // in the plane of the first column phase
    std::int64_t rows = 0;
    std::int64_t ahead = 0;  // as in RowsJob
};

// The cells of a column phase that do not follow the input's own.
template <typename T>
void fill_edges(const LayerWork<T>& work, const FilledRows<T>& part, const ColumnPhase& column) {
    const auto fill = [&](std::int64_t at) {
        const std::int64_t cell = source_at(work.cols, at, column.phase);
        for (std::int64_t row = 0; row < part.rows; ++row)
            part.to[column.plane + row * work.pitch + at] =
                cell < 0 ? work.constant : part.from[row * part.step + cell];
    };
    for (std::int64_t at = 0; at < column.begin; ++at) fill(at);
    for (std::int64_t at = column.end; at < work.cols.lattice + work.cols.halo; ++at) fill(at);
}

// The others, but for the first `done` of them.
template <typename T>
void fill_inside(const LayerWork<T>& work, const FilledRows<T>& part, const ColumnPhase& column, std::int64_t done) {
    const std::int64_t stride = work.cols.stride;
    RowsJob<T> job{part.from + column.cell + done * stride,
                   part.step,
                   part.to + column.plane + column.begin + done,
                   work.pitch,
                   part.rows,
                   column.end - column.begin - done};
    job.ahead = part.ahead;
    if (job.count <= 0) return;
    if (stride == 1) return work.kernels.copy_rows(job);
    if (stride == 2) return work.kernels.take_even(job);
    for (; job.rows > 0; --job.rows, job.from += part.step, job.to += work.pitch)
        for (std::int64_t i = 0; i < job.count; ++i) job.to[i] = job.from[stride * i];
}

// Fills both column phases at once where their cells alternate in the input. Returns how many cells of each phase are
// done.
template <typename T>
std::int64_t deinterleave_inside(const LayerWork<T>& work, const FilledRows<T>& part) {
    if (work.cols.stride != 2 || work.columns.size() != 2) return 0;
    const bool swapped = work.columns[1].cell < work.columns[0].cell;
    const ColumnPhase& first = work.columns[swapped ? 1 : 0];
    const ColumnPhase& second = work.columns[swapped ? 0 : 1];
    const std::int64_t pairs = std::min(first.end - first.begin, second.end - second.begin);
    if (pairs <= 0 || second.cell != first.cell + 1) return 0;
    const std::int64_t to = first.plane + first.begin;
    RowsJob<T> job{part.from + first.cell, part.step, part.to + to, work.pitch, part.rows, pairs};
    job.next = second.plane + second.begin - to;
    job.ahead = part.ahead;
    work.kernels.deinterleave_rows(job);
    return pairs;
}

// All column phases.
template <typename T>
void fill_rows(const LayerWork<T>& work, FilledRows<T> part) {
    const std::int64_t pairs_done = deinterleave_inside(work, part);
    if (pairs_done > 0) part.ahead = 0;
    for (const ColumnPhase& column : work.columns) {
        fill_edges(work, part, column);
        fill_inside(work, part, column, pairs_done);
        part.ahead = 0;
    }
}

// One row phase of one channel. `ahead` is as in RowsJob.
template <typename T>
void fill_row_phase(const LayerWork<T>& work, const T* in, std::int64_t ahead, const Band& band, std::size_t row_phase,
                    T* to) {
    const std::int64_t end = band.first + band.rows + work.rows.halo;
    const std::int64_t inside_from = work.rows.inside_from[row_phase];
    const std::int64_t inside_to = work.rows.inside_to[row_phase];
    for (std::int64_t at = band.first, rows = 1; at < end; at += rows, to += rows * work.pitch) {
        const bool inside = at >= inside_from && at < inside_to;
        rows = inside ? std::min(end, inside_to) - at : 1;
        const std::int64_t row = source_at(work.rows, at, work.rows.phases[row_phase]);
        if (row >= 0) {
            fill_rows(work, {in + row * work.in.w, work.rows.stride * work.in.w, to, rows, ahead});
        } else {
            for (const ColumnPhase& column : work.columns) std::fill_n(to + column.plane, work.pitch, work.constant);
        }
    }
}

}  // namespace

template <typename T>
void fill_band(const LayerWork<T>& work, const T* in, const Band& band, T* to) {
    const std::int64_t in_plane = work.in.h * work.in.w;
    const std::int64_t row_phase_elements = static_cast<std::int64_t>(work.cols.phases.size()) * plane_elements(work);
    for (std::int64_t channel = 0; channel < work.group_in; ++channel, in += in_plane) {
        const std::int64_t ahead = channel + 1 < work.group_in ? in_plane : 0;
        for (std::size_t row_phase = 0; row_phase < work.rows.phases.size(); ++row_phase, to += row_phase_elements)
            fill_row_phase(work, in, ahead, band, row_phase, to);
    }
}

template void fill_band(const LayerWork<float>&, const float*, const Band&, float*);
template void fill_band(const LayerWork<double>&, const double*, const Band&, double*);

}  // namespace convlens
