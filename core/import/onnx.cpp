// Nodes of an ONNX graph: Conv(...), make_node("Conv", ...), the printed protobuf, and the text form
// y = Conv <...> (x, w). Pads are all the begins, then all the ends: [top, left, bottom, right]. Attributes and their
// defaults as in onnx.ai/onnx/operators; averages leave the padding out, and pooling has a stride of 1.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/conv/framework_support.h"
#include "core/import/lines.h"
#include "core/import/onnx_graph.h"
#include "core/import/onnx_nodes.h"
#include "core/import/onnx_shapes.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

constexpr Signature kConv{"Conv", "X W B * auto_pad dilations group kernel_shape pads strides name", ""};
constexpr Signature kConvTranspose{
    "ConvTranspose", "X W B * auto_pad dilations group kernel_shape output_padding output_shape pads strides name", ""};
constexpr Signature kMaxPool{"MaxPool", "X * auto_pad ceil_mode dilations kernel_shape pads storage_order strides name",
                             "storage_order"};
constexpr Signature kAveragePool{
    "AveragePool", "X * auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides name", ""};

struct Operator {
    const Signature* signature;
    Op op;
};
constexpr std::array kOperators{
    Operator{&kConv, Op::conv},
    Operator{&kConvTranspose, Op::conv_transpose},
    Operator{&kMaxPool, Op::max_pool},
    Operator{&kAveragePool, Op::avg_pool},
};

const Operator* operator_of(std::string_view name) {
    const auto* const found =
        std::ranges::find(kOperators, name, [](const Operator& entry) { return entry.signature->function; });
    return found == kOperators.end() ? nullptr : found;
}

constexpr std::array kAutoPads{
    Choice<PadRule>{"NOTSET", PadRule::explicit_},
    Choice<PadRule>{"SAME_UPPER", PadRule::onnx_SAME_UPPER},
    Choice<PadRule>{"SAME_LOWER", PadRule::onnx_SAME_LOWER},
    Choice<PadRule>{"VALID", PadRule::onnx_VALID},
};

// One number an axis; a single axis becomes the width.
Size2 along_axes(const Arguments& arguments, std::string_view name, int axes, Size2 otherwise, std::int64_t neutral) {
    const std::vector<std::int64_t> numbers = arguments.wholes(name);
    if (!arguments.given(name)) return otherwise;
    if (numbers.size() != static_cast<std::size_t>(axes)) {
        arguments.fail(name, msg("has {numbers}; write {expected}, as kernel_shape has",
                                 "numbers"_is(numbers_text(numbers.size())), "expected"_is(axes)));
    }
    return axes == 1 ? Size2{neutral, numbers[0]} : Size2{numbers[0], numbers[1]};
}

Pads pads_of(const Arguments& arguments, int axes) {
    const std::vector<std::int64_t> p = arguments.wholes("pads");
    if (!arguments.given("pads")) return {};
    if (axes == 1 && p.size() == 2) return {0, 0, p[0], p[1]};
    if (axes == 2 && p.size() == 4) return {p[0], p[2], p[1], p[3]};
    const auto count = "numbers"_is(numbers_text(p.size()));
    arguments.fail("pads", axes == 1 ? msg("has {numbers}; write two: left, right", count)
                                     : msg("has {numbers}; write four: top, left, bottom, right", count));
}

// How many axes a list of attributes speaks of that has `each` numbers an axis; 0 where it is not given.
std::size_t axes_told(const Arguments& arguments, std::string_view name, std::size_t each) {
    return arguments.wholes(name).size() / each;
}

// The axes of a layer: those of kernel_shape, of the weight, or of what else has a number an axis. kernel_shape may be
// left out of convolutions, where it is the weight's shape; pooling must have it.
int axes_of(const Arguments& arguments, const std::optional<ToldArray>& weight, bool pool) {
    const bool told = arguments.given("kernel_shape") != nullptr;
    if (!told && pool) arguments.required("kernel_shape", "[3, 3]");
    std::size_t axes = told ? arguments.wholes("kernel_shape").size() : weight ? weight->shape.size() - 2 : 0;
    if (!told && !weight) {
        axes = std::max({axes_told(arguments, "strides", 1), axes_told(arguments, "dilations", 1),
                         axes_told(arguments, "pads", 2)});
        if (axes == 0) axes = 2;
    }
    if (axes != 1 && axes != 2)
        arguments.fail("kernel_shape", msg("has {numbers}; layers along one or two axes can be taken",
                                           "numbers"_is(numbers_text(axes))));
    return static_cast<int>(axes);
}

