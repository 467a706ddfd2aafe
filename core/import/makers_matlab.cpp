// Calls of a pasted MATLAB text that make an array, or a part of one.
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/import/axes.h"
#include "core/import/cells.h"
#include "core/import/follower.h"
#include "core/import/slices.h"

namespace convlens::pasted {

// MATLAB's repmat(7, 3, 4): a number as a matrix.
std::optional<ToldArray> Follower::repeated(const Node& call) {
    const auto value = number(call.items[0]);
    const auto shape = sizes(call, 1);
    const bool matrix = shape && shape->size() == 2 && std::ranges::count(*shape, -1) == 0;
    auto result = value && matrix ? with_cells(*shape, *value, CellType::real) : std::nullopt;
    return result ? result : unread(written(call));
}

// zeros(3), ones(2, 3, 'uint8'), eye([3 4])
std::optional<ToldArray> Follower::filled_in_matlab(const Node& call) {
    Node sizes_alone = call;
    CellType type = CellType::real;
    if (!call.items.empty() && call.items.back().kind == Node::Kind::string) {
        const auto wanted = cell_type(call.items.back().text);
        if (!wanted) return unread(written(call));
        type = *wanted;
        sizes_alone.items.pop_back();
        sizes_alone.keywords.pop_back();
    }
    const auto is_word = [](const Node& item) { return item.kind == Node::Kind::string; };
    if (std::ranges::any_of(sizes_alone.items, is_word)) return unread(written(call));  // 'like', another
    auto shape = sizes_alone.items.empty() ? std::vector<std::int64_t>{1, 1} : sizes(sizes_alone, 0);
    if (!shape) return unread(written(call));
    if (shape->size() == 1) shape->push_back(shape->front());
    if (std::ranges::count(*shape, -1) > 0) text_.fail(call.at, kLengthBelowZero);
    if (call.text == "eye") {
        auto result = shape->size() == 2 ? with_diagonal((*shape)[0], (*shape)[1], 0, type) : std::nullopt;
        return result ? result : unread(written(call));
    }
    if (is_one_of(call.text, "zeros ones")) return with_cells(*shape, call.text == "ones" ? 1 : 0, type);
    return ToldArray{*shape, {}};
}

// k(:), k(2, 1:3) of a matrix that is told.
std::optional<ToldArray> Follower::part_in_matlab(const Node& call) {
    Node variable = call;
    variable.kind = Node::Kind::name;
    variable.items.clear();
    variable.keywords.clear();
    const auto matrix = array(variable);
    if (!matrix) return {};
    const auto slices = matlab_slices_of(call);
    if (!slices) return unread(written(call));
    if (slices->size() == 1 && slices->front().is_whole() && matrix->shape.size() <= 2) {
        ToldArray column = permuted(as_matrix(*matrix), "HW", "WH");
        column.shape = {column.shape[0] * column.shape[1], 1};
        return column;
    }
    if (slices->size() != 2) return unread(written(call));
    std::vector<Slice> ranges = *slices;
    for (Slice& slice : ranges) {
        if (slice.kind == Slice::Kind::index) slice = {Slice::Kind::range, slice.start, *slice.start + 1, 1};
    }
    auto part = part_of(as_matrix(*matrix), ranges);
    if (!part) return unread(written(call));
    if (part->shape == std::vector<std::int64_t>{1, 1}) part->shape.clear();
    return as_row(std::move(*part));
}

// sum(k(:)), sum(k, 'all'), sum(sum(k))
std::optional<ToldArray> Follower::summed_in_matlab(const Node& call) {
    auto matrix = array(call.items[0]);
    if (!matrix) return {};
    const bool all = call.items.size() == 2 && resolve(call.items[1]).text == "all";
    if ((call.items.size() != 1 && !all) || !matrix->data || matrix->type != CellType::real)
        return unread(written(call));
    const ToldArray told = as_matrix(std::move(*matrix));
    const bool one = all || told.shape[0] == 1 || told.shape[1] == 1;
    const auto columns = static_cast<std::size_t>(one ? 1 : told.shape[1]);
    ToldArray sums{{}, std::vector<double>(columns, 0.0)};
    for (std::size_t i = 0; i < told.data->size(); ++i) (*sums.data)[i % columns] += (*told.data)[i];
    if (!one) sums.shape = {told.shape[1]};
    return sums;
}

// 1:3, 0:0.25:1, 5:-1:1. A last number that rounding alone leaves behind the end counts, as it does in MATLAB.
std::optional<ToldArray> Follower::range_in_matlab(const Node& call) {
    constexpr double kRounding = 1e-10;
    const auto first = number(call.items.front());
    const auto last = number(call.items.back());
    const auto step = call.items.size() == 3 ? number(call.items[1]) : std::optional(1.0);
    if (!first || !last || !step || *step == 0 || call.items.size() < 2) return unread(kRange);
    const double count = std::max(std::floor((*last - *first) / *step + kRounding) + 1, 0.0);
    if (!(count <= static_cast<double>(std::min(kMaxToldCells, cells_left_)))) return unread(kRange);
    cells_left_ -= static_cast<std::int64_t>(count);
    ToldArray range{{static_cast<std::int64_t>(count)}, std::vector<double>{}};
    for (std::int64_t i = 0; i < range.shape[0]; ++i) range.data->push_back(*first + static_cast<double>(i) * *step);
    return range;
}

std::optional<ToldArray> Follower::made_in_matlab(const Node& call) {
    const std::string_view name = call.text;
    if (name == kColon && call.items.size() >= 2) return range_in_matlab(call);
    if (is_variable(call, name)) return part_in_matlab(call);
    if (const auto value = number(call)) return ToldArray{{}, std::vector<double>{*value}};
    if (is_one_of(name, "zeros ones eye rand randn")) return filled_in_matlab(call);
    if (name == "repmat" && call.items.size() == 3) return repeated(call);
    if (call.items.empty()) return unread(written(call));
    if (const auto type = cell_type(name); type && call.items.size() == 1 && *type != CellType::brain) {
        auto source = array(call.items[0]);
        if (!source) return {};
        auto result = converted(std::move(*source), *type, Manner::matlab);
        if (!result.data) unread(written(call));
        return result;
    }
    if (name == "sum") return summed_in_matlab(call);
    if (is_one_of(name, "rot90 fliplr flipud flip transpose")) {
        auto source = array(call.items[0]);
        if (!source || source->shape.size() > 2) return {};
        auto result = changed(call, name == "transpose" ? "T" : name, as_matrix(std::move(*source)), 1);
        return result ? std::optional(as_row(std::move(*result))) : result;
    }
    return unread(written(call));
}

}  // namespace convlens::pasted
