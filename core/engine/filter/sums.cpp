#include "core/engine/filter/sums.h"

#include <algorithm>
#include <utility>

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/tile-inl.h"

// What does not depend on the instruction set.
#ifndef CONVLENS_IMAGE_SUMS_ONCE
#define CONVLENS_IMAGE_SUMS_ONCE
namespace convlens {
namespace {
constexpr std::int64_t kGroupTaps = 128;  // a group of rows has at most so many, unless it is one row
constexpr std::int64_t kListTaps = 32;    // a group of a list has at least so many, but for what is left
constexpr std::int64_t kGroupCols = 64;   // a group has at most so many columns

// Whether there is a loop for the kernel that knows its rows.
bool is_by_column(std::int64_t rows, std::int64_t cols) {
    return (rows == 3 || rows == 5 || rows == 7) && rows * cols <= kGroupTaps && cols <= kGroupCols;
}

// Rows and columns [begin, end) of a kernel whose products are added in one go.
struct TapGroup {
    std::int64_t row_begin, row_end, col_begin, col_end;
};

}  // namespace
}  // namespace convlens
#endif

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

// One row of the image, for the result rows First, First + 1, ... that it takes part in: row R with the weights of
// kernel row `row - R`.
template <std::size_t First, std::size_t Rows, std::size_t Wide, typename T, std::size_t... R, std::size_t... J>
HWY_INLINE void add_row_to(Tile<Rows, Wide>& tile, const DenseKernel& kernel, const T* from, std::int64_t row,
                           const TapGroup& group, std::index_sequence<R...> result_rows,
                           std::index_sequence<J...> wide) {
    const float* weight = kernel.weights.data() + row + group.col_begin * kernel.rows;
    for (std::int64_t v = group.col_begin; v < group.col_end; ++v, weight += kernel.rows)
        add_to_rows<First>(tile, from + kernel.shifts[static_cast<std::size_t>(v)], weight, result_rows, wide);
}

// The same where the first and the last of the result rows are only known now.
template <std::size_t Rows, std::size_t Wide, typename T>
HWY_INLINE void add_row(Tile<Rows, Wide>& tile, const DenseKernel& kernel, const T* from, std::int64_t row,
                        const TapGroup& group) {
    constexpr auto wide = std::make_index_sequence<Wide>();
    if constexpr (Rows == 1) {
        add_row_to<0>(tile, kernel, from, row, group, std::make_index_sequence<1>(), wide);
    } else {
        static_assert(Rows == 4);
        const std::int64_t first = std::max<std::int64_t>(0, row - group.row_end + 1);
        const std::int64_t last = std::min<std::int64_t>(3, row - group.row_begin);
        switch (first * 4 + last) {
            case 0: return add_row_to<0>(tile, kernel, from, row, group, std::make_index_sequence<1>(), wide);
            case 1: return add_row_to<0>(tile, kernel, from, row, group, std::make_index_sequence<2>(), wide);
            case 2: return add_row_to<0>(tile, kernel, from, row, group, std::make_index_sequence<3>(), wide);
            case 3: return add_row_to<0>(tile, kernel, from, row, group, std::make_index_sequence<4>(), wide);
            case 5: return add_row_to<1>(tile, kernel, from, row, group, std::make_index_sequence<1>(), wide);
            case 6: return add_row_to<1>(tile, kernel, from, row, group, std::make_index_sequence<2>(), wide);
            case 7: return add_row_to<1>(tile, kernel, from, row, group, std::make_index_sequence<3>(), wide);
            case 10: return add_row_to<2>(tile, kernel, from, row, group, std::make_index_sequence<1>(), wide);
            case 11: return add_row_to<2>(tile, kernel, from, row, group, std::make_index_sequence<2>(), wide);
            default: return add_row_to<3>(tile, kernel, from, row, group, std::make_index_sequence<1>(), wide);
        }
    }
}

// Into rows of results, or added to what is there. All indices are known to the compiler here too: a loop over rows would
// send the whole tile through memory.
template <std::size_t Rows, std::size_t Wide, std::size_t... I>
HWY_INLINE void store(const Tile<Rows, Wide>& tile, float* const* out, std::int64_t at, bool add,
                      std::index_sequence<I...>) {
    const Floats d;
    const std::size_t n = hn::Lanes(d);
    if (add) {
        (hn::StoreU(hn::Add(hn::LoadU(d, out[I / Wide] + at + I % Wide * n), tile.sums[I]), d,
                    out[I / Wide] + at + I % Wide * n),
         ...);
    } else {
        (hn::StoreU(tile.sums[I], d, out[I / Wide] + at + I % Wide * n), ...);
    }
}

