// What the parts of the Explain panel share. Internal to app/panels.
#pragma once

#include "app/panels/widgets/widgets.h"

namespace convlens {

struct ExplainView {
    const PanelContext& context;
    const Pane& pane;
    const DerivedLayer& layer;
    Moment moment;  // that the pane shows

    const ConvSpec& spec() const { return layer.layer.spec; }
    Shape4 input_shape() const { return layer.input->shape(); }
};

// This pane's output against another's, where there are several: what differs, and why.
void draw_comparison(const ExplainView& view);

// The lengths that the layer cannot tell apart, and the way back to each.
void draw_round_trip(const ExplainView& view);

// The two axes are told apart only where they differ.
bool same_axes(const DerivedLayer& layer);

// The sum behind the current output, or what the current stamp does.
void draw_sum(const ExplainView& view);

// The size in the words of PyTorch, TensorFlow and ONNX; for a transposed layer the plain convolution that it equals.
void draw_framework_formulas(const ExplainView& view);

// The weight tensor in each program's order, and where the weight that is pointed at stands in it.
void draw_weight_layouts(const ExplainView& view);

// The layer as a program of another framework.
void draw_code(const ExplainView& view);

// "1 234 567"
std::string grouped(std::int64_t number);
std::string grouped(std::string digits);

}  // namespace convlens
