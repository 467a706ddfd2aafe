// Pasted text as words, numbers, strings and signs. Internal to core/import.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// The text with plain signs for what word processors and web pages put in their place: quotes, the minus, line ends.
std::string plain(std::string_view text);

// A plain() text with ASCII for the full-width signs that an input method writes in its code, conv（3，8）; those in strings
// and comments stay. `first`: the first that was replaced, "" for none.
struct Narrowed {
    std::string text;
    std::string first;
};
Narrowed narrowed(std::string_view text, Manner manner);

// Never refuses: what is no word, number or string is a sign. The last token is Token::Kind::end. `text` is plain().
std::vector<Token> tokens_of(std::string_view text, Manner manner);

}  // namespace convlens::pasted
