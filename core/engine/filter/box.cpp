#include "core/engine/filter/box.h"

#include <algorithm>

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/box.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

template <bool kAdd, typename T>
HWY_INLINE void add_to(const T* in, const float* sums, std::int64_t samples, float* out) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= samples; i += lanes) {
        FloatV value = read_floats(in + i);
        if constexpr (kAdd) value = hn::Add(hn::LoadU(d, sums + i), value);
        hn::StoreU(value, d, out + i);
    }
    for (; i < samples; ++i) out[i] = (kAdd ? sums[i] : 0) + static_cast<float>(in[i]);
}
template <typename T>
HWY_INLINE void add_row_of(const T* in, const float* sums, std::int64_t samples, float* out) {
    if (sums) return add_to<true>(in, sums, samples, out);
    add_to<false>(in, sums, samples, out);
}
void AddRowU8(const std::uint8_t* in, const float* sums, std::int64_t samples, float* out) {
    add_row_of(in, sums, samples, out);
}
void AddRowU16(const std::uint16_t* in, const float* sums, std::int64_t samples, float* out) {
    add_row_of(in, sums, samples, out);
}
void AddRowF32(const float* in, const float* sums, std::int64_t samples, float* out) {
    add_row_of(in, sums, samples, out);
}

template <bool kFirst, typename T>
HWY_INLINE void step_to(const T* in, const BoxStep& step) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= step.samples; i += lanes) {
        FloatV begun = read_floats(in + i);
        if constexpr (!kFirst) begun = hn::Add(hn::LoadU(d, step.begun + i), begun);
        hn::StoreU(begun, d, step.begun + i);
        hn::StoreU(hn::Add(hn::LoadU(d, step.rest + i), begun), d, step.out + i);
    }
    for (; i < step.samples; ++i) {
        step.begun[i] = (kFirst ? 0 : step.begun[i]) + static_cast<float>(in[i]);
        step.out[i] = step.rest[i] + step.begun[i];
    }
}
template <typename T>
HWY_INLINE void step_box_of(const T* in, const BoxStep& step) {
    if (step.first) return step_to<true>(in, step);
    step_to<false>(in, step);
}
void StepBoxU8(const std::uint8_t* in, const BoxStep& step) { step_box_of(in, step); }
void StepBoxU16(const std::uint16_t* in, const BoxStep& step) { step_box_of(in, step); }
void StepBoxF32(const float* in, const BoxStep& step) { step_box_of(in, step); }

// row[i] becomes the sum of what stands 0, 1, 2 and 3 steps further on, for i in [0, count) and what is left of a vector.
HWY_INLINE void sum_fours(float* row, std::int64_t step, std::int64_t count) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i < count; i += lanes) {
        const FloatV near = hn::Add(hn::LoadU(d, row + i), hn::LoadU(d, row + i + step));
        const FloatV far = hn::Add(hn::LoadU(d, row + i + 2 * step), hn::LoadU(d, row + i + 3 * step));
        hn::StoreU(hn::Add(near, far), d, row + i);
    }
}

// Sums of Count elements that are a step apart.
template <int Count>
HWY_INLINE FloatV sum_at(const float* row, std::int64_t step) {
    const Floats d;
    FloatV total = hn::LoadU(d, row);
    if constexpr (Count > 1) total = hn::Add(total, hn::LoadU(d, row + step));
    if constexpr (Count > 2) total = hn::Add(total, hn::LoadU(d, row + 2 * step));
    return total;
}
template <int Count>
HWY_INLINE void add_few(const float* row, std::int64_t step, const BoxAcross& box, bool add, float* out) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const FloatV weight = hn::Set(d, box.weight);
    std::int64_t i = 0;
    for (; i + lanes <= box.samples; i += lanes) {
        FloatV total = sum_at<Count>(row + i, step);
        if (add) total = hn::Add(hn::LoadU(d, out + i), total);
        hn::StoreU(hn::Mul(weight, total), d, out + i);
    }
    for (; i < box.samples; ++i) {
        float total = row[i];
        for (int v = 1; v < Count; ++v) total += row[i + v * step];
        out[i] = box.weight * (add ? out[i] + total : total);
    }
}

void SumBoxAcross(float* row, const BoxAcross& box, float* out) {
    BoxAcross few = box;  // the weight is for the last ones
    std::int64_t step = box.channels;
    std::int64_t held = box.samples + (box.pixels - 1) * box.channels;  // sums in the row
    std::int64_t from = 0;
    bool add = false;
    for (std::int64_t left = box.pixels; left > 0; left /= 4) {
        few.weight = left < 4 ? box.weight : 1;
        const float* at = row + from;
        switch (left % 4) {
            case 1: add_few<1>(at, step, few, add, out); break;
            case 2: add_few<2>(at, step, few, add, out); break;
            case 3: add_few<3>(at, step, few, add, out); break;
            default: break;
        }
        add = add || left % 4 != 0;
        from += left % 4 * step;
        if (left < 4) break;
        held -= 3 * step;
        sum_fours(row, step, held);
        step *= 4;
    }
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(AddRowU8);
HWY_EXPORT(AddRowU16);
HWY_EXPORT(AddRowF32);
void add_row(const std::uint8_t* in, const float* sums, std::int64_t samples, float* out) {
    HWY_DYNAMIC_DISPATCH(AddRowU8)(in, sums, samples, out);
}
void add_row(const std::uint16_t* in, const float* sums, std::int64_t samples, float* out) {
    HWY_DYNAMIC_DISPATCH(AddRowU16)(in, sums, samples, out);
}
void add_row(const float* in, const float* sums, std::int64_t samples, float* out) {
    HWY_DYNAMIC_DISPATCH(AddRowF32)(in, sums, samples, out);
}

HWY_EXPORT(StepBoxU8);
HWY_EXPORT(StepBoxU16);
HWY_EXPORT(StepBoxF32);
void step_box(const std::uint8_t* in, const BoxStep& step) { HWY_DYNAMIC_DISPATCH(StepBoxU8)(in, step); }
void step_box(const std::uint16_t* in, const BoxStep& step) { HWY_DYNAMIC_DISPATCH(StepBoxU16)(in, step); }
void step_box(const float* in, const BoxStep& step) { HWY_DYNAMIC_DISPATCH(StepBoxF32)(in, step); }

HWY_EXPORT(SumBoxAcross);
void sum_box_across(float* row, const BoxAcross& box, float* out) { HWY_DYNAMIC_DISPATCH(SumBoxAcross)(row, box, out); }

}  // namespace convlens
#endif
