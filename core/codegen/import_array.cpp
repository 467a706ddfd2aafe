// Arrays of a pasted text: literals, what makes one, and what changes one.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/codegen/import_axes.h"
#include "core/codegen/import_follower.h"
#include "core/codegen/import_made_kernels.h"
#include "core/codegen/import_slices.h"

namespace convlens::pasted {

namespace {

// Number of cells, or nothing where it is more than kMaxToldCells.
std::optional<std::int64_t> cells_of(const std::vector<std::int64_t>& shape) {
    std::int64_t cells = 1;
    for (const std::int64_t length : shape) {
        if (length == 0) return 0;
    }
    for (const std::int64_t length : shape) {
        if (length > kMaxToldCells / cells) return {};
        cells *= length;
    }
    return cells;
}

// A matrix: numbers side by side are a row, which has one axis until something asks for two.
ToldArray as_matrix(ToldArray array) {
    while (array.shape.size() < 2) array.shape.insert(array.shape.begin(), 1);
    return array;
}

ToldArray as_row(ToldArray array) {
    if (array.shape.size() == 2 && array.shape[0] == 1) array.shape.erase(array.shape.begin());
    return array;
}

// Two matrices below each other.
void append_below(ToldArray& above, const ToldArray& below) {
    const std::int64_t room = std::numeric_limits<std::int64_t>::max() - above.shape[0];
    above.shape[0] += std::min(below.shape[0], room);
    if (above.data && below.data && above.data->size() + below.data->size() <= kMaxToldCells)
        above.data->insert(above.data->end(), below.data->begin(), below.data->end());
    else
        above.data.reset();
}

// sign between every cell and a number, which may come first.
ToldArray combined(std::string_view sign, const ToldArray& array, const std::optional<std::vector<double>>& number,
                   bool number_first) {
    ToldArray result{array.shape, {}};
    if (!array.data || !number) return result;
    result.data.emplace();
    for (const double cell : *array.data) {
        result.data->push_back(number_first ? arithmetic(sign, number->at(0), cell)
                                            : arithmetic(sign, cell, number->at(0)));
    }
    return result;
}

// What takes an array and gives it back.
constexpr std::string_view kTaking =
    "tensor array asarray as_tensor constant Tensor FloatTensor DoubleTensor Variable float32 float64 int32 uint8 "
    "matrix "
    "ascontiguousarray "
    "double single float asanyarray convert_to_tensor from_numpy";

// What is told a shape.
constexpr std::string_view kMaking =
    "zeros ones empty full eye rand randn random normal uniform randint truncated_normal standard_normal random_sample "
    "Input placeholder";

// Methods that leave the numbers as they are.
constexpr std::string_view kKeeping =
    "float double half int long type astype to cuda cpu contiguous copy clone detach numpy requires_grad_ cast data";

// np.reshape(x, ...) is x.reshape(...).
bool is_library(std::string_view name) {
    return is_one_of(name, "np numpy jnp jax.numpy tf torch tf.experimental.numpy");
}

}  // namespace

std::optional<ToldArray> Follower::array(const Node& node) {
    switch (node.kind) {
        case Node::Kind::number: return ToldArray{{}, std::vector<double>{node.number}};
        case Node::Kind::list: return text_.manner() == Manner::matlab ? joined(node) : stacked(node);
        case Node::Kind::unary:
        case Node::Kind::binary: return computed(node);
        case Node::Kind::call: return made(node);
        case Node::Kind::method: return changed(node, node.text, array(node.items[0]), 1);
        case Node::Kind::name: {
            std::optional<Node> value = assigned(node);
            if (!value) value = attribute_of(node);
            std::optional<ToldArray> found = value ? array(*value) : with_cells_set(node);
            --chain_;
            return found;
        }
        default: return {};
    }
}

// spread = np.zeros((5, 5)), then spread[::2, ::2] = kernel
std::optional<ToldArray> Follower::with_cells_set(const Node& name) {
    const auto set = text_.cells_set(name);
    if (!set) return {};
    const bool matlab = text_.manner() == Manner::matlab;
    const bool subscript = set->target.kind == Node::Kind::method && set->target.items[0].kind == Node::Kind::name;
    if (!matlab && !subscript) return {};
    const auto slices = matlab ? matlab_slices_of(set->target) : slices_of(set->target.text);
    std::optional<ToldArray> before = slices ? array(set->before) : std::nullopt;
    const std::optional<ToldArray> part = before ? array(set->value) : std::nullopt;
    if (!part) return {};
    if (matlab) before = as_matrix(std::move(*before));
    auto after = with_part(std::move(*before), *slices, *part);
    return after && matlab ? as_row(std::move(*after)) : after;
}

std::optional<ToldArray> Follower::stacked(const Node& list) {
    ToldArray stack{{static_cast<std::int64_t>(list.items.size())}, std::vector<double>{}};
    std::optional<std::vector<std::int64_t>> inner;
    for (const Node& item : list.items) {
        const std::optional<ToldArray> cell = array(item);
        if (!cell) return {};
        if (inner && *inner != cell->shape) {
            const auto count = [](const std::vector<std::int64_t>& shape) { return shape.empty() ? 1 : shape[0]; };
            text_.fail(item.at, fmt::format("this row has {} and the first has {}; give every row as many",
                                            numbers_text(count(cell->shape)), count(*inner)));
        }
        inner = cell->shape;
        const auto held = stack.data ? static_cast<std::int64_t>(stack.data->size()) : 0;
        if (!cell->data || held + static_cast<std::int64_t>(cell->data->size()) > kMaxToldCells) stack.data.reset();
        if (stack.data) stack.data->insert(stack.data->end(), cell->data->begin(), cell->data->end());
    }
    if (inner) stack.shape.insert(stack.shape.end(), inner->begin(), inner->end());
    return stack;
}

// MATLAB's [a, b; c]: matrices side by side, and such rows below each other. Those without cells count for nothing.
std::optional<ToldArray> Follower::joined(const Node& list) {
    const bool rows = !list.items.empty() && std::ranges::all_of(list.items, [](const Node& item) {
        return item.kind == Node::Kind::list && item.text == kRow;
    });
    std::optional<ToldArray> whole;
    for (const Node& item : list.items) {
        std::optional<ToldArray> part = array(item);
        if (!part || part->shape.size() > 2) return {};
        ToldArray next = as_matrix(std::move(*part));
        if (!rows) next = permuted(next, "HW", "WH");
        if (next.shape[0] == 0 || next.shape[1] == 0) continue;
        if (!whole) {
            whole = std::move(next);
            continue;
        }
        if (whole->shape[1] != next.shape[1]) {
            text_.fail(item.at, fmt::format("this {} has {} and the first has {}; give every one as many",
                                            rows ? "row" : "column", numbers_text(next.shape[1]), whole->shape[1]));
        }
        append_below(*whole, next);
    }
    if (!whole) return ToldArray{{0}, std::vector<double>{}};
    return as_row(rows ? std::move(*whole) : permuted(*whole, "HW", "WH"));
}

std::optional<ToldArray> Follower::computed(const Node& node) {
    if (node.kind == Node::Kind::unary) {
        std::optional<ToldArray> operand = array(node.items[0]);
        if (operand && operand->data && node.text == "-") {
            for (double& value : *operand->data) value = -value;
        }
        return operand;
    }
    std::optional<ToldArray> left = array(node.items[0]);
    std::optional<ToldArray> right = array(node.items[1]);
    if (!left || !right || (!left->shape.empty() && !right->shape.empty())) return {};
    if (left->shape.empty()) return combined(node.text, *right, left->data, true);
    return combined(node.text, *left, right->data, false);
}

std::optional<ToldArray> Follower::made(const Node& call) {
    const std::string_view maker = last_part(call.text);
    if (is_one_of(maker, kTaking)) return call.items.empty() ? std::nullopt : array(call.items[0]);
    if (is_one_of(maker, kMaking)) return filled(call, maker);
    if (maker == "arange") return counted(call);
    if (is_kernel_maker(maker)) return made_kernel(text_, call);
    if (maker == "repmat" && call.items.size() == 3) return repeated(call);
    if (maker == "rot90" && call.items.size() == 2 && number(call.items[1]) == 2.0) {
        const auto matrix = array(call.items[0]);
        if (!matrix || matrix->shape.size() > 2) return {};
        return as_row(turned(as_matrix(*matrix)));
    }
    const std::string_view receiver = first_parts(call.text);
    if (is_library(receiver) && !call.items.empty()) return changed(call, maker, array(call.items[0]), 1);
    if (receiver.empty()) return {};
    Node variable = call;  // x.reshape(1, 1, 3, 3)
    variable.kind = Node::Kind::name;
    variable.text = receiver;
    return changed(call, maker, array(variable), 0);
}

std::optional<ToldArray> Follower::filled(const Node& call, std::string_view maker) {
    auto shape = sizes(call, 0);
    if (!shape) return {};
    const bool matlab = text_.manner() == Manner::matlab;
    if ((maker == "eye" || matlab) && shape->size() == 1) shape->push_back(shape->front());
    if (std::ranges::count(*shape, -1) > 0) text_.fail(call.at, "a length cannot be -1");
    ToldArray array{*shape, {}};
    const std::optional<std::int64_t> cells = cells_of(*shape);
    if (!cells || *cells > cells_left_) return array;
    cells_left_ -= *cells;
    const auto count = static_cast<std::size_t>(*cells);
    if (maker == "zeros" || maker == "eye") array.data = std::vector<double>(count, 0.0);
    if (maker == "ones") array.data = std::vector<double>(count, 1.0);
    if (maker == "full" && call.items.size() > 1) {
        if (const auto value = number(call.items[1])) array.data = std::vector<double>(count, *value);
    }
    if (maker == "eye" && shape->size() == 2) {
        for (std::int64_t i = 0; i < std::min((*shape)[0], (*shape)[1]); ++i) {
            (*array.data)[static_cast<std::size_t>(i * (*shape)[1] + i)] = 1;
        }
    }
    return array;
}

// MATLAB's repmat(7, 3, 4): a number as a matrix.
std::optional<ToldArray> Follower::repeated(const Node& call) {
    const auto value = number(call.items[0]);
    const auto shape = sizes(call, 1);
    const auto cells =
        shape && shape->size() == 2 && std::ranges::count(*shape, -1) == 0 ? cells_of(*shape) : std::nullopt;
    if (!value || !cells || *cells > cells_left_) return {};
    cells_left_ -= *cells;
    return ToldArray{*shape, std::vector<double>(static_cast<std::size_t>(*cells), *value)};
}

// arange(stop), arange(start, stop)
std::optional<ToldArray> Follower::counted(const Node& call) {
    std::vector<double> bounds;
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (!call.keywords[i].empty()) continue;
        const auto bound = number(call.items[i]);
        if (!bound) return {};
        bounds.push_back(*bound);
    }
    if (bounds.empty() || bounds.size() > 2) return {};
    const double start = bounds.size() == 2 ? bounds[0] : 0;
    const double count = std::ceil(bounds.back() - start);
    if (!(count >= 0 && count <= static_cast<double>(std::min(kMaxToldCells, cells_left_)))) return {};
    cells_left_ -= static_cast<std::int64_t>(count);
    ToldArray array{{static_cast<std::int64_t>(count)}, std::vector<double>{}};
    for (std::int64_t i = 0; i < array.shape[0]; ++i) array.data->push_back(start + static_cast<double>(i));
    return array;
}

