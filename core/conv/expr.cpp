#include "core/conv/expr.h"

#include <array>
#include <utility>

namespace convlens {

namespace {

Expr node(Expr::Kind kind, std::vector<Expr> parts) {
    Expr expr;
    expr.kind = kind;
    expr.parts = std::move(parts);
    return expr;
}

std::string joined(const Expr& expr) {
    std::string text;
    for (const Expr& part : expr.parts) text += to_text(part);
    return text;
}

// A fraction's part needs brackets in a line of text when it is a sum.
std::string operand(const Expr& expr) {
    const bool simple = expr.kind == Expr::Kind::leaf || (expr.kind == Expr::Kind::row && expr.parts.size() == 1);
    return simple ? to_text(expr) : "(" + to_text(expr) + ")";
}

// "H_op" becomes "H_{op}"; signs become commands.
std::string latex_leaf(const std::string& text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSigns{
        {{"·", " \\cdot "}, {"−", "-"}, {"×", " \\times "}}};
    std::string out = text;
    for (const auto& [sign, command] : kSigns) {
        for (std::size_t at = out.find(sign); at != std::string::npos; at = out.find(sign, at + command.size()))
            out.replace(at, sign.size(), command);
    }
    const std::size_t under = out.find('_');
    if (under == std::string::npos) return out;
    return out.substr(0, under) + "_{" + out.substr(under + 1) + "}";
}

std::string latex_joined(const Expr& expr, RoleColour colour, const void* theme) {
    std::string text;
    for (const Expr& part : expr.parts) text += to_latex(part, colour, theme);
    return text;
}

}  // namespace

Expr Expr::leaf(std::string text, Role role) {
    Expr expr;
    expr.text = std::move(text);
    expr.role = role;
    return expr;
}
Expr Expr::row(std::vector<Expr> parts) { return node(Kind::row, std::move(parts)); }
Expr Expr::fraction(Expr above, Expr below) { return node(Kind::fraction, {std::move(above), std::move(below)}); }
Expr Expr::floor(Expr inner) { return node(Kind::floor, {std::move(inner)}); }
Expr Expr::paren(Expr inner) { return node(Kind::paren, {std::move(inner)}); }
Expr Expr::bold(Expr inner) { return node(Kind::bold, {std::move(inner)}); }

std::string to_text(const Expr& expr) {
    switch (expr.kind) {
        case Expr::Kind::leaf: return expr.text;
        case Expr::Kind::row:
        case Expr::Kind::bold: return joined(expr);
        case Expr::Kind::fraction: return operand(expr.parts[0]) + "/" + operand(expr.parts[1]);
        case Expr::Kind::floor: return "⌊" + joined(expr) + "⌋";
        case Expr::Kind::paren: return "(" + joined(expr) + ")";
    }
    return {};
}

std::string to_latex(const Expr& expr, RoleColour colour, const void* theme) {
    switch (expr.kind) {
        case Expr::Kind::leaf: {
            const std::string text = latex_leaf(expr.text);
            const std::string hue = colour ? colour(expr.role, theme) : std::string{};
            return hue.empty() ? text : "\\textcolor{" + hue + "}{$" + text + "$}";
        }
        case Expr::Kind::row: return latex_joined(expr, colour, theme);
        case Expr::Kind::bold: return "\\mathbf{" + latex_joined(expr, colour, theme) + "}";
        case Expr::Kind::fraction:
            return "\\frac{" + to_latex(expr.parts[0], colour, theme) + "}{" + to_latex(expr.parts[1], colour, theme) + "}";
        case Expr::Kind::floor: return "\\left\\lfloor " + latex_joined(expr, colour, theme) + " \\right\\rfloor ";
        case Expr::Kind::paren: return "\\left( " + latex_joined(expr, colour, theme) + " \\right) ";
    }
    return {};
}

}  // namespace convlens
