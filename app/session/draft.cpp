// Settings on their way into the document: possible ones become edits, impossible ones a draft that keeps its problems.
#include <utility>

#include "app/session/ui_state.h"
#include "core/conv/elsewhere.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

// Panels change a spec; the tensors follow it (reshaped), so lengths they had before say nothing about the proposal.
LayerShape without_tensors(LayerShape shape) {
    shape.weight.reset();
    shape.bias_length.reset();
    return shape;
}

// The input is what compared layers have in common: one of another size goes to all that held the same, as far as their
// own settings allow it.
void change_layer(Document& document, std::size_t index, const LayerShape& wanted) {
    const TensorRef before = document.layers[index].input;
    document.layers[index] = reshaped(document.layers[index], wanted);
    if (wanted.input == before->shape() || !document.edit_together) return;
    for (Layer& layer : document.layers) {
        LayerShape shape = layer_shape(layer);
        shape.input = wanted.input;
        if (layer.input == before && validate(shape).empty()) layer = reshaped(layer, shape);
    }
}

}  // namespace

void propose(UiState& ui, const Document& document, int layer, const LayerShape& shape, std::string label,
             std::string merge) {
    const LayerShape wanted = without_tensors(shape);
    const auto index = static_cast<std::size_t>(layer);
    if (index >= document.layers.size()) return;
    std::vector<Problem> problems = validate(wanted);
    if (!problems.empty()) {
        ui.draft = Draft{layer, wanted, std::move(problems), accepted_elsewhere(wanted)};
        return;
    }
    ui.draft.reset();
    if (wanted == without_tensors(layer_shape(document.layers[index]))) return;
    ui.edit(std::move(label), std::move(merge),
            [index, wanted](Document& changed) { change_layer(changed, index, wanted); });
}

LayerShape shown_shape(const UiState& ui, const Document& document, int layer) {
    if (ui.draft && ui.draft->layer == layer) return ui.draft->shape;
    return without_tensors(layer_shape(document.layers[static_cast<std::size_t>(layer)]));
}

}  // namespace convlens