// The results at [at, at + Wide vectors) of `Rows` rows.
template <std::size_t Rows, std::size_t Wide, typename T>
HWY_INLINE void sum_tile(const DenseKernel& kernel, const T* const* rows, std::int64_t at, float* const* out) {
    TapGroup group{};
    for (; group.row_begin < kernel.rows; group.row_begin = group.row_end) {
        group.row_end = std::min(group.row_begin + kernel.group_rows, kernel.rows);
        for (group.col_begin = 0; group.col_begin < kernel.cols; group.col_begin = group.col_end) {
            group.col_end = std::min(group.col_begin + kGroupCols, kernel.cols);
            Tile<Rows, Wide> tile;
            clear(tile, std::make_index_sequence<Rows * Wide>());
            for (std::int64_t row = group.row_begin; row < group.row_end + static_cast<std::int64_t>(Rows) - 1; ++row)
                add_row(tile, kernel, rows[row] + at, row, group);
            const bool add = group.row_begin + group.col_begin > 0;
            store(tile, out, at, add, std::make_index_sequence<Rows * Wide>());
        }
    }
}

// What one row of the image adds to those of the four result rows that it takes part in.
template <std::size_t KernelRows, std::size_t Row, std::size_t Wide, typename T>
HWY_INLINE void add_known_row(Tile<4, Wide>& tile, const T* from, const float* weights) {
    constexpr std::size_t kFirst = Row < KernelRows ? 0 : Row - KernelRows + 1;
    constexpr std::size_t kCount = (Row < 3 ? Row : 3) - kFirst + 1;
    add_to_rows<kFirst>(tile, from, weights + Row * kSumRows + kSumRows - 1, std::make_index_sequence<kCount>(),
                        std::make_index_sequence<Wide>());
}
template <std::size_t KernelRows, std::size_t Wide, typename T, std::size_t... Row>
HWY_INLINE void add_column(Tile<4, Wide>& tile, const T* const* rows, std::int64_t at, const float* weights,
                           std::index_sequence<Row...>) {
    (add_known_row<KernelRows, Row>(tile, rows[Row] + at, weights), ...);
}

// The results at [at, at + Wide vectors) of `Rows` rows, 4 or 1, for a kernel of KernelRows rows that is added up column
// by column.
template <std::size_t Rows, std::size_t KernelRows, std::size_t Wide, typename T>
HWY_INLINE void sum_columns(const DenseKernel& kernel, const T* const* rows, std::int64_t at, float* const* out) {
    constexpr auto wide = std::make_index_sequence<Wide>();
    Tile<Rows, Wide> tile;
    clear(tile, std::make_index_sequence<Rows * Wide>());
    const float* weights = Rows == 1 ? kernel.weights.data() : kernel.by_column.data();
    for (const std::int64_t shift : kernel.shifts) {
        if constexpr (Rows == 1) {
            for (std::size_t u = 0; u < KernelRows; ++u)
                add_to_rows<0>(tile, rows[u] + at + shift, weights++, std::make_index_sequence<1>(), wide);
        } else {
            constexpr std::size_t kRead = KernelRows + 3;
            add_column<KernelRows>(tile, rows, at + shift, weights, std::make_index_sequence<kRead>());
            weights += kRead * kSumRows;
        }
    }
    store(tile, out, at, false, std::make_index_sequence<Rows * Wide>());
}

// One sample, in the same order.
template <typename T>
HWY_INLINE float sum_one_by_column(const DenseKernel& kernel, const T* const* rows, std::int64_t at) {
    float total = 0;
    const float* weight = kernel.weights.data();
    for (const std::int64_t shift : kernel.shifts)
        for (std::int64_t u = 0; u < kernel.rows; ++u) total += *weight++ * static_cast<float>(rows[u][at + shift]);
    return total;
}

// One sample, in the same groups.
template <typename T>
HWY_INLINE float sum_one(const DenseKernel& kernel, const T* const* rows, std::int64_t at) {
    if (!kernel.by_column.empty()) return sum_one_by_column(kernel, rows, at);
    float total = 0;
    for (std::int64_t row = 0; row < kernel.rows; row += kernel.group_rows) {
        for (std::int64_t col = 0; col < kernel.cols; col += kGroupCols) {
            float part = 0;
            for (std::int64_t u = row; u < std::min(row + kernel.group_rows, kernel.rows); ++u)
                for (std::int64_t v = col; v < std::min(col + kGroupCols, kernel.cols); ++v)
                    part += kernel.weights[static_cast<std::size_t>(v * kernel.rows + u)] *
                            static_cast<float>(rows[u][at + kernel.shifts[static_cast<std::size_t>(v)]]);
            total += part;
        }
    }
    return total;
}

