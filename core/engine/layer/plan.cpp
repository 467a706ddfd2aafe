// Planning: geometry first, then the packed weights. See plan.h; run.cpp runs what is made here.
#include "core/engine/layer/plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "core/base/parallel.h"
#include "core/conv/pad.h"
#include "core/conv/shape.h"
#include "core/engine/layer/work.h"
#include "core/engine/reference.h"

namespace convlens {

namespace {

// Phases of a transposed layer's output along one axis that get a convolution each.
constexpr std::size_t kMaxPhases = 16;

// The kernel's cells that a phase of the output meets, in the order of its taps: groups of `at_once` cells, each for all
// channels of a part, and in these channel by channel.
struct TapOrder {
    struct Cell {
        AxisTap row, col;
    };
    std::vector<Cell> cells;
    std::size_t at_once = 1;
};

TapOrder tap_order(Traversal traversal, const std::vector<AxisTap>& rows, const std::vector<AxisTap>& cols) {
    TapOrder order;
    order.cells.reserve(rows.size() * cols.size());
    if (traversal == Traversal::channels) {
        for (const AxisTap& col : cols)
            for (const AxisTap& row : rows) order.cells.push_back({row, col});
    } else {
        for (const AxisTap& row : rows)
            for (const AxisTap& col : cols) order.cells.push_back({row, col});
        order.at_once = cols.size();
    }
    return order;
}

// Where the tap of each channel and cell lies from a tile's place on.
template <typename T>
void set_offsets(const LayerWork<T>& work, const TapOrder& order, std::vector<std::uint32_t>& offsets) {
    const auto col_phases = static_cast<std::int64_t>(work.cols.phases.size());
    const auto planes = static_cast<std::int64_t>(work.rows.phases.size()) * col_phases;
    const std::int64_t plane = work.in_place ? work.in.h * work.in.w : plane_elements(work);
    offsets.reserve(static_cast<std::size_t>(work.group_in) * order.cells.size());
    const auto add = [&](std::int64_t channel, const TapOrder::Cell& cell) {
        const std::int64_t at = (channel * planes + cell.row.phase * col_phases + cell.col.phase) * plane +
                                plane_begin(work, static_cast<std::size_t>(cell.col.phase));
        offsets.push_back(static_cast<std::uint32_t>(at + cell.row.shift * work.pitch + cell.col.shift));
    };
    for (std::int64_t part = 0; part < work.group_in; part += work.part_channels) {
        const std::int64_t end = std::min(part + work.part_channels, work.group_in);
        for (std::size_t first = 0; first < order.cells.size(); first += order.at_once)
            for (std::int64_t channel = part; channel < end; ++channel)
                for (const TapOrder::Cell& cell : std::span(order.cells).subspan(first, order.at_once))
                    add(channel, cell);
    }
}

// Where the weights of an output channel stand, and those of an input channel, from one to the next.
struct WeightSteps {
    std::int64_t out = 0, in = 0;
};

// Some input channels' weights in some cells of the kernel, at `from` those of the block's first output channel.
template <typename T>
void pack_cells(const T* from, const WeightSteps& steps, std::int64_t inputs, const ChannelBlock& block,
                std::span<const std::int64_t> cells, T* to) {
    const std::int64_t width = block.width;
    for (std::int64_t c = 0; c < block.channels; ++c) {
        T* at = to + c;
        const T* input = from + c * steps.out;
        for (std::int64_t j = 0; j < inputs; ++j, input += steps.in) {
            for (const std::int64_t cell : cells) {
                *at = input[cell];
                at += width;
            }
        }
    }
}

// Where the weight of each of the cells stands in the kernel.
std::vector<std::int64_t> stored_cells(const ConvSpec& spec, const TapOrder& order) {
    std::vector<std::int64_t> cells;
    cells.reserve(order.cells.size());
    for (const auto& [row, col] : order.cells) {
        const Size2 cell = stored_cell(spec, {row.k, col.k});
        cells.push_back(cell.h * spec.kernel.w + cell.w);
    }
    return cells;
}

// The weights of one block of channels, [tap][channel in block]. Those of channels that are not there stay 0. `cells` are
// the kernel's in the order of the taps, in groups of `at_once`.
template <typename T>
void pack_block(const LayerWork<T>& work, View<T> weight, std::int64_t group, const ChannelBlock& block,
                std::span<const std::int64_t> cells, std::size_t at_once, T* to) {
    constexpr std::int64_t kAtOnce = 16;  // input channels whose packed weights stay in the first level of the cache
    const bool conv = work.spec.op == Op::conv;
    const std::int64_t plane = work.spec.kernel.h * work.spec.kernel.w;
    const WeightSteps steps{(conv ? work.group_in : 1) * plane, (conv ? 1 : work.group_out) * plane};
    const std::int64_t first = (conv ? group * work.group_out : 0) + block.first;
    const T* from = weight.data + first * steps.out + (conv ? 0 : group * work.group_in * steps.in);
    const auto group_cells = static_cast<std::int64_t>(at_once);
    for (std::int64_t part = 0; part < work.group_in; part += work.part_channels) {
        const std::int64_t channels = std::min(work.part_channels, work.group_in - part);
        for (std::int64_t j = 0; j < channels; j += kAtOnce) {
            const std::int64_t inputs = std::min(kAtOnce, channels - j);
            T* at = to + j * group_cells * block.width;
            for (std::size_t cell = 0; cell < cells.size(); cell += at_once) {
                pack_cells<T>(from + (part + j) * steps.in, steps, inputs, block, cells.subspan(cell, at_once), at);
                at += channels * group_cells * block.width;
            }
        }
        to += channels * static_cast<std::int64_t>(cells.size()) * block.width;
    }
}

template <typename T>
void add_output_phase(LayerWork<T>& work, View<T> weight, const std::vector<AxisTap>& rows,
                      const std::vector<AxisTap>& cols) {
    OutputPhase<T>& phase = work.phases.emplace_back();
    const TapOrder order = tap_order(work.traversal, rows, cols);
    set_offsets(work, order, phase.offsets);
    phase.row_taps = work.group_in * static_cast<std::int64_t>(cols.size());
    const auto taps = static_cast<std::int64_t>(phase.offsets.size());
    phase.weights.resize(static_cast<std::size_t>(taps * work.groups * work.slots));
    const std::vector<std::int64_t> cells = stored_cells(work.spec, order);
    const auto blocks = static_cast<std::int64_t>(work.blocks.size());
    for_bands(work.groups * blocks, 1, work.threads, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
            const ChannelBlock& block = work.blocks[static_cast<std::size_t>(i % blocks)];
            pack_block<T>(work, weight, i / blocks, block, cells, order.at_once,
                          phase.weights.data() + (i / blocks * work.slots + block.slot) * taps);
        }
    });
}

