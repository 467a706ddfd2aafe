// What changes an array of a pasted text, as a method or a function: x.reshape(2, 3), np.flip(x), x.int(), x.sum().
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/import/axes.h"
#include "core/import/cells.h"
#include "core/import/follower.h"
#include "core/import/turns.h"

namespace convlens::pasted {

namespace {

// Methods that leave the numbers as they are, whatever their arguments.
constexpr std::string_view kKeeping =
    "cuda cpu contiguous copy clone detach numpy requires_grad_ data get asarray ascontiguousarray array identity "
    "stop_gradient eval";

struct Retyping {
    std::string_view method;
    CellType type;
};
constexpr std::array kRetyping{
    Retyping{"float", CellType::real},     Retyping{"double", CellType::real}, Retyping{"half", CellType::half},
    Retyping{"int", CellType::int32},      Retyping{"long", CellType::whole},  Retyping{"short", CellType::int16},
    Retyping{"byte", CellType::uint8},     Retyping{"char", CellType::int8},   Retyping{"bool", CellType::truth},
    Retyping{"bfloat16", CellType::brain},
};

struct Operator {
    std::string_view methods;
    std::string_view sign;
};
// no words: names of functions
constexpr std::array kOperators{
    Operator{"add add_", "+"},
    Operator{"sub sub_ subtract", "-"},
    Operator{"mul mul_ multiply", "*"},
    Operator{"div div_ divide true_divide", "/"},
};

// What leaves an array's shape as it is and makes numbers that are not read.
constexpr std::string_view kOfTheShape =
    "sqrt rsqrt square floor ceil round trunc tanh sigmoid relu relu6 silu gelu softplus exp log sin cos sign neg "
    "log1p "
    "expm1 reciprocal masked_fill tril triu index_fill fill_diagonal roll";
// The same where numbers alone are given with the array, which no axis is stretched to.
constexpr std::string_view kOfTheShapeWithNumbers =
    "clamp clip pow power cumsum cumprod softmax fmod remainder leaky_relu";

constexpr std::string_view kReducing = "sum mean prod max min amax amin";

std::string written(const Node& node, std::string_view method) {
    if (method.starts_with('[')) return std::string(method);
    return node.kind == Node::Kind::method ? fmt::format(".{}(...)", method) : node.text + "(...)";
}

}  // namespace

std::optional<ToldArray> Follower::changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                           std::size_t first) {
    if (!array || is_one_of(method, kKeeping)) return array;
    const bool reverse = method == "reverse" && is_one_of(first_parts(node.text), "tf");
    std::optional<ToldArray> result;
    if (method.starts_with('['))
        result = subscripted(*array, method);
    else if (is_one_of(method, kReducing))
        result = reduced(node, method, *array, first);
    else if (is_one_of(method, "type astype to cast type_as") ||
             std::ranges::count(kRetyping, method, &Retyping::method) > 0)
        result = retyped(node, method, *array, first);
    else if (reverse || is_one_of(method, "flip fliplr flipud"))
        result = flipped(node, method, *array, first);
    else if (method == "rot90")
        result = rotated(node, *array, first);
    else if (is_one_of(method, "swapaxes transpose permute T t mT"))
        result = transposed(node, method, *array, first);
    else if (is_one_of(method, "unsqueeze expand_dims"))
        result = with_axis(node, std::move(*array), first);
    else if (is_one_of(method, "expand broadcast_to"))
        result = expanded(node, *array, first);
    else if (is_one_of(method, "reshape view"))
        result = reshaped(node, method, std::move(*array), first);
    else if (is_one_of(method, "repeat tile"))
        result = tiled(node, method, *array, first);
    else if (is_one_of(method, "flatten ravel squeeze tolist"))
        result = flattened(node, method, std::move(*array), first);
    else
        result = operated_by(node, method, *array, first);
    if (!result && keeps_shape(node, method, first)) return without_numbers(std::move(*array), written(node, method));
    return result ? result : unread(written(node, method));
}

bool Follower::keeps_shape(const Node& node, std::string_view method, std::size_t first) {
    if (is_one_of(method, kOfTheShape)) return true;
    const bool numbers = node.items.size() > first && is_one_of(method, kOfTheShapeWithNumbers);
    return numbers && std::all_of(node.items.begin() + static_cast<std::ptrdiff_t>(first), node.items.end(),
                                  [&](const Node& item) { return number(item) || item.text == "None"; });
}

