#include "app/derived/derived.h"

#include <algorithm>
#include <cmath>

#include "core/conv/pad.h"
#include "core/engine/forward.h"

namespace convlens {

namespace {

double peak(const Tensor<double>& values) {
    double most = 0;
    for (const double v : values.span())
        if (std::isfinite(v)) most = std::max(most, std::abs(v));
    return most;
}

std::shared_ptr<const DerivedLayer> derive_layer(const Layer& layer) {
    auto made = std::make_shared<DerivedLayer>();
    DerivedLayer& d = *made;
    d.layer = layer;
    d.input = layer.input.values();
    const ConvSpec& spec = layer.spec;
    const Shape4 input = d.input->shape();
    d.pads = resolve_pads(spec, input.plane());
    d.h = solve_axis(spec, input.plane(), Axis::h);
    d.w = solve_axis(spec, input.plane(), Axis::w);
    d.size_h = derive(spec, input.plane(), Axis::h);
    d.size_w = derive(spec, input.plane(), Axis::w);
    d.cost = cost(spec, input, static_cast<bool>(layer.bias));
    d.unread_h = unread(spec, input.plane(), Axis::h);
    d.unread_w = unread(spec, input.plane(), Axis::w);
    const auto alike = spec.op == Op::conv_transpose ? outputs_alike : inputs_alike;
    d.alike_h = alike(spec, input.plane(), Axis::h);
    d.alike_w = alike(spec, input.plane(), Axis::w);
    d.elsewhere = refused_elsewhere(layer_shape(layer));
    d.output = forward(spec, d.data());
    if (spec.op == Op::conv_transpose) {
        d.canvas = stamped_canvas(spec, d.data());
        d.zero_inserted = zero_inserted_input(spec, *d.input);
    } else {
        d.padded = padded_input(spec, *d.input);
    }
    d.input_peak = peak(*d.input);
    d.weight_peak = peak(*layer.weight);
    d.output_peak = peak(d.output);
    return made;
}

}  // namespace

LayerData DerivedLayer::data() const {
    return {input->view(), layer.weight->view(), layer.bias ? layer.bias->view() : View<double>{}};
}

const std::shared_ptr<const DerivedLayer>& shown_layer(const Derived& derived, const Pane& pane) {
    return derived.layers[static_cast<std::size_t>(pane.layer)];
}

Derived derive_all(const Document& document, const Derived* before) {
    Derived derived;
    derived.document = document;
    derived.layers.reserve(document.layers.size());
    for (std::size_t i = 0; i < document.layers.size(); ++i) {
        const bool same = before && i < before->layers.size() && before->layers[i]->layer == document.layers[i];
        derived.layers.push_back(same ? before->layers[i] : derive_layer(document.layers[i]));
    }
    return derived;
}

double bias_of(const Layer& layer, std::int64_t c_out) { return layer.bias ? layer.bias->at(0, c_out, 0, 0) : 0; }

}  // namespace convlens
