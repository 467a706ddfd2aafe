#include "app/render/type/latex_text.h"

#include <gtest/gtest.h>

#include "app/derived/derived.h"
#include "app/document/presets.h"
#include "core/conv/expr.h"

namespace convlens {
namespace {

std::string coloured(Role, const void*) { return "#1a2b3c"; }

TEST(LatexText, SaysWhatThePlainFormulaSays) {
    int lines = 0;
    for (const PresetInfo& preset : presets()) {
        if (!has_document(preset)) continue;
        for (const auto& layer : derive_all(*preset_document(preset.name)).layers)
            for (const Derivation* axis : {&layer->size_h, &layer->size_w})
                for (const Expr& line : axis->lines) {
                    EXPECT_EQ(latex_text(to_latex(line)), to_text(line));
                    EXPECT_EQ(latex_text(to_latex(line, coloured)), to_text(line));
                    ++lines;
                }
    }
    EXPECT_GT(lines, 50);
    const Expr all =
        Expr::row({Expr::ceil(Expr::fraction(Expr::leaf("a"), Expr::row({Expr::leaf("b"), Expr::leaf(" − 5%")}))),
                   Expr::leaf(" → "), Expr::paren(Expr::bold(Expr::leaf("#&$ ≤ …")))});
    EXPECT_EQ(latex_text(to_latex(all, coloured)), to_text(all));
}

TEST(LatexText, TakesAnyText) {
    EXPECT_EQ(latex_text("\\sqrt{x} \\alpha \\left. 2 \\right)"), "√x alpha 2)");
    EXPECT_EQ(latex_text("a}"), "");
    EXPECT_EQ(latex_text("\\frac{1}"), "");
    EXPECT_EQ(latex_text(std::string(100000, '{')), "");
    EXPECT_EQ(latex_text(""), "");
}

}  // namespace
}  // namespace convlens
