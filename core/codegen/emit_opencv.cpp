// OpenCV in Python: cv2.filter2D (a correlation) on CV_64F planes; pooling is cv2.dilate and a filter of ones.
#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/planes.h"
#include "core/codegen/python_text.h"

namespace convlens {

namespace {

std::string_view border(PadMode mode) {
    switch (mode) {
        case PadMode::zeros:
        case PadMode::constant: return "cv2.BORDER_CONSTANT";
        case PadMode::replicate: return "cv2.BORDER_REPLICATE";
        case PadMode::reflect: return "cv2.BORDER_REFLECT_101";
        case PadMode::symmetric: return "cv2.BORDER_REFLECT";
        case PadMode::circular: return "cv2.BORDER_WRAP";
    }
    return "";
}

// filter2D's output has the input's size: its pads are anchor and E - 1 - anchor. It has no wrap, and its constant is 0.
bool anchors(const Plan& plan) {
    const Pads& p = plan.pads;
    const PadMode mode = plan.spec.pad_mode;
    if (is_negative(p) || p.top + p.bottom != plan.effective.h - 1 || p.left + p.right != plan.effective.w - 1)
        return false;
    return mode != PadMode::circular && (mode != PadMode::constant || plan.zero_padded());
}

void copy_make_border(PlaneSteps& steps, std::string_view name, const Pads& add, std::string_view type,
                      const std::string& value = "0") {
    if (is_zero(add)) return;
    steps.line("{0} = cv2.copyMakeBorder({0}, {1}, {2}, {3}, {4}, {5}{6})", name, add.top, add.bottom, add.left,
               add.right, type, value == "0" ? "" : ", value=" + value);
}

// The windows that fit: filter2D from each window's corner, without the last results, which reach over the end.
std::string fitting(const std::string& kernel, Size2 outputs, Size2 stride) {
    const Size2 stop{(outputs.h - 1) * stride.h + 1, (outputs.w - 1) * stride.w + 1};
    return fmt::format("cv2.filter2D(image, cv2.CV_64F, {}, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)[{}]", kernel,
                       step_slices(stop, stride));
}

void turn_kernel(PlaneSteps& steps) {
    steps.line("kernel = np.ascontiguousarray(kernel[::-1, ::-1])  # turned by 180 degrees");
}

// filter2D goes through the Fourier transform for large kernels, which spreads what is not finite.
void note_filter(Writer& w, const Plan& plan) {
    if (plan.finite()) return;
    w.note(msg("cv2.filter2D may compute large kernels by the Fourier transform, which spreads NaN and infinities."));
    if (plan.dilated() || (plan.transposed() && plan.strided())) note_written_zeros(w, plan);
}

PlaneSteps conv_steps(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    PlaneSteps steps;
    numpy_spread_kernel(steps, plan);
    if (s.flip_kernel) turn_kernel(steps);
    if (plan.dilated()) w.note(msg("cv2.filter2D has no dilation, so zeros are written between the weights."));
    if (plan.strided()) w.note(msg("cv2.filter2D has no stride, so every stride-th result is sliced out."));
    note_filter(w, plan);
    if (anchors(plan)) {
        steps.result =
            strided(plan, fmt::format("cv2.filter2D(image, cv2.CV_64F, kernel, anchor=({}, {}), borderType={})",
                                      plan.pads.left, plan.pads.top, border(s.pad_mode)));
        return steps;
    }
    const PadStep step = pad_step(plan.pads);
    copy_make_border(steps, "image", step.add, border(s.pad_mode), python_number(pad_constant(s)));
    if (!is_zero(step.cut)) steps.line("image = image[{}]", cut_slices(step.cut));
    steps.result = fitting("kernel", plan.out.plane(), s.stride);
    w.note(
        msg("cv2.filter2D gives results of the input's size, so the border is made first and the windows that fit are "
            "sliced out."));
    return steps;
}

PlaneSteps transposed_steps(Writer& w, const Plan& plan) {
    PlaneSteps steps;
    numpy_spread_kernel(steps, plan);
    numpy_spread_image(steps, plan);
    if (!plan.spec.flip_kernel) turn_kernel(steps);
    const Size2 reach{plan.effective.h - 1, plan.effective.w - 1};
    copy_make_border(steps, "image", {reach.h, reach.h, reach.w, reach.w}, "cv2.BORDER_CONSTANT");
    steps.line("canvas = {}", fitting("kernel", canvas_size(plan), {1, 1}));
    numpy_pad_plane(steps, "canvas", pad_step(canvas_pads(plan)), "mode='constant'");
    steps.result = "canvas";
    w.note(
        msg("OpenCV's filters have no transposed convolution: the input, spread with zeros, is filtered with the "
            "kernel, rotated 180°, then cropped."));
    note_filter(w, plan);
    return steps;
}

PlaneSteps pool_steps(Writer& w, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    const bool max = s.op == Op::max_pool;
    const PadStep step = pool_step(plan);
    PlaneSteps steps;
    if (!is_zero(step.cut)) steps.line("image = image[{}]", cut_slices(step.cut));
    copy_make_border(steps, "image", step.add, "cv2.BORDER_CONSTANT", max ? "-inf" : "0");
    steps.line("window = np.zeros({}, dtype={})", pair(plan.effective), max ? "np.uint8" : "np.float64");
    steps.line("window[{}] = 1", step_slices(s.dilation));
    const Size2 stop{(plan.out.h - 1) * s.stride.h + 1, (plan.out.w - 1) * s.stride.w + 1};
    if (max) {
        steps.result = fmt::format("cv2.dilate(image, window, anchor=(0, 0))[{}]", step_slices(stop, s.stride));
        w.note(msg(
            "OpenCV's filters have no max pooling, so cv2.dilate takes the largest of each window and the stride is "
            "sliced."));
    } else {
        steps.result = fitting("window", plan.out.plane(), s.stride) + " / " + average_divisor(plan);
        w.note(msg("OpenCV's filters have no average pooling, so a filter of ones adds, and the sums are divided."));
    }
    if (!plan.finite()) w.note(msg("cv2.dilate and large cv2.filter2D kernels treat NaN differently from this layer."));
    return steps;
}

}  // namespace

CodeText emit_opencv(const Plan& plan) {
    Writer w;
    w.line("import cv2");
    w.line("import numpy as np");
    w.blank();
    const PlaneSteps steps = is_pooling(plan.spec.op) ? pool_steps(w, plan)
                             : plan.transposed()      ? transposed_steps(w, plan)
                                                      : conv_steps(w, plan);
    write_numpy_planes(w, plan, steps);
    return finish_python(std::move(w));
}

}  // namespace convlens
