// Layers that read other layers' outputs: whether the whole can be computed, and what to do where it cannot.
//
//   input ─► layer 1 ─► layer 2 ─► layer 3        layers[1].input = LayerOutput{0}, layers[2].input = LayerOutput{1}
//
// A layer reads a tensor of its own or the output of one earlier layer, so that going through Document::layers in order
// meets every output before it is read. In sentences layers count from 1, in files and on the command line from 0.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/document/document.h"

namespace convlens {

// What a layer is called in a sentence: “conv2”, its name, or "layer 2".
Message layer_title(const Document& document, int layer);

// Whether the layer reads what `other` puts out, itself or through the layers between them.
bool follows(const Document& document, int layer, int other);

// A layer that cannot be computed.
struct BrokenLayer {
    int layer = 0;
    Shape4 input;                   // what it would read
    std::vector<Problem> problems;  // never empty
};

// Gives every layer that reads another one's output that output's shape, reshaping its weights and bias to the channels.
// Stops at the first layer that cannot read what it would get; those before it are already changed.
std::optional<BrokenLayer> follow_chain(Document& document);

// "Layer 2 cannot read the output of layer 1, [1, 8, 2, 2]: …"
Message broken_text(const Document& document, const BrokenLayer& broken);

// A document whose layers do not fit together.
class ChainError : public std::runtime_error {
public:
    ChainError(const Document& document, const BrokenLayer& broken)
        : std::runtime_error(english(broken_text(document, broken))) {}
};

// Everything that keeps `wanted` from being the settings of a layer: its own problems; else the first later layer that
// could not read what it would get; else that the document would hold more than kMaxDocumentCells. Each problem has a
// fix, and with any of its fixes every layer can be computed. shape.weight and shape.bias_length are not looked at. An
// input that is another layer's output has its size from there: another one is a problem.
std::vector<Problem> chain_problems(const Document& document, int layer, const LayerShape& wanted);

// Gives a layer these settings and everything that follows from them: later layers fit what it now puts out, and an input
// of another size goes to all layers that held the same numbers, as far as their own settings and those of the layers
// that read them allow it (Document::edit_together). Precondition: chain_problems() is empty.
void change_layer(Document& document, int layer, const LayerShape& wanted);

}  // namespace convlens
