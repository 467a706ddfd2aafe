// What the rows of the Parameters panel share. Internal to app/panels.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/panels/panels.h"
#include "core/conv/parameters.h"

namespace convlens {

struct LayerControls {
    PanelContext& context;
    int layer = 0;
    LayerShape shape;               // what the controls show: the draft while there is one
    std::vector<Problem> problems;  // of the draft that no row has shown yet

    const Layer& document_layer() const { return context.document.layers[static_cast<std::size_t>(layer)]; }
    // The layer whose output is the input; nothing where the input is the layer's own.
    std::optional<int> source() const { return source_of(document_layer()); }
    // The size of such an input is set by the settings of the layer that it comes from.
    bool can_set(const Parameter& row) const { return !source() || !std::holds_alternative<InputPart>(row.slot); }
    void propose(const LayerShape& wanted, Message label, std::string merge = {}) const {
        convlens::propose(context.ui, context.document, layer, wanted, std::move(label), std::move(merge));
    }
};

// The rows of the table that the panel shows of an operation, in the panel's order: those with a number for each axis, or
// those with one number.
std::vector<const Parameter*> rows_of(Op op, bool axes);
// One setting: name, a field per axis, the chain between them, slider; below them what is wrong with it.
void draw_parameter(LayerControls& controls, const Parameter& row);
// The settings of one number each, two side by side.
void draw_small_parameters(LayerControls& controls);
// Of an input that is another layer's output: which one's, and its shape.
void draw_source(const LayerControls& controls);
// H and W above the fields. Of a `flat` layer it says that it is 1-D.
void draw_axes_heading(const PanelContext& context, bool flat);

// Problems with their fixes, those that belong `here`. Each is shown once.
void draw_problems(LayerControls& controls, const std::function<bool(const Problem&)>& here);
void draw_problems(LayerControls& controls, Field field);

// The kernel's anchor: its cell, and the programs' own.
void draw_anchor(LayerControls& controls);

// A row under a pad mode, drawn.
void draw_border_picture(const PanelContext& context, PadMode mode);

// Batch, channels, groups, four sides, pad mode and rule, turned kernel, bias.
void draw_advanced(LayerControls& controls);

// Menus that fill a tensor with numbers.
void draw_fill(LayerControls& controls);

}  // namespace convlens
