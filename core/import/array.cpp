// Arrays of a pasted text: literals, operators, variables and cells that are set. What makes an array is in
// makers.cpp, what changes one in reshaped.cpp.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/import/axes.h"
#include "core/import/cells.h"
#include "core/import/follower.h"
#include "core/import/slices.h"

namespace convlens::pasted {

namespace {

// Two matrices below each other.
void append_below(ToldArray& above, const ToldArray& below) {
    const std::int64_t room = std::numeric_limits<std::int64_t>::max() - above.shape[0];
    above.shape[0] += std::min(below.shape[0], room);
    if (above.data && below.data && above.data->size() + below.data->size() <= kMaxToldCells)
        above.data->insert(above.data->end(), below.data->begin(), below.data->end());
    else
        above.data.reset();
}

// The type of a list of cells of two types: a float among ints makes floats of all. Nothing where it is not known.
std::optional<CellType> joined_type(CellType a, CellType b) {
    if (a == b) return a;
    const auto plain = [](CellType type) {
        return type == CellType::real || type == CellType::whole || type == CellType::truth;
    };
    if (!plain(a) || !plain(b)) return {};
    return a == CellType::real || b == CellType::real ? CellType::real : CellType::whole;
}

// What MATLAB's k(2, 1:3) = ... or v(2) = ... sets of a matrix, one slice an axis. Nothing where one number counts
// through a whole matrix, or the matrix would grow.
std::optional<std::vector<Slice>> within_matrix(const std::vector<Slice>& slices,
                                                const std::vector<std::int64_t>& shape) {
    std::vector<Slice> both = slices;
    if (shape.size() != 2) return {};
    if (both.size() == 1 && both[0].is_whole())
        both.emplace_back();
    else if (both.size() == 1 && (shape[0] == 1 || shape[1] == 1))
        both.insert(shape[0] == 1 ? both.begin() : both.end(), Slice{});
    if (both.size() != 2) return {};
    for (std::size_t i = 0; i < 2; ++i) {
        if (both[i].start.value_or(0) >= shape[i] || both[i].stop.value_or(0) > shape[i]) return {};
    }
    return both;
}

}  // namespace

Message operation(std::string_view sign) {
    if (sign == "**") return key("an operation (power)");
    return msg("an operation ({sign})", "sign"_is(sign));
}

// A cell of a list that is not read, as it is written.
static Message named_cell(const Node& node) {
    switch (node.kind) {
        case Node::Kind::name: return verbatim(node.text);
        case Node::Kind::string: return verbatim(fmt::format("\"{}\"", node.text));
        case Node::Kind::call: return verbatim(node.text + "(...)");
        case Node::Kind::unary:
            return msg("{sign}{operand}", "sign"_is(node.text), "operand"_is(named_cell(node.items[0])));
        default: return key("a number");
    }
}

// 3j, and 1 + 3j.
static bool is_complex(const Node& node) {
    const bool own = node.kind == Node::Kind::name && node.text[0] >= '0' && node.text[0] <= '9';
    const bool inner = node.kind == Node::Kind::unary || node.kind == Node::Kind::binary;
    return own || (inner && std::ranges::any_of(node.items, is_complex));
}

void Follower::unread_cell(const Node& cell) {
    has_unread_cell_ = true;
    const bool complex = is_complex(cell);
    has_number_ = has_number_ || complex;
    if (!unread_.empty() || cell.kind == Node::Kind::list) return;
    unread_ = complex ? Message(key("a complex number")) : named_cell(cell);
    unread_is_number_ = true;
}

std::optional<ToldArray> Follower::unread(const Message& what) {
    if (unread_.empty()) unread_ = what;
    return {};
}

ToldArray Follower::without_numbers(ToldArray array, const Message& what) {
    array.data.reset();
    unread(what);
    return array;
}

// Of very many cells only the shape is kept.
std::optional<ToldArray> Follower::counted_down(std::optional<ToldArray> array) {
    if (!array || !array->data) return array;
    const std::int64_t cells = std::ssize(*array->data);
    if (cells > cells_left_)
        array->data.reset();
    else
        cells_left_ -= cells;
    return array;
}

std::optional<ToldArray> Follower::array(const Node& node) {
    const bool python = text_.manner() == Manner::python;
    switch (node.kind) {
        case Node::Kind::number:
            return ToldArray{{},
                             std::vector<double>{node.number},
                             python && !node.is_float ? CellType::whole : CellType::real,
                             python};
        case Node::Kind::list: return as_list(node);
        case Node::Kind::unary:
        case Node::Kind::binary: return computed(node);
        case Node::Kind::call: return made(node);
        case Node::Kind::method: return changed(node, node.text, array(node.items[0]), 1);
        case Node::Kind::name: return named(node);
        case Node::Kind::applied: return unread(node.items[0].text + "(...)");
        default: return unread(node.text.starts_with(':') ? Message(kRange) : verbatim(node.text));
    }
}

std::optional<ToldArray> Follower::named(const Node& node) {
    std::optional<Node> value = assigned(node);
    const bool python = text_.manner() == Manner::python;
    const std::string_view yes = python ? "True" : "true";
    if (!value && (node.text == yes || node.text == (python ? "False" : "false"))) {
        --chain_;
        return ToldArray{{}, std::vector<double>{node.text == yes ? 1.0 : 0.0}, CellType::truth, python};
    }
    if (!value) value = attribute_of(node);
    std::optional<ToldArray> found = value ? array(*value) : with_cells_set(node);
    --chain_;
    if (found || value) return found;
    if (const auto constant = number(node))
        return ToldArray{{}, std::vector<double>{*constant}, CellType::real, python};
    return {};
}

// spread = np.zeros((5, 5)), then spread[::2, ::2] = kernel
std::optional<ToldArray> Follower::with_cells_set(const Node& name) {
    const auto set = text_.cells_set(name);
    if (!set) return {};
    const bool matlab = text_.manner() == Manner::matlab;
    const bool subscript = set->target.kind == Node::Kind::method && set->target.items[0].kind == Node::Kind::name;
    if (!matlab && !subscript) return {};
    auto slices = matlab ? matlab_slices_of(set->target) : slices_of(set->target.text);
    std::optional<ToldArray> before = array(set->before);
    if (matlab && before) {
        before = as_matrix(std::move(*before));
        slices = slices ? within_matrix(*slices, before->shape) : std::nullopt;
        if (!slices) return unread(kCellsSet);
    }
    const bool told = before && slices && set->is_followed;
    const Message unread_before = unread_;
    std::optional<ToldArray> part = told ? array(set->value) : std::nullopt;
    if (!part) {
        unread_ = unread_before;
        return before ? std::optional(without_numbers(std::move(*before), kCellsSet)) : std::nullopt;
    }
    if (before->type != CellType::real) part = converted(std::move(*part), before->type, text_.manner());
    auto after = with_part(*before, *slices, *part);
    if (!after) return without_numbers(std::move(*before), kCellsSet);
    return after && matlab ? as_row(std::move(*after)) : after;
}

// A list of which some numbers are told and others are not has its shape. One without a number is not told.
std::optional<ToldArray> Follower::as_list(const Node& list) {
    const bool python = text_.manner() == Manner::python;
    if (lists_ == 0) has_unread_cell_ = has_number_ = false;
    const Unread before = not_read();
    ++lists_;
    std::optional<ToldArray> array = python ? stacked(list) : joined(list);
    --lists_;
    if (lists_ > 0 || !has_unread_cell_ || has_number_) return array;
    if (unread_is_number_) {
        unread_ = before.what;
        unread_is_number_ = before.is_number;
    }
    return {};
}

std::optional<ToldArray> Follower::stacked(const Node& list) {
    ToldArray stack{{static_cast<std::int64_t>(list.items.size())}, std::vector<double>{}, CellType::real, true};
    std::optional<std::vector<std::int64_t>> inner;
    const auto is_for = [](const Node& item) { return item.kind == Node::Kind::name && item.text == "for"; };
    if (std::ranges::any_of(list.items, is_for)) return unread(key("a list with a loop in it"));
    for (const Node& item : list.items) {
        const std::optional<ToldArray> cell = array(item);
        if (!cell) {
            unread_cell(item);
            stack.data.reset();
            continue;
        }
        has_number_ = has_number_ || cell->data;
        if (inner && *inner != cell->shape) {
            if (has_unread_cell_) return {};
            const auto count = [](const std::vector<std::int64_t>& shape) { return shape.empty() ? 1 : shape[0]; };
            text_.fail(item.at, msg("this row has {numbers} and the first has {first}; give every row as many",
                                    "numbers"_is(numbers_text(count(cell->shape))), "first"_is(count(*inner))));
        }
        const auto type = inner ? joined_type(stack.type, cell->type) : std::optional(cell->type);
        if (!type) return unread(key("a list of several types"));
        stack.type = *type;
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
        if (!part) {
            unread_cell(item);
            part = ToldArray{};
        }
        has_number_ = has_number_ || part->data;
        if (part->shape.size() > 2) return {};
        ToldArray next = as_matrix(std::move(*part));
        if (!rows) next = permuted(next, "HW", "WH");
        if (next.shape[0] == 0 || next.shape[1] == 0) continue;
        if (!whole) {
            whole = std::move(next);
            continue;
        }
        if (whole->type != next.type && !has_unread_cell_) return unread(key("a matrix of several types"));
        if (whole->shape[1] != next.shape[1]) {
            if (has_unread_cell_) return {};
            const auto numbers = "numbers"_is(numbers_text(next.shape[1]));
            const auto first = "first"_is(whole->shape[1]);
            text_.fail(
                item.at,
                rows ? msg("this row has {numbers} and the first has {first}; give every one as many", numbers, first)
                     : msg("this column has {numbers} and the first has {first}; give every one as many", numbers,
                           first));
        }
        append_below(*whole, next);
    }
    if (!whole) return ToldArray{{0}, std::vector<double>{}};
    return as_row(rows ? std::move(*whole) : permuted(*whole, "HW", "WH"));
}

std::optional<ToldArray> Follower::computed(const Node& node) {
    const Message what = operation(node.text);
    if (node.kind == Node::Kind::unary) {
        std::optional<ToldArray> operand = array(node.items[0]);
        if (!operand || node.text != "-") return operand;
        std::optional<ToldArray> result = negated(std::move(*operand), text_.manner());
        return result ? result : unread(what);
    }
    const std::optional<ToldArray> left = array(node.items[0]);
    const std::optional<ToldArray> right = array(node.items[1]);
    if (!left || !right) return {};
    if (node.text == "@") return multiplied(node, left, right);
    std::optional<ToldArray> result = counted_down(text_.is_cpp() ? computed_in_cpp(node, *left, *right)
                                                                  : operated(node.text, *left, *right, text_.manner()));
    if (!result) return unread(what);
    return of_chance(std::move(*result), what);
}

// What arithmetic makes of random numbers, ours among them, is not read.
ToldArray Follower::of_chance(ToldArray result, const Message& what) {
    if (!result.data && cells_of(result.shape)) unread(msg("{operation} on random numbers", "operation"_is(what)));
    return result;
}

std::optional<ToldArray> array_of(PastedText& text, const Node& node, Unread* unread) {
    Follower follower(text);
    std::optional<ToldArray> array = follower.array(node);
    if (array && std::ranges::any_of(array->shape, [](std::int64_t length) { return length < 0; })) {
        text.fail(node.at, kLengthBelowZero);
    }
    if (unread && (!array || !array->data)) *unread = follower.not_read();
    return array;
}

}  // namespace convlens::pasted
