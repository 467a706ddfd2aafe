// Rows of numbers copied, woven, thinned out and turned, for kernels-inl.h, which includes this once for each
// instruction set.
#include "core/engine/layer/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Numbers = hn::ScalableTag<LayerNumber>;
using NumberV = hn::Vec<Numbers>;

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON
inline constexpr bool kManyRegisters = true;  // 32; else 16
#else
inline constexpr bool kManyRegisters = false;
#endif

// Fewer numbers than lanes.
HWY_INLINE void store_first(NumberV v, LayerNumber* to, std::int64_t count) {
    const Numbers d;
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN LayerNumber numbers[hn::MaxLanes(d)];
    hn::Store(v, d, numbers);
    for (std::int64_t i = 0; i < count; ++i) to[i] = numbers[i];
#else
    hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(count)), d, to);
#endif
}

// Calls put(tag, i) for the vectors at numbers i of `count`, the longest there are that are no longer than all of these;
// the last one may overlap what was before. Returns how many numbers that was: all, or none where even the shortest
// vector is too long.
template <typename Tag, typename Put>
HWY_INLINE std::int64_t by_vectors(Tag d, std::int64_t count, const Put& put) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    if (count >= lanes) {
        std::int64_t i = 0;
        for (; i + lanes <= count; i += lanes) put(d, i);
        if (i < count) put(d, count - lanes);
        return count;
    }
    if constexpr (hn::MaxLanes(d) * sizeof(LayerNumber) > 16) return by_vectors(hn::Half<Tag>(), count, put);
    return 0;
}

struct CopyVector {
    const LayerNumber* from;
    LayerNumber* to;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::StoreU(hn::LoadU(d, from + i), d, to + i);
    }
};

// Asks for the `count` numbers that are wanted later: the machine does not see them coming.
HWY_INLINE void ask_for(const RowsJob<LayerNumber>& job, const LayerNumber* from, std::int64_t count) {
    constexpr auto kLine = static_cast<std::int64_t>(64 / sizeof(LayerNumber));
    if (job.ahead == 0) return;
    for (std::int64_t i = 0; i < count; i += kLine) __builtin_prefetch(from + job.ahead + i);
}

inline void copy_rows(const RowsJob<LayerNumber>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerNumber* from = job.from + row * job.from_pitch;
        ask_for(job, from, job.count);
        LayerNumber* to = job.to + row * job.to_pitch;
        for (std::int64_t i = by_vectors(Numbers(), job.count, CopyVector{from, to}); i < job.count; ++i)
            to[i] = from[i];
    }
}

struct WeaveVectors {
    const LayerNumber* even;
    const LayerNumber* odd;
    LayerNumber* to;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::StoreInterleaved2(hn::LoadU(d, even + i), hn::LoadU(d, odd + i), d, to + 2 * i);
    }
};

inline void weave_rows(const RowsJob<LayerNumber>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerNumber* even = job.from + row * job.from_pitch;
        const LayerNumber* odd = even + job.next;
        LayerNumber* to = job.to + row * job.to_pitch;
        for (std::int64_t i = by_vectors(Numbers(), job.count, WeaveVectors{even, odd, to}); i < job.count; ++i) {
            to[2 * i] = even[i];
            to[2 * i + 1] = odd[i];
        }
    }
}

struct DealVectors {
    const LayerNumber* from;
    LayerNumber* even;
    LayerNumber* odd;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::Vec<Tag> first;
        hn::Vec<Tag> second;
        hn::LoadInterleaved2(d, from + 2 * i, first, second);
        hn::StoreU(first, d, even + i);
        hn::StoreU(second, d, odd + i);
    }
};

inline void deal_rows(const RowsJob<LayerNumber>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerNumber* from = job.from + row * job.from_pitch;
        LayerNumber* even = job.to + row * job.to_pitch;
        LayerNumber* odd = even + job.next;
        ask_for(job, from, 2 * job.count);
        for (std::int64_t i = by_vectors(Numbers(), job.count, DealVectors{from, even, odd}); i < job.count; ++i) {
            even[i] = from[2 * i];
            odd[i] = from[2 * i + 1];
        }
    }
}

