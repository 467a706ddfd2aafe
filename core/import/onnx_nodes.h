// The nodes of an ONNX graph in the forms that it is written in: a printed protobuf, node { op_type: "Conv" ... }, ONNX's
// text, y = Conv <...> (x, w), and a printed graph, %y = Conv[...](%x, %w). Internal to core/import.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// Tokens from `begin` up to `end`.
struct TokenRange {
    std::size_t begin;
    std::size_t end;
};

// Those between the brackets { } around a token; all where there are none.
TokenRange block_around(const std::vector<Token>& tokens, std::size_t at);

// Whether a field `name: value` of a printed protobuf begins at a token.
bool is_field(const std::vector<Token>& tokens, std::size_t at, std::string_view name);

// Whether a token is the operator of a node of a printed graph: Conv of %y = Conv[...](%x, %w).
bool is_printed_node(const std::vector<Token>& tokens, std::size_t token);

// Whether a token is the operator of a node of a graph's text, agraph (...) => (...) { c = Conv (x, w)  y = Relu (c) },
// or of a printed graph, graph g (...) { %c = Conv[...](%x, %w)  %y = Relu(%c) }.
bool is_node_of_text(const std::vector<Token>& tokens, std::size_t token);

// A node as a call of its operator: the names of its inputs, then the attributes by their names. The token is that of
// the operator, the string behind op_type in a printed protobuf.
Node call_of_protobuf(PastedText& text, std::size_t op_type);
Node call_of_text(PastedText& text, std::size_t operator_token);

// The node that makes a tensor, by the tensor's name, and its operator; nothing where the text shows none.
struct MakingNode {
    Node call;
    std::string kind;
    std::size_t token;  // of its operator
};
std::optional<MakingNode> node_that_makes(PastedText& text, const std::string& tensor);

// The numbers that a graph gives to a tensor of this name, without its shape: an initializer, numbers of its text, a node
// Constant, helper.make_tensor(...), numpy_helper.from_array(...). A list of numbers, or an array as it is written;
// nothing where they are not told.
std::optional<Node> told_elements(PastedText& text, const std::string& tensor);

}  // namespace convlens::pasted
