// Arrays with their axes turned, changed and added. Internal to core/codegen; permuted() is in import_value.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/codegen/import_value.h"

namespace convlens::pasted {

// The last two axes backwards: a kernel turned by 180 degrees.
ToldArray turned(ToldArray array);

// Of a subscript "[..., ::-1, ::-1]" without blanks: what turns a kernel, or adds axes of length 1. Nothing for others.
std::optional<ToldArray> subscripted(ToldArray array, std::string_view text);

// The order of axes that swapaxes, transpose or permute gives an array of `rank` for these numbers; `two` where they
// are two numbers and no list. Empty where it is not told.
std::vector<std::int64_t> order_of(std::string_view method, const std::vector<std::int64_t>& numbers, bool two,
                                   std::size_t rank);

// The axes in another order, np.transpose(x, (0, 2, 3, 1)). Nothing where `axes` is no order of them.
std::optional<ToldArray> reordered(const ToldArray& array, const std::vector<std::int64_t>& axes);

}  // namespace convlens::pasted
