// The functions of each program that can be read as a layer. For core/import alone.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "core/import/arguments.h"

namespace convlens::pasted {

// Where in a text a function was found.
struct Found {
    PastedText& text;
    std::size_t token;      // its name
    std::string_view name;  // of the function, without what stands in front
};

struct KnownFunction {
    std::string_view name;
    // What may stand in front of its last dot, the last part of that; "-" for nothing, "*" for anything.
    std::string_view modules;
    ImportedLayer (*read)(const Found& found);
    Manner manner = Manner::python;
    bool bracketed = false;  // attributes may come first, in < > or [ ]
    bool method = false;     // of a tensor, x.conv2d(w): `modules` is empty
};

std::span<const KnownFunction> torch_functions();
std::span<const KnownFunction> keras_functions();
std::span<const KnownFunction> tensorflow_functions();
std::span<const KnownFunction> jax_functions();
std::span<const KnownFunction> onnx_functions();
std::span<const KnownFunction> filter_functions();  // MATLAB, SciPy
std::span<const KnownFunction> opencv_functions();
std::span<const KnownFunction> tinygrad_functions();
std::span<const KnownFunction> mindspore_functions();
std::span<const KnownFunction> paddle_functions();
std::span<const KnownFunction> mlx_functions();

// Throws ImportError for a text without a layer: the first call that is nearly a known one says what is meant. `known`: the
// names of all functions that are read.
[[noreturn]] void refuse(const PastedText& text, const std::vector<std::string_view>& known);

// A hint of Keras's Conv2D(64, 3, 2), which may as well be PaddlePaddle's with other things in this order; "" where the text
// shows whose it is: by a line, by the name of an argument, or by a value that only one of them takes.
Message may_be_paddle(PastedText& text, std::size_t token);

// Whether the text tells an array of whole numbers, np.uint8 or MATLAB's uint8(...): what is computed of it in its own type
// is rounded, and cut or wrapped around. `node` may be nullptr.
bool is_whole_input(PastedText& text, const Node* node);

// What is said of a node of another operator than those that are layers here.
Message unknown_node(std::string_view kind);

// A node of a printed ONNX graph: `op_type` is that token, of a known operator.
ImportedLayer read_onnx_protobuf(PastedText& text, std::size_t op_type);
bool is_onnx_operator(std::string_view name);

// Whether a token stands within ONNX's text form, agraph (...) => (...) { ... }, or is the operator of a printed graph's
// node, graph g (...) { %y = Conv(%x, %w) }: the nodes of both are no statements.
bool is_in_graph_text(const PastedText& text, std::size_t token);

// Whether an operator at a token is a node of ONNX's text or of a printed graph by its form: its attributes stand in < >
// or [ ], Conv <pads = [1, 1, 1, 1]> (x, w).
bool is_node_text(const PastedText& text, std::size_t token);

// TensorFlow's and JAX's arrays: an argument with one letter of `layout` an axis, as [N, C, H, W] or in the order of
// `wanted`. Nothing where the text does not tell the array.
std::optional<ToldArray> input_in(Draft& draft, const Arguments& arguments, std::string_view name,
                                  std::string_view layout);
std::optional<ToldArray> weight_in(Draft& draft, const Arguments& arguments, std::string_view name,
                                   std::string_view layout, std::string_view wanted);

// What is said of an array that has another number of axes than `layout` has letters.
Message axes_text(const ToldArray& array, std::string_view layout);

// padding="SAME" or pairs of numbers, one an axis of `layout`; it must be given. The words are those of `rules`.
void take_layout_padding(Draft& draft, PastedText& text, const Arguments& arguments,
                         std::span<const Choice<PadRule>> rules, std::string_view layout, Case letters = Case::exact);

// One plane with one kernel.
Draft plane_draft(std::string program, Dialect dialect, bool flip);

// The arguments with these names as the plane and the kernel; both must be given.
void take_planes(Draft& draft, const Arguments& arguments, std::string_view input, std::string_view kernel);

// A column of weights times a row of them, of any shapes, as one kernel; nothing where the numbers of one are not told.
std::optional<ToldArray> outer_kernel(const std::optional<ToldArray>& column, const std::optional<ToldArray>& row);

// A filter along `axes` axes, the argument `name`, of which the shape is not known, but the output channels may be told
// elsewhere.
void assume_weight(Draft& draft, const Arguments& arguments, std::string_view name, int axes = 2,
                   std::optional<std::int64_t> out_channels = {});

// Whether a name of the text is that of a layer: its function, or a variable that is set to one.
using IsLayer = std::function<bool(std::string_view name)>;

// Reads on behind the layer at token `layer`: a bias that is added to its result, and parts that are taken of it,
// become the layer's; what else changes it is noted, up to the next layer.
void take_what_follows(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer);

// Names every statement that changes the layer at token `layer` or what its arrays are made of, and is not followed.
void note_unfollowed(PastedText& text, std::size_t layer, ImportedLayer& imported);

// Names the statements that were not read and may have a part in the layer at token `layer`, its numbers or its result:
// all that are neither accounted for, harmless by their form, nor without a variable in common with it.
void note_unread_statements(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer);

// The variable that the layer at a token is set to, the nearest of several; "" for none, and where it is set to a part of
// one, as in convs = [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)].
std::string layer_variable(const PastedText& text, std::size_t layer);
// All names of the layer, that one first: both of a = b = nn.Conv2d(...), and c where c = a is all that sets it.
std::vector<std::string> layer_variables(const PastedText& text, std::size_t layer);

// An item of a list, convs[1] of convs = [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)] or nn.ModuleList([...]).
struct Element {
    std::string variable;
    std::size_t index = 0;
    std::size_t count = 0;
};
std::optional<Element> element_of(const PastedText& text, std::size_t layer);

// The first argument of the first call of `function`, behind the layer if it is called there: layer(x),
// layer.set_weights([kernel, bias]).
std::optional<Node> given_to(const Found& found, const std::string& function);

// What a module of `call` is called with, layer(...)(x, output_size=...) or layer(x, ...) later, as a call; nothing where
// the text does not call it.
std::optional<Node> application_of(const Found& found, const Node& call);

// Whether the text does something with a layer that may give it an input, in a way that is not followed: run(conv, x),
// for conv in convs.
bool is_used_otherwise(const Found& found);

// Weights and biases that a text gives to a PyTorch module behind it, conv.weight.data = w: those that are told become
// the layer's. Precondition: the draft has the module's settings.
void take_parameters(Draft& draft, const Found& found, const Node& call, int axes);

// The size that a transposed PyTorch module is asked for where it is called: up(x, output_size=(10, 12)).
void take_output_size(Draft& draft, const Found& found, const Node& call, int axes);

inline constexpr Key kRandomNumbers = key("random numbers");

// How a library's layers name what makes their first numbers, and what they begin with where that is not told.
struct InitializerNames {
    std::string_view kernel = "";  // arguments of the layer; "" for none
    std::string_view bias = "";
    Key begins = {};           // what a bias begins with in that library, for a note; empty for zeros
    bool numbers = false;      // a number by itself is an initializer
    bool bias_unread = false;  // the text tells a bias in another way, and a note or a list names it
};

// Kernels and biases of one number that initializers make: kernel_initializer="ones", bias_init=zeros_init(). Others
// that are not random are noted. Of a layer whose weights are told, and its bias is not, the bias is zeros where the
// library begins with those; else a note says that it is not known.
void take_initializers(PastedText& text, const Arguments& arguments, ImportedLayer& imported,
                       const InitializerNames& names);

// The array that a layer of `call`, a module, is applied to, its axes as `letters` names them: layer(...)(x), or
// layer(x) later. What pads it goes to the draft; so does a padding module in front of the layer in a sequence.
std::optional<ToldArray> module_input(Draft& draft, const Found& found, const Node& call, std::string_view letters);

}  // namespace convlens::pasted