std::optional<ToldArray> tensor(const Arguments& arguments, std::string_view name, std::optional<ToldArray> array) {
    if (array && array->shape.size() != 3 && array->shape.size() != 4) {
        arguments.fail(
            name, plural("has {n} axis; give it four, or three for a layer along one axis",
                         "has {n} axes; give it four, or three for a layer along one axis", std::ssize(array->shape)));
    }
    return array;
}

// The shape that the graph declares for an input of a node, without numbers; nothing where it tells none, or other
// nodes make the input.
std::optional<ToldArray> declared(PastedText& text, const Arguments& arguments, std::string_view name) {
    const Node* node = arguments.given(name);
    while (node && node->kind == Node::Kind::call && node->text == kOnnxPad) node = node->items.data();
    if (!node || (node->kind != Node::Kind::opaque && node->kind != Node::Kind::name)) return {};
    std::vector<std::int64_t> shape = declared_shape(text, node->text);
    if (shape.empty()) return {};
    return ToldArray{std::move(shape), {}};
}

void take_output_shape(Draft& draft, const Arguments& arguments, int axes) {
    std::vector<std::int64_t> shape = arguments.wholes("output_shape");
    if (!arguments.given("output_shape")) return;
    if (shape.size() == static_cast<std::size_t>(axes) + 2) shape.erase(shape.begin(), shape.begin() + 2);
    if (shape.size() != static_cast<std::size_t>(axes))
        arguments.fail("output_shape", msg("has {numbers}; write {expected}", "numbers"_is(numbers_text(shape.size())),
                                           "expected"_is(axes)));
    ConvSpec& spec = draft.spec();
    spec.output_size = axes == 1 ? Size2{1, shape[0]} : Size2{shape[0], shape[1]};
    if (spec.pad_rule != PadRule::explicit_) return;
    spec.pad_rule = PadRule::onnx_NOTSET;
    if (arguments.given("pads")) draft.note(key("pads was left out: output_shape chooses them"));
    spec.pads = {};
}

void take_weighted(Draft& draft, const Arguments& arguments, std::optional<ToldArray> weight, int axes) {
    ConvSpec& spec = draft.spec();
    spec.groups = arguments.whole("group", 1);
    if (spec.op == Op::conv_transpose) {
        spec.output_padding = along_axes(arguments, "output_padding", axes, {0, 0}, 0);
        take_output_shape(draft, arguments, axes);
    }
    const Size2 kernel = spec.kernel;
    if (weight) {
        if (weight->shape.size() == 3) weight->shape.insert(weight->shape.begin() + 2, 1);
        take_weight(draft, *weight);
        if (arguments.given("kernel_shape")) spec.kernel = kernel;
    } else {
        spec.out_channels = std::max<std::int64_t>(spec.groups, 1);
        if (!arguments.given("kernel_shape")) spec.kernel = {axes == 1 ? 1 : 3, 3};
        draft.note(
            msg("the weight's shape is not told; a kernel of {height}×{width} was taken, and for output channels "
                "{channels}",
                "height"_is(spec.kernel.h), "width"_is(spec.kernel.w), "channels"_is(spec.out_channels)));
    }
    if (arguments.given("B") || arguments.given("X") || arguments.given("W")) arguments.bias(draft, "B");
}

// What ONNX Runtime does to a rule that the layer follows as ONNX has it.
void note_onnx_runtime(ImportedLayer& imported) {
    const auto note = [&imported](std::string_view program, const Message& text) {
        if (program == "ONNX Runtime") imported.notes.push_back(text);
    };
    for (const RefusedBy& refused : refused_elsewhere(imported.layer)) note(refused.program, refused.reason);
    for (const DiffersIn& different : differs_elsewhere(imported.layer)) note(different.program, different.text);
}

