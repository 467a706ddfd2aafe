// Documents for tests in which layers read each other's outputs.
#pragma once

#include "app/document/document.h"
#include "core/conv/shape.h"

namespace convlens {

inline Pane pane_of(int layer) {
    Pane pane;
    pane.layer = layer;
    return pane;
}

// A layer that reads the output of an earlier one, with seeded weights and a bias.
inline Layer reading(const Document& document, int source, ConvSpec spec) {
    const Layer& read = document.layers[static_cast<std::size_t>(source)];
    const Shape4 input = output_shape(read.spec, input_shape(read));
    Layer layer = new_layer({spec, input, {}, {}}, true);
    layer.input = LayerOutput{source, input};
    return layer;
}

inline ConvSpec conv(std::int64_t kernel, std::int64_t out_channels, std::int64_t groups = 1) {
    ConvSpec spec;
    spec.kernel = {kernel, kernel};
    spec.out_channels = out_channels;
    spec.groups = groups;
    return spec;
}

// [1, 2, 8, 9] ─► layer 1, 4 filters of 3×3 ─► layer 2, 2 groups of 2×2 ─► layer 3, max pooling 2×2 of stride 2: 2×3.
inline Document chain_of_three() {
    Document document;
    document.layers.push_back(new_layer({conv(3, 4), {1, 2, 8, 9}, {}, {}}, true));
    document.layers.push_back(reading(document, 0, conv(2, 6, 2)));
    ConvSpec pool;
    pool.op = Op::max_pool;
    pool.kernel = pool.stride = {2, 2};
    document.layers.push_back(reading(document, 1, pool));
    document.panes = {pane_of(0), pane_of(1), pane_of(2)};
    return document;
}

}  // namespace convlens
