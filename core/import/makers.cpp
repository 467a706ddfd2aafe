// Calls of a pasted text that make an array: each argument is honoured, or the array's numbers are not read.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/cells.h"
#include "core/import/follower.h"
#include "core/import/made_kernels.h"

namespace convlens::pasted {

namespace {

// What takes an array, or a list of numbers, and gives it as an array.
constexpr std::string_view kTaking =
    "tensor array asarray as_tensor constant convert_to_tensor Variable Parameter matrix ascontiguousarray asanyarray "
    "from_numpy to_tensor";

// PyTorch's, which take a list of numbers or the lengths of an array without them.
struct Typed {
    std::string_view maker;
    CellType type;
};
constexpr std::array kTensors{
    Typed{"Tensor", CellType::real},       Typed{"FloatTensor", CellType::real}, Typed{"DoubleTensor", CellType::real},
    Typed{"HalfTensor", CellType::half},   Typed{"IntTensor", CellType::int32},  Typed{"LongTensor", CellType::whole},
    Typed{"ShortTensor", CellType::int16}, Typed{"CharTensor", CellType::int8},  Typed{"ByteTensor", CellType::uint8},
    Typed{"BoolTensor", CellType::truth},
};

constexpr std::string_view kFilling = "zeros ones empty full eye identity";
constexpr std::string_view kLike = "zeros_like ones_like empty_like full_like rand_like randn_like";
constexpr std::string_view kRandom =
    "rand randn random normal uniform randint truncated_normal standard_normal random_sample Input placeholder";

constexpr std::string_view kJoining = "cat concat concatenate stack hstack vstack";

bool is_library(std::string_view name) {
    return is_one_of(name, "np numpy jnp jax.numpy tf torch cp cupy keras.ops ops K tf.experimental.numpy");
}

}  // namespace

// Whether the text sets a name, so that what follows its dot is a method of it.
bool Follower::is_variable(const Node& call, std::string_view name) {
    Node variable = call;
    variable.kind = Node::Kind::name;
    variable.text = name;
    variable.items.clear();
    variable.keywords.clear();
    const bool set = assigned(variable).has_value() || text_.cells_set(variable);
    --chain_;
    return set;
}

std::optional<ToldArray> Follower::made(const Node& call) {
    if (is_kernel_maker(last_part(call.text))) {
        auto kernel = made_kernel(text_, call);
        return kernel ? kernel : unread(written(call));
    }
    if (text_.manner() == Manner::matlab) return made_in_matlab(call);
    if (text_.is_cpp() && is_made_in_cpp(call)) return made_in_cpp(call);
    if (const auto value = number(call))
        return ToldArray{{}, std::vector<double>{*value}, call.text == "int" ? CellType::whole : CellType::real, true};
    const std::string_view maker = last_part(call.text);
    const std::string_view owner = first_parts(call.text);
    if (owner.empty() || (!owner.starts_with("self") && !is_variable(call, owner))) {
        const bool typed = is_library(owner) && cell_type(maker) && call.items.size() == 1;
        const bool tensor = std::ranges::count(kTensors, maker, &Typed::maker) > 0;
        if (is_one_of(maker, kTaking) || tensor || typed) return taken(call, maker);
        if (owner.empty() && is_one_of(maker, "list tuple") && call.items.size() == 1) {
            auto list = array(call.items[0]);
            if (list) list->is_list = true;
            return list;
        }
        if (is_one_of(maker, kFilling)) return filled(call, maker);
        if (is_one_of(maker, kLike)) return like(call, maker);
        if (is_one_of(maker, kRandom)) return random(call, maker);
        if (maker == "arange" || maker == "range") return counted(call);
        if (maker == "from_array" && !call.items.empty()) return array(call.items[0]);  // ONNX's numpy_helper
        if (maker == "linspace") return spaced(call);
        if ((maker == "outer" || maker == "ger") && call.items.size() == 2) return outer(call);
        if (is_library(owner) && !call.items.empty() && is_one_of(maker, kJoining)) return joined_along(call, maker);
        if (is_library(owner) && call.items.size() == 2 && is_one_of(maker, "matmul mm dot"))
            return multiplied(call, array(call.items[0]), array(call.items[1]));
        if (is_one_of(owner, "F nn.functional torch.nn.functional") && call.items.size() == 1)
            return changed(call, maker, array(call.items[0]), 1);
        if (is_library(owner) && !call.items.empty()) {
            if (resolve(call.items[0]).kind == Node::Kind::string) return unread(written(call));  // np.loadtxt("k.txt")
            return changed(call, maker, array(call.items[0]), 1);
        }
        if (owner.empty()) return unread(written(call));
    }
    Node variable = call;  // x.reshape(1, 1, 3, 3)
    variable.kind = Node::Kind::name;
    variable.text = owner;
    auto receiver = array(variable);
    static constexpr std::string_view kKeeping = "cuda cpu to float double contiguous detach clone copy numpy";
    if (!receiver) return is_one_of(maker, kKeeping) ? std::nullopt : unread(written(call));
    return changed(call, maker, std::move(receiver), 0);
}

std::optional<ToldArray> Follower::typed(std::optional<ToldArray> array, const Node* type, const std::string& call) {
    if (!array || !type) return array;
    const bool word = type->kind == Node::Kind::name || type->kind == Node::Kind::string;
    const auto wanted = word ? cell_type(type->text) : std::nullopt;
    if (!wanted) return without_numbers(std::move(*array), call);
    const bool had = array->data.has_value();
    ToldArray result = converted(std::move(*array), *wanted, text_.manner());
    return had && !result.data ? without_numbers(std::move(result), call) : std::optional(std::move(result));
}

std::optional<ToldArray> Follower::taken(const Node& call, std::string_view maker) {
    const auto* const tensor = std::ranges::find(kTensors, maker, &Typed::maker);
    if (tensor != kTensors.end() && !call.items.empty() && number(call.items[0])) {
        const auto shape = sizes(call, 0);
        return shape ? std::optional(without_numbers({*shape, {}, tensor->type}, written(call))) : std::nullopt;
    }
    const bool variable = maker == "Variable" || maker == "Parameter";
    Given given(call, 0, variable ? "data requires_grad" : "data dtype shape");
    const Node* source = given.take("data object value a initial_value obj x input");
    auto result = source ? array(*source) : std::nullopt;
    if (!result) return source ? std::nullopt : unread(written(call));
    result->is_list = false;
    const Node* type = given.take("dtype");
    result = typed(std::move(result), type, given.written());
    if (tensor != kTensors.end()) result = converted(std::move(*result), tensor->type, text_.manner());
    if (tensor == kTensors.end() && !is_one_of(maker, kTaking))
        result = converted(std::move(*result), *cell_type(maker), text_.manner());
    given.take("order requires_grad");
    if (const Node* axes = given.take("ndmin")) {
        const auto least = number(*axes);
        if (!least || !(*least >= 0 && *least <= 8)) return unread(written(call));
        while (std::ssize(result->shape) < static_cast<std::ptrdiff_t>(*least))
            result->shape.insert(result->shape.begin(), 1);
    }
    if (const Node* lengths = given.take("shape")) {
        const auto shape = shape_in(*lengths);
        if (!shape) return unread(written(call));
        if (cells_of(result->shape) == 1 && result->data)
            return with_cells(*shape, result->data->front(), result->type);
        if (cells_of(*shape) != cells_of(result->shape)) return unread(written(call));
        result->shape = *shape;
    }
    if (!given.is_done()) return without_numbers(std::move(*result), given.written());
    if (!result->data) unread(written(call));
    return result;
}

// A shape as a list of lengths, or as one length.
std::optional<std::vector<std::int64_t>> Follower::shape_in(const Node& node) {
    const Node value = resolve(node);
    std::vector<std::int64_t> shape;
    if (value.kind == Node::Kind::list) {
        for (const Node& item : value.items) {
            const auto size = length(item, Counts::lengths);
            if (!size) return {};
            shape.push_back(*size);
        }
        return shape;
    }
    if (const auto size = length(value, Counts::lengths)) return std::vector<std::int64_t>{*size};
    const auto told = array(value);
    if (!told || !told->data || told->shape.size() != 1) return {};
    for (const double size : *told->data) {
        if (size != std::floor(size) || !(std::abs(size) <= 0x1p53)) return {};
        shape.push_back(static_cast<std::int64_t>(size));
    }
    return shape;
}

std::optional<ToldArray> Follower::with_cells(std::vector<std::int64_t> shape, double value, CellType type) {
    if (std::ranges::any_of(shape, [](std::int64_t size) { return size < 0; })) return {};
    const auto cells = cells_of(shape);
    ToldArray result{std::move(shape), {}, type};
    if (!cells || *cells > cells_left_) return result;
    cells_left_ -= *cells;
    result.data = std::vector<double>(static_cast<std::size_t>(*cells), value);
    return result;
}

std::optional<ToldArray> Follower::with_diagonal(std::int64_t rows, std::int64_t columns, std::int64_t offset,
                                                 CellType type) {
    auto result = with_cells({rows, columns}, 0, type);
    if (!result || !result->data) return result;
    const std::int64_t end = std::min(rows, columns - offset);
    for (std::int64_t row = std::max<std::int64_t>(0, -offset); row < end; ++row)
        (*result->data)[static_cast<std::size_t>(row * columns + row + offset)] = 1;
    return result;
}

std::optional<ToldArray> Follower::filled(const Node& call, std::string_view maker) {
    if (maker == "eye" || maker == "identity") {
        const std::string_view owner = first_parts(call.text);
        const std::string_view module = last_part(owner);
        Given given(call, 0,
                    maker == "identity"                    ? "N dtype"
                    : module == "torch"                    ? "N M"
                    : is_one_of(module, "np numpy jnp cp") ? "N M k dtype"
                    : module == "tf"                       ? "N M batch_shape dtype"
                                                           : "N M");
        return eye(call, given);
    }
    // PyTorch takes lengths side by side, the others one list, which a type may follow.
    const bool several = call.items.size() > 1 && call.keywords[1].empty() && number(call.items[0]) &&
                         number(call.items[1]) && maker != "full";
    std::size_t named = 0;  // the first item behind the lengths
    std::optional<std::vector<std::int64_t>> shape;
    for (; several && named < call.items.size() && call.keywords[named].empty(); ++named) {
        const auto size = length(call.items[named], Counts::lengths);
        if (!size) return unread(written(call));
        if (!shape) shape.emplace();
        shape->push_back(*size);
    }
    Given given(call, named, maker == "full" ? "shape fill_value dtype" : "shape dtype");
    if (!several) {
        const Node* lengths = given.take("shape size dims");
        shape = lengths ? shape_in(*lengths) : std::nullopt;
    }
    if (!shape) return unread(written(call));
    if (std::ranges::count(*shape, -1) > 0) text_.fail(call.at, kLengthBelowZero);
    ToldArray value{{}, std::vector<double>{maker == "ones" ? 1.0 : 0.0}};
    if (maker == "full") {
        const Node* fill = given.take("fill_value value");
        const auto number_told = fill ? array(*fill) : std::nullopt;
        if (!number_told || !number_told->shape.empty()) return without_numbers({*shape, {}}, written(call));
        value = *number_told;
        value.is_list = false;
    }
    const Node* type = given.take("dtype");
    auto one = typed(value, type, given.written());
    given.take("order");
    if (!given.is_done()) return without_numbers({*shape, {}}, given.written());
    if (maker == "empty" || !one->data) return without_numbers({*shape, {}, one->type}, written(call));
    return with_cells(*shape, one->data->front(), one->type);
}

std::optional<ToldArray> Follower::eye(const Node& call, Given& given) {
    const Node* rows = given.take("N n num_rows");
    const Node* columns = given.take("M m num_columns");
    const Node* offset = given.take("k");
    const auto n = rows ? length(*rows, Counts::lengths) : std::nullopt;
    const auto m = columns ? length(*columns, Counts::lengths) : n;
    const auto k = offset ? number(*offset) : std::optional(0.0);
    if (!n || !m || !k || *k != std::floor(*k) || std::abs(*k) > 0x1p31) return unread(written(call));
    auto result = with_diagonal(*n, *m, static_cast<std::int64_t>(*k), CellType::real);
    if (!result) return unread(written(call));
    result = typed(std::move(result), given.take("dtype"), given.written());
    given.take("order");
    return given.is_done() ? result : unread(given.written());
}

std::optional<ToldArray> Follower::like(const Node& call, std::string_view maker) {
    Given given(call, 0, maker == "full_like" ? "a fill_value dtype" : "a dtype");
    const Node* source = given.take("a input x");
    auto other = source ? array(*source) : std::nullopt;
    if (!other) return {};
    std::optional<ToldArray> result;
    if (maker == "zeros_like" || maker == "ones_like") {
        result = with_cells(other->shape, maker == "ones_like" ? 1 : 0, other->type);
    } else if (maker == "full_like") {
        const Node* fill = given.take("fill_value");
        const auto value = fill ? number(*fill) : std::nullopt;
        if (value) result = with_cells(other->shape, *value, CellType::real);
        if (result && other->type != CellType::real) result = converted(*result, other->type, text_.manner());
    }
    if (!result) return without_numbers({other->shape, {}, other->type}, written(call));
    result = typed(std::move(result), given.take("dtype"), given.written());
    given.take("order");
    return given.is_done() ? result : without_numbers(std::move(*result), given.written());
}

// Of numbers by chance only the shape is told: by a list, by name, or by numbers side by side where they are lengths.
std::optional<ToldArray> Follower::random(const Node& call, std::string_view maker) {
    const bool limits = is_one_of(maker, "normal uniform randint truncated_normal");
    bool shaped = !limits;
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        shaped = shaped || is_one_of(call.keywords[i], "size shape") || resolve(call.items[i]).kind == Node::Kind::list;
    }
    if (!shaped && call.items.size() == 3) {
        const auto size = length(call.items[2], Counts::lengths);
        return size && *size >= 0 ? std::optional(ToldArray{{*size}, {}}) : unread(written(call));
    }
    const auto shape = shaped ? sizes(call, 0) : std::nullopt;
    if (!shape) return unread(written(call));
    if (std::ranges::count(*shape, -1) > 0) text_.fail(call.at, kLengthBelowZero);
    return ToldArray{*shape, {}};
}

