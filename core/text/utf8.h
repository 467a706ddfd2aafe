// Characters by their numbers, written as UTF-8.
#pragma once

#include <string>

namespace convlens {

// Appends `code`, which is at most U+10FFFF, in one to four bytes. Whether it is a character is not looked at.
void append_utf8(std::string& text, char32_t code);

}  // namespace convlens
