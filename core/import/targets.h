// Which name of an assignment gets which part of its value, as Python pairs them: by place.
//
//   a, (b, c) = d = 1, (2, 3)      a: [0]    b: [1, 0]    c: [1, 1]    d: the whole value, two items
//   first, *rest = 1, 2, 3         how many go to which of them is not told here: every one of the four is `starred`
//
// Internal to core/import.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace convlens::pasted {

struct Token;

// What an assignment sets: a name, or a part of something (k[0], f(x).y).
struct Target {
    // One item of a list of targets: its place, from 0, among `count`.
    struct Step {
        std::size_t index = 0;
        std::size_t count = 0;
    };
    std::size_t token = 0;    // that it begins at
    std::vector<Step> path;   // from the whole value to its own; empty: the whole
    bool is_name = false;     // a name alone, with or without dots
    bool is_starred = false;  // *rest, or a target beside one
};

struct Assignment {
    std::vector<Target> targets;  // in the order of the text
    std::size_t sign = 0;         // the token of the last "=", or of "+=" and the like
    std::size_t value = 0;        // the token that the value begins at
};

// The statement of the tokens from `from` up to `to`; nothing where it is no assignment. Annotations are stepped over.
std::optional<Assignment> assignment_at(const std::vector<Token>& tokens, std::size_t from, std::size_t to);

// Tokens from `from` up to `to`.
struct Part {
    std::size_t from = 0;
    std::size_t to = 0;
};

// The parts between the commas outside of brackets, without one behind the last comma.
std::vector<Part> parts_between_commas(const std::vector<Token>& tokens, Part all);

// A part without the round brackets that only hold it together: of (x) the x, of (x, y) and (x)(y) all.
Part without_brackets(const std::vector<Token>& tokens, Part part);

// Where in a written value, by the places in its lists and tuples, a part begins at `token`, brackets and a walrus aside:
// [1, 0] of the 2 in 1, (2, 3). Nothing where none begins there.
std::optional<std::vector<std::size_t>> place_in(const std::vector<Token>& tokens, Part value, std::size_t token);

}  // namespace convlens::pasted
