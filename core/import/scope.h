// Which variable a name of a pasted Python text means. Python looks a name up in the function that it stands in, in those
// around that, and in the module; a class's own names are seen in the class's body alone, and behind self. everywhere.
// name_variables() gives every variable a name of its own, so that all who read the tokens later may compare names:
//
//   k = 7                                  k        the module's
//   class Net(nn.Module):
//       k = 5                              self.k   the class's, which its methods know by this name
//       def __init__(self, k=3):           k·1      the parameter
//           self.conv = nn.Conv2d(1, 1, k) k·1
//   nets = [Block(k) for k in (5, 7)]      k·2      the comprehension's
//   class Other(nn.Module):
//       def __init__(self):
//           self.conv = nn.Conv2d(3, 8, 3) self.conv·3   which is not the conv of Net
//
// A mark, written · here, is there only where two variables would have one name; unmarked() takes it away again, and
// whatever is shown to people has gone through it. Internal to core/import.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/message.h"

namespace convlens::pasted {

struct Line;
struct Token;

// What gives a variable a value that no "=" tells.
enum class Bound { loop, comprehension, lambda, with, except, deleted, imported, pattern, changed, walrus };

struct Binding {
    std::string name;       // the variable's own, with its mark
    std::size_t token = 0;  // the name
    Bound how = Bound::loop;
};

// A parameter of a function, def f(a, *rest, k=3).
struct Parameter {
    enum class Kind { by_place, by_name_only, rest };  // rest: *args and **kw, which no one argument tells
    Kind kind = Kind::by_place;
    std::size_t function = 0;       // the token "def"
    std::size_t place = 0;          // from 0, without self
    std::size_t default_value = 0;  // the token that it begins at; 0 for none
    std::string keyword;            // as a call writes it
};

// A class of the text that gives its objects another value of an attribute than the class has that it derives from.
struct Override {
    std::size_t in_class = 0;  // the token "class" of the class that sets the other value
    std::size_t token = 0;     // where it does; that of its "class" where a method has the name
};

struct Variables {
    std::vector<Binding> bindings;                // but for assignments, in the order of the text
    std::map<std::string, Parameter> parameters;  // by the variable's own name
    std::set<std::size_t>
        own;  // tokens, bare names: of variables whose value the text gives itself, def and class aside
    std::map<std::size_t, std::size_t> method_of;    // of a function in a class's body, by its "def", the token "class"
    std::multimap<std::size_t, Override> overrides;  // by the token of self.stride
};

// Gives the names in `tokens` their marks. `lines` are the statements of the same tokens. Precondition: Python.
Variables name_variables(std::vector<Token>& tokens, const std::vector<Line>& lines);

// A name as the text has it; a message of such names.
std::string unmarked(std::string_view name);
Message unmarked(Message message);

// Whether two names are the same in the text.
inline bool is_same_word(std::string_view a, std::string_view b) { return a == b || unmarked(a) == unmarked(b); }

}  // namespace convlens::pasted
