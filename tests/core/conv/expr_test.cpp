#include "core/conv/expr.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

Expr sum() { return Expr::row({Expr::leaf("H_i", Role::input), Expr::leaf(" \u2212 "), Expr::leaf("1")}); }

std::string blue_padding(Role role, const void* theme) {
    return role == Role::padding ? *static_cast<const std::string*>(theme) : std::string();
}

TEST(ExprText, PutsAFloorOfAFractionOnOneLine) {
    EXPECT_EQ(to_text(Expr::floor(Expr::fraction(sum(), Expr::leaf("H_s")))), "⌊(H_i \u2212 1)/H_s⌋");
    EXPECT_EQ(to_text(Expr::fraction(Expr::leaf("27"), Expr::leaf("2"))), "27/2");
    EXPECT_EQ(to_text(Expr::fraction(Expr::leaf("27"), sum())), "27/(H_i \u2212 1)");
}

TEST(ExprText, KeepsBracketsAndSaysNothingOfBold) {
    EXPECT_EQ(to_text(Expr::paren(sum())), "(H_i \u2212 1)");
    EXPECT_EQ(to_text(Expr::bold(Expr::leaf("14"))), "14");
}

TEST(ExprLatex, SetsSubscriptsFractionsAndFloors) {
    EXPECT_EQ(to_latex(Expr::leaf("H_i")), "H_{i}");
    EXPECT_EQ(to_latex(Expr::leaf("H_op")), "H_{op}");
    EXPECT_EQ(to_latex(Expr::floor(Expr::fraction(sum(), Expr::leaf("2")))),
              "\\left\\lfloor \\frac{H_{i} - 1}{2} \\right\\rfloor ");
    EXPECT_EQ(to_latex(Expr::paren(sum())), "\\left(H_{i} - 1\\right)");
}

TEST(ExprLatex, SpellsSignsThatMathModeNeedsSpelled) {
    EXPECT_EQ(to_latex(Expr::leaf("2·")), "2\\cdot ");
    EXPECT_EQ(to_latex(Expr::leaf("a × b")), "a \\times  b");
    EXPECT_EQ(to_latex(Expr::leaf("3.333…")), "3.333\\ldots ");
    EXPECT_EQ(to_latex(Expr::leaf("50%")), "50\\%");
}

TEST(ExprLatex, ColoursALeafByItsRole) {
    const std::string blue = "#0000ff";
    EXPECT_EQ(to_latex(Expr::leaf("H_p", Role::padding), blue_padding, &blue), "\\textcolor{#0000ff}{H_{p}}");
    EXPECT_EQ(to_latex(Expr::leaf("H_i", Role::input), blue_padding, &blue), "H_{i}");
    EXPECT_EQ(to_latex(Expr::bold(Expr::leaf("1", Role::padding)), blue_padding, &blue),
              "\\textcolor{#0000ff}{\\mathbf{1}}");
}

TEST(ExprLatex, MakesTheLeavesOfABoldPartBold) { EXPECT_EQ(to_latex(Expr::bold(Expr::leaf("14"))), "\\mathbf{14}"); }

}  // namespace
}  // namespace convlens
