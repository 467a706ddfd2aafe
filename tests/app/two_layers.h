// A document for tests in which two layers of different settings stand side by side.
#pragma once

#include "app/document/document.h"

namespace convlens {

// A convolution, and a transposed one that is read as stamps, both in two groups and with a bias each.
inline Document two_layers() {
    Document document;
    LayerShape shape;
    shape.spec.kernel = {2, 3};
    shape.spec.pads = {1, 2, 3, 4};
    shape.spec.groups = 2;
    shape.spec.out_channels = 4;
    shape.input = {1, 6, 3, 5};
    document.layers.push_back(new_layer(shape, true));
    shape.spec.op = Op::conv_transpose;
    shape.spec.pads = {1, 0, 0, 1};
    document.layers.push_back(new_layer(shape, true));
    Pane second;
    second.layer = 1;
    second.reading = Reading::stamp;
    document.panes = {Pane{}, second};
    return document;
}

}  // namespace convlens
