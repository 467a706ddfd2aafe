// Programs that know a matrix and a kernel only (SciPy, OpenCV, MATLAB): the steps for one pair of planes, and the
// loops over pictures and channels around them.
#pragma once

#include <string>
#include <vector>

#include "core/codegen/plan.h"
#include "core/codegen/python_text.h"
#include "core/codegen/writer.h"

namespace convlens {

// Statements that read `image` and, but for pooling, `kernel`, then an expression for the output plane without bias.
struct PlaneSteps {
    std::vector<std::string> lines;
    std::string result;

    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        lines.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
};

// kernel = the kernel with the zeros of its dilation written out.
void numpy_spread_kernel(PlaneSteps& steps, const Plan& plan);
// image = the input with stride - 1 zeros between its cells (conv_transpose).
void numpy_spread_image(PlaneSteps& steps, const Plan& plan);
// Pads and cuts `name` with NumPy.
void numpy_pad_plane(PlaneSteps& steps, std::string_view name, const PadStep& step, const std::string& mode);
// Every stride-th cell of an expression.
std::string strided(const Plan& plan, const std::string& expression);

// Tensors, steps, bias and prints of a Python program. A single plane needs no loops: there the tensors are the
// matrices `image` and `kernel`.
void write_numpy_planes(Writer& w, const Plan& plan, const PlaneSteps& steps);

}  // namespace convlens
