#include "core/conv/expr.h"

#include <array>
#include <utility>

namespace convlens {

namespace {

Expr with_parts(Expr::Kind kind, std::vector<Expr> parts) {
    Expr expr;
    expr.kind = kind;
    expr.parts = std::move(parts);
    return expr;
}

// A part of a fraction on one line needs brackets unless it is one number or symbol.
std::string one_line(const Expr& part) {
    const std::string text = to_text(part);
    return part.kind == Expr::Kind::row ? "(" + text + ")" : text;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kInLatex{{
    {"\u2212", "-"},
    {"·", "\\cdot "},
    {"×", "\\times "},
    {"…", "\\ldots "},
    {"→", "\\to "},
    {"≤", "\\le "},
    {"#", "\\#"},
    {"%", "\\%"},
    {"&", "\\&"},
    {"$", "\\$"},
    {"_", "\\_"},
}};

std::string escaped(std::string_view text) {
    std::string latex;
    while (!text.empty()) {
        std::string_view from = text.substr(0, 1);
        std::string_view to = from;
        for (const auto& [plain, spelled] : kInLatex) {
            if (text.starts_with(plain)) {
                from = plain;
                to = spelled;
                break;
            }
        }
        latex += to;
        text.remove_prefix(from.size());
    }
    return latex;
}

// "H_op" is H with the subscript op.
std::string leaf_latex(std::string_view text) {
    const std::size_t mark = text.find('_');
    if (mark == std::string_view::npos) return escaped(text);
    return escaped(text.substr(0, mark)) + "_{" + escaped(text.substr(mark + 1)) + "}";
}

class LatexWriter {
public:
    LatexWriter(RoleColour colour, const void* theme) : colour_(colour), theme_(theme) {}

    std::string write(const Expr& expr, bool bold = false) const {
        switch (expr.kind) {
            case Expr::Kind::leaf: return leaf(expr, bold);
            case Expr::Kind::row: {
                std::string latex;
                for (const Expr& part : expr.parts) latex += write(part, bold);
                return latex;
            }
            case Expr::Kind::fraction:
                return "\\frac{" + write(expr.parts[0], bold) + "}{" + write(expr.parts[1], bold) + "}";
            case Expr::Kind::floor: return "\\left\\lfloor " + write(expr.parts[0], bold) + " \\right\\rfloor ";
            case Expr::Kind::ceil: return "\\left\\lceil " + write(expr.parts[0], bold) + " \\right\\rceil ";
            case Expr::Kind::paren: return "\\left(" + write(expr.parts[0], bold) + "\\right)";
            case Expr::Kind::bold: return write(expr.parts[0], true);
        }
        return {};
    }

private:
    std::string leaf(const Expr& expr, bool bold) const {
        std::string latex = leaf_latex(expr.text);
        if (bold) latex = "\\mathbf{" + latex + "}";
        const std::string colour = colour_ ? colour_(expr.role, theme_) : std::string();
        return colour.empty() ? latex : "\\textcolor{" + colour + "}{" + latex + "}";
    }

    RoleColour colour_;
    const void* theme_;
};

}  // namespace

Expr Expr::leaf(std::string text, Role role) {
    Expr expr;
    expr.role = role;
    expr.text = std::move(text);
    return expr;
}
Expr Expr::row(std::vector<Expr> parts) { return with_parts(Kind::row, std::move(parts)); }
Expr Expr::fraction(Expr above, Expr below) { return with_parts(Kind::fraction, {std::move(above), std::move(below)}); }
Expr Expr::floor(Expr inner) { return with_parts(Kind::floor, {std::move(inner)}); }
Expr Expr::ceil(Expr inner) { return with_parts(Kind::ceil, {std::move(inner)}); }
Expr Expr::paren(Expr inner) { return with_parts(Kind::paren, {std::move(inner)}); }
Expr Expr::bold(Expr inner) { return with_parts(Kind::bold, {std::move(inner)}); }

std::string to_text(const Expr& expr) {
    switch (expr.kind) {
        case Expr::Kind::leaf: return expr.text;
        case Expr::Kind::row: {
            std::string text;
            for (const Expr& part : expr.parts) text += to_text(part);
            return text;
        }
        case Expr::Kind::fraction: return one_line(expr.parts[0]) + "/" + one_line(expr.parts[1]);
        case Expr::Kind::floor: return "⌊" + to_text(expr.parts[0]) + "⌋";
        case Expr::Kind::ceil: return "⌈" + to_text(expr.parts[0]) + "⌉";
        case Expr::Kind::paren: return "(" + to_text(expr.parts[0]) + ")";
        case Expr::Kind::bold: return to_text(expr.parts[0]);
    }
    return {};
}

std::string to_latex(const Expr& expr, RoleColour colour, const void* theme) {
    return LatexWriter(colour, theme).write(expr);
}

}  // namespace convlens
