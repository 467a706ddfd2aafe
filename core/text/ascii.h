// Text that programs write, letter by letter and in every locale alike: A to Z alone have small letters here.
#pragma once

#include <string>
#include <string_view>

namespace convlens {

// "PNG" -> "png"; other bytes, those of UTF-8 among them, stay.
std::string lower(std::string_view text);

// "set padding to 2" -> "Set padding to 2".
std::string capitalized(std::string_view text);

// Without blanks, tabs and ends of lines around it.
std::string_view trimmed(std::string_view text);

}  // namespace convlens
