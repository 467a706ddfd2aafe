// Rows of elements copied, interleaved, deinterleaved and transposed, for kernels-inl.h, which includes this file once
// for each instruction set.
//
// Example, of 32-bit elements and vectors of four lanes:
//
//   interleave_rows     0 2 4 6 and 1 3 5 7       ->  0 1 2 3 4 5 6 7     deinterleave_rows: the arrow reversed
//   take_even           0 1 2 3 4 5 6 7 8 9 10    ->  0 2 4 6 8 10        (count 6)
//   transpose_rows      a0 a1 a2 a3                   a0 b0 c0 d0
//                       b0 b1 b2 b3               ->  a1 b1 c1 d1
//                       c0 c1 c2 c3                   a2 b2 c2 d2
//                       d0 d1 d2 d3                   a3 b3 c3 d3
//
// take_even, six of eleven elements: the vectors at 0 and 4 give 0 2 4 6 by their elements of even place. Two are left,
// fewer than the lanes; the last vectors begin at 3 and 7, end with 10, and give 4 6 8 10 by their elements of odd place.
#include "core/engine/layer/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Elements = hn::ScalableTag<LayerElement>;
using ElementV = hn::Vec<Elements>;

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON
inline constexpr bool kManyRegisters = true;  // 32; else 16
#else
inline constexpr bool kManyRegisters = false;
#endif

// Stores the first `count` elements of a vector. Precondition: `count` is less than the lanes of the vector.
HWY_INLINE void store_first(ElementV v, LayerElement* to, std::int64_t count) {
    const Elements d;
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN LayerElement elements[hn::MaxLanes(d)];
    hn::Store(v, d, elements);
    for (std::int64_t i = 0; i < count; ++i) to[i] = elements[i];
#else
    hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(count)), d, to);
#endif
}

// Calls put(tag, i) for the vectors at elements i of `count`, the longest there are that are no longer than all of these;
// the last one may overlap what was before. Returns how many elements that was: all, or none where even the shortest
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
    if constexpr (hn::MaxLanes(d) * sizeof(LayerElement) > 16) return by_vectors(hn::Half<Tag>(), count, put);
    return 0;
}

struct CopyVector {
    const LayerElement* from;
    LayerElement* to;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::StoreU(hn::LoadU(d, from + i), d, to + i);
    }
};

// Prefetches the `count` elements that lie job.ahead elements behind `from`: they are read later, and the processor's
// own prefetcher does not foresee it.
HWY_INLINE void prefetch(const RowsJob<LayerElement>& job, const LayerElement* from, std::int64_t count) {
    constexpr auto kLine = static_cast<std::int64_t>(64 / sizeof(LayerElement));
    if (job.ahead == 0) return;
    for (std::int64_t i = 0; i < count; i += kLine) __builtin_prefetch(from + job.ahead + i);
}

inline void copy_rows(const RowsJob<LayerElement>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerElement* from = job.from + row * job.from_pitch;
        prefetch(job, from, job.count);
        LayerElement* to = job.to + row * job.to_pitch;
        for (std::int64_t i = by_vectors(Elements(), job.count, CopyVector{from, to}); i < job.count; ++i)
            to[i] = from[i];
    }
}

struct InterleaveVectors {
    const LayerElement* even;
    const LayerElement* odd;
    LayerElement* to;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::StoreInterleaved2(hn::LoadU(d, even + i), hn::LoadU(d, odd + i), d, to + 2 * i);
    }
};

inline void interleave_rows(const RowsJob<LayerElement>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerElement* even = job.from + row * job.from_pitch;
        const LayerElement* odd = even + job.next;
        LayerElement* to = job.to + row * job.to_pitch;
        for (std::int64_t i = by_vectors(Elements(), job.count, InterleaveVectors{even, odd, to}); i < job.count; ++i) {
            to[2 * i] = even[i];
            to[2 * i + 1] = odd[i];
        }
    }
}

struct DeinterleaveVectors {
    const LayerElement* from;
    LayerElement* even;
    LayerElement* odd;
    template <typename Tag>
    HWY_INLINE void operator()(Tag d, std::int64_t i) const {
        hn::Vec<Tag> first;
        hn::Vec<Tag> second;
        hn::LoadInterleaved2(d, from + 2 * i, first, second);
        hn::StoreU(first, d, even + i);
        hn::StoreU(second, d, odd + i);
    }
};