// flip(-2, -1), flip([2, 3]), np.flip(k) of a matrix
bool Follower::flips_the_plane(const Node& node, std::size_t first, std::size_t rank) {
    std::vector<double> axes;
    for (std::size_t i = first; i < node.items.size(); ++i) {
        const Node item = resolve(node.items[i]);
        for (const Node& axis : item.kind == Node::Kind::list ? item.items : std::vector<Node>{item})
            axes.push_back(number(axis).value_or(9));
    }
    std::ranges::sort(axes);
    const auto last = static_cast<double>(rank);
    return axes.empty() ? rank == 2
                        : axes == std::vector<double>{-2, -1} || axes == std::vector<double>{last - 2, last - 1};
}

std::optional<ToldArray> Follower::changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                           std::size_t first) {
    const std::optional<ToldArray> nothing;
    if (!array || is_one_of(method, kKeeping)) return array;
    if (method.starts_with('[')) return subscripted(*array, method);
    const bool reverse = method == "reverse" && is_one_of(first_parts(node.text), "tf");
    if (method == "flip" || reverse)
        return flips_the_plane(node, first, array->shape.size()) ? turned(*array) : nothing;
    if (method == "swapaxes" || method == "transpose" || method == "permute") {
        return transposed(node, method, *array, first);
    }
    if (method == "unsqueeze" && node.items.size() == first + 1 && number(node.items[first]) == 0.0) {
        array->shape.insert(array->shape.begin(), 1);
        return array;
    }
    if (method == "T") {
        if (array->shape.size() == 1 && text_.manner() == Manner::matlab)
            array->shape.push_back(1);  // a row until here
        else if (array->shape.size() < 2)
            return array;
        else if (array->shape.size() == 2)
            return permuted(*array, "HW", "WH");
        else
            return {};
        return array;
    }
    if (method != "reshape" && method != "view") return {};
    auto shape = sizes(node, first);
    const auto before = cells_of(array->shape);
    if (!shape || !before) return {};
    if (std::ranges::count(*shape, -1) > 1)
        text_.fail(node.at, fmt::format("{} has -1 twice; one length at most can follow from the others", method));
    const auto open = std::ranges::find(*shape, -1);
    if (open != shape->end()) {
        *open = 1;
        const auto others = cells_of(*shape);
        if (!others || *others == 0) return {};
        *open = *before / *others;
    }
    if (cells_of(*shape) != before) {
        text_.fail(node.at, fmt::format("{}({}) must have as many cells as the array; the array has {}", method,
                                        fmt::join(*shape, ", "), numbers_text(*before)));
    }
    array->shape = *shape;
    return array;
}