// The whole array as one number.
std::optional<ToldArray> Follower::reduced(const Node& node, std::string_view method, const ToldArray& array,
                                           std::size_t first) {
    if (node.items.size() != first || !array.data || array.data->empty()) return {};
    const auto& cells = *array.data;
    const bool adds = is_one_of(method, "sum mean prod");
    if (adds && array.type != CellType::real && array.type != CellType::whole) return {};
    double value = method == "prod" ? 1 : 0;
    for (const double cell : cells) value = method == "prod" ? value * cell : value + cell;
    if (method == "mean") value /= static_cast<double>(cells.size());
    if (is_one_of(method, "max amax")) value = *std::ranges::max_element(cells);
    if (is_one_of(method, "min amin")) value = *std::ranges::min_element(cells);
    if (std::abs(value) > 0x1p53 && array.type == CellType::whole) return {};
    return ToldArray{{}, std::vector<double>{value}, method == "mean" ? CellType::real : array.type};
}

std::optional<ToldArray> Follower::retyped(const Node& node, std::string_view method, const ToldArray& array,
                                           std::size_t first) {
    const auto* const known = std::ranges::find(kRetyping, method, &Retyping::method);
    if (known != kRetyping.end()) {
        if (node.items.size() != first) return {};
        ToldArray result = converted(array, known->type, text_.manner());
        return array.data && !result.data ? without_numbers(std::move(result), written(node, method)) : result;
    }
    Given given(node, first, "dtype");
    const Node* type = given.take("dtype");
    if (method == "to" && type) {  // x.to(device), x.to("cuda:0")
        const std::string word = lower(type->text);
        const bool device = word.starts_with("cuda") || word.starts_with("cpu") || word.starts_with("mps") ||
                            last_part(word) == "device" || type->kind == Node::Kind::call;
        if (device) type = nullptr;
    }
    auto result = typed(array, type, written(node, method));
    if (method == "type_as" || !given.is_done()) return without_numbers(array, given.written());
    return result;
}

std::optional<ToldArray> Follower::flipped(const Node& node, std::string_view method, const ToldArray& array,
                                           std::size_t first) {
    const auto rank = std::ssize(array.shape);
    std::vector<std::int64_t> axes;
    if (method == "flipud" || method == "fliplr") {
        axes = {method == "flipud" ? 0 : 1};
        if (node.items.size() != first) return {};
    } else if (node.items.size() == first) {  // NumPy's flip of all axes, MATLAB's of the first that is longer than 1
        const bool matlab = text_.manner() == Manner::matlab;
        if (matlab) axes = {array.shape[0] == 1 ? 1 : 0};
        for (std::int64_t i = 0; !matlab && i < rank; ++i) axes.push_back(i);
    } else {
        const auto told = sizes(node, first, Counts::axes);
        if (!told) return {};
        axes = *told;
        for (std::int64_t& axis : axes) axis -= text_.manner() == Manner::matlab ? 1 : 0;
    }
    ToldArray result = array;
    for (std::int64_t axis : axes) {
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank) return {};
        result = backwards(std::move(result), static_cast<std::size_t>(axis));
    }
    return result;
}

// By quarter turns against the clock; of an array of more axes by half turns of its last two.
std::optional<ToldArray> Follower::rotated(const Node& node, const ToldArray& array, std::size_t first) {
    Given given(node, first, "k axes");
    const Node* turns = given.take("k");
    const auto quarters = quarter_turns(turns ? number(*turns) : std::optional(1.0));
    if (!quarters) return {};
    const auto rank = std::ssize(array.shape);
    if (const Node* axes = given.take("axes dims")) {
        const auto told = shape_in(*axes);
        const bool plane = told && rank >= 2 && *told == std::vector<std::int64_t>{rank - 2, rank - 1};
        if (!plane || (rank != 2 && *quarters != 2)) return {};
    } else if (rank != 2) {
        return {};
    }
    if (!given.is_done()) return {};
    if (*quarters == 2) return flipped_plane(array);
    ToldArray result = array;
    for (std::int64_t i = 0; i < *quarters; ++i) result = backwards(permuted(result, "HW", "WH"), 0);
    return result;
}

