// What the values in a pasted text come to: numbers, words, arrays. For core/import alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"
#include "core/text/ascii.h"

namespace convlens::pasted {

// What the cells of an array are to their program, which decides what arithmetic and conversions make of them. `whole`
// is Python's int and int64, `real` float32 and float64.
enum class CellType { real, half, brain, whole, int32, int16, int8, uint32, uint16, uint8, truth };

// What a text tells of an array: its lengths, and its numbers where they are written or follow from what is.
struct ToldArray {
    std::vector<std::int64_t> shape;
    std::optional<std::vector<double>> data;  // row-major
    CellType type = CellType::real;
    bool is_list = false;  // Python's own number, list or tuple, which * repeats and + joins
};

// Numbers that a text makes without writing them (ones, arange) are kept up to this many.
inline constexpr std::int64_t kMaxToldCells = std::int64_t{1} << 18;

// What is not read of an array whose cells are set by what is not told.
inline constexpr Key kCellsSet = key("the cells that are set");

// Nothing where the node is no number: a variable that the text does not set, a call.
std::optional<double> number_of(PastedText& text, const Node& node);

// What is said of a number that is 2^bits or beyond, as it is written.
using TooLarge = SentenceWith<"number", "bits">;
inline constexpr TooLarge kLengthTooLarge = key("a length of {number} is too large; write a number below 2^{bits}");

// Throws ImportError for a number of 2^bits and beyond, on either side of 0, that stands at `node`.
void refuse_too_large(PastedText& text, const Node& node, double number, const TooLarge& what, int bits = 53);
// The same of a number of an argument, "padding of nn.Conv2d".
void refuse_too_large(PastedText& text, const Node& node, double number, const Message& argument);

// Whether a number is a float to Python: 3.0, 1e3, 6 / 2, or a variable set to such.
bool is_float(PastedText& text, const Node& node);

// The node, or what the variable that it names is set to.
Node resolved(PastedText& text, const Node& node);

// What is not read of an array: a call, "np.eye(..., k=...)", or the first such number of a list, "b0" of [b0, 7, 8];
// "" for nothing.
struct Unread {
    Message what;
    bool is_number = false;
};

// Nothing where the text does not tell, or tells by what is not known in full: an operator of these types, an argument.
// Then, and where the lengths alone are known, `unread` becomes what was not read; nothing for variables that the text
// does not set, but in lists of which it tells other numbers. Throws ImportError for ragged rows and lengths below 0.
std::optional<ToldArray> array_of(PastedText& text, const Node& node, Unread* unread = nullptr);

// Where an array is not told because something changes one first, as x = F.pad(x, ...) does: what, "F.pad(...)".
std::optional<Message> changed_first(PastedText& text, const Node& node);

// An operator as what changes or makes an array: "an operation (*)".
Message operation(std::string_view sign);
inline constexpr Key kRange = key("a range (:)");  // MATLAB's 1:3

// Whether a call is where an array comes from, cv2.imread("a.png") or Input((8, 8, 3)), and not what changes one.
bool is_source(const Node& call);

// The axes in another order: permuted(weight, "HWIO", "OIHW"). Precondition: one letter of `from` an axis, and the same
// letters in `to`.
ToldArray permuted(const ToldArray& array, std::string_view from, std::string_view to);

// A name without what stands in front of its last dot, and that.
std::string_view last_part(std::string_view dotted);
std::string_view first_parts(std::string_view dotted);

// k.T and w.data, which are read as one name, as that of k; nothing for other names.
std::optional<Node> attribute_of(const Node& name);

// The candidate nearest to a misspelt word, where one is near enough to be meant; "" else. Case does not count.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "1 number", "3 numbers".
Message numbers_text(std::size_t count);
Message numbers_text(std::int64_t count);

// The words of "in_channels out_channels".
std::vector<std::string_view> words(std::string_view spaced);
bool is_one_of(std::string_view word, std::string_view spaced);
// Whether a token is a name, and one of those words.
bool is_name(const Token& token, std::string_view spaced);

}  // namespace convlens::pasted
