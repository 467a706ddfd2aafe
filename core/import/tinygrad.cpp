// Layers of tinygrad: methods of its tensors, x.conv2d(w, ...), and the classes of tinygrad.nn. Parameters are in the
// order of tinygrad/tensor.py and tinygrad/nn: the methods have groups in front of the stride.
#include <array>

#include "core/import/kin.h"

namespace convlens::pasted {

namespace {

constexpr Kin kTinygrad{"tinygrad"};

constexpr Signature kConv{"nn.Conv2d", "in_channels out_channels kernel_size stride padding dilation groups bias", ""};
constexpr Signature kConvTranspose{
    "nn.ConvTranspose2d", "in_channels out_channels kernel_size stride padding output_padding dilation groups bias",
    ""};
constexpr Signature kConvMethod{"conv2d", "weight bias groups stride dilation padding", ""};
constexpr Signature kConvTransposeMethod{"conv_transpose2d",
                                         "weight bias groups stride dilation padding output_padding", ""};
constexpr Signature kMaxPool{"max_pool2d", "kernel_size stride dilation padding ceil_mode return_indices",
                             "return_indices"};
constexpr Signature kAvgPool{"avg_pool2d", "kernel_size stride dilation padding ceil_mode count_include_pad", ""};

bool is_transposed(const Found& found) { return lower(found.name).find("transpose") != std::string::npos; }

// "same" is for the classes that convolve, with a stride of 1; numbers before and after begin with the last axis.
void take_padding(Draft& draft, const Arguments& arguments, int axes) {
    const Node* const node = arguments.given("padding");
    if (!node || node->kind != Node::Kind::string) return take_kin_padding(draft, arguments, axes, "WH");
    if (draft.spec().op != Op::conv || lower(node->text) != "same")
        arguments.fail("padding", msg("\"{word}\" is not known; write the number of cells, such as padding=1",
                                      "word"_is(node->text)));
    if (draft.spec().stride != Size2{1, 1})
        arguments.fail(
            "padding",
            key("\"same\" stands beside a stride above 1, which tinygrad rejects; write the number of cells, "
                "such as padding=1"));
    draft.spec().pad_rule = PadRule::torch_same;
}

ImportedLayer read_module(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = is_transposed(found);
    Draft draft = kin_draft(kTinygrad, transposed ? Op::conv_transpose : Op::conv, axes);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, transposed ? kConvTranspose : kConv, draft.result.notes);
    take_kin_sizes(draft, arguments, axes);
    take_kin_steps(draft, arguments, kTinygrad, axes);
    take_padding(draft, arguments, axes);
    draft.result.has_bias = arguments.flag("bias", true);
    take_kin_module_input(draft, found, call, "NCHW", axes);
    take_parameters(draft, found, call, axes);
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, {.begins = kRandomNumbers});
    return layer;
}

// The token that the expression begins at whose method is at a token: x of x.relu().conv2d(w).
std::size_t beginning_of(const std::vector<Token>& tokens, std::size_t method) {
    std::size_t at = method;
    while (at >= 2 && tokens[at - 1].is(".")) {
        at -= 2;
        if (!closes(tokens[at])) continue;
        int open = 0;
        for (;; --at) {
            if (closes(tokens[at])) ++open;
            if (opens(tokens[at]) && --open == 0) break;
            if (at == 0) return 0;
        }
        if (at > 0 && tokens[at - 1].is_name()) --at;
    }
    return at;
}

// The tensor that a method at a token is called of.
std::optional<Node> receiver_of(const Found& found, const Node& call) {
    const auto& tokens = found.text.tokens();
    const std::string_view variable = first_parts(tokens[found.token].text);
    if (!variable.empty()) {
        Node name = call;
        name.kind = Node::Kind::name;
        name.text = variable;
        name.items.clear();
        name.keywords.clear();
        return name;
    }
    const std::size_t from = beginning_of(tokens, found.token);
    int times = 0;  // that this method is called in the expression, up to this one
    int open = 0;
    for (std::size_t i = from; i <= found.token; ++i) {
        if (opens(tokens[i])) ++open;
        if (closes(tokens[i])) --open;
        if (open == 0 && last_part(tokens[i].text) == found.name && tokens[i].is_name()) ++times;
    }
    std::size_t at = from;
    Node node = found.text.value_at(at);
    std::vector<Node> own;  // the last one first
    while (!node.items.empty()) {
        if (node.kind == Node::Kind::method && node.text == found.name) own.push_back(node);
        node = Node(node.items[0]);
    }
    const std::size_t which = own.size() - static_cast<std::size_t>(times);
    return which < own.size() ? std::optional(own[which].items[0]) : std::nullopt;
}

void take_receiver(Draft& draft, const Found& found, const Node& call) {
    const auto receiver = receiver_of(found, call);
    std::optional<ToldArray> input;
    if (receiver)
        input = taken_input(draft, traced(found.text, *receiver, "NCHW", Role::input),
                            msg("the tensor of {layer}", "layer"_is(found.name)));
    take_kin_input(draft, std::move(input), "NCHW", 2);
}

ImportedLayer read_method(const Found& found) {
    const bool transposed = is_transposed(found);
    Draft draft = kin_draft(kTinygrad, transposed ? Op::conv_transpose : Op::conv, 2);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, transposed ? kConvTransposeMethod : kConvMethod, draft.result.notes);
    take_kin_steps(draft, arguments, kTinygrad, 2);
    take_padding(draft, arguments, 2);
    take_receiver(draft, found, call);
    take_kin_weight(draft, arguments, kTinygrad, 2);
    arguments.bias(draft, "bias");
    return finished(std::move(draft));
}

ImportedLayer read_pool(const Found& found) {
    const bool max = found.name == "max_pool2d";
    Draft draft = kin_draft(kTinygrad, max ? Op::max_pool : Op::avg_pool, 2);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, max ? kMaxPool : kAvgPool, draft.result.notes);
    ConvSpec& spec = draft.spec();
    spec.kernel = arguments.lengths("kernel_size", {2, 2});
    spec.stride = arguments.lengths("stride", spec.kernel);
    spec.dilation = arguments.lengths("dilation", {1, 1});
    take_padding(draft, arguments, 2);
    spec.ceil_mode = arguments.flag("ceil_mode", false);
    if (!max) spec.count_include_pad = arguments.flag("count_include_pad", true);
    take_receiver(draft, found, call);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- nn";

constexpr std::array kFunctions{
    KnownFunction{"Conv2d", kModules, read_module},
    KnownFunction{"Conv1d", kModules, read_module},
    KnownFunction{"ConvTranspose2d", kModules, read_module},
    KnownFunction{"ConvTranspose1d", kModules, read_module},
    KnownFunction{"conv2d", "", read_method, Manner::python, false, true},
    KnownFunction{"conv_transpose2d", "", read_method, Manner::python, false, true},
    KnownFunction{"max_pool2d", "", read_pool, Manner::python, false, true},
    KnownFunction{"avg_pool2d", "", read_pool, Manner::python, false, true},
};

}  // namespace

std::span<const KnownFunction> tinygrad_functions() { return kFunctions; }

}  // namespace convlens::pasted