// KernelRows: those of a kernel that is added up column by column; 0: it is not.
template <std::size_t Rows, std::size_t KernelRows, std::size_t Wide, typename T>
HWY_INLINE void sum_any_tile(const DenseKernel& kernel, const T* const* rows, std::int64_t at, float* const* out) {
    if constexpr (KernelRows == 0) {
        sum_tile<Rows, Wide>(kernel, rows, at, out);
    } else {
        sum_columns<Rows, KernelRows, Wide>(kernel, rows, at, out);
    }
}

template <std::size_t Rows, std::size_t KernelRows, typename T>
HWY_INLINE void sum_rows(const DenseKernel& kernel, const T* const* rows, const RowBlock& block, float* const* out) {
    constexpr std::size_t kTile = Rows == 1 ? 2 * kWide : kWide;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(Floats()));
    const std::int64_t tile = lanes * static_cast<std::int64_t>(kTile);
    const std::int64_t samples = block.samples;
    std::int64_t at = 0;
    for (; at + tile <= samples; at += tile) {
        if (Rows > 1 && block.ahead) prefetch_ahead(rows + kernel.rows + kSumRows - 1, at, tile);
        sum_any_tile<Rows, KernelRows, kTile>(kernel, rows, at, out);
    }
    for (; at + lanes <= samples; at += lanes) sum_any_tile<Rows, KernelRows, 1>(kernel, rows, at, out);
    if (at == samples) return;
    if (at > 0) return sum_any_tile<Rows, KernelRows, 1>(kernel, rows, samples - lanes, out);  // some of them once more
    for (; at < samples; ++at)
        for (std::size_t r = 0; r < Rows; ++r) out[r][at] = sum_one(kernel, rows + r, at);
}

template <std::size_t Rows, typename T>
HWY_INLINE void sum_rows_of(const DenseKernel& kernel, const T* const* rows, const RowBlock& block, float* const* out) {
    if (kernel.by_column.empty()) return sum_rows<Rows, 0>(kernel, rows, block, out);
    switch (kernel.rows) {
        case 3: return sum_rows<Rows, 3>(kernel, rows, block, out);
        case 5: return sum_rows<Rows, 5>(kernel, rows, block, out);
        default: return sum_rows<Rows, 7>(kernel, rows, block, out);
    }
}

template <typename T>
HWY_INLINE void sum_block(const DenseKernel& kernel, const T* const* rows, const RowBlock& block, float* const* out) {
    if (block.count == 1) return sum_rows_of<1>(kernel, rows, block, out);
    sum_rows_of<4>(kernel, rows, block, out);
}
void DenseSumsU8(const DenseKernel& kernel, const std::uint8_t* const* rows, const RowBlock& block, float* const* out) {
    sum_block(kernel, rows, block, out);
}
void DenseSumsU16(const DenseKernel& kernel, const std::uint16_t* const* rows, const RowBlock& block,
                  float* const* out) {
    sum_block(kernel, rows, block, out);
}
void DenseSumsF32(const DenseKernel& kernel, const float* const* rows, const RowBlock& block, float* const* out) {
    sum_block(kernel, rows, block, out);
}

// Sums of a list of taps at [at, at + Wide vectors).
template <std::size_t Wide, std::size_t... J>
HWY_INLINE void tap_tile(const TapSum& sum, const float* const* rows, std::int64_t at, float* out,
                         std::index_sequence<J...> wide) {
    const Floats d;
    const std::size_t n = hn::Lanes(d);
    Tile<1, Wide> total;
    clear(total, wide);
    std::size_t tap = 0;
    for (const std::size_t end : sum.group_ends) {
        Tile<1, Wide> group;
        clear(group, wide);
        for (; tap < end; ++tap) {
            const RowTap& t = sum.taps[tap];
            const float* from = rows[t.row] + t.shift + at;
            const FloatV read[Wide] = {hn::LoadU(d, from + J * n)...};
            add_products<0>(group, hn::Set(d, t.weight), read, wide);
        }
        ((total.sums[J] = hn::Add(total.sums[J], group.sums[J])), ...);
    }
    store(total, &out, at, false, wide);
}