std::optional<ToldArray> Follower::transposed(const Node& node, std::string_view method, const ToldArray& array,
                                              std::size_t first) {
    const std::size_t rank = array.shape.size();
    const bool all = is_one_of(method, "T t") || (method == "transpose" && node.items.size() == first);
    if (all) {
        ToldArray column = array;  // MATLAB's: a row until here
        if (rank == 1 && text_.manner() == Manner::matlab) column.shape.push_back(1);
        if (rank < 2) return column;
        if (rank == 2) return permuted(array, "HW", "WH");
        std::vector<std::int64_t> backwards;
        for (std::size_t i = rank; i-- > 0;) backwards.push_back(static_cast<std::int64_t>(i));
        return reordered(array, backwards);
    }
    if (method == "mT") return rank < 2 ? std::nullopt : reordered(array, order_of("swapaxes", {-2, -1}, true, rank));
    const auto axes = sizes(node, first, Counts::axes);
    if (!axes) return {};
    const bool two = axes->size() == 2 && node.items.size() == first + 2;
    const std::vector<std::int64_t> order = order_of(method, *axes, two, rank);
    if (order.empty()) return {};
    std::optional<ToldArray> result = reordered(array, order);
    if (!result && rank <= kMostAxes) {
        text_.fail(node.at,
                   msg("the axes ({axes}) of {method} must be those of the array, each once: it has {rank}, "
                       "counted from 0",
                       "axes"_is(fmt::format("{}", fmt::join(*axes, ", "))), "method"_is(method), "rank"_is(rank)));
    }
    return result;
}

std::optional<ToldArray> Follower::with_axis(const Node& node, ToldArray array, std::size_t first) {
    if (node.items.size() != first + 1) return {};
    const auto rank = static_cast<double>(array.shape.size());
    auto axis = number(node.items[first]);
    if (axis && *axis < 0) *axis += rank + 1;
    if (!axis || !(*axis >= 0 && *axis <= rank) || *axis != std::floor(*axis)) return {};
    array.shape.insert(array.shape.begin() + static_cast<std::ptrdiff_t>(*axis), 1);
    array.is_list = false;
    return array;
}

// x.expand(3, -1, 5, 5): axes of length 1 stretched, and new ones in front.
std::optional<ToldArray> Follower::expanded(const Node& node, const ToldArray& array, std::size_t first) {
    auto shape = sizes(node, first);
    if (!shape || shape->size() < array.shape.size()) return {};
    const std::size_t ahead = shape->size() - array.shape.size();
    for (std::size_t i = 0; i < shape->size(); ++i) {
        if ((*shape)[i] == -1 && i >= ahead) (*shape)[i] = array.shape[i - ahead];
    }
    ToldArray own = array;
    own.is_list = false;
    const auto zeros = with_cells(*shape, 0, own.type);
    auto result = zeros ? counted_down(operated("+", own, *zeros, text_.manner())) : std::nullopt;
    return result && result->shape == *shape ? result : std::nullopt;
}

// k.repeat(3, 1, 1, 1) of a tensor, np.tile(k, (3, 1)): the array beside itself along each axis. NumPy's repeat, whose
// numbers mean something else, has two at most.
std::optional<ToldArray> Follower::tiled(const Node& node, std::string_view method, ToldArray array,
                                         std::size_t first) {
    auto times = node.items.size() > first ? shape_in(node.items[first]) : std::nullopt;
    if (node.items.size() > first + 1) times = sizes(node, first);
    const bool named = std::ranges::any_of(node.keywords, [](const std::string& k) { return !k.empty(); });
    if (!times || named || (method == "repeat" && times->size() < 3) || times->size() > kMostAxes) return {};
    if (std::ranges::any_of(*times, [](std::int64_t n) { return n < 1; }) || array.shape.size() > kMostAxes) return {};
    if (method == "repeat" && times->size() < array.shape.size()) return {};
    const std::size_t rank = std::max(times->size(), array.shape.size());
    array.shape.insert(array.shape.begin(), rank - array.shape.size(), 1);
    times->insert(times->begin(), rank - times->size(), 1);
    ToldArray result{array.shape, {}, array.type};
    for (std::size_t i = 0; i < rank; ++i) {
        if ((*times)[i] > kMaxToldCells) return {};
        result.shape[i] *= (*times)[i];
        if (!cells_of(result.shape)) return {};
    }
    const auto cells = cells_of(result.shape);
    if (!array.data || !cells || *cells > cells_left_) return result;
    result.data.emplace();
    for (std::int64_t cell = 0; cell < *cells; ++cell) {
        std::int64_t rest = cell;
        std::int64_t source = 0;
        std::int64_t step = 1;
        for (std::size_t i = rank; i-- > 0;) {
            source += rest % result.shape[i] % array.shape[i] * step;
            rest /= result.shape[i];
            step *= array.shape[i];
        }
        result.data->push_back((*array.data)[static_cast<std::size_t>(source)]);
    }
    return counted_down(std::move(result));
}