// arange(stop), arange(start, stop, step), and Python's range
std::optional<ToldArray> Follower::counted(const Node& call) {
    const auto named = std::ranges::count_if(call.keywords, [](const std::string& k) { return k.empty(); });
    // no words: names of arguments
    Given given(call, 0,
                named == 1 && std::ranges::none_of(
                                  call.keywords,
                                  [](const std::string& keyword) { return is_one_of(keyword, "stop end limit"); })
                    ? "stop"
                    : "start stop step dtype");
    const Node* from = given.take("start");
    const Node* to = given.take("stop end limit");
    const Node* by = given.take("step delta");
    const auto start = from ? array(*from) : ToldArray{{}, std::vector<double>{0}, CellType::whole};
    const auto stop = to ? array(*to) : std::nullopt;
    const auto step = by ? array(*by) : ToldArray{{}, std::vector<double>{1}, CellType::whole};
    const auto is_number = [](const std::optional<ToldArray>& a) { return a && a->data && a->shape.empty(); };
    if (!is_number(start) || !is_number(stop) || !is_number(step)) return unread(written(call));
    const double first = start->data->front();
    const double width = step->data->front();
    const bool inclusive = call.text == "torch.range";
    const double steps = (stop->data->front() - first) / width;
    const double count = std::max(inclusive ? std::floor(steps) + 1 : std::ceil(steps), 0.0);
    if (!(count <= static_cast<double>(std::min(kMaxToldCells, cells_left_)))) return unread(written(call));
    cells_left_ -= static_cast<std::int64_t>(count);
    const bool whole =
        !inclusive && start->type == CellType::whole && stop->type == CellType::whole && step->type == CellType::whole;
    const bool list = call.text == "range";
    ToldArray result{
        {static_cast<std::int64_t>(count)}, std::vector<double>{}, whole ? CellType::whole : CellType::real, list};
    for (std::int64_t i = 0; i < result.shape[0]; ++i) result.data->push_back(first + static_cast<double>(i) * width);
    auto typed_result = typed(std::move(result), given.take("dtype"), given.written());
    return given.is_done() ? typed_result : unread(given.written());
}

