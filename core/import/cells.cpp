#include "core/import/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/axes.h"

namespace convlens::pasted {

namespace {

// A type of whole numbers and its ends; `bits` of a float's mantissa.
struct Type {
    CellType type = CellType::real;
    double least = 0, most = 0;
    int bits = 0;
};
constexpr std::array kTypes{
    Type{CellType::whole, -0x1p53, 0x1p53},  // int64, as far as doubles count
    Type{CellType::int32, -0x1p31, 0x1p31 - 1},
    Type{CellType::int16, -0x1p15, 0x1p15 - 1},
    Type{CellType::int8, -128, 127},
    Type{CellType::uint32, 0, 0x1p32 - 1},
    Type{CellType::uint16, 0, 0x1p16 - 1},
    Type{CellType::uint8, 0, 255},
    Type{CellType::truth, 0, 1},
    Type{CellType::half, -65504, 65504, 11},
    Type{CellType::brain, -0x1p127, 0x1p127, 8},
};

const Type* type_of(CellType type) {
    const auto* const found = std::ranges::find(kTypes, type, &Type::type);
    return found == kTypes.end() ? nullptr : found;
}

// To a mantissa of so many bits, ties to even.
double rounded_to(double value, int bits) {
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    return std::ldexp(std::nearbyint(std::ldexp(mantissa, bits)), exponent - bits);
}

constexpr double kLeastNormalHalf = 0x1p-14;

bool holds(CellType kind, double value) {
    const Type* type = type_of(kind);
    if (!type) return true;
    if (!(value >= type->least && value <= type->most)) return false;
    if (type->bits == 0) return value == std::floor(value);
    return value == rounded_to(value, type->bits) && (value == 0 || std::abs(value) >= kLeastNormalHalf);
}

std::optional<double> in_python(double value, CellType to) {
    if (to == CellType::truth) return value != 0 ? 1 : 0;
    const Type* type = type_of(to);
    if (!type) return value;
    const double cell = type->bits == 0 ? std::trunc(value) : rounded_to(value, type->bits);
    return holds(to, cell) ? std::optional(cell) : std::nullopt;
}

std::optional<double> in_matlab(double value, CellType to) {
    if (to == CellType::real) return value;
    if (to == CellType::truth) return std::isnan(value) ? std::nullopt : std::optional(value != 0 ? 1.0 : 0.0);
    const Type* type = type_of(to);
    if (!type || type->bits != 0) return {};
    return std::isnan(value) ? 0 : std::clamp(std::round(value), type->least, type->most);
}

bool is_scalar(const ToldArray& array) { return array.shape.empty(); }
bool is_python_list(const ToldArray& array) { return array.is_list && !array.shape.empty(); }

// Of two numbers of Python's own: an int, unless one is a float.
CellType wider(CellType a, CellType b) {
    if (a == CellType::real || b == CellType::real) return CellType::real;
    return CellType::whole;
}

// Python's type of an array and a number or list beside it.
std::optional<CellType> beside(CellType array, CellType number) {
    if (array == CellType::real || array == CellType::half || array == CellType::brain) return array;
    if (number == CellType::real) return CellType::real;
    return array == CellType::truth ? CellType::whole : array;
}

std::optional<CellType> of_arrays(CellType a, CellType b) {
    if (a == b) return a == CellType::truth ? std::nullopt : std::optional(a);
    if (a == CellType::real || b == CellType::real) return CellType::real;
    if (a == CellType::truth) return is_whole_type(b) ? std::optional(b) : std::nullopt;
    if (b == CellType::truth) return is_whole_type(a) ? std::optional(a) : std::nullopt;
    const bool wholes = is_whole_type(a) && is_whole_type(b);
    return wholes && (a == CellType::whole || b == CellType::whole) ? std::optional(CellType::whole) : std::nullopt;
}

// Nothing where it is not known, or the program refuses it.
std::optional<CellType> result_type(std::string_view sign, const ToldArray& left, const ToldArray& right,
                                    Manner manner) {
    const CellType a = left.type;
    const CellType b = right.type;
    if (manner == Manner::matlab) {
        const bool whole_a = is_whole_type(a);
        const bool whole_b = is_whole_type(b);
        if (whole_a && whole_b) return a == b ? std::optional(a) : std::nullopt;
        return whole_a ? a : whole_b ? b : CellType::real;
    }
    std::optional<CellType> type;
    if (left.is_list && right.is_list)
        type = sign == "**" && right.data && right.data->front() < 0 ? CellType::real : wider(a, b);
    else if (left.is_list || right.is_list)
        type = beside(left.is_list ? b : a, left.is_list ? a : b);
    else
        type = of_arrays(a, b);
    if (type && sign == "/" && is_whole_type(*type)) return CellType::real;
    return type;
}

// The shape of two with axes of length 1 stretched; nothing where they do not fit.
std::optional<std::vector<std::int64_t>> stretched(std::vector<std::int64_t> a, std::vector<std::int64_t> b) {
    if (a.size() < b.size()) std::swap(a, b);
    b.insert(b.begin(), a.size() - b.size(), 1);
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && a[i] != 1 && b[i] != 1) return {};
        if (a[i] == 1) a[i] = b[i];
    }
    return a;
}

