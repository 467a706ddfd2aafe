// Why a text has no layer: what its nearest call may be, and what to paste instead.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "core/import/names.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// Functions that are often pasted and are not one layer here, with what is.
struct Hint {
    std::string_view name;
    Key hint;
};
constexpr std::array kHints{
    Hint{"partial", key("it makes a function that makes layers; paste the layer with all of its settings")},
    Hint{"Conv3d", key("three axes cannot be shown; paste a Conv2d")},
    Hint{"Conv3D", key("three axes cannot be shown; paste a Conv2D")},
    Hint{"ConvTranspose3d", key("three axes cannot be shown; paste a ConvTranspose2d")},
    Hint{"SeparableConv2D", key("it is two layers; paste DepthwiseConv2D(3) or Conv2D(filters, 1)")},
    Hint{"GaussianBlur", key("its kernel is made from a sigma; paste filter2D, or choose that kernel here")},
    Hint{"medianBlur", key("it is not a sum of products; paste a filter2D")},
    Hint{"sliding_window_view", key("it is pooling written out; paste F.max_pool2d or F.avg_pool2d")},
    Hint{"add_n", key("it is average pooling written out; paste tf.nn.avg_pool2d")},
    Hint{"reduce_max", key("it is max pooling written out; paste tf.nn.max_pool2d")},
    Hint{"stack",
         key("pooling that is written out as stacked parts is not read; paste MaxPooling2D or AveragePooling2D")},
    Hint{"dilate", key("it is max pooling written out; paste F.max_pool2d")},
    Hint{"max", key("max pooling that is written out is not read; paste F.max_pool2d")},
    Hint{"convolution2dLayer",
         key("MATLAB's networks are not read; paste conv2 or imfilter, or the layer as PyTorch's Conv2d")},
    Hint{"transposedConv2dLayer", key("MATLAB's networks are not read; paste the layer as PyTorch's ConvTranspose2d")},
    Hint{"maxPooling2dLayer", key("MATLAB's networks are not read; paste the layer as PyTorch's MaxPool2d")},
    Hint{"averagePooling2dLayer", key("MATLAB's networks are not read; paste the layer as PyTorch's AvgPool2d")},
    Hint{"dlconv", key("MATLAB's networks are not read; paste conv2 or imfilter, or the layer as PyTorch's Conv2d")},
    Hint{"fftconvolve", key("it is the same as signal.convolve2d of two planes; paste that")},
    Hint{"convolve1d", key("it filters one axis of an array; paste ndimage.convolve with a kernel of one row")},
    Hint{"correlate1d", key("it filters one axis of an array; paste ndimage.correlate with a kernel of one row")},
    Hint{"conv_general", key("MLX's conv_general is not read; paste mx.conv2d or mx.conv_transpose2d")},
    Hint{"AdaptiveAvgPool2d", key("its window follows the input; paste AvgPool2d with that kernel_size")},
    Hint{"AdaptiveMaxPool2d", key("its window follows the input; paste MaxPool2d with that kernel_size")},
};

constexpr Key kUnderstood =
    key("nn.Conv2d(3, 16, 3) and the other layers of PyTorch, F.conv2d, Keras's Conv2D, tf.nn.conv2d, "
        "lax.conv_general_dilated, ONNX's Conv, conv2, filter2, xcorr2, imfilter, signal.convolve2d, ndimage.convolve, "
        "cv2.filter2D and sepFilter2D, and the layers of tinygrad, MindSpore, PaddlePaddle and MLX are understood");

// Those whose layers are read.
constexpr Key kLibrariesRead =
    key("PyTorch, TensorFlow, Keras, JAX, ONNX, MATLAB, SciPy, OpenCV, tinygrad, MindSpore, PaddlePaddle and MLX");

// A call that could be a layer's, by its name.
bool like_a_layer(std::string_view name) {
    const std::string low = lower(name);
    return low.find("conv") != std::string::npos || low.find("pool") != std::string::npos;
}

// Why a function of a library is not read, where its name or its import line tells whose it is; empty where neither does.
Message foreign_by_name(const PastedText& text, const Imports& imports, std::string_view dotted) {
    const std::string full = imports.full(dotted);
    const ImportedName* line = imports.line_of(dotted);
    const std::string_view root = root_of(full);
    const Library* library = library_of(root);
    const auto name = "name"_is(dotted);
    const auto place = "place"_is(line ? text.place(line->at) : Message());
    const auto title = "library"_is(library ? library->title : std::string_view());
    const auto read = "libraries"_is(kLibrariesRead);
    if (full.find("layers.conv") != std::string::npos && is_one_of(root, "tf tensorflow"))
        return msg(
            "{name} is a function of TensorFlow 1, which is not read; paste the layer that it makes, such as "
            "keras.layers.Conv2D(filters, kernel_size)",
            name);
    if (library && !library->read)
        return line ? msg("{name} is a layer of {library}, imported at {place}; {library}'s layers are not read, those "
                          "of "
                          "{libraries} are",
                          name, title, place, read)
                    : msg("{name} is a layer of {library}; {library}'s layers are not read, those of {libraries} are",
                          name, title, read);
    const bool hinted = std::ranges::find(kHints, last_part(dotted), &Hint::name) != kHints.end();
    if (library && is_one_of(root, "tinygrad mindspore ms paddle mlx") && !hinted) {
        const auto layer = "layer"_is(root == "paddle" ? "nn.Conv2D" : "nn.Conv2d");
        return line ? msg("{name} is {library}'s, imported at {place}, and is not read; paste its layer, such as "
                          "{layer}",
                          name, title, place, layer)
                    : msg("{name} is {library}'s, and is not read; paste its layer, such as {layer}", name, title,
                          layer);
    }
    if (line && !library)
        return msg(
            "{name} is {full}, imported at {place}, which is not read; paste the layer that it makes; those of "
            "{libraries} are",
            name, "full"_is(full), place, read);
    if (is_of_whole_numbers(full))
        return msg("{name} is {full}, which rounds what it computes and is not read; paste {layer}", name,
                   "full"_is(full), "layer"_is(fmt::format("torch.nn.{}", last_part(dotted))));
    return {};
}

