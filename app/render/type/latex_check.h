// Which LaTeX MicroTeX may be given. Of its commands some outlive their formula for all later ones to stumble over
// (\newcommand), and its parser reads beyond the end of text that stops where an argument should be. So only commands
// that formulas need are let through, with their arguments in braces, and only text that is complete.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convlens {

// Why the text must not be typeset, in a few words; nothing if it may. Names of symbols are not looked at: MicroTeX
// itself draws an unknown one red.
std::optional<std::string> latex_problem(std::string_view latex);

}  // namespace convlens
