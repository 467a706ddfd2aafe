// A small formula tree: one value serves the typeset formula, plain text and tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convlens {

// What a part of a formula stands for. The window gives each role the hue of its slider.
enum class Role { plain, input, kernel, stride, padding, dilation, output_padding, output, weight, bias, channels };

// A node is a leaf (text with a role) or a row, fraction, floor, sum of parts.
struct Expr {
    enum class Kind {
        leaf,      // `text`: a number, an operator, or a symbol such as H_i (one '_' = subscript)
        row,       // parts side by side
        fraction,  // parts[0] over parts[1]
        floor,     // floor of parts[0]
        ceil,      // ceiling of parts[0]
        paren,     // ( parts[0] )
        bold,      // the result, emphasised
    };
    Kind kind = Kind::leaf;
    Role role = Role::plain;
    std::string text;
    std::vector<Expr> parts;

    static Expr leaf(std::string text, Role role = Role::plain);
    static Expr row(std::vector<Expr> parts);
    static Expr fraction(Expr above, Expr below);
    static Expr floor(Expr inner);
    static Expr ceil(Expr inner);
    static Expr paren(Expr inner);
    static Expr bold(Expr inner);
};

// "H_o = ⌊(H_i + 2·H_p − H_d·(H_k − 1) − 1)/H_s⌋ + 1": UTF-8, minus is U+2212.
std::string to_text(const Expr& expr);

// LaTeX for MicroTeX. `colour(role)` returns "#rrggbb", or "" for the surrounding colour; it becomes \textcolor.
using RoleColour = std::string (*)(Role role, const void* theme);
std::string to_latex(const Expr& expr, RoleColour colour = nullptr, const void* theme = nullptr);

}  // namespace convlens
