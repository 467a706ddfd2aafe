// What the parts of the Explain panel share. Internal to app/panels.
#pragma once

#include "app/panels/widgets.h"

namespace convlens {

struct ExplainView {
    const PanelContext& context;
    const Pane& pane;
    const DerivedLayer& layer;
    int pane_index = 0;

    const ConvSpec& spec() const { return layer.layer.spec; }
    Shape4 input_shape() const { return layer.layer.input->shape(); }
};

// The sum behind the current output, or what the current stamp does.
void draw_sum(const ExplainView& view);

// The layer as a program of another framework.
void draw_code(const ExplainView& view);

// "1 234 567"
std::string grouped(std::int64_t number);

}  // namespace convlens