ImportedLayer read_node(PastedText& text, const Node& call, const Operator& kind) {
    Draft draft;
    draft.result.program = "ONNX";
    ConvSpec& spec = draft.spec();
    spec.op = kind.op;
    spec.dialect = Dialect::onnx;
    const Arguments arguments(text, call, *kind.signature, draft.result.notes);
    const bool pool = kind.op == Op::max_pool || kind.op == Op::avg_pool;
    std::optional<ToldArray> weight =
        pool ? std::nullopt : tensor(arguments, "W", arguments.weight(draft, "W", "OIHW"));
    if (!weight && !pool) {
        weight = declared(text, arguments, "W");
        if (weight && weight->shape[0] == 0) weight.reset();
        if (weight) draft.note(key("the weight's shape was taken, and its numbers are not read; others were taken"));
    }
    const int axes = axes_of(arguments, weight, pool);
    if (axes == 1) draft.h = 1;
    spec.kernel = along_axes(arguments, "kernel_shape", axes, {1, 1}, 1);
    spec.stride = along_axes(arguments, "strides", axes, {1, 1}, 1);
    spec.dilation = along_axes(arguments, "dilations", axes, {1, 1}, 1);
    spec.pad_rule = arguments.choice<PadRule>("auto_pad", kAutoPads, PadRule::explicit_);
    spec.pads = pads_of(arguments, axes);
    if (spec.pad_rule != PadRule::explicit_ && arguments.given("pads")) {
        // ConvAttributes: "A Conv/ConvTranspose node has both 'auto_pad' and 'pads' attributes". PoolAttributes reads
        // on.
        if (!pool)
            arguments.fail("pads", key("stands beside auto_pad, which ONNX Runtime rejects; leave one of them out"));
        if (spec.pads != Pads{}) draft.note(key("pads was left out: auto_pad chooses them"));
        spec.pads = {};
    }
    auto input = tensor(arguments, "X", arguments.input(draft, "X", "NCHW"));
    if (!input) input = declared(text, arguments, "X");
    if (input) {
        if (input->shape.size() == 3) input->shape.insert(input->shape.begin() + 2, 1);
        if (input->shape[0] == 0) input->shape.erase(input->shape.begin());
        take_input(draft, *input);
    }
    if (pool) {
        spec.ceil_mode = arguments.flag("ceil_mode", false);
        spec.count_include_pad = kind.op == Op::avg_pool && arguments.flag("count_include_pad", false);
    } else {
        take_weighted(draft, arguments, weight, axes);
    }
    ImportedLayer layer = finished(std::move(draft));
    note_onnx_runtime(layer);
    return layer;
}

// Names the nodes of a graph that are not the layer. Of a token that another node shows at, `operator_at` gives the token
// of that node's operator, as a pointer; nullptr for the other tokens.
template <typename OperatorAt>
void note_other_nodes(const PastedText& text, ImportedLayer& imported, OperatorAt operator_at) {
    std::vector<std::string> others;
    for (std::size_t i = 0; i < text.tokens().size(); ++i) {
        if (const Token* other = operator_at(i)) others.push_back(other->text);
    }
    if (others.empty()) return;
    imported.notes.push_back(msg("the graph has other nodes, which were left out: {nodes}",
                                 "nodes"_is(fmt::format("{}", fmt::join(others, ", ")))));
}

// The first input of a node, in front of which attributes may stand; nullptr for none.
Node* first_input(Node& call) {
    const auto first = std::ranges::find(call.keywords, "");
    return first == call.keywords.end() ? nullptr
                                        : &call.items[static_cast<std::size_t>(first - call.keywords.begin())];
}

ImportedLayer read_operator(const Found& found) {
    const auto& tokens = found.text.tokens();
    Node call = call_of_text(found.text, found.token);
    const bool graph = is_in_graph_text(found.text, found.token);
    Node* const input = graph || is_node_text(found.text, found.token) ? first_input(call) : nullptr;
    if (input) {
        if (input->kind == Node::Kind::name && node_that_makes(found.text, input->text))
            input->kind = Node::Kind::opaque;
        if (input->kind == Node::Kind::opaque) *input = graph_input(found.text, *input);
    }
    ImportedLayer layer = read_node(found.text, call, *operator_of(found.name));
    if (!graph) return layer;
    note_other_nodes(found.text, layer, [&](std::size_t i) {
        const bool other = i != found.token && is_node_of_text(tokens, i) && !found.text.is_taken(i);
        return other ? &tokens[i] : nullptr;
    });
    return layer;
}

// The variable of the text that has an input's name, where it is set to an array: W = np.ones((1, 1, 3, 3)).
std::optional<Node> variable_of(PastedText& text, const Node& input) {
    if (input.kind != Node::Kind::string || input.text.empty()) return {};
    Node name = input;
    name.kind = Node::Kind::name;
    name.scope = text.tokens().size() - 1;
    return array_of(text, name) ? std::optional(name) : std::nullopt;
}

