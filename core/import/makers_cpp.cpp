// Calls of a pasted C++ text that make a matrix, as core/import/cpp.h writes them.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/import/cells.h"
#include "core/import/cpp.h"
#include "core/import/follower.h"

namespace convlens::pasted {

namespace {

struct Depth {
    std::string_view word;
    CellType type;
};
// Of one channel, as CV_32F or as the C++ type of Mat_<float>.
constexpr std::array kDepths{
    Depth{"CV_32F", CellType::real},     Depth{"CV_32FC1", CellType::real},  Depth{"CV_64F", CellType::real},
    Depth{"CV_64FC1", CellType::real},   Depth{"CV_8U", CellType::uint8},    Depth{"CV_8UC1", CellType::uint8},
    Depth{"CV_8S", CellType::int8},      Depth{"CV_8SC1", CellType::int8},   Depth{"CV_16U", CellType::uint16},
    Depth{"CV_16UC1", CellType::uint16}, Depth{"CV_16S", CellType::int16},   Depth{"CV_16SC1", CellType::int16},
    Depth{"CV_32S", CellType::int32},    Depth{"CV_32SC1", CellType::int32}, Depth{"float", CellType::real},
    Depth{"double", CellType::real},     Depth{"uchar", CellType::uint8},    Depth{"schar", CellType::int8},
    Depth{"char", CellType::int8},       Depth{"short", CellType::int16},    Depth{"ushort", CellType::uint16},
    Depth{"int", CellType::int32},
};

std::optional<CellType> type_of(const Node& node) {
    const std::string_view word = last_part(node.text);
    const auto* const known = std::ranges::find(kDepths, word, &Depth::word);
    const bool names = node.kind == Node::Kind::name || node.kind == Node::Kind::string;
    if (names && known != kDepths.end()) return known->type;
    const bool real = node.kind == Node::Kind::number && (node.number == 5 || node.number == 6);  // CV_32F, CV_64F
    return real ? std::optional(CellType::real) : std::nullopt;
}

// Matx33f and the like: rows, columns.
std::optional<std::vector<std::int64_t>> matx_shape(std::string_view name) {
    const bool fits = name.size() == 7 && name.starts_with("Matx") && name[4] >= '1' && name[4] <= '6' &&
                      name[5] >= '1' && name[5] <= '6' && (name[6] == 'f' || name[6] == 'd');
    return fits ? std::optional(std::vector<std::int64_t>{name[4] - '0', name[5] - '0'}) : std::nullopt;
}

// "cv::Mat::ones(...)"
std::string code_of(const Node& call) {
    if (call.text == kCommaInitializer) return "cv::Mat_(...)";
    std::string text;
    for (const char c : call.text) text += c == '.' ? std::string("::") : std::string(1, c);
    return text + "(...)";
}

Message written_in_cpp(const Node& call) {
    return call.text == kCArray ? Message(key("an array")) : verbatim(code_of(call));
}

}  // namespace

bool Follower::is_made_in_cpp(const Node& call) {
    const std::string_view last = last_part(call.text);
    const std::string_view owner = last_part(first_parts(call.text));
    if (is_one_of(owner, "Mat Mat_ UMat")) return is_one_of(last, "ones zeros eye");
    return is_one_of(last, "Mat Mat_ UMat vector sum getStructuringElement") || last == kCommaInitializer ||
           last == kCArray || matx_shape(last);
}

std::optional<ToldArray> Follower::made_in_cpp(const Node& call) {
    const std::string_view last = last_part(call.text);
    if (call.items.empty()) return unread(written_in_cpp(call));
    if (last == kCommaInitializer) return comma_initialized(call);
    if (last == kCArray) return c_array(call);
    if (last == "vector") {  // vector<float> v(9, 0.5f)
        const auto length = this->length(call.items[0], Counts::lengths);
        const auto value = call.items.size() > 1 && call.keywords[1].empty() ? number(call.items[1]) : 0.0;
        auto result = length && value ? with_cells({*length}, *value, CellType::real) : std::nullopt;
        return result ? result : unread(written_in_cpp(call));
    }
    if (last == "sum") {  // cv::sum(k)[0], a number a channel
        const auto matrix = array(call.items[0]);
        if (!matrix || !matrix->data) return matrix ? unread(written_in_cpp(call)) : std::nullopt;
        double sum = 0;
        for (const double cell : *matrix->data) sum += cell;
        return ToldArray{{1}, std::vector<double>{sum}};
    }
    if (const auto shape = matx_shape(last)) {
        ToldArray result{*shape, std::vector<double>{}};
        for (const Node& item : call.items) {
            const auto value = number(item);
            if (!value) return without_numbers(std::move(result), written_in_cpp(call));
            result.data->push_back(*value);
        }
        const bool full = cells_of(*shape) == std::ssize(*result.data);
        return full ? std::optional(std::move(result)) : without_numbers(std::move(result), written_in_cpp(call));
    }
    return last == "getStructuringElement" ? structuring(call) : matrix_in_cpp(call);
}

// Mat(3, 3, CV_32F, data), Mat(Size(w, h), CV_64F, Scalar(1)), Mat_<float>(3, 3, 0.5), Mat::ones(3, 3, CV_32F)
std::optional<ToldArray> Follower::matrix_in_cpp(const Node& call) {
    const std::string_view last = last_part(call.text);
    std::vector<Node> items;
    std::optional<CellType> type;
    const bool typed = std::ranges::count(call.keywords, "type") > 0;
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (call.keywords[i] == "type")
            type = type_of(call.items[i]);
        else
            items.push_back(call.items[i]);
    }
    const auto one = [&](std::size_t at) {
        return at < items.size() ? length(items[at], Counts::lengths) : std::nullopt;
    };
    const Node first = items.empty() ? Node{} : resolve(items[0]);
    std::vector<std::int64_t> shape;
    std::size_t at = 2;
    if (first.kind == Node::Kind::list && first.items.size() == 2) {
        const auto a = length(first.items[0], Counts::lengths);
        const auto b = length(first.items[1], Counts::lengths);
        const bool rows_first = typed && items.size() > 1 && resolve(items[1]).kind == Node::Kind::list;
        if (a && b) shape = rows_first ? std::vector{*a, *b} : std::vector{*b, *a};  // a Size has its columns first
        at = 1;
    } else if (one(0) && one(1)) {
        shape = {*one(0), *one(1)};
    } else if (items.size() == 1 && is_one_of(last, "Mat Mat_ UMat")) {
        return array(items[0]);  // a copy, or another header of the same cells
    }
    if (shape.empty() || std::ranges::count(shape, -1) > 0) return unread(written_in_cpp(call));
    if (!typed && at < items.size()) type = type_of(resolve(items[at++]));
    if (!type) return unread(written_in_cpp(call));
    if (is_one_of(last, "ones zeros")) return with_cells(shape, last == "ones" ? 1 : 0, *type);
    if (last == "eye") return with_diagonal(shape[0], shape[1], 0, *type);
    if (at >= items.size()) return without_numbers({shape, {}, *type}, written_in_cpp(call));
    return filled_in_cpp(call, {shape, {}, *type}, items[at]);
}

