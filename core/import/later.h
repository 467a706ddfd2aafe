// Functions and lambdas read the variables around them when they are called, not where they are written. Internal to
// core/import; Python alone.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// Whether a token stands in what a lambda gives, behind its colon.
bool is_in_lambda(const PastedText& text, std::size_t token);

// The one statement that sets a name's variable, as the token of that name, where it stands behind the function or lambda
// that reads the name and nothing in front of it may have called that. Nothing where the variable is set elsewhere too.
std::optional<std::size_t> set_below(const PastedText& text, const Node& name);

// A variable that a function or a lambda reads and the text sets again behind it, where a call may come later still.
struct SetAgain {
    std::string variable;
    std::size_t token = 0;  // where it is set again
};

class SetAgainFinder {
public:
    // Keeps the text. Precondition: it outlives the finder.
    explicit SetAgainFinder(const PastedText& text) : text_(text) {}

    // Those that the statement that begins at a token reads, each the first time that it is asked for.
    std::vector<SetAgain> behind(std::size_t statement);

private:
    std::optional<std::size_t> again(const std::string& name, std::size_t token, std::size_t to);

    const PastedText& text_;
    std::map<std::string, std::vector<std::size_t>> places_;  // where a variable is set
    std::set<std::pair<std::size_t, std::string>> looked_;    // by the innermost function or class, lambdas aside
    std::set<std::string> found_;
};

}  // namespace convlens::pasted
