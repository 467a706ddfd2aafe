// Text pasted from another program becomes a layer: a call, a printed layer, a node of a graph.
//
// PyTorch     nn.Conv1d, Conv2d, ConvTranspose*, MaxPool*, AvgPool*, Lazy*; F.conv2d, F.conv_transpose2d, F.max_pool2d
// Keras       Conv1D, Conv2D, Conv2DTranspose, DepthwiseConv2D, MaxPooling2D, AveragePooling2D
// TensorFlow  tf.nn.conv2d, conv2d_transpose, depthwise_conv2d, max_pool2d, avg_pool2d
// JAX         lax.conv_general_dilated, lax.conv, lax.conv_transpose, lax.reduce_window; flax's Conv, ConvTranspose
// ONNX        Conv, ConvTranspose, MaxPool, AveragePool: as a call, make_node, printed protobuf, the onnx text form
// MATLAB      conv2, filter2, xcorr2, imfilter
// SciPy       signal.convolve2d, signal.correlate2d, ndimage.convolve, ndimage.correlate
// OpenCV      filter2D (Python, and C++ after cv::), sepFilter2D, blur, boxFilter
// tinygrad    x.conv2d, conv_transpose2d, max_pool2d, avg_pool2d; nn.Conv2d, ConvTranspose2d and those along one axis
// MindSpore   nn.Conv2d, Conv2dTranspose, MaxPool2d, AvgPool2d, as written and as printed
// Paddle      nn.Conv2D, Conv2DTranspose, MaxPool2D, AvgPool2D, as written and as printed; F.conv2d, F.max_pool2d
// MLX         nn.Conv2d, ConvTranspose2d, MaxPool2d, AvgPool2d; mx.conv2d, mx.conv_transpose2d
//
// Numbers may be arithmetic on numbers, or variables that an earlier line of the text sets to such. Arrays may be
// literals, or made by zeros, ones, randn and the like, and flipped, reshaped or reordered. What pads the input before
// the layer, or slices its result, becomes the layer's padding and stride where that is the same; else a note names it.
// Whose function a name is, the text's import lines and the name's prefix decide. Around the layer anything may stand.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/conv/problem.h"
#include "core/tensor/tensor.h"
#include "core/text/message.h"

namespace convlens {

// What could not be read, where, and the nearest thing that works.
class ImportError : public std::runtime_error {
public:
    explicit ImportError(Message words, std::size_t line = 0, std::size_t column = 0)
        : std::runtime_error(english(words)), words_(std::move(words)), line_(line), column_(column) {}
    const Message& words() const { return words_; }
    // From 1, in characters; 0 where the error is not about one place. The words say them too.
    std::size_t line() const { return line_; }
    std::size_t column() const { return column_; }

private:
    Message words_;
    std::size_t line_;
    std::size_t column_;
};

struct ImportedLayer {
    // As the text says, possible or not: validate() explains. What the input has and the text does not tell is N = 1,
    // C = one channel a group (a depthwise layer: 3), H = W = 5 or the effective kernel where that is more; a layer
    // along one axis has H = 1. Each is noted. `weight` and `bias_length` are there where the text tells such arrays'
    // shapes. Pooling has out_channels = C and groups = 1.
    LayerShape layer;
    std::optional<bool> has_bias;  // nothing where the text cannot tell
    // Numbers that were written, in our order of axes: [N, C, H, W], weights as in ConvSpec, bias [1, C_out, 1, 1].
    std::optional<Tensor<double>> input, weight, bias;
    std::vector<Message> notes;  // what was assumed or left out, a sentence each
    bool size_told = false;      // H and W of the input are the text's
    std::string axes = "NCHW";   // of the result in the text
    bool is_module = false;      // nn.Conv2d(...), which is called with its input later
    std::string program;         // "PyTorch", "Keras", "TensorFlow", "JAX", "ONNX", "MATLAB", "SciPy", "OpenCV",
                                 // "tinygrad", "MindSpore", "PaddlePaddle", "MLX"
};

inline constexpr std::size_t kMaxImportBytes = std::size_t{1} << 18;

// A layer that stands in a text.
struct FoundLayer {
    std::string name;      // what the text calls it: conv1; the function where it has no name
    std::string function;  // as it is written: nn.Conv2d
    Message place;         // "line 2, column 12"
};

// The layers of a text in their order, one at least. Throws ImportError, as import_layer() does, where there is none.
std::vector<FoundLayer> find_layers(std::string_view text);

// The layer number `which` of the text, from 0; a note names the others. Throws ImportError, and nothing else, for any
// text and number.
ImportedLayer import_layer(std::string_view text, std::size_t which = 0);

}  // namespace convlens
