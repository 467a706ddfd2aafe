// The padded input of a band of rows, sorted by phase.
#include <algorithm>

#include "core/engine/layer_work.h"

namespace convlens {

namespace {

// One column phase of the padded input: lattice columns [begin, end) hold the input's own cells from `cell` on.
struct ColumnPhase {
    std::int64_t phase = 0;
    std::int64_t begin = 0, end = 0;
    std::int64_t cell = 0;
};

ColumnPhase column_phase(const LayerAxis& cols, std::size_t index) {
    ColumnPhase column{cols.phases[index], cols.inside_from[index], cols.inside_to[index], 0};
    if (column.begin < column.end) column.cell = source_at(cols, column.begin, column.phase);
    return column;
}

template <typename T>
void copy_run(const LayerWork<T>& work, const T* from, T* to, std::int64_t count) {
    const std::int64_t stride = work.cols.stride;
    if (stride == 1) {
        std::copy_n(from, count, to);
    } else if (stride == 2) {
        work.kernels.take_even(from, to, count);
    } else {
        for (std::int64_t i = 0; i < count; ++i) to[i] = from[stride * i];
    }
}

// One phase of a padded row.
template <typename T>
void fill_row(const LayerWork<T>& work, ColumnPhase column, const T* from, T* to) {
    const std::int64_t pitch = work.pitch;
    const auto edge = [&work, column, from](std::int64_t at) {
        const std::int64_t cell = source_at(work.cols, at, column.phase);
        return cell < 0 ? work.constant : from[cell];
    };
    for (std::int64_t i = 0; i < column.begin; ++i) to[i] = edge(i);
    for (std::int64_t i = column.end; i < pitch; ++i) to[i] = edge(i);
    if (column.begin < column.end) copy_run(work, from + column.cell, to + column.begin, column.end - column.begin);
}

// The same row of the next channel, asked for in time: it lies too far off for the machine to see it coming.
template <typename T>
void ask_for(const T* row, std::int64_t count) {
    constexpr auto kLine = static_cast<std::int64_t>(kCacheLine / sizeof(T));
    for (std::int64_t i = 0; i < count; i += kLine) __builtin_prefetch(row + i);
}

// One phase of one channel; `next` is the next channel's plane or null.
template <typename T>
void fill_plane(const LayerWork<T>& work, const T* in, const T* next, const Band& band, std::int64_t row_phase,
                ColumnPhase column, T* to) {
    const std::int64_t rows = band.rows + work.rows.halo;
    const std::int64_t width = work.in.w;
    for (std::int64_t i = 0; i < rows; ++i, to += work.pitch) {
        const std::int64_t row = source_at(work.rows, band.first + i, row_phase);
        if (row < 0) {
            std::fill_n(to, work.pitch, work.constant);
            continue;
        }
        if (next) ask_for(next + row * width, width);
        fill_row(work, column, in + row * width, to);
    }
}

}  // namespace

template <typename T>
void fill_band(const LayerWork<T>& work, const T* in, const Band& band, T* to) {
    const std::int64_t in_plane = work.in.h * work.in.w;
    const std::int64_t plane = (work.band_rows + work.rows.halo) * work.pitch;
    for (std::int64_t channel = 0; channel < work.group_in; ++channel, in += in_plane) {
        for (const std::int64_t row_phase : work.rows.phases) {
            const T* next = channel + 1 < work.group_in ? in + in_plane : nullptr;
            for (std::size_t i = 0; i < work.cols.phases.size(); ++i, to += plane, next = nullptr)
                fill_plane(work, in, next, band, row_phase, column_phase(work.cols, i), to);
        }
    }
}

template void fill_band(const LayerWork<float>&, const float*, const Band&, float*);
template void fill_band(const LayerWork<double>&, const double*, const Band&, double*);

}  // namespace convlens
