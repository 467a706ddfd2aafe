#include "app/moment/plane_area.h"

#include <algorithm>

namespace convlens {

namespace {

std::int64_t grown(std::int64_t pad) { return std::max<std::int64_t>(pad, 0); }

PlaneArea input_area(const DerivedLayer& layer) {
    const Size2 in = layer.input->shape().plane();
    if (layer.layer.spec.op == Op::conv_transpose) return {0, 0, in};
    const Pads& p = layer.pads;
    return {
        -grown(p.top), -grown(p.left), {in.h + grown(p.top) + grown(p.bottom), in.w + grown(p.left) + grown(p.right)}};
}

PlaneArea uncropped_area(const DerivedLayer& layer) {
    const Size2 out = layer.output.shape().plane();
    const Pads& p = layer.pads;
    const std::int64_t y0 = -grown(p.top), x0 = -grown(p.left);
    return {y0, x0, {std::max(layer.h.padded - p.top, out.h) - y0, std::max(layer.w.padded - p.left, out.w) - x0}};
}

}  // namespace

PlaneArea plane_area(const DerivedLayer& layer, TensorKind tensor) {
    const std::int64_t eh = layer.h.effective_kernel, ew = layer.w.effective_kernel;
    switch (tensor) {
        case TensorKind::input: return input_area(layer);
        case TensorKind::weight: return {0, 0, layer.layer.weight->shape().plane()};
        case TensorKind::product: return {0, 0, {eh, ew}};
        case TensorKind::output: return {0, 0, layer.output.shape().plane()};
        case TensorKind::uncropped_output: return uncropped_area(layer);
        case TensorKind::zero_inserted_input:
            return {layer.pads.top - (eh - 1), layer.pads.left - (ew - 1), layer.zero_inserted.shape().plane()};
    }
    return {};
}

bool is_cropped(const DerivedLayer& layer) {
    const PlaneArea area = uncropped_area(layer);
    return area.y0 < 0 || area.x0 < 0 || area.size != layer.output.shape().plane();
}

}  // namespace convlens
