// Running a plan: bands of rows, in them blocks of channels, in them tiles. See layer_plan.h.
#include <algorithm>
#include <cassert>

#include "core/engine/layer_band.h"
#include "core/engine/layer_plan.h"
#include "core/parallel.h"

namespace convlens {

namespace {

template <typename T>
auto walk_of(Walk walk) {
    if (walk == Walk::plane) return &walk_plane<T>;
    return walk == Walk::channels ? &walk_channels<T> : &walk_cells<T>;
}

Band band_at(std::int64_t rows, std::int64_t bands, std::int64_t band) {
    const std::int64_t first = band * rows / bands;
    return {first, (band + 1) * rows / bands - first};
}

template <typename T>
void run_item(LayerWork<T>& work, const T* in, T* out, std::int64_t item, int worker) {
    LayerScratch<T>& scratch = work.scratch[static_cast<std::size_t>(worker)];
    const std::int64_t chunk = item % work.block_chunks;
    const std::int64_t place = item / work.block_chunks;
    const std::int64_t group = place / work.bands % work.groups;
    const std::int64_t image = place / work.bands / work.groups;
    const Band band = band_at(work.rows.lattice, work.bands, place % work.bands);
    const T* planes = in + (image * work.in.c + group * work.group_in) * work.in.h * work.in.w;
    if (!work.in_place && scratch.filled != place) fill_band(work, planes, band, scratch.band.data());
    scratch.filled = place;
    const BandRun<T> run{work,
                         scratch,
                         work.in_place ? planes + band.first * work.pitch : scratch.band.data(),
                         out + (image * work.out.c + group * work.group_out) * work.out.h * work.out.w,
                         group,
                         band};
    const auto blocks = static_cast<std::int64_t>(work.blocks.size());
    const std::int64_t end = (chunk + 1) * blocks / work.block_chunks;
    const auto walk = walk_of<T>(work.walk);
    for (std::int64_t block = chunk * blocks / work.block_chunks; block < end; ++block)
        for (std::size_t row_phase = 0; row_phase < work.rows.taps.size(); ++row_phase)
            walk(run, work.blocks[static_cast<std::size_t>(block)], row_phase);
}

}  // namespace

template <typename T>
void run(LayerPlan<T>& plan, View<T> in, std::span<T> out) {
    LayerWork<T>& work = plan.work();
    assert(in.shape == work.in);
    assert(static_cast<std::int64_t>(out.size()) == work.out.n * work.out.c * work.out.h * work.out.w);
    if (work.stamped) return run_stamps(work, in.data, out.data());
    for (LayerScratch<T>& scratch : work.scratch) scratch.filled = -1;
    const std::int64_t items = work.in.n * work.groups * work.bands * work.block_chunks;
    const std::int64_t at_once = std::max<std::int64_t>(items / (work.threads * 16), 1);
    for_bands(items, at_once, work.threads, [&](std::int64_t first, std::int64_t last, int worker) {
        for (std::int64_t item = first; item < last; ++item) run_item(work, in.data, out.data(), item, worker);
    });
}

template void run(LayerPlan<float>&, View<float>, std::span<float>);
template void run(LayerPlan<double>&, View<double>, std::span<double>);

}  // namespace convlens
