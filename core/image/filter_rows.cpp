#include "core/image/filter_rows.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "core/conv/pad.h"
#include "core/image/sample.h"

#if defined(__GNUC__) && defined(__x86_64__)
#define CONVLENS_X86_CLONES 1
#endif

namespace convlens {

namespace {

// Eight neighbouring samples; the compiler makes of it what the processor has (two halves on plain x86-64).
typedef float Eight __attribute__((vector_size(32)));
typedef float EightAnywhere __attribute__((vector_size(32), aligned(4), may_alias));

// out[0 .. Width*8): sums in registers over all taps, so that every tap costs one read of memory.
template <std::size_t Width>
[[gnu::always_inline]] inline void sum_block(const TapSum& sum, const float* const* rows, std::size_t at, float* out) {
    Eight total[Width] = {};
    std::size_t tap = 0;
    for (const std::size_t end : sum.group_ends) {
        Eight group[Width] = {};
        for (; tap < end; ++tap) {
            const RowTap& t = sum.taps[tap];
            const float* source = rows[t.row] + t.shift + at;
            for (std::size_t i = 0; i < Width; ++i)
                group[i] += t.weight * *reinterpret_cast<const EightAnywhere*>(source + i * 8);
        }
        for (std::size_t i = 0; i < Width; ++i) total[i] += group[i];
    }
    for (std::size_t i = 0; i < Width; ++i) *reinterpret_cast<EightAnywhere*>(out + at + i * 8) = total[i];
}

// One sample at a time, in the same order as above.
[[gnu::always_inline]] inline float sum_one(const TapSum& sum, const float* const* rows, std::int64_t at) {
    float total = 0;
    std::size_t tap = 0;
    for (const std::size_t end : sum.group_ends) {
        float group = 0;
        for (; tap < end; ++tap) {
            const RowTap& t = sum.taps[tap];
            group += t.weight * rows[t.row][t.shift + at];
        }
        total += group;
    }
    return total;
}

template <std::size_t Width>
[[gnu::always_inline]] inline void sum_row(const TapSum& sum, const float* const* rows, std::span<float> out) {
    std::size_t at = 0;
    for (; at + Width * 8 <= out.size(); at += Width * 8) sum_block<Width>(sum, rows, at, out.data());
    for (; at + 8 <= out.size(); at += 8) sum_block<1>(sum, rows, at, out.data());
    for (; at < out.size(); ++at) out[at] = sum_one(sum, rows, static_cast<std::int64_t>(at));
}

void sum_row_plain(const TapSum& sum, const float* const* rows, std::span<float> out) { sum_row<2>(sum, rows, out); }

#ifdef CONVLENS_X86_CLONES
// AVX2 without fused multiply-add: the same roundings, so the same picture on every processor.
[[gnu::target("avx2")]] void sum_row_avx2(const TapSum& sum, const float* const* rows, std::span<float> out) {
    sum_row<4>(sum, rows, out);
}
#endif

// Sums to samples, eight at a time: a comparison a sample would cost more than the sums of a small kernel.
template <typename T>
[[gnu::always_inline]] inline void store_row(std::span<const float> from, T* to) {
    typedef std::int32_t Whole __attribute__((vector_size(32)));
    typedef T Narrow __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T)), may_alias));
    constexpr float kMost = sizeof(T) == 1 ? 255.0F : 65535.0F;
    std::size_t i = 0;
    for (; i + 8 <= from.size(); i += 8) {
        const Eight value = *reinterpret_cast<const EightAnywhere*>(&from[i]);
        const Eight above = value > 0.0F ? value : Eight{};
        const Eight within = above < kMost ? above : Eight{} + kMost;
        const Eight rounded = (within + kRoundingShift) - kRoundingShift;
        *reinterpret_cast<Narrow*>(to + i) = __builtin_convertvector(__builtin_convertvector(rounded, Whole), Narrow);
    }
    for (; i < from.size(); ++i) to[i] = to_sample<T>(from[i]);
}

template <typename T>
void store_row_plain(std::span<const float> from, T* to) {
    store_row<T>(from, to);
}

#ifdef CONVLENS_X86_CLONES
template <typename T>
[[gnu::target("avx2")]] void store_row_avx2(std::span<const float> from, T* to) {
    store_row<T>(from, to);
}
#endif

#ifdef CONVLENS_X86_CLONES
bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}
#endif

template <typename T>
void to_float(std::span<const T> from, float* to) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<float>(from[i]);
}

