#include "core/codegen/planes.h"

#include "core/codegen/literal.h"

namespace convlens {

namespace {

void write_single(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    declare(w, "image", plan.data.input, 2, kNumPyDouble);
    if (!is_pooling(plan.spec.op)) declare(w, "kernel", plan.data.weight, 2, kNumPyDouble);
    w.blank();
    for (const std::string& line : steps.lines) w.line("{}", line);
    w.line("y = {}", steps.result);
    if (plan.biased()) w.line("y = y + {}", python_number(plan.data.bias.data[0]));
    w.blank();
    w.line("print((1, 1) + y.shape)");
}

void write_function(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    w.line("def one_plane({}):", is_pooling(plan.spec.op) ? "image" : "image, kernel");
    for (const std::string& line : steps.lines) w.line("    {}", line);
    w.line("    return {}", steps.result);
    w.blank();
    w.blank();
}

// Which channel of x and which kernel the j-th of an output channel's sum are.
void write_sum(Writer& w, const Plan& plan) {
    std::string channel = "j";
    std::string filter = "c";
    if (plan.spec.groups > 1) {
        w.line("        first = c // {} * {}  # the group's first channel", plan.out_per_group(), plan.in_per_group());
        channel = "first + j";
        if (plan.transposed()) filter = fmt::format("c % {}", plan.out_per_group());
    }
    const std::string kernel = plan.transposed() ? channel + ", " + filter : "c, j";
    w.line("        for j in range({}):", plan.in_per_group());
    w.line("            y[n, c] += one_plane(x[n, {}], weight[{}])", channel, kernel);
    if (plan.biased()) w.line("        y[n, c] += bias[c]");
}

void write_loops(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    declare_layer(w, plan, kNumPyDouble);
    w.blank();
    w.blank();
    write_function(w, plan, steps);
    w.line("y = np.zeros(({}, {}, {}, {}))", plan.out.n, plan.out.c, plan.out.h, plan.out.w);
    w.line("for n in range({}):", plan.out.n);
    w.line("    for c in range({}):", plan.out.c);
    if (is_pooling(plan.spec.op)) {
        w.line("        y[n, c] = one_plane(x[n, c])");
    } else {
        write_sum(w, plan);
    }
    w.blank();
    w.line("print(y.shape)");
}

}  // namespace

void numpy_spread_kernel(PlaneSteps& steps, const Plan& plan) {
    if (!plan.dilated()) return;
    steps.line("spread = np.zeros({})", pair(plan.effective));
    steps.line("spread[{}] = kernel  # the dilation's zeros written out", step_slices(plan.spec.dilation));
    steps.line("kernel = spread");
}

void numpy_spread_image(PlaneSteps& steps, const Plan& plan) {
    if (!plan.strided()) return;
    const Size2 stride = plan.spec.stride;
    steps.line("spread = np.zeros({})", pair({(plan.in.h - 1) * stride.h + 1, (plan.in.w - 1) * stride.w + 1}));
    steps.line("spread[{}] = image  # stride - 1 zeros between the cells", step_slices(stride));
    steps.line("image = spread");
}

void numpy_pad_plane(PlaneSteps& steps, std::string_view name, const PadStep& step, const std::string& mode) {
    if (!is_zero(step.add)) steps.line("{0} = np.pad({0}, {1}, {2})", name, pad_widths(step.add, 0), mode);
    if (!is_zero(step.cut)) steps.line("{0} = {0}[{1}]", name, cut_slices(step.cut));
}

std::string strided(const Plan& plan, const std::string& expression) {
    return plan.strided() ? fmt::format("{}[{}]", expression, step_slices(plan.spec.stride)) : expression;
}

void write_numpy_planes(Writer& w, const Plan& plan, const PlaneSteps& steps) {
    if (plan.single_plane()) {
        write_single(w, plan, steps);
    } else {
        write_loops(w, plan, steps);
    }
    w.line("print(y.flatten().tolist())");
}

}  // namespace convlens
