// LayerKernels::sum_plane for kernels-inl.h, which includes this once for each instruction set.
//
// Example: a kernel of 3 rows k0, k1, k2, stride 1. Three output rows are alive at a time, sums[0] the newest one's; each
// step reads one input row and adds it to all three, grow_older() moves them on by one:
//
//   step   reads    sums[0] += k0 *   sums[1] += k1 *   sums[2] += k2 *   stores sums[2]
//    -2    row 0    y0                (y-1)             (y-2)             -
//    -1    row 1    y1                y0                (y-1)             -
//     0    row 2    y2                y1                y0                y0 = k0 row 0 + k1 row 1 + k2 row 2
//     1    row 3    y3                y2                y1                y1 = k0 row 1 + k1 row 2 + k2 row 3
//
// Output rows in brackets lie above the output; their sums are never stored. So an input row is read once for its three
// products, not once for each output row. With stride 2 a step reads two input rows, and two output rows are alive.
#include <utility>

#include "core/engine/layer/kernels.h"
#include "core/engine/layer/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

// The sums of those output rows that one step adds to, a few vectors of columns: sums[0] the newest row's.
template <std::size_t Rows, std::size_t Stride, std::size_t Vectors>
struct PlaneTile {
    static constexpr std::size_t kAlive = (Rows + Stride - 1) / Stride;
    static constexpr std::size_t kReads = Rows < Stride ? Rows : Stride;  // input rows that a step reads
    static constexpr auto kVectors = std::make_index_sequence<Vectors>();
    static constexpr auto kAll = std::make_index_sequence<kAlive * Vectors>();
    // Taps that one sum adds up before they join the others.
    static constexpr std::int64_t kGroup = 2 * kGroupTaps / Rows;

    ElementV sums[kAlive * Vectors];
    const LayerElement* in[Vectors];

    // A tile from column `col` on. The last vector of a row ends with the row and may overlap the vector before.
    template <std::size_t... V>
    HWY_INLINE PlaneTile(const PlaneJob<LayerElement>& job, std::int64_t col, std::index_sequence<V...>) {
        const auto lanes = static_cast<std::int64_t>(hn::Lanes(Elements()));
        const std::int64_t last = job.cols > lanes ? job.cols - lanes : 0;
        const auto place = [&](std::int64_t at) { return job.in + (at < last ? at : last); };
        ((in[V] = place(col + static_cast<std::int64_t>(V) * lanes)), ...);
    }
    template <std::size_t... I>
    HWY_INLINE void set(ElementV value, std::index_sequence<I...>) {
        ((sums[I] = value), ...);
    }
    // Moves the sums of each row on by one row, which drops the oldest; the newest row begins with the bias.
    template <std::size_t... I>
    HWY_INLINE void grow_older(ElementV bias, std::index_sequence<I...>) {
        constexpr std::size_t kLast = kAlive * Vectors - 1;
        ((sums[kLast - I] = kLast - I < Vectors ? bias : sums[kLast - I - (kLast - I < Vectors ? 0 : Vectors)]), ...);
    }
    template <std::size_t Row, std::size_t... V>
    HWY_INLINE void add_products(ElementV weight, const ElementV* read, std::index_sequence<V...>) {
        ((sums[Row * Vectors + V] = hn::MulAdd(weight, read[V], sums[Row * Vectors + V])), ...);
    }
    // Adds input row `Read` of the step, for one tap of that row, to the sums of the output rows that meet it.
    template <std::size_t Read, std::size_t... Row, std::size_t... V>
    HWY_INLINE void add_tap(const PlaneJob<LayerElement>& job, std::int64_t at, std::int64_t tap,
                            std::index_sequence<Row...>, std::index_sequence<V...> vectors) {
        const Elements d;
        const std::int64_t offset = at + job.offsets[Read * job.row_taps + tap];
        const ElementV read[Vectors] = {hn::LoadU(d, in[V] + offset)...};
        (add_products<Row>(hn::Set(d, job.weights[(Row * Stride + Read) * job.row_taps + tap]), read, vectors), ...);
    }
    template <std::size_t... Read>
    HWY_INLINE void add_taps(const PlaneJob<LayerElement>& job, std::int64_t at, std::int64_t first, std::int64_t end,
                             std::index_sequence<Read...>) {
        for (std::int64_t tap = first; tap < end; ++tap)
            (add_tap<Read>(job, at, tap, std::make_index_sequence<(Rows - Read + Stride - 1) / Stride>(), kVectors),
             ...);
    }
    HWY_INLINE void add_taps(const PlaneJob<LayerElement>& job, std::int64_t at, std::int64_t first, std::int64_t end) {
        add_taps(job, at, first, end, std::make_index_sequence<kReads>());
    }
    template <std::size_t... I>
    HWY_INLINE void add(const PlaneTile& other, std::index_sequence<I...>) {
        ((sums[I] = hn::Add(sums[I], other.sums[I])), ...);
    }
    // Adds the row's taps; InGroups: kGroup taps at a time, so that rounding stays near that of a group.
    template <bool InGroups>
    HWY_INLINE void add_row(const PlaneJob<LayerElement>& job, std::int64_t at) {
        if constexpr (InGroups) {
            for (std::int64_t first = 0; first < job.row_taps; first += kGroup) {
                const std::int64_t left = job.row_taps - first;
                PlaneTile group = *this;
                group.set(hn::Zero(Elements()), kAll);
                group.add_taps(job, at, first, first + (left < kGroup ? left : kGroup));
                add(group, kAll);
            }
        } else {
            add_taps(job, at, 0, job.row_taps);
        }
    }
    template <std::size_t... V>
    HWY_INLINE void store_oldest(LayerElement* out, std::int64_t cols, std::index_sequence<V...>) const {
        const Elements d;
        constexpr std::size_t kOldest = (kAlive - 1) * Vectors;
        if (cols < static_cast<std::int64_t>(hn::Lanes(d))) return store_first(sums[kOldest], out, cols);
        (hn::StoreU(sums[kOldest + V], d, out + (in[V] - in[0])), ...);
    }
};

