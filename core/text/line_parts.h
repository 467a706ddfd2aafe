// Where a line of text may end: at a blank, as in English, and between the characters of Chinese, where no line begins
// with closing punctuation, ends with an opening bracket, or parts a number from the word that it counts.
#pragma once

#include <string_view>
#include <vector>

namespace convlens {

// The parts of a UTF-8 text between which a line may end, in order; together they are the text. A blank or line feed at
// which a line may end is the end of its part. "最多 3 行。" has the parts 最, "多 ", "3 行。"
std::vector<std::string_view> line_parts(std::string_view text);

}  // namespace convlens
