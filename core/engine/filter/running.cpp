#include "core/engine/filter/running.h"

#include <algorithm>

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/running.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

template <typename T, typename Sum>
HWY_INLINE void add_columns(const T* in, std::int64_t samples, Sum* sums) {
    const hn::ScalableTag<Sum> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= samples; i += lanes)
        hn::StoreU(hn::Add(hn::LoadU(d, sums + i), read_sums(d, in + i)), d, sums + i);
    for (; i < samples; ++i) sums[i] = static_cast<Sum>(sums[i] + in[i]);
}
void AddU8To16(const std::uint8_t* in, std::int64_t samples, std::uint16_t* sums) { add_columns(in, samples, sums); }
void AddU8To32(const std::uint8_t* in, std::int64_t samples, std::uint32_t* sums) { add_columns(in, samples, sums); }
void AddU16To32(const std::uint16_t* in, std::int64_t samples, std::uint32_t* sums) { add_columns(in, samples, sums); }
void AddF32To64(const float* in, std::int64_t samples, double* sums) { add_columns(in, samples, sums); }

template <typename T, typename Sum>
HWY_INLINE void move_on(const T* in, const T* out, std::int64_t samples, Sum* sums) {
    const hn::ScalableTag<Sum> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= samples; i += lanes) {
        const auto change = hn::Sub(read_sums(d, in + i), read_sums(d, out + i));
        hn::StoreU(hn::Add(hn::LoadU(d, sums + i), change), d, sums + i);
    }
    for (; i < samples; ++i) sums[i] = static_cast<Sum>(sums[i] + in[i] - out[i]);
}
void MoveU8In16(const std::uint8_t* in, const std::uint8_t* out, std::int64_t samples, std::uint16_t* sums) {
    move_on(in, out, samples, sums);
}
void MoveU8In32(const std::uint8_t* in, const std::uint8_t* out, std::int64_t samples, std::uint32_t* sums) {
    move_on(in, out, samples, sums);
}
void MoveU16In32(const std::uint16_t* in, const std::uint16_t* out, std::int64_t samples, std::uint32_t* sums) {
    move_on(in, out, samples, sums);
}
void MoveF32In64(const float* in, const float* out, std::int64_t samples, double* sums) {
    move_on(in, out, samples, sums);
}

// running[i + Channels] = running[i] + columns[i] for i in [begin, end): sums from the row's beginning on.
#if HWY_TARGET == HWY_SCALAR
template <int Channels, typename Sum>
HWY_INLINE void run_on(const Sum* columns, std::int64_t begin, std::int64_t end, std::uint32_t* running) {
    for (std::int64_t i = begin; i < end; ++i) running[i + Channels] = running[i] + columns[i];
}
#else
// Four at a time, each in its own channel.
template <int Channels, typename Sum>
HWY_INLINE void run_on(const Sum* columns, std::int64_t begin, std::int64_t end, std::uint32_t* running) {
    const hn::FixedTag<std::uint32_t, 4> d;
    // Of the last four, the lane that each of the next four goes on from.
    alignas(16) static constexpr std::int32_t kLast[4] = {4 - Channels, 4 - Channels + 1 % Channels,
                                                          4 - Channels + 2 % Channels, 4 - Channels + 3 % Channels};
    const auto last = hn::SetTableIndices(d, kLast);
    alignas(16) std::uint32_t before[4] = {};
    std::copy_n(running + begin, Channels, before + 4 - Channels);
    auto total = hn::Load(d, before);
    for (std::int64_t i = begin; i < end; i += 4) {
        auto sums = read_sums(d, columns + i);
        if constexpr (Channels < 4) sums = hn::Add(sums, hn::ShiftLeftLanes<Channels>(d, sums));
        if constexpr (Channels == 1) sums = hn::Add(sums, hn::ShiftLeftLanes<2>(d, sums));
        total = hn::Add(hn::TableLookupLanes(total, last), sums);
        hn::StoreU(total, d, running + i + Channels);
    }
}
#endif

