// The kernels of kernels.h for the elements LayerElement, compiled once for each instruction set: included by
// kernels_float.cpp and kernels_double.cpp.
#include <utility>

#include "core/engine/layer/kernels.h"
#include "core/engine/layer/plane-inl.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

// Sums of a tile whose lanes are cells. All indices are known to the compiler, so that they stay in registers.
template <std::size_t Channels, std::size_t Vectors>
struct ByCells {
    static constexpr std::size_t kSums = Channels * Vectors;
    ElementV sums[kSums];
    const LayerElement* in[Vectors];

    HWY_INLINE explicit ByCells(const TileJob<LayerElement>& job) {
        for (std::size_t v = 0; v < Vectors; ++v) in[v] = job.in + static_cast<std::int64_t>(v) * job.step;
    }
    template <std::size_t... I>
    HWY_INLINE void begin(const LayerElement* bias, std::index_sequence<I...>) {
        ((sums[I] = hn::Set(Elements(), bias[I / Vectors])), ...);
    }
    template <std::size_t Channel, std::size_t... V>
    HWY_INLINE void add_products(ElementV weight, const ElementV* read, std::index_sequence<V...>) {
        ((sums[Channel * Vectors + V] = hn::MulAdd(weight, read[V], sums[Channel * Vectors + V])), ...);
    }
    template <std::size_t... C, std::size_t... V>
    HWY_INLINE void add_to_each(std::uint32_t offset, const LayerElement* weights, std::index_sequence<C...>,
                                std::index_sequence<V...> vectors) {
        const Elements d;
        const ElementV read[Vectors] = {hn::LoadU(d, in[V] + offset)...};
        (add_products<C>(hn::Set(d, weights[C]), read, vectors), ...);
    }
    HWY_INLINE void add_tap(std::uint32_t offset, const LayerElement* weights) {
        add_to_each(offset, weights, std::make_index_sequence<Channels>(), std::make_index_sequence<Vectors>());
    }
    HWY_INLINE static std::int64_t channels() { return Channels; }
    HWY_INLINE static LayerElement* place(const TileJob<LayerElement>& job, std::size_t sum) {
        return job.sums + static_cast<std::int64_t>(sum / Vectors) * job.sums_pitch +
               sum % Vectors * hn::Lanes(Elements());
    }
};

// Sums of a tile whose lanes are channels, two vectors of them.
template <std::size_t Cells>
struct ByChannels {
    static constexpr std::size_t kSums = 2 * Cells;
    ElementV sums[kSums];
    const LayerElement* in;

    HWY_INLINE explicit ByChannels(const TileJob<LayerElement>& job) : in(job.in) {}
    template <std::size_t... I>
    HWY_INLINE void begin(const LayerElement* bias, std::index_sequence<I...>) {
        ((sums[I] = hn::LoadU(Elements(), bias + I % 2 * hn::Lanes(Elements()))), ...);
    }
    HWY_INLINE void add_product(ElementV& first, ElementV& second, ElementV element, ElementV weight, ElementV next) {
        first = hn::MulAdd(element, weight, first);
        second = hn::MulAdd(element, next, second);
    }
    template <std::size_t... C>
    HWY_INLINE void add_to_each(const LayerElement* from, const LayerElement* weights, std::index_sequence<C...>) {
        const Elements d;
        const ElementV weight = hn::LoadU(d, weights);
        const ElementV next = hn::LoadU(d, weights + hn::Lanes(d));
        (add_product(sums[2 * C], sums[2 * C + 1], hn::Set(d, from[C]), weight, next), ...);
    }
    HWY_INLINE void add_tap(std::uint32_t offset, const LayerElement* weights) {
        add_to_each(in + offset, weights, std::make_index_sequence<Cells>());
    }
    HWY_INLINE static std::int64_t channels() { return 2 * static_cast<std::int64_t>(hn::Lanes(Elements())); }
    HWY_INLINE static LayerElement* place(const TileJob<LayerElement>& job, std::size_t sum) {
        return job.sums + sum * hn::Lanes(Elements());
    }
};

