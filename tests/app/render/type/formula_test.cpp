// Formulas fill the box they were measured to fill; what is no formula says so in red.
#include "app/render/type/formula.h"

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/render/cairo/cairo_handle.h"
#include "app/render/type/fonts.h"
#include "app/render/type/latex_check.h"
#include "core/conv/expr.h"
#include "tests/app/render/pixels.h"

namespace convlens {
namespace {

constexpr const char* kSize =
    "H_o = \\left\\lfloor \\frac{H_i + 2 \\cdot H_p - H_d \\cdot (H_k - 1) - 1}{H_s} \\right\\rfloor + 1";
constexpr const char* kSum = "\\sum_{i=0}^{k-1} x_i w_i";

FormulaMark formula(std::string latex, float size, Point at = {40, 30}) {
    FormulaMark mark;
    mark.latex = std::move(latex);
    mark.at = at;
    mark.size = size;
    mark.colour = kBlack;
    return mark;
}

bool has_red(const Bitmap& bitmap) {
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x) {
            const Colour c = at(bitmap, x, y);
            if (c.a > 100 && c.r > 150 && c.g < 110 && c.b < 110) return true;
        }
    return false;
}

TEST(Formula, FillsItsBox) {
    const auto fonts = make_font_metrics();
    for (const char* latex : {kSize, kSum, "f", "\\frac{27}{2} = 13.5", "\\mathbf{4}"})
        for (const float size : {12.0F, 20.0F, 45.5F}) {
            const FontMetrics::Box box = fonts->formula_box(latex, size);
            const Rect found = ink(drawn(2000, 300, formula(latex, size)));
            EXPECT_GE(found.x, 40 - 1) << latex;
            EXPECT_GE(found.y, 30 - 1) << latex;
            EXPECT_LE(found.right(), 40 + box.w + 1) << latex;
            EXPECT_LE(found.bottom(), 30 + box.h + 1) << latex;
            EXPECT_NEAR(found.w, box.w, 0.12F * size + 1.5F) << latex;
            EXPECT_NEAR(found.h, box.h, 0.12F * size + 1.5F) << latex;
        }
}

// Paper of pixels that counts the texts it is given, and says of itself that it holds text, or does not.
class CountingPaper final : public Paper {
public:
    CountingPaper(cairo_t* context, bool holds_text) : Paper(context), holds_text_(holds_text) {}
    bool holds_text() const override { return holds_text_; }
    void write_unseen(std::string_view text, const Rect& box) override {
        ++texts;
        EXPECT_EQ(text, "f");
        EXPECT_EQ(box.w, measure_formula("f", 20).w);
        EXPECT_EQ(box.h, measure_formula("f", 20).h);
    }
    int texts = 0;

private:
    bool holds_text_;
};

TEST(Formula, IsReadAsTextOnlyForPaperThatHoldsText) {
    const CairoSurface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 100, 100));
    const CairoContext context(cairo_create(surface.get()));
    for (const bool holds_text : {false, true}) {
        CountingPaper paper(context.get(), holds_text);
        paint_formula(paper, "f", {10, 10}, 20, kBlack);
        EXPECT_EQ(paper.texts, holds_text ? 1 : 0);
    }
    EXPECT_FALSE(Paper(context.get()).holds_text());
}

TEST(Formula, GrowsWithItsSize) {
    const FontMetrics::Box small = measure_formula(kSize, 20);
    const FontMetrics::Box large = measure_formula(kSize, 40);
    EXPECT_NEAR(large.w, 2 * small.w, 1);
    EXPECT_NEAR(large.h, 2 * small.h, 1);
}

TEST(Formula, IsDrawnAsATextureOfItsBox) {
    const FontMetrics::Box box = measure_formula(kSize, 18);
    const Bitmap bitmap = draw_formula(kSize, 18, kBlue);
    EXPECT_EQ(bitmap.width, static_cast<int>(std::ceil(box.w)));
    EXPECT_EQ(bitmap.height, static_cast<int>(std::ceil(box.h)));
    EXPECT_EQ(at(bitmap, bitmap.width - 1, 0).a, 0);
    EXPECT_GT(count(bitmap, kBlue), 20);  // the fraction bar
}

TEST(Formula, ColoursPartsWithoutMovingThem) {
    const Bitmap bitmap = draw_formula("\\textcolor{#0000ff}{H_i} + 1", 60, kRed);
    EXPECT_GT(count(bitmap, kBlue), 20);
    EXPECT_GT(count(bitmap, kRed), 20);
    EXPECT_FLOAT_EQ(measure_formula("\\textcolor{#0000ff}{H_i} + 1", 60).w, measure_formula("H_i + 1", 60).w);
}