template <typename T>
void pack_bias(LayerWork<T>& work, View<T> bias) {
    work.bias.resize(static_cast<std::size_t>(work.groups * work.slots));
    for (std::int64_t group = 0; bias.data && group < work.groups; ++group) {
        for (const ChannelBlock& block : work.blocks)
            std::copy_n(bias.data + group * work.group_out + block.first, block.channels,
                        work.bias.data() + group * work.slots + block.slot);
    }
}

// Traversal::channels: sums of a piece, in all column phases, of a block of channels.
template <typename T>
std::int64_t sums_of_a_piece(const LayerWork<T>& work) {
    std::int64_t most = 0;
    for (const RowPiece& piece : work.row_pieces) most = std::max(most, piece.place.cells);
    return static_cast<std::int64_t>(work.cols.taps.size()) * most * 2 * work.kernels.lanes;
}

// Elements of LayerScratch::sums.
template <typename T>
std::int64_t sums_of_a_worker(const LayerWork<T>& work) {
    const auto phases = static_cast<std::int64_t>(work.cols.taps.size());
    if (work.traversal == Traversal::plane) return phases * work.band_rows * work.cols.lattice;
    if (work.traversal != Traversal::channels) return phases * kMaxTileVectors * work.kernels.lanes;
    if (work.part_channels == work.group_in) return sums_of_a_piece(work);
    std::int64_t cells = 0;
    for (const RowPiece& piece : work.row_pieces) cells += piece.place.cells;
    return 2 * work.kernels.lanes * phases * work.band_rows * cells;
}

