#include "core/conv/shape.h"

#include <fmt/format.h>

#include "core/conv/pad.h"

namespace convlens {

namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

std::string signed_text(std::int64_t value) { return value < 0 ? "−" + std::to_string(-value) : std::to_string(value); }

Expr number(std::int64_t value, Role role = Role::plain) { return Expr::leaf(signed_text(value), role); }

// A negative number behind an operator stands in brackets.
Expr operand(std::int64_t value, Role role) { return value < 0 ? Expr::paren(number(value, role)) : number(value, role); }

// The parts of the formula for one axis: symbols ("H_p") or numbers.
struct Terms {
    Expr in, kernel, stride, dilation, output_padding, pad;  // pad: "2·H_p", or "H_pt + H_pb"
};

Terms symbols(const AxisShape& a, const std::string& letter) {
    const auto symbol = [&](const char* index, Role role) { return Expr::leaf(letter + "_" + index, role); };
    Terms t{symbol("i", Role::input), symbol("k", Role::kernel), symbol("s", Role::stride), symbol("d", Role::dilation),
            symbol("op", Role::output_padding), {}};
    if (a.pad_before == a.pad_after) {
        t.pad = Expr::row({Expr::leaf("2·"), symbol("p", Role::padding)});
    } else {
        const bool rows = letter == "H";
        t.pad = Expr::row({symbol(rows ? "pt" : "pl", Role::padding), Expr::leaf(" + "), symbol(rows ? "pb" : "pr", Role::padding)});
    }
    return t;
}

Terms numbers(const AxisShape& a) {
    Terms t{operand(a.input, Role::input), operand(a.kernel, Role::kernel), operand(a.stride, Role::stride),
            operand(a.dilation, Role::dilation), operand(a.output_padding, Role::output_padding), {}};
    if (a.pad_before == a.pad_after) {
        t.pad = Expr::row({Expr::leaf("2·"), operand(a.pad_before, Role::padding)});
    } else {
        t.pad = Expr::row({operand(a.pad_before, Role::padding), Expr::leaf(" + "), operand(a.pad_after, Role::padding)});
    }
    return t;
}

Expr conv_line(const Terms& t) {
    Expr above = Expr::row({t.in, Expr::leaf(" + "), t.pad, Expr::leaf(" − "), t.dilation, Expr::leaf("·"),
                            Expr::paren(Expr::row({t.kernel, Expr::leaf(" − 1")})), Expr::leaf(" − 1")});
    return Expr::row({Expr::floor(Expr::fraction(std::move(above), t.stride)), Expr::leaf(" + 1")});
}

Expr transpose_line(const Terms& t, bool split_pads) {
    Expr crop = split_pads ? Expr::paren(t.pad) : t.pad;
    return Expr::row({Expr::paren(Expr::row({t.in, Expr::leaf(" − 1")})), Expr::leaf("·"), t.stride, Expr::leaf(" − "),
                      std::move(crop), Expr::leaf(" + "), t.dilation, Expr::leaf("·"),
                      Expr::paren(Expr::row({t.kernel, Expr::leaf(" − 1")})), Expr::leaf(" + "), t.output_padding,
                      Expr::leaf(" + 1")});
}

// The quotient with at most four decimals, as a person would write it down.
std::string quotient_text(std::int64_t above, std::int64_t below) {
    std::string text = fmt::format("{:.4f}", static_cast<double>(above) / static_cast<double>(below));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    if (text.starts_with('-')) text = "−" + text.substr(1);
    return text;
}

std::vector<Expr> conv_steps(const AxisShape& a) {
    const std::int64_t whole = floor_div(a.numerator, a.stride);
    const Expr plus_one = Expr::leaf(" + 1");
    return {Expr::row({Expr::floor(Expr::fraction(number(a.numerator), number(a.stride, Role::stride))), plus_one}),
            Expr::row({Expr::floor(Expr::leaf(quotient_text(a.numerator, a.stride))), plus_one}),
            Expr::row({number(whole), plus_one})};
}

std::vector<Expr> transpose_steps(const AxisShape& a) {
    return {Expr::row({number((a.input - 1) * a.stride), Expr::leaf(" − "), operand(a.pad_before + a.pad_after, Role::padding),
                       Expr::leaf(" + "), number(a.dilation * (a.kernel - 1)), Expr::leaf(" + "),
                       operand(a.output_padding, Role::output_padding), Expr::leaf(" + 1")})};
}

}  // namespace

AxisShape solve_axis(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisSpec s = axis_of(spec, axis);
    const Pads pads = resolve_pads(spec, input_plane);
    AxisShape a;
    a.input = axis == Axis::h ? input_plane.h : input_plane.w;
    a.pad_before = axis == Axis::h ? pads.top : pads.left;
    a.pad_after = axis == Axis::h ? pads.bottom : pads.right;
    a.kernel = s.kernel;
    a.effective_kernel = effective_kernel(s.kernel, s.dilation);
    a.stride = s.stride;
    a.dilation = s.dilation;
    if (spec.op == Op::conv_transpose) {
        a.output_padding = s.output_padding;
        a.padded = (a.input - 1) * a.stride + a.effective_kernel;
        a.output = a.padded - a.pad_before - a.pad_after + a.output_padding;
        a.numerator = a.output;
        return a;
    }
    a.padded = a.input + a.pad_before + a.pad_after;
    a.numerator = a.padded - a.effective_kernel;
    // Tested before dividing: -1/2 rounds to 0 in C and would give one output from nothing.
    a.output = a.numerator < 0 ? 0 : a.numerator / a.stride + 1;
    return a;
}

Shape4 output_shape(const ConvSpec& spec, const Shape4& input) {
    return {input.n, spec.out_channels, solve_axis(spec, input.plane(), Axis::h).output,
            solve_axis(spec, input.plane(), Axis::w).output};
}

Derivation derive(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const std::string letter = axis == Axis::h ? "H" : "W";
    Derivation d;
    d.symbol = Expr::leaf(letter + "_o", Role::output);
    d.result = a.output;
    const bool transposed = spec.op == Op::conv_transpose;
    const bool split = a.pad_before != a.pad_after;
    const auto line = [&](const Terms& t) { return transposed ? transpose_line(t, split) : conv_line(t); };
    d.lines = {line(symbols(a, letter)), line(numbers(a))};
    for (Expr& step : transposed ? transpose_steps(a) : conv_steps(a)) d.lines.push_back(std::move(step));
    d.lines.push_back(Expr::bold(number(a.output, Role::output)));
    return d;
}

Cost cost(const ConvSpec& spec, const Shape4& input, bool has_bias) {
    const Shape4 weight = weight_shape(spec, input.c);
    const Shape4 out = output_shape(spec, input);
    Cost c;
    c.weights = weight.n * weight.c * weight.h * weight.w;
    c.biases = has_bias ? spec.out_channels : 0;
    const std::int64_t per_cell = weight.c * weight.h * weight.w;
    // conv: every output cell takes a whole filter; conv_transpose: every input cell stamps one.
    c.multiply_adds = spec.op == Op::conv_transpose ? per_cell * input.n * input.c * input.h * input.w
                                                    : per_cell * out.n * out.c * out.h * out.w;
    return c;
}

}  // namespace convlens
