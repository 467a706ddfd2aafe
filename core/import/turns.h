// Calls that turn or mirror the plane of an array: flips, and turns by quarters. Internal to core/import.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// What such a call does to the axes H and W.
struct Turn {
    std::string reversed;  // "H", "W" or both: axes of the result that run backwards
    bool swaps = false;    // the axes change places: the result's H is W of what it is made of
};

// Whether a call of `method`, written "np.flip" or "x.flip", is one of these functions. Their arguments do not count.
bool is_turn(std::string_view written, std::string_view method);

// What a call does whose result has the axes `letters`; its arguments begin behind its first `first` items. Nothing where
// that is not told, or other axes than H and W take part.
std::optional<Turn> turn_of(PastedText& text, const Node& call, std::string_view method, std::string_view letters,
                            std::size_t first);

// How often rot90(x, times) turns a plane by a quarter against the clock, 0 to 3; nothing where `times` is not told or no
// whole number.
std::optional<std::int64_t> quarter_turns(std::optional<double> times);

// The numbers of axes behind the first `first` items of a call, side by side or as a list; empty where any is not told.
std::vector<std::int64_t> axes_in(PastedText& text, const Node& call, std::size_t first);

}  // namespace convlens::pasted