// Colours times alpha; `channels` is 2 or 4.
void multiply_by_alpha(std::span<float> samples, int channels, float white) {
    const auto step = static_cast<std::size_t>(channels);
    for (std::size_t i = 0; i + step <= samples.size(); i += step) {
        const float alpha = samples[i + step - 1] / white;
        for (std::size_t c = 0; c + 1 < step; ++c) samples[i + c] = alpha == 0 ? 0 : samples[i + c] * alpha;
    }
}

}  // namespace

void weighted_sum(const TapSum& sum, const float* const* rows, std::span<float> out) {
#ifdef CONVLENS_X86_CLONES
    if (has_avx2()) return sum_row_avx2(sum, rows, out);
#endif
    sum_row_plain(sum, rows, out);
}

template <typename T>
void to_samples(std::span<const float> from, std::span<T> to) {
    assert(to.size() == from.size());
    if constexpr (std::is_same_v<T, float>) {
        std::copy(from.begin(), from.end(), to.begin());
    } else {
#ifdef CONVLENS_X86_CLONES
        if (has_avx2()) return store_row_avx2(from, to.data());
#endif
        store_row_plain(from, to.data());
    }
}
template void to_samples(std::span<const float>, std::span<std::uint8_t>);
template void to_samples(std::span<const float>, std::span<std::uint16_t>);
template void to_samples(std::span<const float>, std::span<float>);

void weighted_sum_strided(const TapSum& sum, const float* const* rows, std::span<float> out, std::int64_t channels,
                          std::int64_t stride) {
    std::int64_t pixel = 0;
    for (std::size_t i = 0; i < out.size(); pixel += stride * channels)
        for (std::int64_t c = 0; c < channels; ++c) out[i++] = sum_one(sum, rows, pixel + c);
}

RowSource::RowSource(const Image& image, const FilterPlan& plan, AlphaRule alpha)
    : image_(image), plan_(plan), alpha_(alpha) {
    pixels_ = (plan.output.w - 1) * plan.stride + plan.effective_cols();
    first_inside_ = std::clamp<std::int64_t>(plan.left, 0, pixels_);
    end_inside_ = std::clamp<std::int64_t>(image.width() + plan.left, first_inside_, pixels_);
    for (std::int64_t i = 0; i < first_inside_; ++i)
        left_.push_back(source_index(i - plan.left, image.width(), plan.border).value_or(-1));
    for (std::int64_t i = end_inside_; i < pixels_; ++i)
        right_.push_back(source_index(i - plan.left, image.width(), plan.border).value_or(-1));

    const auto opaque = static_cast<float>(white(image.depth()));
    for (int c = 0; c < image.channels(); ++c) {
        const bool is_alpha = image.has_alpha() && c == image.channels() - 1;
        const bool transparent = alpha == AlphaRule::filtered && plan.border == PadMode::zeros;
        outside_[c] = is_alpha ? (transparent ? 0 : opaque) : plan.border_value;
    }
}

void RowSource::read(std::int64_t y, std::span<float> out) const {
    assert(out.size() >= row_samples());
    const auto channels = static_cast<std::size_t>(image_.channels());
    const auto inside = source_index(y, image_.height(), plan_.border);
    if (!inside) {
        for (std::size_t i = 0; i < row_samples(); ++i) out[i] = outside_[i % channels];
        return;
    }
    with_sample_type(image_.depth(), [&](auto type) { read_inside<decltype(type)>(*inside, out.data()); });
    if (alpha_ != AlphaRule::none)
        multiply_by_alpha(out.first(row_samples()), image_.channels(), static_cast<float>(white(image_.depth())));
}

template <typename T>
void RowSource::read_inside(std::int64_t y, float* out) const {
    const auto row = image_.row<T>(y);
    const std::int64_t channels = image_.channels();
    const auto border = [&](const std::vector<std::int64_t>& columns, float* to) {
        for (const std::int64_t column : columns) {
            for (std::int64_t c = 0; c < channels; ++c) {
                const auto at = static_cast<std::size_t>(column * channels + c);
                *to++ = column < 0 ? outside_[c] : static_cast<float>(row[at]);
            }
        }
    };
    border(left_, out);
    if (end_inside_ > first_inside_) {
        const std::int64_t first_column = first_inside_ - plan_.left;
        to_float(row.subspan(static_cast<std::size_t>(first_column * channels),
                             static_cast<std::size_t>((end_inside_ - first_inside_) * channels)),
                 out + first_inside_ * channels);
    }
    border(right_, out + end_inside_ * channels);
}

}  // namespace convlens
