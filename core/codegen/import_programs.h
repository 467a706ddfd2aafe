// The functions of each program that can be read as a layer. For core/codegen/import alone.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/codegen/import_arguments.h"

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
};

std::span<const KnownFunction> torch_functions();
std::span<const KnownFunction> keras_functions();
std::span<const KnownFunction> tensorflow_functions();
std::span<const KnownFunction> jax_functions();
std::span<const KnownFunction> onnx_functions();
std::span<const KnownFunction> filter_functions();  // MATLAB, SciPy
std::span<const KnownFunction> opencv_functions();

// A node of a printed ONNX graph: `op_type` is that token, of a known operator.
ImportedLayer read_onnx_protobuf(PastedText& text, std::size_t op_type);
bool is_onnx_operator(std::string_view name);

// TensorFlow's and JAX's arrays: an argument with one letter of `layout` an axis, in another order of axes. Nothing
// where the text does not tell the array.
std::optional<ToldArray> array_in(const Arguments& arguments, std::string_view name, std::string_view layout,
                                  std::string_view wanted);

// padding="SAME" or pairs of numbers, one an axis of `layout`; it must be given. The words are those of `rules`.
void take_layout_padding(Draft& draft, PastedText& text, const Arguments& arguments,
                         std::span<const Choice<PadRule>> rules, std::string_view layout, Case letters = Case::exact);

// One plane with one kernel.
Draft plane_draft(std::string program, Dialect dialect, bool flip);

// The arguments with these names as the plane and the kernel; both must be given.
void take_planes(Draft& draft, const Arguments& arguments, std::string_view input, std::string_view kernel);

// A filter of which only the name is told.
void assume_weight(Draft& draft);

// Reads on behind the layer at token `layer`: a bias that is added to its result is taken, what else changes it noted.
void take_what_follows(PastedText& text, std::size_t layer, ImportedLayer& imported);

// What a layer is applied to: layer(...)(input). Nothing where no array follows.
std::optional<ToldArray> applied_to(PastedText& text, const Node& call);

}  // namespace convlens::pasted