// make_node(op_type, inputs, outputs, name, ...): the inputs are names.
ImportedLayer read_make_node(const Found& found) {
    const Node made = found.text.call_at(found.token);
    Node call = made;
    call.items.clear();
    call.keywords.clear();
    std::string kind;
    std::size_t position = 0;
    std::vector<std::string> variables;
    for (std::size_t i = 0; i < made.items.size(); ++i) {
        std::string name = made.keywords[i];
        if (name.empty())
            name = std::array{"op_type", "inputs", "outputs", "name", "doc_string", "domain"}.at(
                std::min<std::size_t>(position++, 5));
        if (name == "op_type") kind = resolved(found.text, made.items[i]).text;
        if (name == "op_type" || name == "outputs" || name == "doc_string" || name == "domain" || name == "overload")
            continue;
        if (name == "inputs") {
            const Node inputs = resolved(found.text, made.items[i]);
            for (const Node& input : inputs.items) {
                Node node = graph_input(found.text, input);
                if (auto variable = node.kind == Node::Kind::opaque ? variable_of(found.text, input) : std::nullopt) {
                    node = std::move(*variable);
                    variables.push_back(input.text);
                }
                call.items.push_back(std::move(node));
                call.keywords.emplace_back();
            }
            continue;
        }
        call.items.push_back(made.items[i]);
        call.keywords.push_back(name);
    }
    const Operator* known = operator_of(kind);
    if (!known) {
        found.text.fail(made.at, unknown_node(kind));
    }
    ImportedLayer layer = read_node(found.text, call, *known);
    for (const std::string& name : variables)
        layer.notes.push_back(
            msg("the node's input {name} was taken to be the variable of that name", "name"_is(name)));
    const auto& tokens = found.text.tokens();
    note_other_nodes(found.text, layer, [&](std::size_t i) {  // what stands behind the layer: Pad, Slice
        const bool other = i >= found.token && is_make_node(tokens, i) && tokens[i + 2].kind == Token::Kind::string &&
                           !operator_of(tokens[i + 2].text);
        return other ? &tokens[i + 2] : nullptr;
    });
    return layer;
}

constexpr std::array kFunctions{
    KnownFunction{"Conv", "- op", read_operator, Manner::python, true},
    KnownFunction{"ConvTranspose", "- op", read_operator, Manner::python, true},
    KnownFunction{"MaxPool", "- op", read_operator, Manner::python, true},
    KnownFunction{"AveragePool", "- op", read_operator, Manner::python, true},
    KnownFunction{"make_node", "- helper onnx", read_make_node},
};

}  // namespace

std::span<const KnownFunction> onnx_functions() { return kFunctions; }

bool is_in_graph_text(const PastedText& text, std::size_t token) {
    const auto& tokens = text.tokens();
    const auto arrow = [](const Token& before) { return before.is("=>"); };
    const auto framed = [](const Token& before) { return before.is_name() && before.text == "graph"; };
    const auto end = tokens.begin() + static_cast<std::ptrdiff_t>(token);
    return std::any_of(tokens.begin(), end, arrow) ||
           (is_printed_node(tokens, token) && std::any_of(tokens.begin(), end, framed));
}

bool is_node_text(const PastedText& text, std::size_t token) {
    const auto& tokens = text.tokens();
    if (token + 1 >= tokens.size()) return false;
    if (tokens[token + 1].is("<") || tokens[token + 1].is("[")) return true;
    const std::size_t behind = tokens[token + 1].is("(") ? closing_of(tokens, token + 1) + 1 : tokens.size();
    return behind < tokens.size() && tokens[behind].is("<");
}

Message unknown_node(std::string_view kind) {
    return msg("make_node of \"{kind}\" is not understood; Conv, ConvTranspose, MaxPool and AveragePool are",
               "kind"_is(kind));
}

bool is_onnx_operator(std::string_view name) { return operator_of(name) != nullptr; }

ImportedLayer read_onnx_protobuf(PastedText& text, std::size_t op_type) {
    const auto& tokens = text.tokens();
    Node call = call_of_protobuf(text, op_type);
    Node* const input = first_input(call);
    if (input && input->kind == Node::Kind::opaque) *input = graph_input(text, *input);
    ImportedLayer layer = read_node(text, call, *operator_of(tokens[op_type].text));
    note_other_nodes(text, layer, [&](std::size_t i) {  // node { op_type: "Pad" ... }
        const bool other = is_field(tokens, i, "op_type") && !operator_of(tokens[i + 2].text);
        return other && !text.is_taken(i + 2) ? &tokens[i + 2] : nullptr;
    });
    return layer;
}

}  // namespace convlens::pasted