// Rows one after the other: what order="F" makes is not read.
std::optional<ToldArray> Follower::flattened(const Node& node, std::string_view method, ToldArray array,
                                             std::size_t first) {
    if (node.items.size() != first) return {};
    array.is_list = method == "tolist";
    if (method == "squeeze") std::erase(array.shape, 1);
    if (method != "flatten" && method != "ravel") return array;
    const auto cells = cells_of(array.shape);
    if (!cells) return {};
    array.shape = {*cells};
    return array;
}

std::optional<ToldArray> Follower::reshaped(const Node& node, std::string_view method, ToldArray array,
                                            std::size_t first) {
    Node lengths = node;
    for (std::size_t i = first; i < lengths.items.size();) {
        const Node item = resolve(lengths.items[i]);
        const bool order = lengths.keywords[i] == "order" || item.kind == Node::Kind::string;
        const bool name = lengths.keywords[i] == "name";
        if (order && item.text != "C") {
            unread(written(node, method).substr(0, written(node, method).size() - 1) + ", order=...)");
            return {};
        }
        if (!order && !name) {
            if (!lengths.keywords[i].empty() && !is_one_of(lengths.keywords[i], "shape newshape size")) return {};
            ++i;
            continue;
        }
        lengths.items.erase(lengths.items.begin() + static_cast<std::ptrdiff_t>(i));
        lengths.keywords.erase(lengths.keywords.begin() + static_cast<std::ptrdiff_t>(i));
    }
    auto shape = sizes(lengths, first);
    const auto before = cells_of(array.shape);
    if (!shape || !before) return {};
    if (std::ranges::count(*shape, -1) > 1)
        text_.fail(node.at,
                   msg("{method} has -1 twice; one length at most can follow from the others", "method"_is(method)));
    const auto open = std::ranges::find(*shape, -1);
    if (open != shape->end()) {
        *open = 1;
        const auto others = cells_of(*shape);
        if (!others || *others == 0) return {};
        *open = *before / *others;
    }
    if (cells_of(*shape) != before) {
        text_.fail(node.at, msg("{method}({lengths}) must have as many cells as the array; the array has {numbers}",
                                "method"_is(method), "lengths"_is(fmt::format("{}", fmt::join(*shape, ", "))),
                                "numbers"_is(numbers_text(*before))));
    }
    array.shape = *shape;
    array.is_list = false;
    return array;
}

// x.mul(3), np.multiply(x, y), x.neg(), x.abs(), x.fill_(3)
std::optional<ToldArray> Follower::operated_by(const Node& node, std::string_view method, const ToldArray& array,
                                               std::size_t first) {
    ToldArray own = array;
    own.is_list = false;
    if (node.items.size() == first && is_one_of(method, "neg negative")) return negated(own, text_.manner());
    if (node.items.size() == first && is_one_of(method, "abs absolute fabs") && own.type != CellType::truth) {
        if (!own.data) return own;
        for (double& cell : *own.data) cell = std::abs(cell);
        return own;
    }
    if (method == "zero_" && node.items.size() == first) return with_cells(own.shape, 0, own.type);
    if (node.items.size() != first + 1 || !node.keywords[first].empty()) return {};
    if (method == "fill_") {
        const auto value = number(node.items[first]);
        auto result = value ? with_cells(own.shape, *value, CellType::real) : std::nullopt;
        return result ? std::optional(converted(std::move(*result), own.type, text_.manner())) : result;
    }
    const auto* const known =
        std::ranges::find_if(kOperators, [&](const Operator& entry) { return is_one_of(method, entry.methods); });
    auto other = known == kOperators.end() ? std::nullopt : this->array(node.items[first]);
    if (!other) return {};
    if (!other->shape.empty()) other->is_list = false;
    auto result = counted_down(operated(known->sign, own, *other, text_.manner()));
    return result ? std::optional(of_chance(std::move(*result), verbatim(written(node, method)))) : result;
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
    if (!value || *value != std::floor(*value)) return {};
    refuse_too_large(text_, node, *value, kLengthTooLarge);
    if (*value < -1 && counts == Counts::lengths)
        text_.fail(node.at, msg("a length cannot be {length}", "length"_is(fmt::format("{}", *value))));
    return static_cast<std::int64_t>(*value);
}

}  // namespace convlens::pasted
