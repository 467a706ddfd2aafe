// SciPy: scipy.signal.correlate2d, or convolve2d where the kernel is flipped, plane by plane. Pooling is NumPy's
// sliding windows.
#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/planes.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

// boundary= and fillvalue= of convolve2d, where it has the border.
std::string boundary(const ConvSpec& spec) {
    switch (spec.pad_mode) {
        case PadMode::zeros: return "boundary='fill'";
        case PadMode::constant: return "boundary='fill', fillvalue=" + python_number(spec.pad_value);
        case PadMode::symmetric: return "boundary='symm'";
        case PadMode::circular: return "boundary='wrap'";
        case PadMode::replicate:
        case PadMode::reflect: return "";
    }
    return "";
}

// mode= that gives these pads: 'same' pads the odd cell last in correlate2d, first in convolve2d.
std::string mode(const Plan& plan) {
    const Size2 reach{plan.effective.h - 1, plan.effective.w - 1};
    const Size2 less{reach.h / 2, reach.w / 2};
    const Size2 more{reach.h - less.h, reach.w - less.w};
    const Pads same =
        plan.spec.flip_kernel ? Pads{more.h, less.h, more.w, less.w} : Pads{less.h, more.h, less.w, more.w};
    if (is_zero(plan.pads)) return "valid";
    if (plan.pads == same) return "same";
    if (plan.pads == Pads{reach.h, reach.h, reach.w, reach.w}) return "full";
    return "";
}

PlaneSteps conv_steps(Writer& w, const Plan& plan) {
    const char* function = plan.spec.flip_kernel ? "convolve2d" : "correlate2d";
    PlaneSteps steps;
    numpy_spread_kernel(steps, plan);
    const std::string border = boundary(plan.spec);
    std::string own_mode = mode(plan);
    if (own_mode.empty() || (border.empty() && own_mode != "valid")) {
        numpy_pad_plane(steps, "image", pad_step(plan.pads), numpy_pad_mode(plan.spec));
        own_mode = "valid";
        w.note(border.empty() ? msg("scipy.signal has no {border} border, so np.pad comes first.",
                                    "border"_is(title(plan.spec.pad_mode)))
                              : msg("scipy.signal pads for 'same' and 'full' only, so np.pad comes first."));
    }
    const std::string border_argument = own_mode == "valid" ? "" : ", " + border;
    steps.result = strided(plan, fmt::format("{}(image, kernel, mode='{}'{})", function, own_mode, border_argument));
    if (plan.strided()) w.note(msg("scipy.signal has no stride, so every stride-th result is sliced out."));
    if (!plan.dilated()) return steps;
    w.note(msg("scipy.signal has no dilation, so the kernel is written with its zeros."));
    note_written_zeros(w, plan);
    return steps;
}

PlaneSteps transposed_steps(Writer& w, const Plan& plan) {
    PlaneSteps steps;
    numpy_spread_kernel(steps, plan);
    numpy_spread_image(steps, plan);
    steps.line("canvas = {}(image, kernel, mode='full')", plan.spec.flip_kernel ? "correlate2d" : "convolve2d");
    numpy_pad_plane(steps, "canvas", pad_step(canvas_pads(plan)), "mode='constant'");
    steps.result = "canvas";
    w.note(
        msg("SciPy has no transposed convolution: the full convolution of the input, spread with zeros, is cropped."));
    if (plan.dilated() || plan.strided()) note_written_zeros(w, plan);
    return steps;
}

PlaneSteps pool_steps(Writer& w, const Plan& plan) {
    const bool max = plan.spec.op == Op::max_pool;
    const PadStep step = pool_step(plan);
    PlaneSteps steps;
    numpy_pad_plane(steps, "image", {{}, step.cut}, "");
    numpy_pad_plane(steps, "image", {step.add, {}}, max ? "constant_values=-inf" : "mode='constant'");
    steps.line("windows = np.lib.stride_tricks.sliding_window_view(image, {})", pair(plan.effective));
    if (plan.strided() || plan.dilated()) {
        steps.line("windows = windows[{}, {}]", step_slices(plan.spec.stride), step_slices(plan.spec.dilation));
    }
    steps.result = max ? "windows.max(axis=(2, 3))" : "windows.sum(axis=(2, 3)) / " + average_divisor(plan);
    w.note(msg("SciPy has no pooling, so NumPy's sliding windows stand for it."));
    return steps;
}

}  // namespace

CodeText emit_scipy(const Plan& plan) {
    Writer w;
    const bool pooling = is_pooling(plan.spec.op);
    const PlaneSteps steps = pooling             ? pool_steps(w, plan)
                             : plan.transposed() ? transposed_steps(w, plan)
                                                 : conv_steps(w, plan);
    w.line("import numpy as np");
    const bool convolves = plan.transposed() != plan.spec.flip_kernel;
    if (!pooling) w.line("from scipy.signal import {}", convolves ? "convolve2d" : "correlate2d");
    w.blank();
    write_numpy_planes(w, plan, steps);
    return finish_python(std::move(w));
}

}  // namespace convlens
