// Text of unknown origin (a file's name, a key in JSON, a word typed in a terminal) made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace convlens {

// The most characters of one foreign value that a message shows, and of a whole message.
inline constexpr std::size_t kMostOfValue = 200;
inline constexpr std::size_t kMostOfMessage = 500;

// `text` without anything that a terminal or a line of the window would obey instead of show: control characters
// (\x1b, \n and \t are written so), bytes that are not UTF-8 (\xff), and invisible characters that turn the direction
// or break the line (\u202e). Everything else, in any language, stays. What has more than `most` characters loses its
// middle, where "…" stands instead.
std::string printable(std::string_view text, std::size_t most = kMostOfValue);

// The same for a message of several lines, which stay lines; each has at most `most` characters.
std::string printable_lines(std::string_view text, std::size_t most = kMostOfMessage);

}  // namespace convlens
