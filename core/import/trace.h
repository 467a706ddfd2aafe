// What a text does to an array before a layer takes it: padding, cutting, turning, axes in another order. Internal to
// core/import.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/conv/spec.h"
#include "core/import/value.h"

namespace convlens::pasted {

// Cells that are added around the planes of an array, before it is read; where a number is negative, cells are cut
// away.
struct Border {
    Pads pads;
    PadMode mode = PadMode::zeros;
    double value = 0;  // PadMode::constant only
    Message made_by;   // what the text calls, "F.pad": for notes

    friend bool operator==(const Border&, const Border&) = default;
};

inline constexpr Key kIndices = key("indices");  // that pick cells of an array, as what changes it

bool adds(const Pads& pads);  // on any side
bool cuts(const Pads& pads);

// `outer` made around what `inner` has made, as one border. Nothing where no one border is the same: reflections of
// reflections, or cells added where others were cut away.
std::optional<Border> joined(const Border& inner, const Border& outer);

// The constant of a border that has one, 0 for zeros; nothing where the border copies cells.
std::optional<double> constant_of(PadMode mode, double value);

struct Traced {
    std::optional<ToldArray> array;  // before the border; its axes in the order and direction that were asked for
    std::optional<Border> border;
    bool flipped = false;        // of a weight: both plane axes are to be reversed, a kernel rotated by 180 degrees
    bool is_transposed = false;  // of an input that is not told: its rows became columns, and those of the border too
    Message left_out;            // the change that was not followed, as it is written; empty for none
    Message unread;              // what the text tells and is not read, where left_out says nothing
    Message unread_number;       // of an array that is written number by number: the first that is not read
};

// Whose array is traced: an input may come from anywhere, so that any call that is given one may change it.
enum class Role { weight, input };

// Follows `node`, the array of a layer whose axes are named by `letters`, H and W among them ("NCHW", "HWIO", "HW"),
// back to the array that is told.
Traced traced(PastedText& text, const Node& node, std::string_view letters, Role role = Role::weight);

// What changes an array before a layer takes it, where `node`, the first that could not be followed, is no array that is
// told: "F.interpolate(...)"; empty for nothing. `variable`: that the node was set to.
Message change_before(PastedText& text, const Node& node, Role role, const std::string& variable);

// Whether an array is told to have one axis, beneath what pads or cuts it.
bool is_row(PastedText& text, Node node);

// A module that pads or crops, nn.ZeroPad2d(1) or ZeroPadding2D((1, 2)), as a border of the axes H and W of `letters`;
// nothing for other calls, and where its numbers are not told.
bool is_padding_module(std::string_view name);
std::optional<Border> module_border(PastedText& text, const Node& call, std::string_view letters);

// What stands for ONNX's node Pad, with np.pad's arguments, as a call; and what it is called.
inline constexpr Key kOnnxPadName = key("the node Pad");
inline constexpr std::string_view kOnnxPad = kOnnxPadName.text;

// A function that pads its first argument, np.pad(x, ...), as a border of the axes H and W of `letters`.
bool is_padding_function(std::string_view name);
std::optional<Border> function_border(PastedText& text, const Node& call, std::string_view letters);

// An array that is set into a larger one of one number, padded(2:4, 1:3) = image, as a border around it.
std::optional<Border> border_of_set(PastedText& text, const PastedText::CellsSet& set, std::string_view letters);

}  // namespace convlens::pasted