inline void deinterleave_rows(const RowsJob<LayerElement>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerElement* from = job.from + row * job.from_pitch;
        LayerElement* even = job.to + row * job.to_pitch;
        LayerElement* odd = even + job.next;
        prefetch(job, from, 2 * job.count);
        for (std::int64_t i = by_vectors(Elements(), job.count, DeinterleaveVectors{from, even, odd}); i < job.count;
             ++i) {
            even[i] = from[2 * i];
            odd[i] = from[2 * i + 1];
        }
    }
}

#if HWY_TARGET != HWY_SCALAR
// The last vector ends with the last element of even index, so that nothing behind that element is read. Precondition:
// `count` is more than the lanes of the vector.
template <typename Tag>
HWY_INLINE void take_even_by(Tag d, const LayerElement* from, LayerElement* to, std::int64_t count) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i + lanes < count; i += lanes)
        hn::StoreU(hn::ConcatEven(d, hn::LoadU(d, from + 2 * i + lanes), hn::LoadU(d, from + 2 * i)), d, to + i);
    const LayerElement* last = from + 2 * (count - lanes) - 1;
    hn::StoreU(hn::ConcatOdd(d, hn::LoadU(d, last + lanes), hn::LoadU(d, last)), d, to + count - lanes);
}
#endif

HWY_INLINE void take_even_row(const LayerElement* from, LayerElement* to, std::int64_t count) {
#if HWY_TARGET != HWY_SCALAR
    const Elements d;
    const hn::CappedTag<LayerElement, 4> small;
    if (count > static_cast<std::int64_t>(hn::Lanes(d))) return take_even_by(d, from, to, count);
    if (count > static_cast<std::int64_t>(hn::Lanes(small))) return take_even_by(small, from, to, count);
#endif
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[2 * i];
}

inline void take_even(const RowsJob<LayerElement>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row) {
        const LayerElement* from = job.from + row * job.from_pitch;
        prefetch(job, from, 2 * job.count);
        take_even_row(from, job.to + row * job.to_pitch, job.count);
    }
}

// Transposes element by element, for rows that are shorter than a block of 128 bits.
HWY_INLINE void transpose_few(const RowsJob<LayerElement>& job) {
    for (std::int64_t row = 0; row < job.rows; ++row)
        for (std::int64_t i = 0; i < job.count; ++i)
            job.to[row * job.to_pitch + i] = job.from[i * job.from_pitch + row];
}

#if HWY_TARGET == HWY_SCALAR
inline void transpose_rows(const RowsJob<LayerElement>& job) { transpose_few(job); }
#else

// Transposes as many rows as a block of 128 bits has elements, each row a vector: afterwards block b of squares[i] is
// column b * (elements of a block) + i.
HWY_INLINE void transpose_blocks(ElementV* squares) {
    const Elements d;
    if constexpr (sizeof(LayerElement) == 4) {
        const hn::Repartition<double, Elements> pairs;
        const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, squares[0], squares[1]));
        const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, squares[2], squares[3]));
        const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, squares[0], squares[1]));
        const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, squares[2], squares[3]));
        squares[0] = hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23));
        squares[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23));
        squares[2] = hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23));
        squares[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23));
    } else {
        const ElementV low = hn::InterleaveLower(d, squares[0], squares[1]);
        squares[1] = hn::InterleaveUpper(d, squares[0], squares[1]);
        squares[0] = low;
    }
}

inline void transpose_rows(const RowsJob<LayerElement>& job) {
    const Elements d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    constexpr std::int64_t kBlock = 16 / sizeof(LayerElement);
    const hn::CappedTag<LayerElement, kBlock> block;
    if (job.count < kBlock) return transpose_few(job);
    HWY_ALIGN LayerElement transposed[kBlock * hn::MaxLanes(d)];
    for (std::int64_t i = 0; i < job.count; i += kBlock) {
        const std::int64_t at = i + kBlock <= job.count ? i : job.count - kBlock;  // the last may overlap
        for (std::int64_t first = 0; first < job.rows; first += lanes) {
            ElementV squares[kBlock];
            for (std::int64_t j = 0; j < kBlock; ++j)
                squares[j] = hn::LoadU(d, job.from + (at + j) * job.from_pitch + first);
            transpose_blocks(squares);
            for (std::int64_t j = 0; j < kBlock; ++j) hn::Store(squares[j], d, transposed + j * lanes);
            const std::int64_t rows = lanes < job.rows - first ? lanes : job.rows - first;
            for (std::int64_t row = 0; row < rows; ++row) {
                const LayerElement* from = transposed + row % kBlock * lanes + row / kBlock * kBlock;
                hn::StoreU(hn::LoadU(block, from), block, job.to + (first + row) * job.to_pitch + at);
            }
        }
    }
}

#endif

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
