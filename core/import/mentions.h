// Which variables the statements of a pasted text name, whatever they do to them. Internal to core/import.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/lines.h"

namespace convlens::pasted {

// A name, and whose it is: two functions may each have an x.
struct Variable {
    static constexpr std::size_t kOutside = std::numeric_limits<std::size_t>::max();       // of no function
    static constexpr std::size_t kOfObject = std::numeric_limits<std::size_t>::max() - 1;  // self.conv, and self

    std::string name;
    std::size_t owner = kOutside;  // else the token that the function's header begins at

    friend auto operator<=>(const Variable&, const Variable&) = default;
};

struct Mention {
    Variable variable;
    std::size_t token = 0;
    bool called = false;  // f of f(x), which is no array, as MATLAB's k of k(1) is where the text sets k
    bool looks = false;   // k.shape, k.sum() and len(k), which give numbers of their own
    bool inner = false;   // conv of net.conv.weight, which may be the self.conv of a class
};

class Mentions {
public:
    // Both outlive this.
    Mentions(const PastedText& text, const std::vector<Line>& lines);

    std::vector<Mention> in(const Line& line) const;
    // The variables that a statement sets, as a whole or in part: y of y = 3, y[0] = 3, for y in ys, with f() as y.
    std::vector<Variable> set_by(const Line& line) const;
    // The function that a statement stands in, as the token that its header begins at; kOutside for none.
    std::size_t function_of(const Line& line) const;

private:
    std::size_t owner_of(const Line& line, const std::string& name) const;

    const PastedText& text_;
    const std::vector<Line>& lines_;
    std::map<std::size_t, std::set<std::string>> locals_;      // by the header of a function
    std::set<std::string> defined_;                            // functions and classes
    std::set<std::string> set_;                                // by some statement
    std::map<std::string, std::set<std::string>> attributes_;  // of several classes, as in the text: with their marks
};

// The names that a statement sets: those in front of its "=", of its "for" and of its "as".
std::vector<std::string> names_set_by(const PastedText& text, const Line& line);

}  // namespace convlens::pasted
