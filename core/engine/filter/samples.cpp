#include "core/engine/filter/samples.h"

#include <algorithm>
#include <cmath>

#include "core/base/aligned.h"
#include "core/engine/simd_targets.h"
#include "core/image/sample.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/samples.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/engine/filter/rounding-inl.h"

// What does not depend on the instruction set.
#ifndef CONVLENS_IMAGE_SAMPLES_ONCE
#define CONVLENS_IMAGE_SAMPLES_ONCE
namespace convlens {
namespace {
// The divisor of many samples.
struct Divisor {
    float number = 1;
    float reciprocal = 1;
    bool by_reciprocal = false;

    explicit Divisor(float value) : number(value), reciprocal(1 / value) {
        int exponent = 0;
        const bool all_ones = std::abs(std::frexp(value, &exponent)) == 1 - 0x1p-24F;
        by_reciprocal = std::abs(value) >= 1 && std::abs(value) <= 0x1p40F && !all_ones;
    }
};
}  // namespace
}  // namespace convlens
#endif

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using FloatV = hn::Vec<Floats>;

// Calls vectors(i) for whole vectors and one(i) for the samples that are left.
template <typename Vectors, typename One>
HWY_INLINE void along(std::size_t samples, const Vectors& vectors, const One& one) {
    const std::size_t lanes = hn::Lanes(Floats());
    std::size_t i = 0;
    for (; i + lanes <= samples; i += lanes) vectors(i);
    for (; i < samples; ++i) one(i);
}

template <typename T>
HWY_INLINE void widen_all(std::span<const T> in, float* out) {
    const Floats d;
    const hn::RebindToSigned<Floats> whole;
    const hn::Rebind<T, Floats> narrow;
    along(
        in.size(),
        [&](std::size_t i) HWY_ATTR {
            hn::StoreU(hn::ConvertTo(d, hn::PromoteTo(whole, hn::LoadU(narrow, in.data() + i))), d, out + i);
        },
        [&](std::size_t i) { out[i] = static_cast<float>(in[i]); });
}
void WidenU8(std::span<const std::uint8_t> in, float* out) { widen_all(in, out); }
void WidenU16(std::span<const std::uint16_t> in, float* out) { widen_all(in, out); }
void WidenS16(std::span<const std::int16_t> in, float* out) { widen_all(in, out); }

// The quotient, rounded once. A division takes a processor as long as a dozen products, so it is a product with the
// reciprocal where products are added without rounding: corrected once, it is off by less than a unit, and corrected again
// it is the rounded quotient (Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor",
// 1990; but for divisors with all bits set). What is not finite stays as it is; below 2^-100 the last bit may differ, and
// no zero is negative.
template <typename Tag, typename V = hn::Vec<Tag>>
HWY_INLINE V quotient(Tag d, V value, const Divisor& by) {
    const V divisor = hn::Set(d, by.number);
#if HWY_NATIVE_FMA
    if (by.by_reciprocal) {
        const V reciprocal = hn::Set(d, by.reciprocal);
        const V first = hn::Mul(value, reciprocal);
        const V second = hn::MulAdd(hn::NegMulAdd(divisor, first, value), reciprocal, first);
        const V third = hn::MulAdd(hn::NegMulAdd(divisor, second, value), reciprocal, second);
        return hn::IfThenElse(hn::Eq(third, third), third, first);
    }
#endif
    return hn::Div(value, divisor);
}

// What a sample becomes, each step rounded.
struct Scaling {
    const SampleScale by;  // a copy, which no store can reach
    const Divisor divisor{by.divisor}, denominator{by.denominator};

    template <typename Tag, typename V = hn::Vec<Tag>>
    HWY_INLINE V operator()(Tag d, V value) const {
        if (by.divisor != 1) value = quotient(d, value, divisor);
        if (by.offset != 0) value = hn::Add(value, hn::Set(d, by.offset));
        if (by.numerator != by.denominator) value = quotient(d, hn::Mul(value, hn::Set(d, by.numerator)), denominator);
        return value;
    }
    float of(float value) const {
        const hn::CappedTag<float, 1> d;
        return hn::GetLane((*this)(d, hn::Set(d, value)));
    }
};
struct NoScaling {
    template <typename Tag, typename V = hn::Vec<Tag>>
    HWY_INLINE V operator()(Tag, V value) const {
        return value;
    }
    float of(float value) const { return value; }
};

template <typename T, typename Scale>
HWY_INLINE void narrow_all(std::span<const float> in, const Scale& scaled, T* out) {
    const Floats d;
    const hn::Rebind<T, Floats> narrow;
    along(
        in.size(),
        [&](std::size_t i)
            HWY_ATTR { hn::StoreU(to_samples<T>(d, scaled(d, hn::LoadU(d, in.data() + i))), narrow, out + i); },
        [&](std::size_t i) HWY_ATTR { out[i] = to_sample<T>(scaled.of(in[i])); });
}
template <typename T>
HWY_INLINE void narrow_any(std::span<const float> in, const SampleScale& by, T* out) {
    if (by.changes_nothing()) return narrow_all(in, NoScaling(), out);
    narrow_all(in, Scaling{by}, out);
}
void NarrowU8(std::span<const float> in, const SampleScale& by, std::uint8_t* out) { narrow_any(in, by, out); }
void NarrowU16(std::span<const float> in, const SampleScale& by, std::uint16_t* out) { narrow_any(in, by, out); }
void NarrowS16(std::span<const float> in, const SampleScale& by, std::int16_t* out) { narrow_any(in, by, out); }

