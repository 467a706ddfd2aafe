// The nodes of an ONNX graph followed from a layer's node to those in front of it: of a program that makes them by
// make_node(op_type, inputs, outputs, ...), and of a graph that is printed or written as a text. Internal to core/import.
#pragma once

#include <cstddef>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// Whether the call of a function make_node, with its bracket, begins at a token.
bool is_make_node(const std::vector<Token>& tokens, std::size_t token);

// The input of a node of a graph: an array that the text tells, or what the nodes in front of it make of one, as calls
// that the trace reads. `input` is its name, as a string of a program and as an opaque node of another graph; an opaque
// node is given back where neither is told.
Node graph_input(PastedText& text, const Node& input);

}  // namespace convlens::pasted