void TapSums(const TapSum& sum, const float* const* rows, std::int64_t samples, float* out) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(Floats()));
    const std::int64_t tile = lanes * static_cast<std::int64_t>(kWide);
    std::int64_t at = 0;
    for (; at + tile <= samples; at += tile) tap_tile<kWide>(sum, rows, at, out, std::make_index_sequence<kWide>());
    for (; at + lanes <= samples; at += lanes) tap_tile<1>(sum, rows, at, out, std::make_index_sequence<1>());
    if (at == samples) return;
    if (samples >= lanes) return tap_tile<1>(sum, rows, samples - lanes, out, std::make_index_sequence<1>());
    for (; at < samples; ++at) {
        float total = 0;
        std::size_t tap = 0;
        for (const std::size_t end : sum.group_ends) {
            float part = 0;
            for (; tap < end; ++tap) part += sum.taps[tap].weight * rows[sum.taps[tap].row][sum.taps[tap].shift + at];
            total += part;
        }
        out[at] = total;
    }
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

std::vector<float> weights_by_row_read(std::span<const float> column) {
    const auto rows = static_cast<std::int64_t>(column.size());
    std::vector<float> weights;
    for (std::int64_t u = 0; u < rows + kSumRows - 1; ++u) {
        for (std::int64_t r = kSumRows - 1; r >= 0; --r) {
            const bool meets = u >= r && u - r < rows;
            weights.push_back(meets ? column[static_cast<std::size_t>(u - r)] : 0);
        }
    }
    return weights;
}

DenseKernel dense_kernel(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols,
                         std::vector<std::int64_t> shifts) {
    const std::int64_t group_rows = std::max<std::int64_t>(kGroupTaps / cols, 1);
    DenseKernel kernel{rows, cols, group_rows, {}, std::move(shifts), {}};
    for (std::int64_t v = 0; v < cols; ++v)
        for (std::int64_t u = 0; u < rows; ++u)
            kernel.weights.push_back(weights_by_row[static_cast<std::size_t>(u * cols + v)]);
    if (!is_by_column(rows, cols)) return kernel;
    for (std::int64_t v = 0; v < cols; ++v) {
        const std::span<const float> column(kernel.weights.data() + v * rows, static_cast<std::size_t>(rows));
        const std::vector<float> weights = weights_by_row_read(column);
        kernel.by_column.insert(kernel.by_column.end(), weights.begin(), weights.end());
    }
    return kernel;
}

HWY_EXPORT(DenseSumsU8);
HWY_EXPORT(DenseSumsU16);
HWY_EXPORT(DenseSumsF32);
void dense_sums(const DenseKernel& kernel, const std::uint8_t* const* rows, const RowBlock& block, float* const* out) {
    HWY_DYNAMIC_DISPATCH(DenseSumsU8)(kernel, rows, block, out);
}
void dense_sums(const DenseKernel& kernel, const std::uint16_t* const* rows, const RowBlock& block, float* const* out) {
    HWY_DYNAMIC_DISPATCH(DenseSumsU16)(kernel, rows, block, out);
}
void dense_sums(const DenseKernel& kernel, const float* const* rows, const RowBlock& block, float* const* out) {
    HWY_DYNAMIC_DISPATCH(DenseSumsF32)(kernel, rows, block, out);
}

TapSum tap_sum(std::span<const float> weights_by_row, std::int64_t rows, std::int64_t cols,
               std::span<const std::int64_t> shifts) {
    TapSum sum;
    std::size_t begun = 0;
    const auto end_group = [&](std::int64_t least) {
        if (sum.taps.size() - begun < static_cast<std::size_t>(least)) return;
        begun = sum.taps.size();
        sum.group_ends.push_back(begun);
    };
    for (std::int64_t u = 0; u < rows; ++u) {
        for (std::int64_t v = 0; v < cols; ++v) {
            const float weight = weights_by_row[static_cast<std::size_t>(u * cols + v)];
            if (weight != 0) sum.taps.push_back({u, shifts[static_cast<std::size_t>(v)], weight});
            end_group(kGroupCols);
        }
        end_group(kListTaps);
    }
    end_group(1);
    return sum;
}

HWY_EXPORT(TapSums);
void tap_sums(const TapSum& sum, const float* const* rows, std::int64_t samples, float* out) {
    HWY_DYNAMIC_DISPATCH(TapSums)(sum, rows, samples, out);
}

}  // namespace convlens
#endif
