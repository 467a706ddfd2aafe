// What the Python programs have in common: tensors, slices, NumPy's pad.
#pragma once

#include <string>
#include <string_view>

#include "core/codegen/plan.h"
#include "core/codegen/writer.h"

namespace convlens {

// The finished program. Where it writes an infinity or NaN, `from math import inf, nan` comes first.
CodeText finish_python(Writer&& w);

// How a framework writes a tensor: before the nested list and after it, "np.array(" and ", dtype=np.float64)".
struct TensorCall {
    std::string_view open;
    std::string_view close;
};
inline constexpr TensorCall kNumPyDouble{"np.array(", ", dtype=np.float64)"};
inline constexpr TensorCall kNumPyFloat{"np.array(", ", dtype=np.float32)"};

// name = np.array([...]): the last `axes` axes.
void declare(Writer& w, std::string_view name, View<double> values, int axes, const TensorCall& call);
// x, weight and bias, as many as the layer has: four axes, the bias one.
void declare_layer(Writer& w, const Plan& plan, const TensorCall& call);

// A slice that cuts cells off the ends: ":", "2:", ":-1", "2:-1".
std::string cut_slice(std::int64_t before, std::int64_t after);
// "2:-1, 1:": rows and columns.
std::string cut_slices(const Pads& cut);
// Every stride-th: "::2, :". With `stop` only the cells before it: ":5:2, :4".
std::string step_slices(Size2 step);
std::string step_slices(Size2 stop, Size2 step);

// "((0, 0), (0, 0), (1, 1), (2, 2))": NumPy's pad widths; `leading` pairs of zeros first, `trailing` ones last.
std::string pad_widths(const Pads& pads, int leading, int trailing = 0);
// numpy.pad's arguments after the widths: "mode='edge'", "constant_values=2". All folds beyond one width are NumPy's own.
std::string numpy_pad_mode(const ConvSpec& spec);

// Pads `name` in place with `module`.pad (np, jnp), then cuts it; nothing is written where nothing is to do.
void numpy_pad(Writer& w, std::string_view module, std::string_view name, const PadStep& step, std::string_view mode,
               int leading);

// Turns the kernels of a conv by 180 degrees where the layer flips, or of a conv_transpose where it does not: for
// frameworks whose transposed convolution is a convolution of the spread input. [..., ::-1, ::-1]
inline constexpr std::string_view kTurned = "[..., ::-1, ::-1]";

// avg_pool: what the sums are divided by: a number, or a table over the output "np.outer([2, 3], [2, 3])".
std::string average_divisor(const Plan& plan);

// avg_pool, torch and jnp: divides y by it; `array` makes an array of a list, "jnp.array".
void divide_by_counts(Writer& w, const Plan& plan, std::string_view module, std::string_view array);

// Says that zeros written into a tensor spoil infinities and NaN, where there are any.
void note_written_zeros(Writer& w, const Plan& plan);

}  // namespace convlens