template <typename T>
void take_scratch(LayerWork<T>& work) {
    const bool interleaved = work.cols.spread > 1;
    const std::int64_t sums = sums_of_a_worker(work);
    // A tile may read on behind the band for cells that nobody sees.
    const std::int64_t behind = std::max(kMaxVectors * work.kernels.lanes, kMostCells);
    const std::int64_t band = band_elements(work) + behind;
    work.scratch.resize(static_cast<std::size_t>(work.threads));
    for (LayerScratch<T>& scratch : work.scratch) {
        if (!work.in_place) scratch.band.resize(static_cast<std::size_t>(band));
        if (work.traversal != Traversal::plane || interleaved) scratch.sums.resize(static_cast<std::size_t>(sums));
        if (work.traversal == Traversal::channels && interleaved)
            scratch.transposed.resize(static_cast<std::size_t>(sums_of_a_piece(work)));
    }
}

// Whether all weights are finite: such a weight times a zero of the padding is 0, never NaN.
template <typename T>
bool all_finite(View<T> weight) {
    std::int64_t infinite = 0;  // counted, not searched for: a loop that the compiler vectorises
    for (const T value : weight.span()) infinite += std::abs(value) <= std::numeric_limits<T>::max() ? 0 : 1;
    return infinite == 0;
}

bool too_many_phases(const ConvSpec& spec, const Shape4& out) {
    return std::min(spec.stride.h, out.h) > static_cast<std::int64_t>(kMaxPhases) ||
           std::min(spec.stride.w, out.w) > static_cast<std::int64_t>(kMaxPhases);
}

}  // namespace

template <typename T>
LayerPlan<T> plan_layer(const ConvSpec& spec, const Shape4& input, View<T> weight, View<T> bias, int threads) {
    assert(weight.shape == weight_shape(spec, input.c));
    auto work = std::make_unique<LayerWork<T>>();
    work->spec = spec;
    work->in = input;
    work->out = output_shape(spec, input);
    work->pads = resolve_pads(spec, input.plane());
    work->kernels = layer_kernels<T>();
    const bool finite = all_finite(weight);
    if (spec.op == Op::conv_transpose && (too_many_phases(spec, work->out) || !finite)) {
        work->stamped = true;
        work->weight.assign(weight.span().begin(), weight.span().end());
        if (bias.data) work->bare_bias.assign(bias.data, bias.data + spec.out_channels);
        work->threads = useful_threads(*work, thread_count(threads));
        return LayerPlan<T>(std::move(work));
    }
    choose_geometry(*work, finite, thread_count(threads));
    for (const std::vector<AxisTap>& rows : work->rows.taps)
        for (const std::vector<AxisTap>& cols : work->cols.taps) add_output_phase(*work, weight, rows, cols);
    pack_bias(*work, bias);
    take_scratch(*work);
    return LayerPlan<T>(std::move(work));
}

template <typename T>
LayerPlan<T>::LayerPlan(std::unique_ptr<LayerWork<T>> work) : work_(std::move(work)) {}
template <typename T>
LayerPlan<T>::LayerPlan(LayerPlan&&) noexcept = default;
template <typename T>
LayerPlan<T>& LayerPlan<T>::operator=(LayerPlan&&) noexcept = default;
template <typename T>
LayerPlan<T>::~LayerPlan() = default;
template <typename T>
const Shape4& LayerPlan<T>::input_shape() const {
    return work_->in;
}
template <typename T>
const Shape4& LayerPlan<T>::output_shape() const {
    return work_->out;
}

template class LayerPlan<float>;
template class LayerPlan<double>;
template LayerPlan<float> plan_layer(const ConvSpec&, const Shape4&, View<float>, View<float>, int);
template LayerPlan<double> plan_layer(const ConvSpec&, const Shape4&, View<double>, View<double>, int);

}  // namespace convlens
