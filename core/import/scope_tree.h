// The scopes of a pasted Python text: the module, its classes, functions, lambdas and comprehensions, the names that each
// of them sets, and every place where a name stands. Internal to core/import; what it is for is told in scope.h.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/scope.h"

namespace convlens::pasted {

struct Scope {
    enum class Kind { module, in_class, function, lambda, comprehension };
    Kind kind = Kind::module;
    std::size_t parent = 0;  // the module is its own
    std::size_t header = 0;  // the token "def" or "class"
    std::string self;        // a method's first parameter, by which it knows the object
    std::set<std::string, std::less<>> bound;
    std::set<std::string, std::less<>> outer;       // global and nonlocal
    std::set<std::string, std::less<>> module;      // of them, global
    std::set<std::string, std::less<>> attributes;  // of a class: what its methods set behind self.
    std::vector<std::size_t> bases;                 // of a class: those that the text has
};

// A name where it stands, and the scope that it is looked up from.
struct Use {
    std::size_t token;
    std::size_t scope;
};

struct ScopeTree {
    std::vector<Scope> scopes;                                // the module is the first
    std::map<std::size_t, std::size_t> of_header;             // scopes, by "def" and "class"
    std::map<std::string, std::size_t, std::less<>> classes;  // scopes, by the names of the classes
    std::set<std::pair<std::size_t, std::string>> methods;    // by class, and the classes in it
    std::vector<Use> uses;
    std::vector<std::pair<Binding, std::size_t>> bindings;      // with their scopes; they have no names yet
    std::vector<Use> own;                                       // names whose values the text gives itself
    std::vector<std::pair<std::size_t, Parameter>> parameters;  // with their names
    std::map<std::size_t, std::size_t> method_of;               // see Variables

    // The scope of the innermost function or class around a statement.
    std::size_t around(const Line& line) const;
    // The scope whose variable a name is where it is looked up from `scope`; 0, the module, where no function has it.
    std::size_t owner(std::string_view name, std::size_t scope) const;
    // The class whose object a name is in a method: self. Nothing for other names.
    std::optional<std::size_t> class_of_self(std::string_view name, std::size_t scope) const;
};

ScopeTree read_scopes(const std::vector<Token>& tokens, const std::vector<Line>& lines);

}  // namespace convlens::pasted
