// MATLAB and Octave: conv2 for convolution, filter2 for correlation, plane by plane, without toolboxes; imfilter where
// the layer is one. Tensors are x(row, column, channel, picture) and weight(row, column, j, k) for [k, j] of the layer.
#include <algorithm>
#include <cmath>

#include "core/codegen/emitters.h"
#include "core/codegen/literal.h"
#include "core/codegen/planes.h"

namespace convlens {

namespace {

std::string from_to(std::int64_t first, std::int64_t count) { return fmt::format("{}:{}", first, first + count - 1); }

std::string every(Size2 step) {
    const auto along = [](std::int64_t n) { return n == 1 ? ":" : fmt::format("1:{}:end", n); };
    return along(step.h) + ", " + along(step.w);
}

std::string ends(std::int64_t before, std::int64_t after) {
    const std::string last = after > 0 ? fmt::format("end-{}", after) : "end";
    return fmt::format("{}:{}", before + 1, last);
}

void cut(PlaneSteps& steps, std::string_view name, const Pads& cells) {
    if (is_zero(cells)) return;
    steps.line("{0} = {0}({1}, {2});", name, ends(cells.top, cells.bottom), ends(cells.left, cells.right));
}

// Puts `name`, a plane of `size`, on a larger one filled with `value`.
void fill_pads(PlaneSteps& steps, std::string_view name, const Pads& add, Size2 size, double value) {
    if (is_zero(add)) return;
    const Size2 padded{size.h + add.top + add.bottom, size.w + add.left + add.right};
    if (value == 0) {
        steps.line("padded = zeros({}, {});", padded.h, padded.w);
    } else {
        steps.line("padded = repmat({}, {}, {});", matlab_number(value), padded.h, padded.w);
    }
    steps.line("padded({}, {}) = {};", from_to(add.top + 1, size.h), from_to(add.left + 1, size.w), name);
    steps.line("{} = padded;", name);
}

void spread(PlaneSteps& steps, std::string_view name, Size2 size, Size2 step, std::string_view why) {
    if (step == Size2{1, 1}) return;
    steps.line("spread = zeros({}, {});", (size.h - 1) * step.h + 1, (size.w - 1) * step.w + 1);
    steps.line("spread({}) = {};  % {}", every(step), name, why);
    steps.line("{} = spread;", name);
}

void spread_kernel(Writer& w, PlaneSteps& steps, const Plan& plan) {
    spread(steps, "kernel", plan.spec.kernel, plan.spec.dilation, "the dilation's zeros written out");
    if (!plan.dilated()) return;
    w.note(msg("MATLAB's filters have no dilation, so the kernel is written with its zeros."));
    note_written_zeros(w, plan);
}

// 'same' of conv2 and filter2 pads the odd cell last; they know zeros only.
std::string shape(const Plan& plan) {
    const Size2 reach{plan.effective.h - 1, plan.effective.w - 1};
    const Size2 half{reach.h / 2, reach.w / 2};
    if (is_zero(plan.pads)) return "valid";
    if (!plan.zero_padded()) return "";
    if (plan.pads == Pads{half.h, reach.h - half.h, half.w, reach.w - half.w}) return "same";
    if (plan.pads == Pads{reach.h, reach.h, reach.w, reach.w}) return "full";
    return "";
}

// imfilter's word for the border, where the layer is an imfilter. It folds at most once.
std::string imfilter_border(const Plan& plan) {
    if (plan.spec.pad_rule != PadRule::octave_imfilter) return "";
    const bool once = std::max(plan.pads.top, plan.pads.bottom) <= plan.in.h &&
                      std::max(plan.pads.left, plan.pads.right) <= plan.in.w;
    switch (plan.spec.pad_mode) {
        case PadMode::zeros: return "0";
        case PadMode::constant: return matlab_number(plan.spec.pad_value);
        case PadMode::replicate: return "'replicate'";
        case PadMode::symmetric: return once ? "'symmetric'" : "";
        case PadMode::circular: return once ? "'circular'" : "";
        case PadMode::reflect: return "";
    }
    return "";
}

// One-based.
std::vector<std::int64_t> from_one(std::vector<std::int64_t> indices) {
    for (std::int64_t& index : indices) ++index;
    return indices;
}

void pad_image(Writer& w, PlaneSteps& steps, const Plan& plan) {
    const PadMode mode = plan.spec.pad_mode;
    if (mode == PadMode::zeros || mode == PadMode::constant) {
        const PadStep step = pad_step(plan.pads);
        fill_pads(steps, "image", step.add, plan.in.plane(), pad_constant(plan.spec));
        cut(steps, "image", step.cut);
        w.note(msg("conv2 and filter2 pad with zeros for 'same' and 'full' only, so the border is made first."));
        return;
    }
    const PickedCells cells = picked_cells(plan);
    steps.line("image = image({}, {});  % {}", matlab_row(from_one(cells.rows)), matlab_row(from_one(cells.columns)),
               name(mode));
    w.note(msg("conv2 and filter2 pad with zeros only, so the padded rows and columns are picked by index."));
}

// Puts a result in `y` at every stride-th cell: MATLAB cannot index an expression.
void set_result(PlaneSteps& steps, const Plan& plan, const std::string& expression) {
    steps.result = expression;
    if (!plan.strided()) return;
    steps.line("dense = {};", expression);
    steps.result = fmt::format("dense({})", every(plan.spec.stride));
}

std::string convolution(const std::string& how) { return fmt::format("conv2(image, kernel, '{}')", how); }

// MATLAB's filter2 looks for a separable kernel by svd, which stops at NaN and infinities.
std::string correlation(const Plan& plan, const std::string& how) {
    if (!all_finite(plan.data.weight)) return fmt::format("conv2(image, rot90(kernel, 2), '{}')", how);
    return fmt::format("filter2(kernel, image, '{}')", how);
}

PlaneSteps conv_steps(Writer& w, const Plan& plan) {
    PlaneSteps steps;
    spread_kernel(w, steps, plan);
    if (plan.strided()) w.note(msg("MATLAB's filters have no stride, so every stride-th result is taken."));
    if (const std::string border = imfilter_border(plan); !border.empty()) {
        set_result(steps, plan,
                   fmt::format("imfilter(image, kernel, {}, '{}')", border, plan.spec.flip_kernel ? "conv" : "corr"));
        w.note(msg("imfilter is in Octave's image package and MATLAB's Image Processing Toolbox."));
        return steps;
    }
    std::string how = shape(plan);
    if (how.empty()) {
        pad_image(w, steps, plan);
        how = "valid";
    }
    set_result(steps, plan, plan.spec.flip_kernel ? convolution(how) : correlation(plan, how));
    return steps;
}

PlaneSteps transposed_steps(Writer& w, const Plan& plan) {
    PlaneSteps steps;
    spread_kernel(w, steps, plan);
    spread(steps, "image", plan.in.plane(), plan.spec.stride, "stride - 1 zeros between the cells");
    steps.line("canvas = {};", plan.spec.flip_kernel ? correlation(plan, "full") : convolution("full"));
    const PadStep step = pad_step(canvas_pads(plan));
    fill_pads(steps, "canvas", step.add, canvas_size(plan), 0);
    cut(steps, "canvas", step.cut);
    steps.result = "canvas";
    w.note(msg(
        "There is no transposed convolution without a toolbox: the full convolution of the input, spread with zeros, "
        "is cropped."));
    if (plan.strided()) note_written_zeros(w, plan);
    return steps;
}

void average_steps(PlaneSteps& steps, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    steps.line("kernel = ones({}, {});", s.kernel.h, s.kernel.w);
    spread(steps, "kernel", s.kernel, s.dilation, "the dilation's zeros written out");
    steps.line("sums = filter2(kernel, image, 'valid');");
    const std::string sums = plan.strided() ? fmt::format("sums({})", every(s.stride)) : "sums";
    const WindowCounts counts = window_counts(plan);
    if (s.divisor_override || counts.full) {
        steps.result = sums + " / " + average_divisor(plan);
        return;
    }
    steps.line("counts = {}' * {};  % cells that each window counts", matlab_row(counts.rows),
               matlab_row(counts.columns));
    steps.result = sums + " ./ counts";
}

void largest_steps(PlaneSteps& steps, const Plan& plan) {
    const ConvSpec& s = plan.spec;
    steps.line("pooled = zeros({}, {});", plan.out.h, plan.out.w);
    steps.line("for i = 1:{}", plan.out.h);
    steps.line("  for k = 1:{}", plan.out.w);
    steps.line("    window = image((i-1)*{} + (1:{}:{}), (k-1)*{} + (1:{}:{}));", s.stride.h, s.dilation.h,
               plan.effective.h, s.stride.w, s.dilation.w, plan.effective.w);
    steps.line("    pooled(i, k) = max(window(:));");
    steps.line("  end");
    steps.line("end");
    steps.result = "pooled";
}

PlaneSteps pool_steps(Writer& w, const Plan& plan) {
    const bool max = plan.spec.op == Op::max_pool;
    const PadStep step = pool_step(plan);
    const Size2 kept{std::max<std::int64_t>(plan.in.h - step.cut.top - step.cut.bottom, 0),
                     std::max<std::int64_t>(plan.in.w - step.cut.left - step.cut.right, 0)};
    PlaneSteps steps;
    cut(steps, "image", step.cut);
    fill_pads(steps, "image", step.add, kept, max ? -INFINITY : 0);
    if (max) {
        largest_steps(steps, plan);
    } else {
        average_steps(steps, plan);
    }
    w.note(msg("There is no pooling without a toolbox, so the windows are written out."));
    if (!plan.finite()) w.note(msg("MATLAB's max passes over NaN; in the layer NaN is the largest value."));
    return steps;
}

// x(:, :, channel, picture) = [...]
void declare_planes(Writer& w, std::string_view name, View<double> values) {
    const Shape4 s = values.shape;
    w.line("{} = zeros({}, {}, {}, {});", name, s.h, s.w, s.c, s.n);
    for (std::int64_t n = 0; n < s.n; ++n) {
        for (std::int64_t c = 0; c < s.c; ++c) {
            const std::string place = fmt::format("{}(:, :, {}, {}) = ", name, c + 1, n + 1);
            w.line("{}{};", place, matlab_matrix(values, n, c, place.size()));
        }
    }
}

void write_single(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    w.line("image = {};", matlab_matrix(plan.data.input, 0, 0, 8));
    if (!is_pooling(plan.spec.op)) w.line("kernel = {};", matlab_matrix(plan.data.weight, 0, 0, 9));
    w.blank();
    for (const std::string& line : steps.lines) w.line("{}", line);
    w.line("y = {};", steps.result);
    if (plan.biased()) w.line("y = y + {};", matlab_number(plan.data.bias.data[0]));
}

// The planes that the j-th term of an output channel's sum reads.
void write_operands(Writer& w, const Plan& plan) {
    std::string channel = "j";
    std::string filter = "c";
    if (plan.spec.groups > 1) {
        w.line("    first = floor((c-1) / {}) * {};  % channels before the group's", plan.out_per_group(),
               plan.in_per_group());
        channel = "first + j";
        if (plan.transposed()) filter = fmt::format("mod(c-1, {}) + 1", plan.out_per_group());
    }
    w.line("    for j = 1:{}", plan.in_per_group());
    w.line("      image = x(:, :, {}, n);", channel);
    w.line("      kernel = weight(:, :, {});", plan.transposed() ? filter + ", " + channel : "j, c");
}

void write_loops(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    const bool pooling = is_pooling(plan.spec.op);
    declare_planes(w, "x", plan.data.input);
    if (!pooling) declare_planes(w, "weight", plan.data.weight);
    if (plan.biased()) {
        std::string row;
        for (const double value : plan.data.bias.span()) row += (row.empty() ? "" : " ") + matlab_number(value);
        w.line("bias = [{}];", row);
    }
    w.blank();
    w.line("y = zeros({}, {}, {}, {});", plan.out.h, plan.out.w, plan.out.c, plan.out.n);
    w.line("for n = 1:{}", plan.out.n);
    w.line("  for c = 1:{}", plan.out.c);
    if (pooling) {
        w.line("    image = x(:, :, c, n);");
        for (const std::string& line : steps.lines) w.line("    {}", line);
        w.line("    y(:, :, c, n) = {};", steps.result);
    } else {
        write_operands(w, plan);
        for (const std::string& line : steps.lines) w.line("      {}", line);
        w.line("      y(:, :, c, n) = y(:, :, c, n) + {};", steps.result);
        w.line("    end");
        if (plan.biased()) w.line("    y(:, :, c, n) = y(:, :, c, n) + bias(c);");
    }
    w.line("  end");
    w.line("end");
}

}  // namespace

CodeText emit_matlab(const Plan& plan) {
    Writer w;
    const PlaneSteps steps = is_pooling(plan.spec.op) ? pool_steps(w, plan)
                             : plan.transposed()      ? transposed_steps(w, plan)
                                                      : conv_steps(w, plan);
    if (!is_pooling(plan.spec.op) && !plan.transposed() && !imfilter_border(plan).empty()) {
        w.line("if exist('OCTAVE_VERSION', 'builtin'), pkg load image, end");
        w.blank();
    }
    if (plan.single_plane()) {
        write_single(w, plan, steps);
    } else {
        write_loops(w, plan, steps);
    }
    w.blank();
    w.line("fprintf('(%d, %d, %d, %d)\\n', size(y, 4), size(y, 3), size(y, 1), size(y, 2));");
    w.line("fprintf('%.17g ', permute(y, [2 1 3 4]));  % N, C, H, W: columns run fastest");
    w.line("fprintf('\\n');");
    return std::move(w).take();
}

}  // namespace convlens
