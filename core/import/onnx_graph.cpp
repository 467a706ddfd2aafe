#include "core/import/onnx_graph.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/import/onnx_nodes.h"
#include "core/import/trace.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// An input by its name, "" for none: what a dictionary of the text, {'weight': np.ones(...)}, or a variable sets it to.
Node named_input(PastedText& text, Node input) {
    if (input.kind != Node::Kind::string) return input;
    const auto& tokens = text.tokens();
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (tokens[i].kind != Token::Kind::string || tokens[i].text != input.text || !tokens[i + 1].is(":")) continue;
        std::size_t value = i + 2;
        return text.value_at(value);
    }
    input.kind = Node::Kind::name;
    if (input.text.empty())
        input.text = "None";
    else if (!text.assigned(input))
        input.kind = Node::Kind::opaque;
    return input;
}

// An input that tells numbers of a node, pads or axes, by its name: a string in make_node, opaque in a graph that is
// printed or written as a text, whose names are those of tensors alone.
Node told_input(PastedText& text, const Node& input) {
    Node named = named_input(text, input);
    if (named.kind == Node::Kind::opaque || (named.kind != Node::Kind::list && !array_of(text, named))) {
        if (auto numbers = told_elements(text, input.text)) return std::move(*numbers);
    }
    return named;
}

// 0 where it is not told.
double gather_axis(const Node& made) {
    for (std::size_t i = 0; i < made.items.size(); ++i) {
        if (made.keywords[i] == "axis" && made.items[i].kind == Node::Kind::number) return made.items[i].number;
    }
    return 0;
}

Node number_node(const Node& like, double value) {
    Node node;
    node.kind = Node::Kind::number;
    node.number = value;
    node.at = like.at;
    node.scope = like.scope;
    return node;
}

// A call that the tracer reads, in the place of a node of a graph.
Node call_node(const Node& like, std::string function, std::vector<Node> items, std::vector<std::string> keywords) {
    Node node;
    node.kind = Node::Kind::call;
    node.text = std::move(function);
    node.items = std::move(items);
    node.keywords = std::move(keywords);
    node.at = like.at;
    node.scope = like.scope;
    return node;
}

// The numbers of an input of a node; empty where they are not told.
std::vector<double> numbers_in(PastedText& text, const Node& list, std::size_t input) {
    if (input >= list.items.size()) return {};
    const auto told = array_of(text, told_input(text, list.items[input]));
    return told && told->data ? *told->data : std::vector<double>{};
}

// The value of an attribute of make_node(...), mode='edge'; nothing where it is not given.
std::optional<Node> attribute(const Node& made, std::string_view name) {
    for (std::size_t i = 0; i < made.items.size(); ++i) {
        if (made.keywords[i] == name) return made.items[i];
    }
    return {};
}

// An input of Pad, or the attribute `name` that it was before opset 11, if it was one; nothing for one left out.
std::optional<Node> pad_argument(PastedText& text, const Node& made, const Node& inputs, std::size_t input,
                                 std::string_view name) {
    if (input >= inputs.items.size()) return name.empty() ? std::nullopt : attribute(made, name);
    const Node& given = inputs.items[input];
    if (given.kind == Node::Kind::string && given.text.empty()) return {};
    return told_input(text, given);
}

// Pads of the axes that the fourth input names as those of all four axes, 0 for the others; empty where not told.
std::vector<double> pads_of_all(const std::vector<double>& pads, const std::vector<double>& axes) {
    constexpr std::size_t kRank = 4;
    std::vector<double> all(2 * kRank, 0.0);
    if (pads.size() != 2 * axes.size()) return {};
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const double axis = axes[i] < 0 ? axes[i] + kRank : axes[i];
        if (!(axis >= 0 && axis < kRank) || axis != std::floor(axis)) return {};
        all[static_cast<std::size_t>(axis)] = pads[i];
        all[static_cast<std::size_t>(axis) + kRank] = pads[i + axes.size()];
    }
    return all;
}

// Pad, whose pads are all the begins, then all the ends, with np.pad's arguments. What is not told stays as it is
// written, which np.pad's reader does not follow and names.
Node pad_node(PastedText& text, const Node& made, const Node& inputs, Node source) {
    const auto told = [&](const std::optional<Node>& node) {
        const auto array = node ? array_of(text, *node) : std::nullopt;
        return array && array->data ? *array->data : std::vector<double>{};
    };
    std::vector<double> pads = told(pad_argument(text, made, inputs, 1, "pads"));
    if (const auto axes = pad_argument(text, made, inputs, 3, "")) pads = pads_of_all(pads, told(axes));
    Node widths = call_node(made, "", {}, {});
    widths.kind = Node::Kind::list;
    for (std::size_t i = 0; i < pads.size() / 2; ++i) {
        Node pair = widths;
        pair.items = {number_node(made, pads[i]), number_node(made, pads[i + pads.size() / 2])};
        widths.items.push_back(pair);
    }
    Node constant = call_node(made, "constant", {}, {});
    constant.kind = Node::Kind::string;
    Node fill = pad_argument(text, made, inputs, 2, "value").value_or(number_node(made, 0));
    if (const std::vector<double> numbers = told(fill); !numbers.empty()) fill = number_node(made, numbers[0]);
    return call_node(made, std::string(kOnnxPad),
                     {std::move(source), widths, attribute(made, "mode").value_or(constant), fill},
                     {"", "", "mode", "constant_values"});
}

