// Running a plan: bands of rows, in them blocks of channels, in them tiles. See plan.h.
#include <algorithm>
#include <cassert>

#include "core/base/parallel.h"
#include "core/engine/layer/band.h"
#include "core/engine/layer/plan.h"

namespace convlens {

namespace {

// Those of `blocks` that come next: as many of one width as run_cells is to take at once, else one.
template <typename T>
std::span<const ChannelBlock> next_blocks(const LayerWork<T>& work, std::span<const ChannelBlock> blocks) {
    if (!work.blocks_in_tiles) return blocks.first(1);
    const auto other =
        std::ranges::find_if(blocks, [&](const ChannelBlock& block) { return block.width != blocks.front().width; });
    return {blocks.begin(), other};
}

template <typename T>
void run_blocks(const BandRun<T>& run, std::span<const ChannelBlock> blocks) {
    const LayerWork<T>& work = run.work;
    for (std::span<const ChannelBlock> next; !blocks.empty(); blocks = blocks.subspan(next.size())) {
        next = next_blocks(work, blocks);
        for (std::size_t row_phase = 0; row_phase < work.rows.taps.size(); ++row_phase) {
            if (work.traversal == Traversal::plane) {
                run_plane(run, next.front(), row_phase);
            } else if (work.traversal == Traversal::channels) {
                run_channels(run, next.front(), row_phase);
            } else {
                run_cells(run, next, row_phase);
            }
        }
    }
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
    const std::int64_t begin = chunk * blocks / work.block_chunks;
    const std::int64_t end = (chunk + 1) * blocks / work.block_chunks;
    run_blocks<T>(
        run, std::span(work.blocks).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
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
