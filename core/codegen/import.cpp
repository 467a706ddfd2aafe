// Finds the first layer in a pasted text and hands it to the reader of its program.
#include "core/codegen/import.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "core/codegen/import_programs.h"

namespace convlens::pasted {

namespace {

using Functions = std::span<const KnownFunction>;

std::array<Functions, 7> all_functions() {
    return {torch_functions(), keras_functions(),  tensorflow_functions(), jax_functions(),
            onnx_functions(),  filter_functions(), opencv_functions()};
}

// Functions that are often pasted and are not one layer here, with what is.
struct Hint {
    std::string_view name;
    std::string_view hint;
};
constexpr std::array kHints{
    Hint{"Conv3d", "three axes cannot be shown; paste a Conv2d"},
    Hint{"Conv3D", "three axes cannot be shown; paste a Conv2D"},
    Hint{"ConvTranspose3d", "three axes cannot be shown; paste a ConvTranspose2d"},
    Hint{"SeparableConv2D", "it is two layers; paste DepthwiseConv2D(3) or Conv2D(filters, 1)"},
    Hint{"GaussianBlur", "its kernel is made from a sigma; paste filter2D, or choose that kernel here"},
    Hint{"medianBlur", "it is no sum of products; paste a filter2D"},
    Hint{"AdaptiveAvgPool2d", "its window follows the input; paste AvgPool2d with that kernel_size"},
    Hint{"AdaptiveMaxPool2d", "its window follows the input; paste MaxPool2d with that kernel_size"},
};

struct Layer {
    std::size_t token;
    const KnownFunction* function = nullptr;  // nullptr: op_type of a printed ONNX graph
};

bool fits(const KnownFunction& function, std::string_view dotted) {
    if (last_part(dotted) != function.name) return false;
    const std::string_view module = last_part(first_parts(dotted));
    const auto allowed = words(function.modules);
    const std::string_view wanted = module.empty() ? std::string_view("-") : module;
    return std::ranges::find(allowed, wanted) != allowed.end();
}

// PyTorch's nn.functional.conv2d and TensorFlow's nn.conv2d differ in the last module alone.
const KnownFunction* function_of(std::string_view dotted) {
    for (const Functions functions : all_functions()) {
        for (const KnownFunction& function : functions) {
            if (fits(function, dotted)) return &function;
        }
    }
    return nullptr;
}

bool is_defined(const std::vector<Token>& tokens, std::size_t at) {
    return at > 0 && tokens[at - 1].is_name() && (tokens[at - 1].text == "def" || tokens[at - 1].text == "class");
}

bool begins_call(const Token& next, bool bracketed) {
    return next.is("(") || (bracketed && (next.is("<") || next.is("[")));
}

std::optional<Layer> layer_at(const std::vector<Token>& tokens, std::size_t at) {
    const Token& token = tokens[at];
    if (token.kind == Token::Kind::string) {
        const bool typed = at >= 2 && tokens[at - 1].is(":") && tokens[at - 2].text == "op_type";
        return typed && is_onnx_operator(token.text) ? std::optional<Layer>({at, nullptr}) : std::nullopt;
    }
    if (!token.is_name() || is_defined(tokens, at) || at + 1 >= tokens.size()) return {};
    const Token& next = tokens[at + 1];
    if (!next.is("(") && !next.is("<") && !next.is("[")) return {};
    const KnownFunction* function = function_of(token.text);
    if (!function || !begins_call(next, function->bracketed)) return {};
    return Layer{at, function};
}

std::vector<Layer> layers_in(const PastedText& text) {
    std::vector<Layer> layers;
    for (std::size_t at = 0; at < text.tokens().size(); ++at) {
        if (const auto layer = layer_at(text.tokens(), at)) layers.push_back(*layer);
    }
    return layers;
}

ImportedLayer read(PastedText& text, const std::vector<Layer>& layers) {
    const Layer& first = layers.front();
    const Token& token = text.tokens()[first.token];
    ImportedLayer layer = first.function ? first.function->read({text, first.token, first.function->name})
                                         : read_onnx_protobuf(text, first.token);
    take_what_follows(text, first.token, layer);
    const std::size_t others = layers.size() - 1;
    if (others > 0) {
        layer.notes.push_back(fmt::format("the text has {} more {}; only the first, {} at {}, was taken", others,
                                          others == 1 ? "layer" : "layers", token.text, text.place(token.at)));
    }
    return layer;
}

std::string understood() {
    return "nn.Conv2d(3, 16, 3) and the other layers of PyTorch, F.conv2d, Keras's Conv2D, tf.nn.conv2d, "
           "lax.conv_general_dilated, ONNX's Conv, conv2, filter2, xcorr2, imfilter, signal.convolve2d, "
           "ndimage.convolve, cv2.filter2D and sepFilter2D are understood";
}

// The first call that is nearly a known one says what is meant.
[[noreturn]] void refuse(const PastedText& text) {
    const auto& tokens = text.tokens();
    std::vector<std::string_view> known;
    for (const Functions functions : all_functions()) {
        for (const KnownFunction& function : functions) known.push_back(function.name);
    }
    constexpr std::size_t kMostTried = 100;
    std::optional<std::size_t> first;
    std::size_t tried = 0;
    for (std::size_t at = 0; at + 1 < tokens.size() && tried < kMostTried; ++at) {
        if (!tokens[at].is_name() || !tokens[at + 1].is("(") || is_defined(tokens, at)) continue;
        ++tried;
        const std::string_view name = last_part(tokens[at].text);
        const auto* const hint = std::ranges::find(kHints, name, &Hint::name);
        if (hint != kHints.end())
            text.fail(tokens[at].at, fmt::format("{} is not understood: {}", tokens[at].text, hint->hint));
        const std::string_view near = nearest(name, known);
        if (!near.empty())
            text.fail(tokens[at].at, fmt::format("{} is not a layer that is known; did you mean {}? {}",
                                                 tokens[at].text, near, understood()));
        if (!first) first = at;
    }
    if (first)
        text.fail(tokens[*first].at,
                  fmt::format("{} is not a layer that is known; {}", tokens[*first].text.substr(0, 60), understood()));
    throw ImportError(fmt::format("there is no layer in the text; {}", understood()));
}

ImportedLayer first_layer(std::string_view text) {
    PastedText python(text, Manner::python);
    const std::vector<Layer> layers = layers_in(python);
    if (!layers.empty() && !(layers[0].function && layers[0].function->manner == Manner::matlab))
        return read(python, layers);
    PastedText matlab(text, Manner::matlab);
    const std::vector<Layer> in_matlab = layers_in(matlab);
    if (!in_matlab.empty()) return read(matlab, in_matlab);
    refuse(python);
}

}  // namespace

}  // namespace convlens::pasted

namespace convlens {

ImportedLayer import_layer(std::string_view text) { return pasted::first_layer(text); }

}  // namespace convlens
