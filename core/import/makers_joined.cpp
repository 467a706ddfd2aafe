// Arrays of a pasted text that are made of other arrays: behind each other, or by products of vectors and matrices.
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/import/cells.h"
#include "core/import/follower.h"

namespace convlens::pasted {

namespace {

// Of arrays that are joined: floats among ints make floats.
std::optional<CellType> type_of_joined(CellType a, CellType b) {
    if (a == b) return a;
    const bool plain = (a == CellType::real && b == CellType::whole) || (a == CellType::whole && b == CellType::real);
    return plain ? std::optional(CellType::real) : std::nullopt;
}

// The number of cells of the axes from one up to another.
std::int64_t product(const std::vector<std::int64_t>& shape, std::size_t from, std::size_t to) {
    std::int64_t cells = 1;
    for (std::size_t i = from; i < to; ++i) cells *= shape[i];
    return cells;
}

// Arrays behind each other along an axis of both; nothing where their other axes differ.
std::optional<ToldArray> behind_each_other(const ToldArray& a, const ToldArray& b, std::size_t axis) {
    const auto type = type_of_joined(a.type, b.type);
    ToldArray result = a;
    if (!type || a.shape.size() != b.shape.size() || axis >= a.shape.size()) return {};
    result.type = *type;
    result.shape[axis] = b.shape[axis];
    if (result.shape != b.shape || !cells_of(a.shape) || !cells_of(b.shape)) return {};
    result.shape[axis] = a.shape[axis] + b.shape[axis];
    result.data.reset();
    if (!a.data || !b.data || !cells_of(result.shape)) return result;
    const std::int64_t of_a = product(a.shape, axis, a.shape.size());
    const std::int64_t of_b = product(b.shape, axis, b.shape.size());
    result.data.emplace();
    for (std::int64_t i = 0; i < product(a.shape, 0, axis); ++i) {
        const auto from_a = a.data->begin() + i * of_a;
        const auto from_b = b.data->begin() + i * of_b;
        result.data->insert(result.data->end(), from_a, from_a + of_a);
        result.data->insert(result.data->end(), from_b, from_b + of_b);
    }
    return result;
}

}  // namespace

// The arrays of a list, or of an array along its first axis.
std::optional<std::vector<ToldArray>> Follower::parts_of(const Node& node) {
    constexpr std::int64_t kMostParts = 256;
    const Node list = resolve(node);
    std::vector<ToldArray> parts;
    if (list.kind == Node::Kind::list) {
        if (std::ssize(list.items) > kMostParts) return {};
        for (const Node& item : list.items) {
            auto part = array(item);
            if (!part) return {};
            parts.push_back(std::move(*part));
        }
        return parts;
    }
    const auto whole = array(list);
    if (!whole || whole->shape.empty() || whole->shape[0] > kMostParts) return {};
    const std::vector<std::int64_t> shape(whole->shape.begin() + 1, whole->shape.end());
    for (std::int64_t i = 0; i < whole->shape[0]; ++i) {
        parts.push_back({shape, {}, whole->type});
        if (!whole->data) continue;
        const auto begin = whole->data->begin() + i * product(shape, 0, shape.size());
        parts.back().data.emplace(begin, begin + product(shape, 0, shape.size()));
    }
    return parts;
}

// torch.cat((a, b), dim=3), np.stack([a, b]), np.hstack([a, b])
std::optional<ToldArray> Follower::joined_along(const Node& call, std::string_view maker) {
    Given given(call, 1, "dim");
    const Node* axis_given = given.take("dim axis");
    const auto told = axis_given ? number(*axis_given) : std::optional(maker == "hstack" ? 1.0 : 0.0);
    auto parts = parts_of(call.items[0]);
    if (!parts) return unread(written(call));
    if (parts->empty() || !told || *told != std::floor(*told) || !given.is_done()) return unread(written(call));
    const auto one = [](const ToldArray& part) { return part.shape.size() == 1; };
    const bool rows = std::ranges::all_of(*parts, one);
    double at = rows && maker == "hstack" ? 0 : *told;
    if (at < 0) at += static_cast<double>(parts->front().shape.size()) + (maker == "stack" ? 1 : 0);
    if (!(at >= 0 && at <= static_cast<double>(parts->front().shape.size()))) return unread(written(call));
    const auto axis = static_cast<std::size_t>(at);
    std::optional<ToldArray> result;
    for (ToldArray& part : *parts) {
        if (maker == "stack" && axis <= part.shape.size())
            part.shape.insert(part.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
        if (maker == "vstack" && one(part)) part.shape.insert(part.shape.begin(), 1);
        part.is_list = false;
        result = result ? behind_each_other(*result, part, axis) : std::optional(part);
        if (!result || axis >= part.shape.size()) return unread(written(call));
    }
    return counted_down(std::move(result));
}

std::optional<ToldArray> Follower::outer(const Node& call) {
    auto column = array(call.items[0]);
    auto row = array(call.items[1]);
    if (!column || !row) return {};
    const auto down = cells_of(column->shape);
    const auto across = cells_of(row->shape);
    const bool torch = last_part(first_parts(call.text)) == "torch";  // whose outer takes vectors alone
    if (!down || !across || (torch && (column->shape.size() != 1 || row->shape.size() != 1)))
        return unread(written(call));
    column->shape = {*down, 1};
    row->shape = {*across};
    column->is_list = row->is_list = false;
    auto result = counted_down(operated("*", *column, *row, text_.manner()));
    return result ? result : unread(written(call));
}

// The product of two matrices, a @ b; what else @ makes, of vectors and of more axes, is not read.
std::optional<ToldArray> Follower::multiplied(const Node& node, const std::optional<ToldArray>& left,
                                              const std::optional<ToldArray>& right) {
    if (!left || !right) return {};
    const Message what = node.kind == Node::Kind::call ? verbatim(written(node)) : operation("@");
    const auto plain = [](const ToldArray& side) {
        return side.shape.size() == 2 && (side.type == CellType::real || side.type == CellType::whole);
    };
    if (!plain(*left) || !plain(*right)) return unread(what);
    ToldArray rows = *left;
    ToldArray columns = *right;
    rows.type = columns.type = CellType::real;
    auto result = counted_down(matrix_product(rows, columns));
    if (!result) return unread(what);
    const bool real = left->type == CellType::real || right->type == CellType::real;
    result->type = real ? CellType::real : CellType::whole;
    return of_chance(std::move(*result), what);
}

}  // namespace convlens::pasted