// Slice of the rows and columns as a subscript.
Node slice_node(PastedText& text, const Node& made, const Node& inputs, Node source) {
    const std::vector<double> starts = numbers_in(text, inputs, 1);
    const std::vector<double> ends = numbers_in(text, inputs, 2);
    const bool plane =
        numbers_in(text, inputs, 3) == std::vector<double>{2, 3} && starts.size() == 2 && ends.size() == 2;
    Node node = call_node(made, "[Slice]", {std::move(source)}, {""});
    node.kind = Node::Kind::method;
    if (plane) node.text = fmt::format("[:,:,{:.0f}:{:.0f},{:.0f}:{:.0f}]", starts[0], ends[0], starts[1], ends[1]);
    return node;
}

constexpr int kMostNodes = 20;  // one in front of the other, that are followed

// The operators of what a node stands for, and of the nodes in front of it: "Pad, Relu".
std::string operators_of(const Node& node) {
    std::string before = node.items.empty() ? "" : operators_of(node.items[0]);
    std::string own;
    if (node.kind == Node::Kind::binary) return node.text;
    if (node.kind == Node::Kind::call) own = node.text == kOnnxPad ? "Pad" : node.text == "tf.gather" ? "Gather" : "";
    if (node.kind == Node::Kind::method) own = "Slice";
    return before.empty() || own.empty() ? before + own : before + ", " + own;
}

Node input_behind(PastedText& text, const Node& input, int nodes);

// What a node of an operator that is followed makes of its first input; nothing for other operators.
std::optional<Node> followed(PastedText& text, const std::string& kind, const Node& made, const Node& inputs,
                             int nodes) {
    if (inputs.items.empty()) return {};
    const auto source = [&] { return input_behind(text, inputs.items[0], nodes + 1); };
    if (kind == "Pad") return pad_node(text, made, inputs, source());
    if (kind == "Slice") return slice_node(text, made, inputs, source());
    if (kind == "Gather" && inputs.items.size() > 1)
        return call_node(made, "tf.gather",
                         {source(), told_input(text, inputs.items[1]), number_node(made, gather_axis(made))},
                         {"", "", "axis"});
    return {};
}

// Of a graph that is printed or written as a text: nodes of other operators are not followed, and stay the input of what
// is.
Node tensor_behind(PastedText& text, const Node& input, int nodes) {
    const auto making = node_that_makes(text, input.text);
    if (!making) return input;
    Node inputs = call_node(making->call, "", {}, {});
    inputs.kind = Node::Kind::list;
    for (std::size_t i = 0; i < making->call.items.size(); ++i) {
        if (!making->call.keywords[i].empty()) continue;
        Node name = making->call.items[i];
        if (name.kind == Node::Kind::name && name.text != "None") name.kind = Node::Kind::opaque;
        if (name.text == "None") name.kind = Node::Kind::string, name.text.clear();
        inputs.items.push_back(std::move(name));
    }
    auto result = followed(text, making->kind, making->call, inputs, nodes);
    if (!result) return input;
    text.take_statement(making->token);
    return std::move(*result);
}

// graph_input() with `nodes` of them followed so far.
Node input_behind(PastedText& text, const Node& input, int nodes) {
    if (input.kind == Node::Kind::opaque) return nodes == kMostNodes ? input : tensor_behind(text, input, nodes);
    Node found = named_input(text, input);
    if (found.kind != Node::Kind::opaque || input.kind != Node::Kind::string || nodes == kMostNodes) return found;
    const auto& tokens = text.tokens();
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (!is_make_node(tokens, i)) continue;
        const Node made = text.call_at(i);
        if (made.items.size() < 3 || made.items[0].kind != Node::Kind::string || made.items[1].items.empty()) continue;
        const auto writes = [&](const Node& output) { return output.text == input.text; };
        if (std::ranges::none_of(made.items[2].items, writes)) continue;
        const std::string& kind = made.items[0].text;
        if (auto result = followed(text, kind, made, made.items[1], nodes)) return std::move(*result);
        const Node source = input_behind(text, made.items[1].items[0], nodes + 1);
        const std::string before = operators_of(source);
        found = call_node(made, before.empty() ? kind : before + ", " + kind, {source, source}, {"", ""});
        found.kind = Node::Kind::binary;  // is named as what changes the input
        return found;
    }
    return found;
}

}  // namespace

bool is_make_node(const std::vector<Token>& tokens, std::size_t token) {
    return tokens[token].is_name() && last_part(tokens[token].text) == "make_node" && tokens[token + 1].is("(");
}

Node graph_input(PastedText& text, const Node& input) { return input_behind(text, input, 0); }

}  // namespace convlens::pasted