// Sums a strip of columns, from vector number `vector` on, down all rows.
template <typename Tile, bool InGroups>
void sum_strip(const PlaneJob<LayerElement>& job, std::int64_t vector) {
    const Elements d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const ElementV bias = hn::Set(d, job.bias);
    Tile tile(job, vector * lanes, Tile::kVectors);
    tile.set(bias, Tile::kAll);
    std::int64_t at = 0;
    LayerElement* out = job.out + (tile.in[0] - job.in);
    for (std::int64_t row = 1 - static_cast<std::int64_t>(Tile::kAlive); row < job.rows; ++row, at += job.in_pitch) {
        tile.grow_older(bias, Tile::kAll);
        tile.template add_row<InGroups>(job, at);
        if (row < 0) continue;
        tile.store_oldest(out, job.cols, Tile::kVectors);
        out += job.out_pitch;
    }
}

template <std::size_t Rows, std::size_t Stride, std::size_t Vectors, bool InGroups>
void sum_strips(const PlaneJob<LayerElement>& job, std::int64_t vector) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(Elements()));
    constexpr auto kWide = static_cast<std::int64_t>(Vectors);
    const std::int64_t vectors = (job.cols + lanes - 1) / lanes;
    for (; vector + kWide <= vectors; vector += kWide)
        sum_strip<PlaneTile<Rows, Stride, Vectors>, InGroups>(job, vector);
    if constexpr (Vectors > 1)
        if (vector < vectors) sum_strips<Rows, Stride, Vectors - 1, InGroups>(job, vector);
}

// Sums with tiles of as many vectors as the registers hold beside what is read and a weight, at most four.
template <std::size_t Rows, std::size_t Stride>
void sum_plane(const PlaneJob<LayerElement>& job) {
    constexpr std::size_t kFit = ((kManyRegisters ? 32 : 16) - 1) / ((Rows + Stride - 1) / Stride + 1);
    constexpr std::size_t kVectors = kFit < 4 ? kFit : 4;
    if (job.row_taps <= PlaneTile<Rows, Stride, kVectors>::kGroup) {
        sum_strips<Rows, Stride, kVectors, false>(job, 0);
    } else {
        sum_strips<Rows, Stride, kVectors, true>(job, 0);
    }
}

template <std::size_t... Row>
HWY_INLINE void add_planes(LayerKernels<LayerElement>& kernels, std::index_sequence<Row...>) {
    ((kernels.sum_plane[0][Row] = &sum_plane<Row + 1, 1>), ...);
    ((kernels.sum_plane[1][Row] = &sum_plane<Row + 1, 2>), ...);
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
