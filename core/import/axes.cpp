#include "core/import/axes.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "core/import/slices.h"

namespace convlens::pasted {

namespace {

// All axes in their order, but for two that change places; what is no axis of the array stays in the result, so that it
// is refused there.
std::vector<std::int64_t> swapped(std::size_t rank, const std::vector<std::int64_t>& two) {
    std::vector<std::int64_t> axes(rank);
    std::iota(axes.begin(), axes.end(), 0);
    const auto inside = [&](std::int64_t axis) { return axis >= 0 && axis < static_cast<std::int64_t>(rank); };
    if (two.size() != 2) return {};
    if (!inside(two[0]) || !inside(two[1])) return two;
    std::swap(axes[static_cast<std::size_t>(two[0])], axes[static_cast<std::size_t>(two[1])]);
    return axes;
}

// Each axis from 0 to rank - 1 once.
bool is_order(const std::vector<std::int64_t>& axes, std::size_t rank) {
    std::vector<std::int64_t> sorted = axes;
    std::ranges::sort(sorted);
    if (sorted.size() != rank || rank == 0) return false;
    for (std::size_t i = 0; i < rank; ++i) {
        if (sorted[i] != static_cast<std::int64_t>(i)) return false;
    }
    return true;
}

}  // namespace

ToldArray flipped_plane(ToldArray array) {
    if (!array.data || array.data->empty() || array.shape.size() < 2) return array;
    const auto plane = array.shape[array.shape.size() - 1] * array.shape[array.shape.size() - 2];
    for (auto at = array.data->begin(); at != array.data->end(); at += plane) std::reverse(at, at + plane);
    return array;
}

ToldArray backwards(ToldArray array, std::size_t axis) {
    if (!array.data || array.data->empty()) return array;
    std::ptrdiff_t inner = 1;  // numbers from one cell of the axis to the next
    for (std::size_t i = axis + 1; i < array.shape.size(); ++i) inner *= array.shape[i];
    const std::ptrdiff_t length = array.shape[axis];
    for (auto block = array.data->begin(); block != array.data->end(); block += inner * length) {
        for (std::ptrdiff_t i = 0; i < length / 2; ++i)
            std::swap_ranges(block + i * inner, block + (i + 1) * inner, block + (length - 1 - i) * inner);
    }
    return array;
}

std::optional<ToldArray> subscripted(const ToldArray& array, std::string_view text) {
    const auto slices = slices_of(text);
    return slices ? part_of(array, *slices) : std::nullopt;
}

// PyTorch's transpose(0, 1) changes two axes, NumPy's takes all of them; of a matrix (0, 1) is told by neither.
std::vector<std::int64_t> order_of(std::string_view method, std::vector<std::int64_t> numbers, bool two,
                                   std::size_t rank) {
    for (std::int64_t& axis : numbers) {
        if (axis < 0) axis += static_cast<std::int64_t>(rank);  // -1 is the last axis
    }
    if (method == "swapaxes" || (method == "transpose" && two && rank > 2)) return swapped(rank, numbers);
    if (two && rank == 2 && !numbers.empty() && numbers.front() == 0) return {};
    return numbers;
}

std::optional<ToldArray> reordered(const ToldArray& array, const std::vector<std::int64_t>& axes) {
    constexpr std::string_view kLetters = "abcdefgh";
    const std::size_t rank = array.shape.size();
    if (!is_order(axes, rank) || rank > kMostAxes) return {};
    std::string to;
    for (const std::int64_t axis : axes) to += kLetters[static_cast<std::size_t>(axis)];
    return permuted(array, kLetters.substr(0, rank), to);
}

ToldArray permuted(const ToldArray& array, std::string_view from, std::string_view to) {
    const std::size_t rank = from.size();
    std::vector<std::int64_t> steps(rank, 1);  // of the old axes
    for (std::size_t i = rank; i-- > 1;) __builtin_mul_overflow(steps[i], array.shape[i], &steps[i - 1]);
    ToldArray result{std::vector<std::int64_t>(rank), {}, array.type};
    std::vector<std::int64_t> walk(rank);
    for (std::size_t i = 0; i < rank; ++i) {
        const std::size_t old = from.find(to[i]);
        result.shape[i] = array.shape[old];
        walk[i] = steps[old];
    }
    if (!array.data) return result;
    result.data.emplace();
    result.data->reserve(array.data->size());
    std::vector<std::int64_t> index(rank, 0);
    for (std::size_t cell = 0; cell < array.data->size(); ++cell) {
        std::int64_t at = 0;
        for (std::size_t i = 0; i < rank; ++i) at += index[i] * walk[i];
        result.data->push_back((*array.data)[static_cast<std::size_t>(at)]);
        for (std::size_t i = rank; i-- > 0;) {
            if (++index[i] < result.shape[i]) break;
            index[i] = 0;
        }
    }
    return result;
}

}  // namespace convlens::pasted
