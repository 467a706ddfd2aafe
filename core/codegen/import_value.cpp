#include "core/codegen/import_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/text/edit_distance.h"

namespace convlens::pasted {

namespace {

constexpr int kLongestChain = 50;  // variables set to variables

// Follows values of one text. Variables are looked up as deep as kLongestChain.
class Follower {
public:
    explicit Follower(PastedText& text) : text_(text) {}

    std::optional<double> number(const Node& node);
    std::optional<ToldArray> array(const Node& node);
    Node resolve(const Node& node);

private:
    std::optional<Node> assigned(const Node& name) {
        if (++chain_ > kLongestChain)
            text_.fail(name.at, fmt::format("{} is set by way of too many variables; write its value", name.text));
        return text_.assigned(name);
    }

    std::optional<ToldArray> stacked(const Node& list);
    std::optional<ToldArray> computed(const Node& node);
    std::optional<ToldArray> made(const Node& call);
    std::optional<ToldArray> filled(const Node& call, std::string_view maker);
    std::optional<ToldArray> counted(const Node& call);
    std::optional<ToldArray> changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                     std::size_t first);
    std::optional<std::vector<std::int64_t>> sizes(const Node& call, std::size_t first);
    std::optional<std::int64_t> length(const Node& node);

    PastedText& text_;
    int chain_ = 0;
    std::int64_t cells_left_ = 16 * kMaxToldCells;  // that may be made before only shapes are kept
};

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

std::optional<double> Follower::number(const Node& node) {
    if (node.kind == Node::Kind::number) return node.number;
    if (node.kind == Node::Kind::name) {
        const std::optional<Node> value = assigned(node);
        if (!value) {
            --chain_;
            return {};
        }
        const std::optional<double> found = number(*value);
        --chain_;
        return found;
    }
    if (node.kind == Node::Kind::unary) {
        const std::optional<double> operand = number(node.items[0]);
        return operand && node.text == "-" ? -*operand : operand;
    }
    if (node.kind != Node::Kind::binary) return {};
    const std::optional<double> left = number(node.items[0]);
    const std::optional<double> right = number(node.items[1]);
    if (!left || !right) return {};
    return arithmetic(node.text, *left, *right);
}

Node Follower::resolve(const Node& node) {
    Node found = node;
    while (found.kind == Node::Kind::name) {
        std::optional<Node> value = assigned(found);
        if (!value) break;
        found = std::move(*value);
    }
    chain_ = 0;
    return found;
}

std::optional<ToldArray> Follower::array(const Node& node) {
    switch (node.kind) {
        case Node::Kind::number: return ToldArray{{}, std::vector<double>{node.number}};
        case Node::Kind::list: return stacked(node);
        case Node::Kind::unary:
        case Node::Kind::binary: return computed(node);
        case Node::Kind::call: return made(node);
        case Node::Kind::method: return changed(node, node.text, array(node.items[0]), 1);
        case Node::Kind::name: {
            const std::optional<Node> value = assigned(node);
            std::optional<ToldArray> found = value ? array(*value) : std::nullopt;
            --chain_;
            return found;
        }
        default: return {};
    }
}

std::optional<ToldArray> Follower::stacked(const Node& list) {
    ToldArray stack{{static_cast<std::int64_t>(list.items.size())}, std::vector<double>{}};
    std::optional<std::vector<std::int64_t>> inner;
    for (const Node& item : list.items) {
        const std::optional<ToldArray> cell = array(item);
        if (!cell) return {};
        if (inner && *inner != cell->shape) {
            const auto count = [](const std::vector<std::int64_t>& shape) { return shape.empty() ? 1 : shape[0]; };
            text_.fail(item.at, fmt::format("this row has {} numbers and the first has {}; give every row as many",
                                            count(cell->shape), count(*inner)));
        }
        inner = cell->shape;
        const auto held = stack.data ? static_cast<std::int64_t>(stack.data->size()) : 0;
        if (!cell->data || held + static_cast<std::int64_t>(cell->data->size()) > kMaxToldCells) stack.data.reset();
        if (stack.data) stack.data->insert(stack.data->end(), cell->data->begin(), cell->data->end());
    }
    if (inner) stack.shape.insert(stack.shape.end(), inner->begin(), inner->end());
    return stack;
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

// What takes an array and gives it back.
constexpr std::string_view kTaking =
    "tensor array asarray as_tensor constant Tensor FloatTensor DoubleTensor Variable float32 float64 int32 uint8 "
    "matrix "
    "double single float asanyarray convert_to_tensor from_numpy";
// What is told a shape.
constexpr std::string_view kMaking =
    "zeros ones empty full eye rand randn random normal uniform randint truncated_normal standard_normal random_sample "
    "Input placeholder";
// Methods that leave the numbers as they are.
constexpr std::string_view kKeeping =
    "float double half int long type astype to cuda cpu contiguous copy clone detach numpy requires_grad_ cast";

bool is_one_of(std::string_view word, std::string_view spaced) { return std::ranges::count(words(spaced), word) > 0; }

std::optional<ToldArray> Follower::made(const Node& call) {
    const std::string_view maker = last_part(call.text);
    if (is_one_of(maker, kTaking)) return call.items.empty() ? std::nullopt : array(call.items[0]);
    if (is_one_of(maker, kMaking)) return filled(call, maker);
    if (maker == "arange") return counted(call);
    const std::string_view receiver = first_parts(call.text);
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

std::optional<ToldArray> Follower::changed(const Node& node, std::string_view method, std::optional<ToldArray> array,
                                           std::size_t first) {
    if (!array || is_one_of(method, kKeeping)) return array;
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
    const auto open = std::ranges::find(*shape, -1);
    if (open != shape->end()) {
        *open = 1;
        const auto others = cells_of(*shape);
        if (!others || *others == 0) return {};
        *open = *before / *others;
    }
    if (cells_of(*shape) != before) {
        text_.fail(node.at, fmt::format("{} numbers do not fit into {}({})", *before, method, fmt::join(*shape, ", ")));
    }
    array->shape = *shape;
    return array;
}

// A shape as one list or as numbers side by side, or by name. Nothing where any of it is unknown.
std::optional<std::vector<std::int64_t>> Follower::sizes(const Node& call, std::size_t first) {
    std::vector<std::int64_t> shape;
    for (std::size_t i = first; i < call.items.size(); ++i) {
        const std::string& keyword = call.keywords[i];
        if (!keyword.empty() && keyword != "size" && keyword != "shape" && keyword != "dims") continue;
        const Node item = resolve(call.items[i]);
        if (item.kind == Node::Kind::list) {
            shape.clear();
            for (const Node& part : item.items) {
                const auto size = length(part);
                if (!size) return {};
                shape.push_back(*size);
            }
            return shape;
        }
        const auto size = length(item);
        if (!size && item.kind != Node::Kind::string)
            return {};  // a length that is not told; a text says something else
        if (size) shape.push_back(*size);
        if (!keyword.empty()) return shape;
    }
    if (shape.empty()) return {};
    return shape;
}

// -1 stands for what is left, where a shape may say so.
std::optional<std::int64_t> Follower::length(const Node& node) {
    const std::optional<double> value = number(node);
    if (!value || *value != std::floor(*value) || std::abs(*value) > 0x1p53) return {};
    if (*value < -1) text_.fail(node.at, fmt::format("a length cannot be {}", *value));
    return static_cast<std::int64_t>(*value);
}

}  // namespace

std::optional<double> number_of(PastedText& text, const Node& node) { return Follower(text).number(node); }
Node resolved(PastedText& text, const Node& node) { return Follower(text).resolve(node); }

std::optional<ToldArray> array_of(PastedText& text, const Node& node) {
    std::optional<ToldArray> array = Follower(text).array(node);
    if (array && std::ranges::any_of(array->shape, [](std::int64_t length) { return length < 0; })) {
        text.fail(node.at, "a length cannot be -1");
    }
    return array;
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

std::string_view last_part(std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); }

std::string_view first_parts(std::string_view dotted) {
    const std::size_t dot = dotted.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : dotted.substr(0, dot);
}

std::string lower(std::string_view word) {
    std::string result(word);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > 40) return "";
    const std::string wanted = lower(word);
    std::string_view best;
    std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, lower(candidate));
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

std::vector<std::string_view> words(std::string_view spaced) {
    std::vector<std::string_view> result;
    while (!spaced.empty()) {
        const std::size_t end = std::min(spaced.find(' '), spaced.size());
        if (end > 0) result.push_back(spaced.substr(0, end));
        spaced.remove_prefix(std::min(end + 1, spaced.size()));
    }
    return result;
}

}  // namespace convlens::pasted