// A matrix of the shape and type with the cells of `source`: a number, Scalar(1), or an array in the memory.
std::optional<ToldArray> Follower::filled_in_cpp(const Node& call, ToldArray matrix, const Node& source) {
    const Node value = resolve(source);
    const bool scalar = value.kind == Node::Kind::call && value.items.size() == 1 &&
                        is_one_of(last_part(value.text), "Scalar Scalar_ all");
    const auto one = number(scalar ? value.items[0] : value);
    const auto cells = cells_of(matrix.shape);
    if (one && cells) {
        auto result = with_cells(matrix.shape, *one, CellType::real);
        return result ? std::optional(converted(std::move(*result), matrix.type, Manner::matlab)) : result;
    }
    auto list = array(source);
    if (!list || !list->data || !cells || *cells > std::ssize(*list->data)) {
        const bool named = source.kind == Node::Kind::name && call.text != kCommaInitializer;
        const std::string type = code_of(call);
        return without_numbers(std::move(matrix),
                               named ? fmt::format("{}, {})", type.substr(0, type.size() - 1), source.text) : type);
    }
    list->data->resize(static_cast<std::size_t>(*cells));
    ToldArray result{matrix.shape, std::move(list->data)};
    return converted(std::move(result), matrix.type, Manner::matlab);
}

