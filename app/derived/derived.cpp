#include "app/derived/derived.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

using Tensors = std::shared_ptr<const Tensor<double>>;

std::shared_ptr<const DerivedLayer> derive_layer(const Layer& layer, Tensors input_values) {
    auto made = std::make_shared<DerivedLayer>();
    DerivedLayer& d = *made;
    d.layer = layer;
    d.input = std::move(input_values);
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

// The output alone, kept alive with its layer.
Tensors output_of(const std::shared_ptr<const DerivedLayer>& layer) { return {layer, &layer->output}; }

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
        const Layer& layer = document.layers[i];
        const auto source = source_of(layer);
        const auto has_same = [&] {
            if (before == nullptr || i >= before->layers.size() || before->layers[i]->layer != layer) return false;
            // A layer that reads another is as it was only where that one is: the very tensor.
            return !source || before->layers[i]->input == output_of(derived.layers[static_cast<std::size_t>(*source)]);
        };
        if (has_same()) {
            derived.layers.push_back(before->layers[i]);
            continue;
        }
        Tensors input =
            source ? output_of(derived.layers[static_cast<std::size_t>(*source)]) : own_input(layer).values();
        derived.layers.push_back(derive_layer(layer, std::move(input)));
    }
    return derived;
}

double bias_of(const Layer& layer, std::int64_t c_out) { return layer.bias ? layer.bias->at(0, c_out, 0, 0) : 0; }

}  // namespace convlens