// A few pixels at a time: one addition in each few waits for the one before.
template <int Channels>
HWY_INLINE void run_on(const double* columns, std::int64_t begin, std::int64_t end, double* running) {
    constexpr int kStep = Channels == 1 ? 4 : 2 * Channels;
    double total[Channels];
    for (int c = 0; c < Channels; ++c) total[c] = running[begin + c];
    std::int64_t i = begin;
    for (; i + kStep <= end; i += kStep) {
        for (int c = 0; c < Channels; ++c) {
            double sum = columns[i + c];
            running[i + Channels + c] = total[c] + sum;
            for (int at = c + Channels; at < kStep; at += Channels) {
                sum += columns[i + at];
                running[i + Channels + at] = total[c] + sum;
            }
            total[c] += sum;
        }
    }
    for (; i < end; ++i) running[i + Channels] = running[i] + columns[i];
}
template <typename Sum>
HWY_INLINE void run_on(std::int64_t channels, const Sum* columns, std::int64_t begin, std::int64_t end,
                       RunningTotal<Sum>* running) {
    switch (channels) {
        case 1: return run_on<1>(columns, begin, end, running);
        case 2: return run_on<2>(columns, begin, end, running);
        case 3: return run_on<3>(columns, begin, end, running);
        default: return run_on<4>(columns, begin, end, running);
    }
}

// out[i] = weight * (ends[i] - begins[i]) for i in [begin, end).
HWY_INLINE void put_differences(const std::uint32_t* begins, const std::uint32_t* ends, double weight,
                                std::int64_t begin, std::int64_t end, float* out) {
    const hn::ScalableTag<std::uint32_t> d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = begin;
    for (; i + lanes <= end; i += lanes)
        put_weighted(d, hn::Sub(hn::LoadU(d, ends + i), hn::LoadU(d, begins + i)), weight, out + i);
    for (; i < end; ++i) out[i] = static_cast<float>(weight) * static_cast<float>(ends[i] - begins[i]);
}
HWY_INLINE void put_differences(const double* begins, const double* ends, double weight, std::int64_t begin,
                                std::int64_t end, float* out) {
    const hn::ScalableTag<double> d;
    const hn::Rebind<float, decltype(d)> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto factor = hn::Set(d, weight);
    std::int64_t i = begin;
    for (; i + lanes <= end; i += lanes) {
        const auto sum = hn::Sub(hn::LoadU(d, ends + i), hn::LoadU(d, begins + i));
        hn::StoreU(hn::DemoteTo(single, hn::Mul(factor, sum)), single, out + i);
    }
    for (; i < end; ++i) out[i] = static_cast<float>(weight * (ends[i] - begins[i]));
}

constexpr std::int64_t kAtOnce = 1536;  // samples, whose sums stay in the nearest cache; a whole number of fours

template <typename Sum>
HWY_INLINE void across_running(const Sum* columns, const RunningBox& box, RunningTotal<Sum>* running, float* out) {
    const std::int64_t beside = (box.pixels - 1) * box.channels;
    std::fill_n(running, box.channels, RunningTotal<Sum>{0});
    std::int64_t run = 0;
    for (std::int64_t begin = 0; begin < box.samples; begin += kAtOnce) {
        const std::int64_t end = std::min(begin + kAtOnce, box.samples);
        const std::int64_t until = (end + beside + 3) / 4 * 4;
        run_on(box.channels, columns, run, until, running);
        run = until;
        put_differences(running, running + box.pixels * box.channels, box.weight, begin, end, out);
    }
}

// Whether sums of blocks are quicker than running sums, which go four by four whatever the vectors: up to so many
// additions a result, as measured with AVX-512.
template <typename T>
HWY_INLINE bool pays(const Blocks& blocks, std::int64_t most_additions) {
    constexpr std::int64_t kLongest = 64;  // bytes, of the vectors for which most_additions holds
    const auto bytes = static_cast<std::int64_t>(hn::Lanes(hn::ScalableTag<T>()) * sizeof(T));
    return blocks.additions <= most_additions * bytes / kLongest;
}

void AcrossU16(const std::uint16_t* columns, const RunningBox& box, std::uint32_t* running, float* out) {
    constexpr std::int64_t kMost = 65535;
    const bool short_sums = box.most_column * box.pixels <= kMost;
    const std::int64_t longest = box.most_column == 0 ? box.pixels : kMost / box.most_column;
    const Blocks blocks = choose_blocks(box.pixels, longest, short_sums ? 1 : 2);
    if (!pays<std::uint16_t>(blocks, 20)) return across_running(columns, box, running, out);
    auto* const sums = reinterpret_cast<std::uint16_t*>(running);
    for (std::int64_t begin = 0; begin < box.samples; begin += 2 * kAtOnce) {
        const std::int64_t count = std::min(2 * kAtOnce, box.samples - begin);
        if (short_sums) {
            across_in_blocks<std::uint16_t>(columns + begin, blocks, box, count, sums, out + begin);
        } else {
            across_in_blocks<std::uint32_t>(columns + begin, blocks, box, count, sums, out + begin);
        }
    }
}
void AcrossU32(const std::uint32_t* columns, const RunningBox& box, std::uint32_t* running, float* out) {
    across_running(columns, box, running, out);
}

