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
    std::string_view hint;
};
constexpr std::array kHints{
    Hint{"partial", "it makes a function that makes layers; paste the layer with all of its settings"},
    Hint{"Conv3d", "three axes cannot be shown; paste a Conv2d"},
    Hint{"Conv3D", "three axes cannot be shown; paste a Conv2D"},
    Hint{"ConvTranspose3d", "three axes cannot be shown; paste a ConvTranspose2d"},
    Hint{"SeparableConv2D", "it is two layers; paste DepthwiseConv2D(3) or Conv2D(filters, 1)"},
    Hint{"GaussianBlur", "its kernel is made from a sigma; paste filter2D, or choose that kernel here"},
    Hint{"medianBlur", "it is no sum of products; paste a filter2D"},
    Hint{"sliding_window_view", "it is pooling written out; paste F.max_pool2d or F.avg_pool2d"},
    Hint{"add_n", "it is average pooling written out; paste tf.nn.avg_pool2d"},
    Hint{"reduce_max", "it is max pooling written out; paste tf.nn.max_pool2d"},
    Hint{"stack", "pooling that is written out as stacked parts is not read; paste MaxPooling2D or AveragePooling2D"},
    Hint{"dilate", "it is max pooling written out; paste F.max_pool2d"},
    Hint{"max", "max pooling that is written out is not read; paste F.max_pool2d"},
    Hint{"convolution2dLayer",
         "MATLAB's networks are not read; paste conv2 or imfilter, or the layer as PyTorch's Conv2d"},
    Hint{"transposedConv2dLayer", "MATLAB's networks are not read; paste the layer as PyTorch's ConvTranspose2d"},
    Hint{"maxPooling2dLayer", "MATLAB's networks are not read; paste the layer as PyTorch's MaxPool2d"},
    Hint{"averagePooling2dLayer", "MATLAB's networks are not read; paste the layer as PyTorch's AvgPool2d"},
    Hint{"dlconv", "MATLAB's networks are not read; paste conv2 or imfilter, or the layer as PyTorch's Conv2d"},
    Hint{"fftconvolve", "it is the same as signal.convolve2d of two planes; paste that"},
    Hint{"convolve1d", "it filters one axis of an array; paste ndimage.convolve with a kernel of one row"},
    Hint{"correlate1d", "it filters one axis of an array; paste ndimage.correlate with a kernel of one row"},
    Hint{"conv_general", "MLX's conv_general is not read; paste mx.conv2d or mx.conv_transpose2d"},
    Hint{"AdaptiveAvgPool2d", "its window follows the input; paste AvgPool2d with that kernel_size"},
    Hint{"AdaptiveMaxPool2d", "its window follows the input; paste MaxPool2d with that kernel_size"},
};

std::string understood() {
    return "nn.Conv2d(3, 16, 3) and the other layers of PyTorch, F.conv2d, Keras's Conv2D, tf.nn.conv2d, "
           "lax.conv_general_dilated, ONNX's Conv, conv2, filter2, xcorr2, imfilter, signal.convolve2d, "
           "ndimage.convolve, cv2.filter2D and sepFilter2D, and the layers of tinygrad, MindSpore, PaddlePaddle and "
           "MLX are understood";
}

constexpr std::string_view kReadHere =
    "those of PyTorch, TensorFlow, Keras, JAX, ONNX, MATLAB, SciPy, OpenCV, tinygrad, MindSpore, PaddlePaddle and MLX "
    "are";

// A call that could be a layer's, by its name.
bool like_a_layer(std::string_view name) {
    const std::string low = lower(name);
    return low.find("conv") != std::string::npos || low.find("pool") != std::string::npos;
}

