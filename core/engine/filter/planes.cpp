#include "core/engine/filter/planes.h"

#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/filter/planes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using FloatV = hn::Vec<Floats>;

void SplitPixels(const float* pixels, std::int64_t channels, std::int64_t count, const PlaneRows& planes) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    float* const to = planes.first;
    const std::int64_t apart = planes.apart;
    std::int64_t i = 0;
    for (; channels == 2 && i + lanes <= count; i += lanes) {
        FloatV a, b;
        hn::LoadInterleaved2(d, pixels + i * 2, a, b);
        hn::StoreU(a, d, to + i);
        hn::StoreU(b, d, to + apart + i);
    }
    for (; channels == 3 && i + lanes <= count; i += lanes) {
        FloatV a, b, c;
        hn::LoadInterleaved3(d, pixels + i * 3, a, b, c);
        hn::StoreU(a, d, to + i);
        hn::StoreU(b, d, to + apart + i);
        hn::StoreU(c, d, to + 2 * apart + i);
    }
    for (; channels == 4 && i + lanes <= count; i += lanes) {
        FloatV a, b, c, e;
        hn::LoadInterleaved4(d, pixels + i * 4, a, b, c, e);
        hn::StoreU(a, d, to + i);
        hn::StoreU(b, d, to + apart + i);
        hn::StoreU(c, d, to + 2 * apart + i);
        hn::StoreU(e, d, to + 3 * apart + i);
    }
    for (; i < count; ++i)
        for (std::int64_t c = 0; c < channels; ++c) to[c * apart + i] = pixels[i * channels + c];
}

void JoinPixels(const PlaneRows& planes, std::int64_t channels, std::int64_t count, float* pixels) {
    const Floats d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const float* const from = planes.first;
    const std::int64_t apart = planes.apart;
    const auto load = [&](std::int64_t c, std::int64_t i) HWY_ATTR { return hn::LoadU(d, from + c * apart + i); };
    std::int64_t i = 0;
    for (; channels == 2 && i + lanes <= count; i += lanes)
        hn::StoreInterleaved2(load(0, i), load(1, i), d, pixels + i * 2);
    for (; channels == 3 && i + lanes <= count; i += lanes)
        hn::StoreInterleaved3(load(0, i), load(1, i), load(2, i), d, pixels + i * 3);
    for (; channels == 4 && i + lanes <= count; i += lanes)
        hn::StoreInterleaved4(load(0, i), load(1, i), load(2, i), load(3, i), d, pixels + i * 4);
    for (; i < count; ++i)
        for (std::int64_t c = 0; c < channels; ++c) pixels[i * channels + c] = from[c * apart + i];
}

}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace convlens {

HWY_EXPORT(SplitPixels);
void split_pixels(const float* pixels, std::int64_t channels, std::int64_t count, const PlaneRows& planes) {
    HWY_DYNAMIC_DISPATCH(SplitPixels)(pixels, channels, count, planes);
}

HWY_EXPORT(JoinPixels);
void join_pixels(const PlaneRows& planes, std::int64_t channels, std::int64_t count, float* pixels) {
    HWY_DYNAMIC_DISPATCH(JoinPixels)(planes, channels, count, pixels);
}

}  // namespace convlens
#endif