void AcrossF64(const double* columns, const RunningBox& box, double* running, float* out) {
    const Blocks blocks = choose_blocks(box.pixels, box.pixels, 1);
    if (!pays<float>(blocks, 9)) return across_running(columns, box, running, out);
    const hn::ScalableTag<double> d;
    const hn::Rebind<float, decltype(d)> single;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t begin = 0; begin < box.samples; begin += kAtOnce) {
        const std::int64_t count = std::min(kAtOnce, box.samples - begin);
        const std::int64_t held = count + (box.pixels - 1) * box.channels;
        auto* const row = reinterpret_cast<float*>(running);
        for (std::int64_t i = 0; i < held; i += lanes)
            hn::StoreU(hn::DemoteTo(single, hn::LoadU(d, columns + begin + i)), single, row + i);
        across_in_blocks<float>(row, blocks, box, count, row + held + kRunningRoom, out + begin);
    }
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(AddU8To16);
HWY_EXPORT(AddU8To32);
HWY_EXPORT(AddU16To32);
template <>
void add_to_columns(const std::uint8_t* in, std::int64_t samples, std::uint16_t* sums) {
    HWY_DYNAMIC_DISPATCH(AddU8To16)(in, samples, sums);
}
template <>
void add_to_columns(const std::uint8_t* in, std::int64_t samples, std::uint32_t* sums) {
    HWY_DYNAMIC_DISPATCH(AddU8To32)(in, samples, sums);
}
template <>
void add_to_columns(const std::uint16_t* in, std::int64_t samples, std::uint32_t* sums) {
    HWY_DYNAMIC_DISPATCH(AddU16To32)(in, samples, sums);
}
HWY_EXPORT(AddF32To64);
template <>
void add_to_columns(const float* in, std::int64_t samples, double* sums) {
    HWY_DYNAMIC_DISPATCH(AddF32To64)(in, samples, sums);
}

HWY_EXPORT(MoveU8In16);
HWY_EXPORT(MoveU8In32);
HWY_EXPORT(MoveU16In32);
template <>
void move_columns(const std::uint8_t* in, const std::uint8_t* out, std::int64_t samples, std::uint16_t* sums) {
    HWY_DYNAMIC_DISPATCH(MoveU8In16)(in, out, samples, sums);
}
template <>
void move_columns(const std::uint8_t* in, const std::uint8_t* out, std::int64_t samples, std::uint32_t* sums) {
    HWY_DYNAMIC_DISPATCH(MoveU8In32)(in, out, samples, sums);
}
template <>
void move_columns(const std::uint16_t* in, const std::uint16_t* out, std::int64_t samples, std::uint32_t* sums) {
    HWY_DYNAMIC_DISPATCH(MoveU16In32)(in, out, samples, sums);
}
HWY_EXPORT(MoveF32In64);
template <>
void move_columns(const float* in, const float* out, std::int64_t samples, double* sums) {
    HWY_DYNAMIC_DISPATCH(MoveF32In64)(in, out, samples, sums);
}

HWY_EXPORT(AcrossU16);
HWY_EXPORT(AcrossU32);
template <>
void sum_running_across(const std::uint16_t* columns, const RunningBox& box, std::uint32_t* running, float* out) {
    HWY_DYNAMIC_DISPATCH(AcrossU16)(columns, box, running, out);
}
template <>
void sum_running_across(const std::uint32_t* columns, const RunningBox& box, std::uint32_t* running, float* out) {
    HWY_DYNAMIC_DISPATCH(AcrossU32)(columns, box, running, out);
}
HWY_EXPORT(AcrossF64);
template <>
void sum_running_across(const double* columns, const RunningBox& box, double* running, float* out) {
    HWY_DYNAMIC_DISPATCH(AcrossF64)(columns, box, running, out);
}

}  // namespace convlens
#endif
