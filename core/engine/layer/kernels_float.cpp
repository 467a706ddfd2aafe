// The layers' inner loops for float: see kernels-inl.h.
#include "core/engine/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/engine/layer/kernels_float.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#define LayerElement float
#include "core/engine/layer/kernels-inl.h"
#undef LayerElement

#if HWY_ONCE
namespace convlens {
namespace {
HWY_EXPORT(fill_layer_kernels);
}

template <>
LayerKernels<float> layer_kernels() {
    LayerKernels<float> kernels;
    HWY_DYNAMIC_DISPATCH(fill_layer_kernels)(kernels);
    return kernels;
}

}  // namespace convlens
#endif
