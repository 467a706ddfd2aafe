// Formulas as a line of plain text, for whoever selects one in a file or reads it aloud.
#pragma once

#include <string>
#include <string_view>

namespace convlens {

// "⌊(5 + 2·1 − 3)/2⌋ + 1" for the LaTeX of it: what to_text() says of an Expr for what to_latex() writes of it. Commands
// that only change how something looks are left out; of others without a sign of their own the name stays. Nothing where
// the text cannot be typeset (latex_check.h).
std::string latex_text(std::string_view latex);

}  // namespace convlens
