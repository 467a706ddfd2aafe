// What the photo controls do to a filter step: plain functions over values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image/filter_step.h"

namespace convlens {

// The largest kernel whose cells are edited one by one, in rows and in columns.
inline constexpr std::int64_t kMostEditedSide = 15;

// A kernel family with a value for each of its parameters.
struct KernelChoice {
    const KernelFamily* family = nullptr;
    std::vector<double> values;
};

// The family that the step's name tells, as long as its weights are still that family's.
std::optional<KernelChoice> kernel_choice(const FilterStep& step);

// What a parameter at 0 stands for where 0 is "automatic": a size that follows from sigma, a sigma that follows from the
// size. Nothing for a parameter that has a value of its own.
std::optional<double> automatic_value(const KernelChoice& choice, std::size_t parameter, const Kernel& kernel);

// The same in words, "automatic: 1.7"; where weights come from OpenCV's table for their size, and from no sigma,
// "automatic: OpenCV's table". Empty where the parameter is not automatic.
Message automatic_text(const KernelChoice& choice, std::size_t parameter, const Kernel& kernel);

// As FilterStep::name spells it: "gaussian:sigma=2". Parameters that have their usual value are left out.
std::string to_name(const KernelChoice& choice);

// With the family's kernel in place of the step's own. What the offset is stays the user's choice while `keep_offset`.
FilterStep with_choice(FilterStep step, const KernelChoice& choice, bool keep_offset);

// The top-left block is kept, new cells are 0.
FilterStep with_size(FilterStep step, std::int64_t rows, std::int64_t cols);

// With another kernel, that is no family's.
FilterStep with_kernel(FilterStep step, const Kernel& kernel);

// "Gaussian blur", "Custom".
Message step_title(const FilterStep& step);
// Weights as they stand in cells: at most 4 significant digits each; `compact`, with as many decimals for all as the
// largest needs for 3. What is not 0 is not shown as a plain 0 but with a digit of its own.
std::vector<std::string> weight_texts(const std::vector<double>& weights, bool compact);

// "7×7".
std::string size_text(const Kernel& kernel);

}  // namespace convlens