std::optional<ToldArray> Follower::transposed(const Node& node, std::string_view method, const ToldArray& array,
                                              std::size_t first) {
    const auto axes = sizes(node, first, Counts::axes);
    if (!axes) return {};
    const bool two = axes->size() == 2 && node.items.size() == first + 2;
    const std::size_t rank = array.shape.size();
    const std::vector<std::int64_t> order = order_of(method, *axes, two, rank);
    if (order.empty()) return {};
    std::optional<ToldArray> result = reordered(array, order);
    if (!result && rank <= kMostAxes) {
        text_.fail(node.at, fmt::format("the axes ({}) of {} must be those of the array, each once: it has {}, counted "
                                        "from 0",
                                        fmt::join(*axes, ", "), method, rank));
    }
    return result;
}

// A shape, or axes, as one list or as numbers side by side, or by name. Nothing where any of it is unknown.
std::optional<std::vector<std::int64_t>> Follower::sizes(const Node& call, std::size_t first, Counts counts) {
    std::vector<std::int64_t> shape;
    for (std::size_t i = first; i < call.items.size(); ++i) {
        const std::string& keyword = call.keywords[i];
        if (!keyword.empty() && !is_one_of(keyword, "size shape dims newshape perm axes axis")) continue;
        const Node item = resolve(call.items[i]);
        if (item.kind == Node::Kind::list) {
            shape.clear();
            for (const Node& part : item.items) {
                const auto size = length(part, counts);
                if (!size) return {};
                shape.push_back(*size);
            }
            return shape;
        }
        const auto size = length(item, counts);
        if (!size && item.kind != Node::Kind::string)
            return {};  // a length that is not told; a text says something else
        if (size) shape.push_back(*size);
        if (!keyword.empty()) return shape;
    }
    if (shape.empty()) return {};
    return shape;
}

// A length of -1 stands for what is left, where a shape may say so; axes below 0 count from the last one.
std::optional<std::int64_t> Follower::length(const Node& node, Counts counts) {
    const std::optional<double> value = number(node);
    if (!value || *value != std::floor(*value) || std::abs(*value) > 0x1p53) return {};
    if (*value < -1 && counts == Counts::lengths) text_.fail(node.at, fmt::format("a length cannot be {}", *value));
    return static_cast<std::int64_t>(*value);
}

std::optional<ToldArray> array_of(PastedText& text, const Node& node) {
    std::optional<ToldArray> array = Follower(text).array(node);
    if (array && std::ranges::any_of(array->shape, [](std::int64_t length) { return length < 0; })) {
        text.fail(node.at, "a length cannot be -1");
    }
    return array;
}

}  // namespace convlens::pasted