// Why the function of `dotted` is none of a library that is read; empty where nothing says so.
Message foreign(const PastedText& text, const Imports& imports, std::string_view dotted) {
    if (Message known = foreign_by_name(text, imports, dotted); !known.empty()) return known;
    const auto name = "name"_is(dotted);
    if (imports.defines(dotted))
        return msg("{name} is not a layer that is known: the text defines it itself; paste the layer that it calls",
                   name);
    if (imports.line_of(dotted) || library_of(root_of(imports.full(dotted)))) return {};
    if (last_part(first_parts(dotted)) == "nn" &&
        is_one_of(last_part(dotted), "Conv2D Conv2DTranspose MaxPool2D AvgPool2D"))
        return msg(
            "{name} may be PaddlePaddle's or MXNet's, which tell other things in this order; write paddle.{name} if "
            "it is PaddlePaddle's",
            name);
    const Library* other = imports.other_than("");
    if (!other) return {};
    const auto title = "library"_is(other->title);
    const auto read = "libraries"_is(kLibrariesRead);
    const std::string_view shown_by = imports.shown_by();
    if (!shown_by.empty() && other->read)
        return msg(
            "{name} is not a layer of {library}, and {shown} shows that the text is for {library}; write its whole "
            "name, such as torch.nn.Conv2d, if another library's is meant",
            name, title, "shown"_is(shown_by));
    if (!shown_by.empty())
        return msg(
            "{name} is a layer of {library}, as {shown} shows; {library}'s layers are not read, those of "
            "{libraries} are; write its whole name, such as torch.nn.Conv2d, if another library's is meant",
            name, title, "shown"_is(shown_by), read);
    if (!other->read)
        return msg(
            "the text imports {library}, whose layers are not read, so {name} is not taken for another library's; "
            "write its whole name, such as torch.nn.Conv2d, if another is meant; those of {libraries} are",
            title, name, read);
    return msg(
        "no import line gives {name}, and the text imports {library}; write its whole name, such as "
        "torch.nn.Conv2d",
        name, title);
}

}  // namespace

void refuse(const PastedText& text, const std::vector<std::string_view>& known) {
    const auto& tokens = text.tokens();
    const Imports imports(tokens);
    constexpr std::size_t kMostTried = 100;
    std::optional<std::size_t> first;
    std::size_t tried = 0;
    for (std::size_t at = 0; at + 1 < tokens.size() && tried < kMostTried; ++at) {
        if (!tokens[at].is_name() || !tokens[at + 1].is("(") || is_defined(tokens, at)) continue;
        ++tried;
        const std::string_view name = last_part(tokens[at].text);
        const Message why = like_a_layer(name) ? foreign(text, imports, tokens[at].text) : Message();
        if (!why.empty()) text.fail(tokens[at].at, why);
        if (name == "make_node")
            text.fail(tokens[at].at, unknown_node(tokens[std::min(at + 2, tokens.size() - 1)].text.substr(0, 60)));
        const auto own_name = "name"_is(tokens[at].text);
        const auto* const hint = std::ranges::find(kHints, name, &Hint::name);
        if (hint != kHints.end())
            text.fail(tokens[at].at, msg("{name} is not understood: {hint}", own_name, "hint"_is(hint->hint)));
        const std::string_view near = nearest(name, known);
        if (!near.empty() && lower(near) == lower(name))
            text.fail(tokens[at].at, msg("{name} is not a layer that is known, but {near} of another library is; "
                                         "{understood}",
                                         own_name, "near"_is(near), "understood"_is(kUnderstood)));
        if (!near.empty())
            text.fail(tokens[at].at, msg("{name} is not a layer that is known; did you mean {near}? {understood}",
                                         own_name, "near"_is(near), "understood"_is(kUnderstood)));
        if (!first) first = at;
    }
    if (first)
        text.fail(tokens[*first].at, msg("{name} is not a layer that is known; {understood}",
                                         "name"_is(tokens[*first].text.substr(0, 60)), "understood"_is(kUnderstood)));
    throw ImportError(msg("there is no layer in the text; {understood}", "understood"_is(kUnderstood)));
}

}  // namespace convlens::pasted
