#include "app/derived/derived.h"

#include <algorithm>
#include <cmath>
#include <ranges>
#include <utility>

#include "app/derived/memory.h"
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

// Null where it was stopped.
std::shared_ptr<const DerivedLayer> derive_layer(const Layer& layer, Tensors input_values,
                                                 const std::stop_token& stopped) {
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
    d.different = differs_elsewhere(layer_shape(layer));
    if (stopped.stop_requested()) return nullptr;
    d.output = forward(spec, d.data());
    if (stopped.stop_requested()) return nullptr;
    if (spec.op == Op::conv_transpose) {
        d.canvas = stamped_canvas(spec, d.data());
        if (stopped.stop_requested()) return nullptr;
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

LayerData data_of(const Layer& layer, const Tensor<double>& input) {
    return {input.view(), layer.weight->view(), layer.bias ? layer.bias->view() : View<double>{}};
}

LayerData DerivedLayer::data() const { return data_of(layer, *input); }

const std::shared_ptr<const DerivedLayer>& shown_layer(const Derived& derived, const Pane& pane) {
    return derived.layers[static_cast<std::size_t>(pane.layer)];
}

Derived derive_all(const Document& document, const Derived* before) { return *derive_all(document, before, {}); }

std::optional<Derived> derive_all(const Document& document, const Derived* before, const std::stop_token& stopped) {
    const std::vector<bool> kept =
        before != nullptr ? up_to_date(document, *before) : std::vector<bool>(document.layers.size(), false);
    check_memory(document, kept);
    Derived derived;
    derived.document = document;
    derived.layers.reserve(document.layers.size());
    for (std::size_t i = 0; i < document.layers.size(); ++i) {
        if (kept[i]) {
            derived.layers.push_back(before->layers[i]);
            continue;
        }
        const Layer& layer = document.layers[i];
        const auto source = source_of(layer);
        Tensors input =
            source ? output_of(derived.layers[static_cast<std::size_t>(*source)]) : own_input(layer).values();
        auto made = derive_layer(layer, std::move(input), stopped);
        if (!made) return std::nullopt;
        derived.layers.push_back(std::move(made));
    }
    return derived;
}

std::vector<bool> up_to_date(const Document& document, const Derived& before) {
    std::vector<bool> same(document.layers.size(), false);
    for (std::size_t i = 0; i < std::min(document.layers.size(), before.layers.size()); ++i) {
        const Layer& layer = document.layers[i];
        const auto source = source_of(layer);
        same[i] = before.layers[i]->layer == layer && (!source || same[static_cast<std::size_t>(*source)]);
    }
    return same;
}

double milliseconds_to_derive(const Document& document, const Derived& before) {
    constexpr double kMultiplyAdd = 0.25e-6, kWindowCell = 6e-6, kCell = 8e-6;
    const std::vector<bool> kept = up_to_date(document, before);
    const auto cells = [](const Shape4& shape) { return static_cast<double>(element_count(shape).value_or(0)); };
    double milliseconds = 0;
    for (std::size_t i = 0; i < document.layers.size(); ++i) {
        if (kept[i]) continue;
        const Layer& layer = document.layers[i];
        const Shape4 input = input_shape(layer);
        const Shape4 output = output_shape(layer.spec, input);
        const Cost price = cost(layer.spec, input, static_cast<bool>(layer.bias));
        const bool transposed = layer.spec.op == Op::conv_transpose;
        // A transposed layer is stamped once more, before the crop, and its input spread out.
        const double spread = transposed ? static_cast<double>(layer.spec.stride.h * layer.spec.stride.w) : 1;
        milliseconds += static_cast<double>(price.multiply_adds) * kMultiplyAdd * (transposed ? 2 : 1);
        milliseconds += static_cast<double>(price.window_cells) * kWindowCell;
        milliseconds += (cells(input) * (1 + spread) + 2 * cells(output) + cells(layer.weight->shape())) * kCell;
    }
    return milliseconds;
}

Tensors input_values(const Document& document, int layer) {
    const auto at = [&document](int i) -> const Layer& { return document.layers[static_cast<std::size_t>(i)]; };
    std::vector<int> feeding;  // the nearest first
    for (auto source = source_of(at(layer)); source; source = source_of(at(*source))) feeding.push_back(*source);
    Tensors values = own_input(at(feeding.empty() ? layer : feeding.back())).values();
    for (const int i : std::views::reverse(feeding))
        values = std::make_shared<const Tensor<double>>(forward(at(i).spec, data_of(at(i), *values)));
    return values;
}

double bias_of(const Layer& layer, std::int64_t c_out) { return layer.bias ? layer.bias->at(0, c_out, 0, 0) : 0; }

}  // namespace convlens