// The cell of `array` that is met at `index`, of a shape that it was stretched to.
double cell_at(const ToldArray& array, const std::vector<std::int64_t>& index) {
    const std::size_t ahead = index.size() - array.shape.size();
    std::int64_t at = 0;
    for (std::size_t i = 0; i < array.shape.size(); ++i)
        at = at * array.shape[i] + (array.shape[i] == 1 ? 0 : index[ahead + i]);
    return (*array.data)[static_cast<std::size_t>(at)];
}

std::optional<ToldArray> cell_by_cell(std::string_view sign, const ToldArray& left, const ToldArray& right,
                                      Manner manner) {
    const bool compares = is_one_of(sign, "< > <= >= == != ~=");
    const auto type = compares ? std::optional(CellType::truth) : result_type(sign, left, right, manner);
    auto shape = type ? stretched(left.shape, right.shape) : std::nullopt;
    if (!shape) return {};
    ToldArray result{std::move(*shape), {}, *type, left.is_list && right.is_list};
    const auto cells = cells_of(result.shape);
    if (!left.data || !right.data || !cells) return result;
    result.data.emplace();
    result.data->reserve(static_cast<std::size_t>(*cells));
    std::vector<std::int64_t> index(result.shape.size(), 0);
    for (std::int64_t k = 0; k < *cells; ++k) {
        const double value = arithmetic(sign, cell_at(left, index), cell_at(right, index));
        if (!holds(*type, value)) return {};  // it would wrap around, be cut or rounded
        result.data->push_back(value);
        for (std::size_t i = index.size(); i-- > 0;) {
            if (++index[i] < result.shape[i]) break;
            index[i] = 0;
        }
    }
    return result;
}

// [1, 2] + [3] and [1, 2] * 3
std::optional<ToldArray> of_lists(std::string_view sign, const ToldArray& left, const ToldArray& right) {
    if (sign == "*" && (is_scalar(left) || is_scalar(right))) {
        const ToldArray& list = is_scalar(left) ? right : left;
        const ToldArray& times = is_scalar(left) ? left : right;
        if (times.type != CellType::whole || !times.data) return {};
        const auto count = static_cast<std::int64_t>(std::max(times.data->front(), 0.0));
        const auto cells = cells_of(list.shape);
        if (!cells || count > kMaxToldCells || *cells * count > kMaxToldCells) return {};
        ToldArray result = list;
        result.shape[0] *= count;
        if (!list.data) return result;
        result.data->clear();
        for (std::int64_t i = 0; i < count; ++i)
            result.data->insert(result.data->end(), list.data->begin(), list.data->end());
        return result;
    }
    const bool rows = sign == "+" && !is_scalar(left) && left.shape.size() == right.shape.size() &&
                      std::equal(left.shape.begin() + 1, left.shape.end(), right.shape.begin() + 1);
    if (!rows || !left.data || !right.data) return {};
    if (static_cast<std::int64_t>(left.data->size() + right.data->size()) > kMaxToldCells) return {};
    ToldArray result = left;
    result.type = wider(left.type, right.type);
    result.shape[0] += right.shape[0];
    result.data->insert(result.data->end(), right.data->begin(), right.data->end());
    return result;
}

constexpr double kMostPower = 20;

std::optional<ToldArray> matrix_power(const ToldArray& matrix, const ToldArray& exponent) {
    if (!is_scalar(exponent) || !exponent.data || matrix.type != CellType::real) return {};
    const double times = exponent.data->front();
    const bool square = matrix.shape.size() == 2 && matrix.shape[0] == matrix.shape[1];
    if (!square || !(times >= 1 && times <= kMostPower) || times != std::floor(times)) return {};
    std::optional<ToldArray> result = matrix;
    for (int i = 1; result && i < static_cast<int>(times); ++i) result = matrix_product(*result, matrix);
    return result;
}

std::optional<ToldArray> in_matlab(std::string_view sign, const ToldArray& left, const ToldArray& right) {
    const bool scalars = is_scalar(left) || is_scalar(right);
    if (sign == "*" && !scalars) return matrix_product(as_matrix(left), as_matrix(right));
    if (sign == "/" && !is_scalar(right)) return {};  // solves a system
    if (sign == "^" && !(is_scalar(left) && is_scalar(right))) return matrix_power(as_matrix(left), right);
    if (scalars) return cell_by_cell(sign, left, right, Manner::matlab);
    return cell_by_cell(sign, as_matrix(left), as_matrix(right), Manner::matlab);
}

}  // namespace