// Why the function of `dotted` is none of a library that is read; "" where nothing says so.
std::string foreign(const PastedText& text, const Imports& imports, std::string_view dotted) {
    const std::string full = imports.full(dotted);
    const ImportedName* line = imports.line_of(dotted);
    const std::string_view root = root_of(full);
    const Library* library = library_of(root);
    const std::string where = line ? fmt::format(", imported at {}", text.place(line->at)) : "";
    if (full.find("layers.conv") != std::string::npos && is_one_of(root, "tf tensorflow"))
        return fmt::format(
            "{} is a function of TensorFlow 1, which is not read; paste the layer that it makes, such as "
            "keras.layers.Conv2D(filters, kernel_size)",
            dotted);
    if (library && !library->read)
        return fmt::format("{} is a layer of {}{}; {}'s layers are not read, {}", dotted, library->title, where,
                           library->title, kReadHere);
    const bool hinted = std::ranges::find(kHints, last_part(dotted), &Hint::name) != kHints.end();
    if (library && is_one_of(root, "tinygrad mindspore ms paddle mlx") && !hinted)
        return fmt::format("{} is {}'s{}, and is not read; paste its layer, such as nn.{}", dotted, library->title,
                           where, root == "paddle" ? "Conv2D" : "Conv2d");
    if (line && !library)
        return fmt::format("{} is {}{}, which is not read; paste the layer that it makes; {}", dotted, full, where,
                           kReadHere);
    if (is_of_whole_numbers(full))
        return fmt::format("{} is {}, which rounds what it computes and is not read; paste torch.nn.{}", dotted, full,
                           last_part(dotted));
    if (imports.defines(dotted))
        return fmt::format("{} is not a layer that is known: the text defines it itself; paste the layer that it calls",
                           dotted);
    if (line || library) return "";
    if (last_part(first_parts(dotted)) == "nn" &&
        is_one_of(last_part(dotted), "Conv2D Conv2DTranspose MaxPool2D AvgPool2D"))
        return fmt::format(
            "{} may be PaddlePaddle's or MXNet's, which tell other things in this order; write paddle.{} if it is "
            "PaddlePaddle's",
            dotted, dotted);
    const Library* other = imports.other_than("");
    if (!other || imports.defines(dotted)) return "";
    const std::string_view shown_by = imports.shown_by();
    if (!shown_by.empty() && other->read)
        return fmt::format(
            "{} is no layer of {}, and {} shows that the text is for {}; write its whole name, such as "
            "torch.nn.Conv2d, if another library's is meant",
            dotted, other->title, shown_by, other->title);
    if (!shown_by.empty())
        return fmt::format(
            "{} is a layer of {}, as {} shows; {}'s layers are not read, {}; write its whole name, such as "
            "torch.nn.Conv2d, if another library's is meant",
            dotted, other->title, shown_by, other->title, kReadHere);
    if (!other->read)
        return fmt::format(
            "the text imports {}, whose layers are not read, so {} is not taken for another library's; "
            "write its whole name, such as torch.nn.Conv2d, if another is meant; {}",
            other->title, dotted, kReadHere);
    return fmt::format(
        "no import line gives {}, and the text imports {}; write its whole name, such as "
        "torch.nn.Conv2d",
        dotted, other->title);
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
        if (const std::string why = like_a_layer(name) ? foreign(text, imports, tokens[at].text) : ""; !why.empty())
            text.fail(tokens[at].at, why);
        if (name == "make_node")
            text.fail(tokens[at].at, fmt::format("make_node of \"{}\" is not understood; Conv, ConvTranspose, MaxPool "
                                                 "and AveragePool are",
                                                 tokens[std::min(at + 2, tokens.size() - 1)].text.substr(0, 60)));
        const auto* const hint = std::ranges::find(kHints, name, &Hint::name);
        if (hint != kHints.end())
            text.fail(tokens[at].at, fmt::format("{} is not understood: {}", tokens[at].text, hint->hint));
        const std::string_view near = nearest(name, known);
        if (!near.empty() && lower(near) == lower(name))
            text.fail(tokens[at].at, fmt::format("{} is not a layer that is known, but {} of another library is; {}",
                                                 tokens[at].text, near, understood()));
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

}  // namespace convlens::pasted
