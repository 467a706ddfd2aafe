#include "core/import/picks.h"

#include <algorithm>

#include "core/conv/pad.h"

namespace convlens::pasted {

namespace {

// Whether before more cells in front, and the mode, are what the picks do to an axis.
bool is_border(const std::vector<std::int64_t>& cells, std::int64_t before, std::int64_t length, PadMode mode) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::int64_t at = static_cast<std::int64_t>(i) - before;
        const bool inside = at >= 0 && at < length;
        if ((inside ? std::optional(at) : source_index(at, length, mode)) != cells[i]) return false;
    }
    return true;
}

// How many cells in front of an axis of `length` the picks add under a mode; negative where they cut.
std::optional<std::int64_t> added_before(const std::vector<std::int64_t>& cells, std::int64_t length, PadMode mode) {
    for (std::int64_t size = 0; size <= std::max(length, std::ssize(cells)); ++size) {
        for (const std::int64_t before : {size, -size}) {
            if (is_border(cells, before, length, mode)) return before;
        }
    }
    return {};
}

bool take_pick(Border& border, const Picks& picks, Size2 plane) {
    const bool rows = picks.letter == 'H';
    const std::int64_t length = rows ? plane.h : plane.w;
    const auto before = added_before(picks.cells, length, border.mode);
    if (!before) return false;
    (rows ? border.pads.top : border.pads.left) = *before;
    (rows ? border.pads.bottom : border.pads.right) = std::ssize(picks.cells) - length - *before;
    return true;
}

}  // namespace

std::optional<Border> border_of_picks(const std::vector<Picks>& picks, Size2 plane) {
    for (const PadMode mode : {PadMode::reflect, PadMode::symmetric, PadMode::circular, PadMode::replicate}) {
        Border border;
        border.mode = mode;
        border.made_by = kIndices;
        if (std::ranges::all_of(picks, [&](const Picks& one) { return take_pick(border, one, plane); })) return border;
    }
    return {};
}

}  // namespace convlens::pasted
