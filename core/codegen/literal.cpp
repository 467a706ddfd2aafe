#include "core/codegen/literal.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace convlens {

namespace {

std::string finite_number(double value) {
    // Python reads -0 as the integer 0, which has no sign.
    if (value == 0 && std::signbit(value)) return "-0.0";
    return fmt::format("{}", value);
}

template <typename Value>
std::string joined(std::span<const Value> values, const char* between, std::string (*text)(double)) {
    std::string line = "[";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) line += between;
        line += text(static_cast<double>(values[i]));
    }
    return line + "]";
}

std::string nested(std::span<const double> values, std::span<const std::int64_t> lengths, std::size_t indent) {
    if (lengths.size() == 1) return joined(values, ", ", python_number);
    const std::size_t part = values.size() / static_cast<std::size_t>(lengths[0]);
    // A row follows on the next line; planes and what is above them stand apart by an empty line.
    const std::string between = std::string(",\n") + (lengths.size() > 2 ? "\n" : "") + std::string(indent + 1, ' ');
    std::string text = "[";
    for (std::int64_t i = 0; i < lengths[0]; ++i) {
        if (i > 0) text += between;
        text += nested(values.subspan(static_cast<std::size_t>(i) * part, part), lengths.subspan(1), indent + 1);
    }
    return text + "]";
}

}  // namespace

std::string python_number(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    return finite_number(value);
}

std::string matlab_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Inf" : "Inf";
    return finite_number(value);
}

bool all_finite(View<double> values) {
    return !values.data || std::ranges::all_of(values.span(), [](double value) { return std::isfinite(value); });
}

std::string nested_list(View<double> values, int axes, std::size_t indent) {
    const std::array lengths{values.shape.n, values.shape.c, values.shape.h, values.shape.w};
    return nested(values.span(), std::span(lengths).last(static_cast<std::size_t>(axes)), indent);
}

std::string python_list(std::span<const std::int64_t> values) { return fmt::format("[{}]", fmt::join(values, ", ")); }
std::string python_list(std::span<const double> values) { return joined(values, ", ", python_number); }

std::string pair(Size2 value) { return fmt::format("({}, {})", value.h, value.w); }

std::string matlab_matrix(View<double> values, std::int64_t n, std::int64_t c, std::size_t indent) {
    std::string text = "[";
    for (std::int64_t y = 0; y < values.shape.h; ++y) {
        if (y > 0) text += '\n' + std::string(indent + 1, ' ');
        for (std::int64_t x = 0; x < values.shape.w; ++x) {
            if (x > 0) text += ' ';
            text += matlab_number(values.at(n, c, y, x));
        }
    }
    return text + "]";
}

std::string matlab_row(std::span<const std::int64_t> values) { return fmt::format("[{}]", fmt::join(values, " ")); }

}  // namespace convlens