void Rescale(std::span<const float> in, const SampleScale& by, float* out) {
    const Scaling scaled{by};
    along(
        in.size(),
        [&](std::size_t i) HWY_ATTR { hn::StoreU(scaled(Floats(), hn::LoadU(Floats(), &in[i])), Floats(), out + i); },
        [&](std::size_t i) HWY_ATTR { out[i] = scaled.of(in[i]); });
}

template <typename Scale>
HWY_INLINE void put_past_cache(std::span<const float> in, const Scale& scaled, float* out) {
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t bytes = lanes * sizeof(float);
    std::size_t i = 0;
    for (; i < in.size() && reinterpret_cast<std::uintptr_t>(out + i) % bytes != 0; ++i) out[i] = scaled.of(in[i]);
    for (; i + lanes <= in.size(); i += lanes) hn::Stream(scaled(d, hn::LoadU(d, &in[i])), d, out + i);
    for (; i < in.size(); ++i) out[i] = scaled.of(in[i]);
}
void PutPastCache(std::span<const float> in, const SampleScale& by, float* out) {
    if (by.changes_nothing()) return put_past_cache(in, NoScaling(), out);
    put_past_cache(in, Scaling{by}, out);
}

void RoundToWhole(std::span<float> values) {
#if HWY_TARGET == HWY_SCALAR
    for (float& value : values) value = std::nearbyint(value);  // Highway's own rounds halves up there
#else
    const Floats d;
    along(
        values.size(), [&](std::size_t i) HWY_ATTR { hn::StoreU(hn::Round(hn::LoadU(d, &values[i])), d, &values[i]); },
        [&](std::size_t i) { values[i] = std::nearbyint(values[i]); });
#endif
}

bool AllFinite(std::span<const float> values) {
    const Floats d;
    FloatV sum = hn::Zero(d);  // of values times 0: NaN as soon as one of them is not finite
    float rest = 0;
    along(
        values.size(), [&](std::size_t i) HWY_ATTR { sum = hn::MulAdd(hn::LoadU(d, &values[i]), hn::Zero(d), sum); },
        [&](std::size_t i) { rest += values[i] * 0; });
    return hn::AllFalse(d, hn::IsNaN(sum)) && rest == 0;
}

float Peak(std::span<const float> values) {
    const Floats d;
    FloatV most = hn::Zero(d);
    FloatV wrong = hn::Zero(d);  // NaN as soon as one of them is not finite
    float rest = 0;
    along(
        values.size(),
        [&](std::size_t i) HWY_ATTR {
            const FloatV value = hn::Abs(hn::LoadU(d, &values[i]));
            most = hn::Max(most, value);
            wrong = hn::MulAdd(value, hn::Zero(d), wrong);
        },
        [&](std::size_t i) { rest = std::isfinite(values[i]) ? std::max(rest, std::abs(values[i])) : INFINITY; });
    if (!hn::AllFalse(d, hn::IsNaN(wrong))) return INFINITY;
    return std::max(rest, hn::GetLane(hn::MaxOfLanes(d, most)));
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(WidenU8);
HWY_EXPORT(WidenU16);
HWY_EXPORT(WidenS16);
template <>
void widen(std::span<const std::uint8_t> in, float* out) {
    HWY_DYNAMIC_DISPATCH(WidenU8)(in, out);
}
template <>
void widen(std::span<const std::uint16_t> in, float* out) {
    HWY_DYNAMIC_DISPATCH(WidenU16)(in, out);
}
template <>
void widen(std::span<const std::int16_t> in, float* out) {
    HWY_DYNAMIC_DISPATCH(WidenS16)(in, out);
}
template <>
void widen(std::span<const float> in, float* out) {
    std::copy(in.begin(), in.end(), out);
}

HWY_EXPORT(NarrowU8);
HWY_EXPORT(NarrowU16);
HWY_EXPORT(NarrowS16);
template <>
void narrow(std::span<const float> in, const SampleScale& by, std::uint8_t* out) {
    HWY_DYNAMIC_DISPATCH(NarrowU8)(in, by, out);
}
template <>
void narrow(std::span<const float> in, const SampleScale& by, std::uint16_t* out) {
    HWY_DYNAMIC_DISPATCH(NarrowU16)(in, by, out);
}
template <>
void narrow(std::span<const float> in, const SampleScale& by, std::int16_t* out) {
    HWY_DYNAMIC_DISPATCH(NarrowS16)(in, by, out);
}

HWY_EXPORT(Rescale);
template <>
void narrow(std::span<const float> in, const SampleScale& by, float* out) {
    if (!by.changes_nothing()) return HWY_DYNAMIC_DISPATCH(Rescale)(in, by, out);
    if (in.data() != out) std::copy(in.begin(), in.end(), out);
}
void rescale(std::span<float> values, const SampleScale& by) { narrow<float>(values, by, values.data()); }

HWY_EXPORT(PutPastCache);
void put_past_cache(std::span<const float> in, const SampleScale& by, float* out) {
    HWY_DYNAMIC_DISPATCH(PutPastCache)(in, by, out);
}
void finish_past_cache() { hwy::FlushStream(); }

HWY_EXPORT(RoundToWhole);
void round_to_whole(std::span<float> values) { HWY_DYNAMIC_DISPATCH(RoundToWhole)(values); }

void prefetch(const void* at, std::size_t bytes) {
    const auto* const first = static_cast<const std::byte*>(at);
    for (std::size_t i = 0; i < bytes; i += kCacheLine) hwy::Prefetch(first + i);
}

HWY_EXPORT(AllFinite);
bool all_finite(std::span<const float> values) { return HWY_DYNAMIC_DISPATCH(AllFinite)(values); }

HWY_EXPORT(Peak);
float peak(std::span<const float> values) { return HWY_DYNAMIC_DISPATCH(Peak)(values); }

}  // namespace convlens
#endif
