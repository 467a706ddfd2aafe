#include "core/codegen/import_axes.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace convlens::pasted {

namespace {

std::vector<std::int64_t> swapped(std::size_t rank, const std::vector<std::int64_t>& two) {
    std::vector<std::int64_t> axes(rank);
    std::iota(axes.begin(), axes.end(), 0);
    const auto inside = [&](std::int64_t axis) { return axis >= 0 && axis < static_cast<std::int64_t>(rank); };
    if (two.size() != 2 || !inside(two[0]) || !inside(two[1])) return {};
    std::swap(axes[static_cast<std::size_t>(two[0])], axes[static_cast<std::size_t>(two[1])]);
    return axes;
}

}  // namespace

ToldArray turned(ToldArray array) {
    if (!array.data || array.data->empty() || array.shape.size() < 2) return array;
    const auto plane = array.shape[array.shape.size() - 1] * array.shape[array.shape.size() - 2];
    for (auto at = array.data->begin(); at != array.data->end(); at += plane) std::reverse(at, at + plane);
    return array;
}

std::optional<ToldArray> subscripted(ToldArray array, std::string_view text) {
    if (text == "[::-1,::-1]" || text == "[...,::-1,::-1]" || text == "[:,:,::-1,::-1]") {
        if (text == "[::-1,::-1]" ? array.shape.size() != 2 : array.shape.size() < 2) return {};
        return turned(std::move(array));
    }
    if (text == "[:,None,None]" && array.shape.size() == 1) {
        array.shape.insert(array.shape.end(), {1, 1});
        return array;
    }
    if (text == "[None]") {
        array.shape.insert(array.shape.begin(), 1);
        return array;
    }
    if (text != "[None,None]") return {};
    array.shape.insert(array.shape.begin(), {1, 1});
    return array;
}

// PyTorch's transpose(0, 1) changes two axes, NumPy's takes all of them; of a matrix (0, 1) is told by neither.
std::vector<std::int64_t> order_of(std::string_view method, const std::vector<std::int64_t>& numbers, bool two,
                                   std::size_t rank) {
    if (method == "swapaxes" || (method == "transpose" && two && rank > 2)) return swapped(rank, numbers);
    if (two && rank == 2 && numbers.front() == 0) return {};
    return numbers;
}

std::optional<ToldArray> reordered(const ToldArray& array, const std::vector<std::int64_t>& axes) {
    const std::size_t rank = array.shape.size();
    constexpr std::string_view kLetters = "abcdefgh";

    std::vector<std::int64_t> sorted = axes;
    std::ranges::sort(sorted);
    std::string to;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (sorted[i] != static_cast<std::int64_t>(i) || i >= kLetters.size()) return {};
        to += kLetters[static_cast<std::size_t>(axes[i])];
    }
    if (axes.size() != rank || rank == 0) return {};
    return permuted(array, kLetters.substr(0, rank), to);
}

ToldArray permuted(const ToldArray& array, std::string_view from, std::string_view to) {
    const std::size_t rank = from.size();
    std::vector<std::int64_t> steps(rank, 1);  // of the old axes
    for (std::size_t i = rank; i-- > 1;) __builtin_mul_overflow(steps[i], array.shape[i], &steps[i - 1]);
    ToldArray result{std::vector<std::int64_t>(rank), {}};
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
