// C++ texts, those with OpenCV, as the statements of names, calls and lists that the readers of pasted text know:
//
//     cv::Mat_<float> k(1, 3); k << 1, 0, -1;    k = cv.Mat_(1, 3, type="float")
//                                                k = MatCommaInitializer(k, [1, 0, -1])
//     float d[2] = {1, 0};                       d = CArray([1, 0], 2)
//     float a = 1 / n;                           a = 1.0 * (1 / n)
//     filter2D(x, y, -1, k, Point(0, 0));        y = filter2D(x, y, -1, k, Point(0, 0))
//     void f(const Mat& x) { ... }               def f(x), then kBlockOpen, ... and kBlockClose
//
// Every token keeps its place in the text, so that notes show what was pasted. Internal to core/import.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// Calls that no text has, for what C++ writes without one.
inline constexpr std::string_view kCommaInitializer = "MatCommaInitializer";  // of a matrix and the list that fills it
inline constexpr std::string_view kCArray =
    "CArray";  // of a list, then the lengths of the array, of which some may lack

// Signs that stand alone in a statement, for the braces of a block: of the header in front of them, if there is one.
inline constexpr std::string_view kBlockOpen = "{{";
inline constexpr std::string_view kBlockClose = "}}";

// Whether a text is C++ with OpenCV and no Python.
bool is_cpp_text(std::string_view text);

// The text with blanks for its comments, and #define K 5 as an assignment, in as many bytes.
std::string without_cpp_comments(std::string text);

// The tokens of such a text, statement by statement. Never refuses; what is not understood stays as it is.
std::vector<Token> cpp_statements(const std::vector<Token>& tokens);

}  // namespace convlens::pasted
