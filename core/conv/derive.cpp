// The size formula of one axis, step by step: symbols, numbers, the division before it is rounded, the result.
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/conv/parameters.h"
#include "core/conv/shape.h"
#include "core/conv/wide_axis.h"

namespace convlens {

namespace {

const std::string kMinus = " \u2212 ";

Expr number(std::int64_t value, Role role = Role::plain) {
    return Expr::leaf(value < 0 ? fmt::format("\u2212{}", -value) : fmt::format("{}", value), role);
}

// A number after an operator: a negative one in brackets.
Expr operand(std::int64_t value, Role role = Role::plain) {
    return value < 0 ? Expr::paren(number(value, role)) : number(value, role);
}

Expr plain(std::string text) { return Expr::leaf(std::move(text)); }

// What stands in the formula for each quantity: its symbol or its number.
struct Terms {
    Expr input;
    Expr kernel;
    Expr stride;
    Expr dilation;
    Expr output_padding;
    std::vector<Expr> pads;  // one that counts twice, or before and after
};

Terms symbols(Axis axis, bool equal_pads) {
    const auto symbol = [axis](Field field, const char* end = "") {
        const Parameter& row = parameter(field);
        return Expr::leaf(fmt::format("{}_{}{}", axis == Axis::h ? "H" : "W", row.symbol, end), row.role);
    };
    Terms terms{symbol(Field::input),    symbol(Field::kernel),         symbol(Field::stride),
                symbol(Field::dilation), symbol(Field::output_padding), {}};
    if (equal_pads) {
        terms.pads = {symbol(Field::padding)};
    } else {  // top and bottom, left and right
        terms.pads = {symbol(Field::padding, axis == Axis::h ? "t" : "l"),
                      symbol(Field::padding, axis == Axis::h ? "b" : "r")};
    }
    return terms;
}

Terms numbers(const AxisShape& a) {
    Terms terms{number(a.input, Role::input),
                number(a.kernel, Role::kernel),
                operand(a.stride, Role::stride),
                operand(a.dilation, Role::dilation),
                operand(a.output_padding, Role::output_padding),
                {operand(a.pad_before, Role::padding)}};
    if (a.pad_before != a.pad_after) terms.pads.push_back(operand(a.pad_after, Role::padding));
    return terms;
}

// " + 2·H_p", or " + H_pt + H_pb"
void append_pads(std::vector<Expr>& row, const std::string& sign, const Terms& terms) {
    if (terms.pads.size() == 1) {
        row.push_back(plain(sign + "2·"));
        row.push_back(terms.pads[0]);
        return;
    }
    for (const Expr& pad : terms.pads) {
        row.push_back(plain(sign));
        row.push_back(pad);
    }
}

// "H_d·(H_k − 1)"
void append_reach(std::vector<Expr>& row, const Terms& terms) {
    row.insert(row.end(), {terms.dilation, plain("·"), Expr::paren(Expr::row({terms.kernel, plain(kMinus + "1")}))});
}

// " + 1" behind the quotient; and " − 1" where ceil_mode counted a window that is dropped.
Expr windows(Expr rounded, bool dropped) {
    std::vector<Expr> row{std::move(rounded), plain(" + 1")};
    if (dropped) row.push_back(plain(kMinus + "1"));
    return Expr::row(std::move(row));
}

// ceil_mode rounds up: a window that is only partly there counts.
Expr rounded(bool up, Expr inner) { return up ? Expr::ceil(std::move(inner)) : Expr::floor(std::move(inner)); }

Expr conv_formula(const Terms& terms, bool up, bool dropped) {
    std::vector<Expr> above{terms.input};
    append_pads(above, " + ", terms);
    above.push_back(plain(kMinus));
    append_reach(above, terms);
    above.push_back(plain(kMinus + "1"));
    return windows(rounded(up, Expr::fraction(Expr::row(std::move(above)), terms.stride)), dropped);
}

Expr transposed_formula(const Terms& terms, bool, bool) {
    std::vector<Expr> row{Expr::paren(Expr::row({terms.input, plain(kMinus + "1")})), plain("·"), terms.stride};
    append_pads(row, kMinus, terms);
    row.push_back(plain(" + "));
    append_reach(row, terms);
    row.insert(row.end(), {plain(" + "), terms.output_padding, plain(" + 1")});
    return Expr::row(std::move(row));
}

// a/b as a decimal: exact within four places, else three and an ellipsis.
std::string quotient(std::int64_t a, std::int64_t b) {
    const Wide size = a < 0 ? -static_cast<Wide>(a) : static_cast<Wide>(a);
    std::string text = (a < 0 ? "\u2212" : "") + fmt::format("{}", static_cast<std::int64_t>(size / b));
    Wide rest = size % b;
    if (rest == 0) return text;
    std::string places;
    for (; rest != 0 && places.size() < 4; rest = rest * 10 % b) {
        places += static_cast<char>('0' + static_cast<int>(rest * 10 / b));
    }
    if (rest != 0) places.replace(3, 1, "…");
    return text + "." + places;
}

std::vector<Expr> conv_steps(const AxisShape& a, bool up) {
    const auto whole = static_cast<std::int64_t>(floor_div(a.numerator + (up ? a.stride - 1 : 0), a.stride));
    const bool dropped = a.dropped_window;
    return {windows(rounded(up, Expr::fraction(number(a.numerator), number(a.stride, Role::stride))), dropped),
            windows(rounded(up, plain(quotient(a.numerator, a.stride))), dropped), windows(number(whole), dropped)};
}

// The products worked out.
std::vector<Expr> transposed_steps(const AxisShape& a) {
    std::vector<Expr> row{number((a.input - 1) * a.stride)};
    const auto add = [&row](const std::string& sign, std::int64_t value, Role role) {
        row.push_back(plain(sign));
        row.push_back(operand(value, role));
    };
    if (a.pad_before == a.pad_after) {
        add(kMinus, 2 * a.pad_before, Role::padding);
    } else {
        add(kMinus, a.pad_before, Role::padding);
        add(kMinus, a.pad_after, Role::padding);
    }
    add(" + ", a.effective_kernel - 1, Role::plain);
    add(" + ", a.output_padding, Role::output_padding);
    row.push_back(plain(" + 1"));
    return {Expr::row(std::move(row))};
}

}  // namespace

Derivation derive(const ConvSpec& spec, Size2 input_plane, Axis axis) {
    const AxisShape a = solve_axis(spec, input_plane, axis);
    const bool transposed = spec.op == Op::conv_transpose;
    const bool up = is_pooling(spec.op) && spec.ceil_mode;
    const auto formula = transposed ? transposed_formula : conv_formula;

    Derivation derivation;
    derivation.symbol = Expr::leaf(axis == Axis::h ? "H_o" : "W_o", Role::output);
    derivation.result = a.output;
    derivation.lines = {formula(symbols(axis, a.pad_before == a.pad_after), up, a.dropped_window),
                        formula(numbers(a), up, a.dropped_window)};
    if (a.dropped_window) derivation.note = dropped_window_text(a, axis);
    for (Expr& step : transposed ? transposed_steps(a) : conv_steps(a, up)) derivation.lines.push_back(std::move(step));
    derivation.lines.push_back(Expr::bold(number(a.output, Role::output)));
    return derivation;
}

}  // namespace convlens
