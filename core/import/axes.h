// Arrays with their axes reversed, changed and added. Internal to core/import; permuted() is in value.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/import/value.h"

namespace convlens::pasted {

inline constexpr std::size_t kMostAxes = 8;  // of an array whose axes are reordered

// The last two axes backwards: a kernel rotated by 180 degrees.
ToldArray flipped_plane(ToldArray array);

// One axis backwards. Precondition: axis < array.shape.size().
ToldArray backwards(ToldArray array, std::size_t axis);

// The part of an array that a subscript "[..., ::-1, 1:]" without blanks takes. Nothing where its positions are not
// told.
std::optional<ToldArray> subscripted(const ToldArray& array, std::string_view text);

// The order of axes that swapaxes, transpose or permute gives an array of `rank` for these numbers; `two` where they
// are two numbers and no list. Empty where it is not told.
std::vector<std::int64_t> order_of(std::string_view method, std::vector<std::int64_t> numbers, bool two,
                                   std::size_t rank);

// The axes in another order, np.transpose(x, (0, 2, 3, 1)). Nothing where `axes` does not name each axis of the array
// once, or the array has more than eight.
std::optional<ToldArray> reordered(const ToldArray& array, const std::vector<std::int64_t>& axes);

}  // namespace convlens::pasted
