// The statements of a pasted text one by one, what each of them changes, and which stand in a branch or a loop. Internal
// to core/import.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// One statement: tokens from `from` up to `to`, which ends it. In "if big: k = 3" the header and what follows it are
// two. `blocks` are the headers of the branches and loops that it stands in, the outermost first, as tokens.
struct Line {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<std::size_t> blocks;
    std::vector<std::size_t> scopes;  // the headers of the functions and classes that it stands in, as tokens

    // Whether it may run another number of times than `other`, behind it.
    bool is_apart_from(const Line& other) const;
    // Whether it stands in a function or a class that `other` does not stand in, so that the names it sets are not those
    // of `other`.
    bool is_hidden_from(const Line& other) const;
};

std::vector<Line> lines_of(const PastedText& text);

// The statement that a token stands in; nullptr for none.
const Line* line_of(const std::vector<Line>& lines, std::size_t token);

// Whether a token is a name or begins with it: "conv.weight" with "conv".
bool is_of(const Token& token, std::string_view name);

// What a statement does to a variable. `sets`: name = value and nothing else, which forgets what the variable was.
// `changes`: its cells, a part of it, or it among others, as w[0] = 5, w += 1, w.mul_(2), np.multiply(w, 2, out=w) and
// a call whose result nobody takes do.
enum class Effect { none, sets, changes };
Effect effect_of(const PastedText& text, const Line& line, std::string_view name);

// The token of the last "=", "+=" or the like outside of brackets, in front of which stands what a statement sets; nothing
// where there is none.
std::optional<std::size_t> assignment_in(const std::vector<Token>& tokens, const Line& line);

// "line 3", and a statement as it is written, on one line and not too long.
Message line_place(const PastedText& text, std::size_t token);
std::string line_written(const PastedText& text, const Line& line);

// The token of the bracket that closes the one at `open`; the last token for none.
std::size_t closing_of(const std::vector<Token>& tokens, std::size_t open);

// closing_of() of every token that opens a bracket, by its position, found in one pass; the last token for the others.
std::vector<std::size_t> closings_of(const std::vector<Token>& tokens);

// Whether a function only looks at what it is given: print, plt.imshow.
bool is_looking(std::string_view function);

}  // namespace convlens::pasted