std::optional<ToldArray> Follower::spaced(const Node& call) {
    Given given(call, 0, "start stop num");
    const Node* from = given.take("start");
    const Node* to = given.take("stop end");
    const Node* count = given.take("num steps");
    const Node* ends = given.take("endpoint");
    const auto start = from ? number(*from) : std::nullopt;
    const auto stop = to ? number(*to) : std::nullopt;
    const auto cells = count ? number(*count) : std::nullopt;
    const bool open = ends && ends->text == "False";
    const bool known = start && stop && cells && (!ends || open || ends->text == "True");
    if (!known || !(*cells >= 1 && *cells <= static_cast<double>(std::min(kMaxToldCells, cells_left_))) ||
        *cells != std::floor(*cells))
        return unread(written(call));
    cells_left_ -= static_cast<std::int64_t>(*cells);
    ToldArray result{{static_cast<std::int64_t>(*cells)}, std::vector<double>{}};
    const double parts = open ? *cells : *cells - 1;
    for (std::int64_t i = 0; i < result.shape[0]; ++i)
        result.data->push_back(parts == 0 ? *start : *start + static_cast<double>(i) * (*stop - *start) / parts);
    auto typed_result = typed(std::move(result), given.take("dtype"), given.written());
    return given.is_done() ? typed_result : unread(given.written());
}

}  // namespace convlens::pasted