TEST(Formula, StandsWhereItIsPutBetweenPixelsToo) {
    const Rect whole = ink(drawn(200, 120, formula("x", 60, {20, 20})));
    const Rect half = ink(drawn(200, 120, formula("x", 60, {20.5, 20.5})));
    EXPECT_NEAR(half.x, whole.x, 1);
    EXPECT_NEAR(half.bottom(), whole.bottom(), 1);
    EXPECT_NE(drawn(200, 120, formula("x", 60, {20, 20})).rgba, drawn(200, 120, formula("x", 60, {20.5, 20})).rgba);
}

TEST(Formula, FadesAsAWhole) {
    FormulaMark mark = formula("\\textcolor{#0000ff}{\\mathbf{W}}", 90);
    mark.colour = kBlack.with_alpha(0.5F);
    EXPECT_GT(count(drawn(300, 200, mark), Colour{127, 127, 255, 255}), 50);
}

TEST(Formula, NothingTakesNoRoom) {
    EXPECT_EQ(measure_formula("", 20).w, 0);
    EXPECT_EQ(draw_formula("", 20, kBlack).width, 1);
}

TEST(Formula, WhatIsNoFormulaBecomesItsReasonInRed) {
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += "\\sqrt{";
    const std::string all[] = {"{",
                               "}",
                               "x\\",
                               "\\frac",
                               "\\frac12",
                               "\\textcolor{#ff0000}",
                               "\\left( x",
                               "x \\right)",
                               "\\left",
                               "x_",
                               "{x^}",
                               "$$",
                               "\\raisebox\\joinrel x",
                               "\\newcommand{\\x}{1}",
                               "\\begin{matrix}1\\end{matrix}",
                               "\xFF\xFE",
                               std::string("a\0b", 3),
                               deep,
                               deep + std::string(5000, '}')};
    for (const std::string& latex : all) {
        EXPECT_TRUE(latex_problem(latex)) << latex.substr(0, 80);
        EXPECT_GT(measure_formula(latex, 20).w, 20) << latex.substr(0, 80);
        EXPECT_TRUE(has_red(draw_formula(latex, 20, kBlack))) << latex.substr(0, 80);
    }
}

TEST(Formula, AnUnknownCommandIsRedAmongTheRest) {
    const Bitmap bitmap = draw_formula("x + \\nosuch + 1", 40, kBlue);
    EXPECT_TRUE(has_red(bitmap));
    EXPECT_GT(count(bitmap, kBlue), 0);
}

TEST(Formula, OrdinaryLatexIsAccepted) {
    for (const char* latex : {kSize, kSum, "\\text{output padding } < s", "x^2_i", "\\{1, 2\\} \\%", "\\sqrt{2}",
                              "\\left\\{ \\frac{1}{2} \\right.", "\\max(0, a_{i,j}) \\quad \\alpha \\leq \\infty"})
        EXPECT_EQ(latex_problem(latex).value_or(""), "") << latex;
}

TEST(Formula, TheProgramsOwnExpressionsAreAccepted) {
    const auto colour = [](Role, const void*) -> std::string { return "#0b6e99"; };
    const Expr top =
        Expr::row({Expr::leaf("H_i", Role::input), Expr::leaf("+"), Expr::leaf("2"), Expr::leaf("·"),
                   Expr::leaf("H_p", Role::padding), Expr::leaf("−"),
                   Expr::paren(Expr::row({Expr::leaf("H_k", Role::kernel), Expr::leaf("−"), Expr::leaf("1")}))});
    const Expr expr = Expr::row({Expr::leaf("H_o", Role::output), Expr::leaf("="),
                                 Expr::floor(Expr::fraction(top, Expr::leaf("H_s", Role::stride))), Expr::leaf("+"),
                                 Expr::bold(Expr::leaf("1"))});
    const std::string latex = to_latex(expr, colour, nullptr);
    EXPECT_EQ(latex_problem(latex).value_or(""), "") << latex;
    EXPECT_FALSE(has_red(draw_formula(latex, 30, kBlack)));
}

TEST(Formula, ThreadsMayTypesetAtTheSameTime) {
    const auto draw = [](int i) { return draw_formula(kSize + std::to_string(i), 17, kBlack).rgba; };
    std::vector<std::vector<std::uint8_t>> found(8);
    std::vector<std::thread> threads(4);
    for (int t = 0; t < 4; ++t)
        threads[static_cast<std::size_t>(t)] = std::thread([&, t] {
            for (int i = t; i < 8; i += 4) found[static_cast<std::size_t>(i)] = draw(i);
        });
    for (std::thread& thread : threads) thread.join();
    for (int i = 0; i < 8; ++i) EXPECT_EQ(found[static_cast<std::size_t>(i)], draw(i));
}

}  // namespace
}  // namespace convlens