// Mat_<float>(3, 3) << 1, 0, -1, ...
std::optional<ToldArray> Follower::comma_initialized(const Node& call) {
    const Message unread_before = unread_;
    auto matrix = array(call.items[0]);
    if (!matrix || call.items.size() < 2) return {};
    unread_ = unread_before;  // cells that are not set yet
    const Node list = resolve(call.items[1]);
    const auto cells = cells_of(matrix->shape);
    if (list.kind == Node::Kind::list && cells && *cells != std::ssize(list.items)) {
        text_.fail(call.at,
                   msg("a matrix of {rows} by {columns} takes {numbers}; << gives it {given}",
                       "rows"_is(matrix->shape[0]), "columns"_is(matrix->shape.size() > 1 ? matrix->shape[1] : 1),
                       "numbers"_is(numbers_text(*cells)), "given"_is(list.items.size())));
    }
    matrix->data.reset();
    return filled_in_cpp(call, std::move(*matrix), call.items[1]);
}

// float k[3][3] = {...}: what is not written of it is 0.
std::optional<ToldArray> Follower::c_array(const Node& call) {
    auto list = array(call.items[0]);
    if (!list) return {};
    list->is_list = false;
    std::vector<std::int64_t> shape;
    for (std::size_t i = 1; i < call.items.size(); ++i) {
        const auto told = length(call.items[i], Counts::lengths);
        if (!told || *told < 0) return unread(written_in_cpp(call));
        shape.push_back(*told);
    }
    if (!shape.empty() && shape[0] == 0) {  // float k[] = {...}
        if (list->shape.empty() || (shape.size() > 1 && list->shape.size() < shape.size()))
            return unread(written_in_cpp(call));
        shape[0] = list->shape[0];
    }
    const auto cells = cells_of(shape);
    if (!cells || !list->data) return unread(written_in_cpp(call));
    const bool flat = list->shape.size() == 1;
    if (flat && *cells >= std::ssize(*list->data)) list->data->resize(static_cast<std::size_t>(*cells), 0.0);
    if (*cells != std::ssize(*list->data)) return unread(written_in_cpp(call));
    list->shape = shape;
    return list;
}

// getStructuringElement(MORPH_CROSS, Size(3, 3))
std::optional<ToldArray> Follower::structuring(const Node& call) {
    const Node size = call.items.size() == 2 ? resolve(call.items[1]) : Node{};
    const auto w = size.items.size() == 2 ? length(size.items[0], Counts::lengths) : std::nullopt;
    const auto h = size.items.size() == 2 ? length(size.items[1], Counts::lengths) : std::nullopt;
    const std::string_view kind = last_part(call.items[0].text);
    const bool cross = kind == "MORPH_CROSS";
    if (!w || !h || *w < 1 || *h < 1 || (!cross && kind != "MORPH_RECT")) return unread(written_in_cpp(call));
    auto result = with_cells({*h, *w}, cross ? 0 : 1, CellType::uint8);
    if (!cross || !result || !result->data) return result;
    for (std::int64_t x = 0; x < *w; ++x) (*result->data)[static_cast<std::size_t>(*h / 2 * *w + x)] = 1;
    for (std::int64_t y = 0; y < *h; ++y) (*result->data)[static_cast<std::size_t>(y * *w + *w / 2)] = 1;
    return result;
}

// Arithmetic of C++: whole numbers divide to whole numbers, and * of two matrices is their product. What whole cells
// are rounded and cut to is not followed.
std::optional<ToldArray> Follower::computed_in_cpp(const Node& node, const ToldArray& left, const ToldArray& right) {
    if (left.shape.empty() && right.shape.empty()) {
        const auto value = number(node);
        const bool real = left.type == CellType::real || right.type == CellType::real;
        return value
                   ? std::optional(ToldArray{{}, std::vector<double>{*value}, real ? CellType::real : CellType::whole})
                   : std::nullopt;
    }
    for (const ToldArray* side : {&left, &right}) {
        if (!side->shape.empty() && side->type != CellType::real) return {};
    }
    if (node.text == "*" && left.shape.size() == 2 && right.shape.size() == 2) return matrix_product(left, right);
    ToldArray a = left;
    ToldArray b = right;
    a.type = b.type = CellType::real;
    a.is_list = b.is_list = false;
    return operated(node.text, a, b, Manner::python);
}

}  // namespace convlens::pasted