template <typename Tile, std::size_t... I>
HWY_INLINE void clear(Tile& tile, std::index_sequence<I...>) {
    ((tile.sums[I] = hn::Zero(Elements())), ...);
}
template <typename Tile, std::size_t... I>
HWY_INLINE void store(const Tile& tile, const TileJob<LayerElement>& job, std::index_sequence<I...>) {
    (hn::StoreU(tile.sums[I], Elements(), Tile::place(job, I)), ...);
}
template <typename Tile, std::size_t... I>
HWY_INLINE void add_to(const Tile& tile, const TileJob<LayerElement>& job, std::index_sequence<I...>) {
    const Elements d;
    (hn::StoreU(hn::Add(hn::LoadU(d, Tile::place(job, I)), tile.sums[I]), d, Tile::place(job, I)), ...);
}

template <typename Tile>
void sum_tile(const TileJob<LayerElement>& job) {
    constexpr auto kAll = std::make_index_sequence<Tile::kSums>();
    Tile tile(job);
    const LayerElement* weights = job.weights;
    const std::uint32_t* offset = job.offsets;
    const LayerElement* ahead = job.ahead == 0 ? nullptr : job.in + job.ahead;
    std::int64_t left = job.taps;
    bool begins = job.bias != nullptr;
    while (begins || left > 0) {
        if (begins) {
            tile.begin(job.bias, kAll);
        } else {
            clear(tile, kAll);
        }
        const std::int64_t group = left < 2 * kGroupTaps ? left : kGroupTaps;
        for (std::int64_t tap = 0; tap < group; ++tap, weights += Tile::channels()) {
            if (ahead) __builtin_prefetch(ahead + *offset);
            tile.add_tap(*offset++, weights);
        }
        left -= group;
        if (begins) {
            store(tile, job, kAll);
        } else {
            add_to(tile, job, kAll);
        }
        begins = false;
    }
}

template <std::size_t Log, std::size_t... Vectors>
HWY_INLINE void add_tiles(LayerKernels<LayerElement>& kernels) {
    ((kernels.sum_tile[Log][Vectors] = &sum_tile<ByCells<std::size_t{1} << Log, Vectors>>), ...);
}
template <std::size_t... Cells>
HWY_INLINE void add_cells(LayerKernels<LayerElement>& kernels) {
    ((kernels.sum_cells[Cells] = &sum_tile<ByChannels<Cells>>), ...);
}

inline void fill_layer_kernels(LayerKernels<LayerElement>& kernels) {
    kernels.lanes = static_cast<std::int64_t>(hn::Lanes(Elements()));
    kernels.channels = kManyRegisters ? 8 : 4;
    add_tiles<0, 1, 2, 4, 8>(kernels);
    if constexpr (kManyRegisters) {
        add_tiles<1, 1, 2, 4, 8>(kernels);
        add_tiles<2, 1, 2, 3, 6>(kernels);
        add_tiles<3, 1, 2, 3>(kernels);
        add_cells<2, 4, 6, 7, 10, 12, 13, 14>(kernels);
        kernels.least_cost_of_cells = 2.8;
        kernels.cost_of_lanes_as_cells = 0.98;
    } else {
        add_tiles<1, 1, 2, 4>(kernels);
        add_tiles<2, 1, 2, 3>(kernels);
        add_cells<2, 4, 5, 6>(kernels);
        kernels.least_cost_of_cells = 4;
        kernels.cost_of_lanes_as_cells = 1.08;
        kernels.bytes_of_a_part = 28 << 10;
    }
    add_planes(kernels, std::make_index_sequence<kMostPlaneRows>());
    kernels.copy_rows = &copy_rows;
    kernels.interleave_rows = &interleave_rows;
    kernels.deinterleave_rows = &deinterleave_rows;
    kernels.transpose_rows = &transpose_rows;
    kernels.take_even = &take_even;
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