#if HWY_TARGET != HWY_SCALAR
// The last vector ends with the last even number, so that nothing behind it is read. Precondition: more numbers than
// lanes.
template <typename Tag>
HWY_INLINE void take_even_by(Tag d, const LayerNumber* from, LayerNumber* to, std::int64_t count) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i + lanes < count; i += lanes)
        hn::StoreU(hn::ConcatEven(d, hn::LoadU(d, from + 2 * i + lanes), hn::LoadU(d, from + 2 * i)), d, to + i);
    const LayerNumber* last = from + 2 * (count - lanes) - 1;
    hn::StoreU(hn::ConcatOdd(d, hn::LoadU(d, last + lanes), hn::LoadU(d, last)), d, to + count - lanes);
}
#endif

HWY_INLINE void take_even_row(const LayerNumber* from, LayerNumber* to, std::int64_t count) {
#if HWY_TARGET != HWY_SCALAR
    const Numbers d;
    const hn::CappedTag<LayerNumber, 4> small;
    if (count > static_cast<std::int64_t>(hn::Lanes(d))) return take_even_by(d, from, to, count);
    if (count > static_cast<std::int64_t>(hn::Lanes(small))) return take_even_by(small, from, to, count);
#endif
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[2 * i];
}

inline void take_even(const RowsJob<LayerNumber>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerNumber* from = job.from + row * job.from_pitch;
        ask_for(job, from, 2 * job.count);
        take_even_row(from, job.to + row * job.to_pitch, job.count);
    }
}

// Number by number.
HWY_INLINE void turn_few(const RowsJob<LayerNumber>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row)
        for (std::int64_t i = 0; i < job.count; ++i)
            job.to[row * job.to_pitch + i] = job.from[i * job.from_pitch + row];
}

#if HWY_TARGET == HWY_SCALAR
inline void turn_rows(const RowsJob<LayerNumber>& job) { turn_few(job); }
#else

// Turns a square of as many rows as a block of 128 bits has numbers: afterwards block b of squares[i] is column
// b * (numbers of a block) + i.
HWY_INLINE void turn_blocks(NumberV* squares) {
    const Numbers d;
    if constexpr (sizeof(LayerNumber) == 4) {
        const hn::Repartition<double, Numbers> pairs;
        const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, squares[0], squares[1]));
        const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, squares[2], squares[3]));
        const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, squares[0], squares[1]));
        const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, squares[2], squares[3]));
        squares[0] = hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23));
        squares[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23));
        squares[2] = hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23));
        squares[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23));
    } else {
        const NumberV low = hn::InterleaveLower(d, squares[0], squares[1]);
        squares[1] = hn::InterleaveUpper(d, squares[0], squares[1]);
        squares[0] = low;
    }
}

inline void turn_rows(const RowsJob<LayerNumber>& job) {
    const Numbers d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    constexpr std::int64_t kBlock = 16 / sizeof(LayerNumber);
    const hn::CappedTag<LayerNumber, kBlock> block;
    if (job.count < kBlock) return turn_few(job);
    HWY_ALIGN LayerNumber turned[kBlock * hn::MaxLanes(d)];
    for (std::int64_t i = 0; i < job.count; i += kBlock) {
        const std::int64_t at = i + kBlock <= job.count ? i : job.count - kBlock;  // the last may overlap
        for (std::int64_t first = 0; first < job.rows; first += lanes) {
            NumberV squares[kBlock];
            for (std::int64_t j = 0; j < kBlock; ++j)
                squares[j] = hn::LoadU(d, job.from + (at + j) * job.from_pitch + first);
            turn_blocks(squares);
            for (std::int64_t j = 0; j < kBlock; ++j) hn::Store(squares[j], d, turned + j * lanes);
            const std::int64_t rows = lanes < job.rows - first ? lanes : job.rows - first;
            for (std::int64_t row = 0; row < rows; ++row) {
                const LayerNumber* from = turned + row % kBlock * lanes + row / kBlock * kBlock;
                hn::StoreU(hn::LoadU(block, from), block, job.to + (first + row) * job.to_pitch + at);
            }
        }
    }
}

#endif

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
