// How the parts of a Chinese sentence stand side by side.
#pragma once

#include <string>
#include <string_view>

namespace convlens {

// Puts `next` behind `words` by the one rule for blanks: between a Chinese character and a Latin letter or a digit there
// is one, between two Chinese characters and beside a full-width mark there is none. What stands in a place may be
// either, so a translation cannot settle it; all other blanks stay as they are written.
void join_chinese(std::string& words, std::string_view next);

}  // namespace convlens