std::optional<CellType> cell_type(std::string_view word) {
    struct Name {
        std::string_view words;
        CellType type;
    };
    // no words: names of types
    static constexpr std::array kNames{
        Name{"float float32 float64 double single float_ FloatTensor DoubleTensor", CellType::real},
        Name{"float16 half", CellType::half},
        Name{"bfloat16", CellType::brain},
        Name{"int64 long longlong int_ intp", CellType::whole},
        Name{"int32 intc", CellType::int32},
        Name{"int16 short", CellType::int16},
        Name{"int8", CellType::int8},
        Name{"uint32", CellType::uint32},
        Name{"uint16", CellType::uint16},
        Name{"uint8 ubyte", CellType::uint8},
        Name{"bool bool_ logical", CellType::truth},
    };
    const std::string_view last = last_part(word);
    if (last == "int") return first_parts(word) == "torch" ? CellType::int32 : CellType::whole;
    const auto* const found =
        std::ranges::find_if(kNames, [&](const Name& name) { return is_one_of(last, name.words); });
    return found == kNames.end() ? std::nullopt : std::optional(found->type);
}

bool is_whole_type(CellType type) {
    return type != CellType::real && type != CellType::half && type != CellType::brain && type != CellType::truth;
}

ToldArray converted(ToldArray array, CellType type, Manner manner) {
    array.type = type;
    array.is_list = false;
    if (!array.data) return array;
    for (double& cell : *array.data) {
        const auto value = manner == Manner::matlab ? in_matlab(cell, type) : in_python(cell, type);
        if (!value) {
            array.data.reset();
            return array;
        }
        cell = *value;
    }
    return array;
}

std::optional<ToldArray> operated(std::string_view sign, const ToldArray& left, const ToldArray& right, Manner manner) {
    if (manner == Manner::matlab) {
        auto result = in_matlab(sign, left, right);
        return result && !is_scalar(*result) ? std::optional(as_row(std::move(*result))) : result;
    }
    const bool lists = is_python_list(left) || is_python_list(right);
    if (lists && left.is_list && right.is_list) return of_lists(sign, left, right);
    return cell_by_cell(sign, left, right, manner);
}

std::optional<ToldArray> negated(ToldArray array, Manner manner) {
    if (is_python_list(array)) return {};
    if (array.type == CellType::truth) {
        if (manner == Manner::python && !array.is_list) return {};
        array.type = manner == Manner::matlab ? CellType::real : CellType::whole;
    }
    if (!array.data) return array;
    for (double& cell : *array.data) {
        cell = -cell;
        if (!holds(array.type, cell)) return {};
    }
    return array;
}

std::optional<ToldArray> matrix_product(const ToldArray& left, const ToldArray& right) {
    if (left.shape.size() != 2 || right.shape.size() != 2 || left.shape[1] != right.shape[0]) return {};
    if (left.type != CellType::real || right.type != CellType::real) return {};
    const std::int64_t rows = left.shape[0];
    const std::int64_t inner = left.shape[1];
    const std::int64_t columns = right.shape[1];
    ToldArray result{{rows, columns}, {}};
    constexpr std::int64_t kMostProducts = std::int64_t{1} << 20;
    const auto cells = cells_of({rows, columns, std::max<std::int64_t>(inner, 1)});
    if (!left.data || !right.data || !cells || *cells > kMostProducts) return result;
    result.data.emplace();
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) {
            double sum = 0;
            for (std::int64_t k = 0; k < inner; ++k)
                sum += (*left.data)[static_cast<std::size_t>(i * inner + k)] *
                       (*right.data)[static_cast<std::size_t>(k * columns + j)];
            result.data->push_back(sum);
        }
    return result;
}

std::optional<std::int64_t> cells_of(const std::vector<std::int64_t>& shape) {
    std::int64_t cells = 1;
    if (std::ranges::count(shape, 0) > 0) return 0;
    for (const std::int64_t length : shape) {
        if (length > kMaxToldCells / cells) return {};
        cells *= length;
    }
    return cells;
}

ToldArray as_matrix(ToldArray array) {
    while (array.shape.size() < 2) array.shape.insert(array.shape.begin(), 1);
    return array;
}

ToldArray as_row(ToldArray array) {
    if (array.shape.size() == 2 && array.shape[0] == 1) array.shape.erase(array.shape.begin());
    return array;
}

}  // namespace convlens::pasted
