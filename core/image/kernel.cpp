// The named kernel families, and what can be said of any kernel.
#include "core/image/kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/base/same_bits.h"
#include "core/image/brightness.h"
#include "core/image/peer_kernel.h"
#include "core/text/ascii.h"
#include "core/text/edit_distance.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

// Values of a family's parameters, in the order of its table entry.
using Values = std::vector<double>;

Kernel matrix(std::int64_t rows, std::int64_t cols, std::vector<double> weights, double divisor = 1) {
    return {rows, cols, std::move(weights), divisor, 0};
}

Kernel transposed(const Kernel& kernel) {
    Kernel result = kernel;
    std::swap(result.rows, result.cols);
    for (std::int64_t row = 0; row < result.rows; ++row)
        for (std::int64_t col = 0; col < result.cols; ++col)
            result.weights[static_cast<std::size_t>(row * result.cols + col)] = kernel.at(col, row);
    return result;
}

// A derivative along x: `smooth` down the column times -1 0 1 (cv::getDerivKernels).
Kernel derivative_x(double corner, double middle) {
    return matrix(3, 3, {-corner, 0, corner, -middle, 0, middle, -corner, 0, corner});
}

// cv::getGaussianKernel: sigma 0 means 0.3*((size-1)*0.5 - 1) + 0.8, with fixed tables up to size 9.
std::vector<double> gaussian_line(std::int64_t size, double sigma) {
    if (sigma <= 0) {
        if (std::vector<double> table = opencv_gaussian_table(size); !table.empty()) return table;
        sigma = opencv_default_sigma(size);
    }
    const double middle = size % 2 == 0 ? 0.5 : 0;  // how far the nearest weights are from it
    std::vector<double> line(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < line.size(); ++i) {
        const double x = static_cast<double>(i) - static_cast<double>(size - 1) * 0.5;
        // Relative to the middle, which is 1 whatever sigma is: a tiny sigma gives an impulse, not 0/0.
        const double further = x * x - middle * middle;
        line[i] = further == 0 ? 1 : std::exp(-further / (2 * sigma * sigma));
    }
    const double sum = std::accumulate(line.begin(), line.end(), 0.0);
    for (double& value : line) value /= sum;
    return line;
}

// All digits of a number, as it is typed.
std::string digits(double value) { return fmt::format("{}", value); }

// As cv::GaussianBlur has it for bytes: round(6 sigma + 1) made odd; 5 when sigma is 0, too.
std::int64_t automatic_size(double sigma) {
    if (sigma <= 0) return 5;
    const std::int64_t size = std::llrint(6 * sigma + 1) | 1;
    if (size <= kMaxKernelSide) return size;
    constexpr std::int64_t kMostSigma = (kMaxKernelSide - 1) / 6;
    throw KernelError(
        msg("sigma must be at most {most} while the size is automatic; it is {sigma}, which needs {rows} rows, and a "
            "kernel has at most {limit}. Use a smaller sigma, or set a size.",
            "most"_is(kMostSigma), "sigma"_is(digits(sigma)), "rows"_is(size), "limit"_is(kMaxKernelSide)));
}

Kernel gaussian(double sigma, double wanted_size) {
    const auto size = wanted_size == 0 ? automatic_size(sigma) : static_cast<std::int64_t>(wanted_size);
    const std::vector<double> line = gaussian_line(size, sigma);
    Kernel kernel = matrix(size, size, {});
    kernel.weights.reserve(line.size() * line.size());
    for (const double row : line)
        for (const double col : line) kernel.weights.push_back(row * col);
    return kernel;
}

// The image plus `amount` times what a Gaussian blur takes away.
Kernel unsharp(double amount, double sigma, double size) {
    Kernel kernel = gaussian(sigma, size);
    for (double& weight : kernel.weights) weight *= -amount;
    kernel.weights[static_cast<std::size_t>(kernel.rows / 2 * kernel.cols + kernel.cols / 2)] += 1 + amount;
    return kernel;
}

Kernel box(double size) {
    const auto side = static_cast<std::int64_t>(size);
    return matrix(side, side, std::vector<double>(static_cast<std::size_t>(side * side), 1.0), size * size);
}

Kernel sharpen(double a) { return matrix(3, 3, {0, -a, 0, -a, 1 + 4 * a, -a, 0, -a, 0}); }

Kernel laplacian(bool diagonals) {
    return diagonals ? matrix(3, 3, {1, 1, 1, 1, -8, 1, 1, 1, 1}) : matrix(3, 3, {0, 1, 0, 1, -4, 1, 0, 1, 0});
}

struct Maker {
    KernelFamily family;
    Kernel (*make)(const Values& values);
};

const std::vector<Maker>& makers() {
    static const KernelParameter size{"size", 3, 1, kMaxKernelSide, true};
    static const KernelParameter gaussian_size{"size", 0, 0, kMaxKernelSide, true};  // 0: from sigma
    static const KernelParameter sigma{"sigma", 0, 0, kMaxKernelSide, false};        // 0: from size
    static const KernelParameter amount{"amount", 1, 0, 100, false};
    static const std::vector<Maker> table = {
        {{"identity", key("Identity"), key("Leaves the image as it is."), {}},
         [](const Values&) { return matrix(1, 1, {1}); }},
        {{"box", key("Box blur"), key("Replaces each pixel by the mean of its neighbourhood."), {size}},
         [](const Values& v) { return box(v[0]); }},
        {{"gaussian",
          key("Gaussian blur"),
          key("Blurs softly: near pixels count more than far ones."),
          {sigma, gaussian_size}},
         [](const Values& v) { return gaussian(v[0], v[1]); }},
        {{"sharpen", key("Sharpen"), key("Makes each pixel differ more from its four neighbours."), {amount}},
         [](const Values& v) { return sharpen(v[0]); }},
        {{"unsharp",
          key("Unsharp mask"),
          key("Sharpens by adding what a Gaussian blur takes away."),
          {amount, sigma, gaussian_size}},
         [](const Values& v) { return unsharp(v[0], v[1], v[2]); }},
        {{"sobel_x", key("Sobel, x"), key("Shows vertical edges: brighter to the right is positive."), {}},
         [](const Values&) { return derivative_x(1, 2); }},
        {{"sobel_y", key("Sobel, y"), key("Shows horizontal edges: brighter below is positive."), {}},
         [](const Values&) { return transposed(derivative_x(1, 2)); }},
        {{"scharr_x", key("Scharr, x"), key("Vertical edges, with more accurate direction than Sobel."), {}},
         [](const Values&) { return derivative_x(3, 10); }},
        {{"scharr_y", key("Scharr, y"), key("Horizontal edges, with more accurate direction than Sobel."), {}},
         [](const Values&) { return transposed(derivative_x(3, 10)); }},
        {{"prewitt_x", key("Prewitt, x"), key("Shows vertical edges with equal weights."), {}},
         [](const Values&) { return derivative_x(1, 1); }},
        {{"prewitt_y", key("Prewitt, y"), key("Shows horizontal edges with equal weights."), {}},
         [](const Values&) { return transposed(derivative_x(1, 1)); }},
        {{"laplacian",
          key("Laplacian"),
          key("Second derivative: responds to edges and fine detail in all directions."),
          {{"diagonals", 0, 0, 1, true}}},
         [](const Values& v) { return laplacian(v[0] != 0); }},
        {{"emboss", key("Emboss"), key("Makes the image look pressed out of metal, lit from the top left."), {}},
         [](const Values&) {
             return matrix(3, 3, {-2, -1, 0, -1, 1, 1, 0, 1, 2});
         }},
    };
    return table;
}

std::string normal_name(std::string_view name) {
    std::string result = lower(name);
    std::ranges::replace(result, '-', '_');
    return result;
}

constexpr std::size_t kMostNameShown = 60;  // characters of a word that is no name

[[noreturn]] void refuse_name(std::string_view name) {
    std::string all;
    std::string_view nearest;
    std::size_t least = 3;  // further off than two letters is no slip of the finger
    for (const Maker& maker : makers()) {
        all += all.empty() ? "" : ", ";
        all += maker.family.name;
        const bool begins = name.size() >= 3 && maker.family.name.starts_with(name);
        const std::size_t distance = begins ? 1 : edit_distance(name.substr(0, kMostNameShown), maker.family.name);
        if (distance < least) {
            least = distance;
            nearest = maker.family.name;
        }
    }
    const auto given = "name"_is(printable(name, kMostNameShown));
    const auto names = "names"_is(all);
    if (nearest.empty())
        throw KernelError(
            msg("no kernel is called \"{name}\". There are: {names}; or type its rows, such as \"0 -1 0; -1 5 -1; 0 -1 "
                "0\"",
                given, names));
    throw KernelError(
        msg("no kernel is called \"{name}\". Did you mean \"{nearest}\"? There are: {names}; or type its rows, such as "
            "\"0 -1 0; -1 5 -1; 0 -1 0\"",
            given, "nearest"_is(nearest), names));
}

std::size_t parameter_index(const KernelFamily& family, std::string_view name) {
    std::string all;
    for (std::size_t i = 0; i < family.parameters.size(); ++i) {
        if (family.parameters[i].name == name) return i;
        all += (i == 0 ? "" : ", ") + std::string(family.parameters[i].name);
    }
    const auto kernel = "kernel"_is(family.name);
    const auto given = "parameter"_is(printable(name, kMostNameShown));
    if (family.parameters.empty())
        throw KernelError(msg("\"{kernel}\" takes no parameters: leave out \"{parameter}\"", kernel, given));
    throw KernelError(
        msg("\"{kernel}\" has no parameter \"{parameter}\"; it has: {names}", kernel, given, "names"_is(all)));
}

double checked(const KernelFamily& family, const KernelParameter& parameter, double value) {
    const auto kernel = "kernel"_is(family.name);
    const auto name = "parameter"_is(parameter.name);
    const auto given = "value"_is(digits(value));
    if (!(value >= parameter.least && value <= parameter.most)) {
        const auto least = "least"_is(digits(parameter.least));
        const auto most = "most"_is(digits(parameter.most));
        if (parameter.most == kMaxKernelSide && value > parameter.most)
            throw KernelError(
                msg("\"{kernel}\": {parameter} must be from {least} to {most}, not {value}: no kernel has more rows or "
                    "columns",
                    kernel, name, least, most, given));
        throw KernelError(msg("\"{kernel}\": {parameter} must be from {least} to {most}, not {value}", kernel, name,
                              least, most, given));
    }
    if (parameter.integer && value != std::floor(value))
        throw KernelError(msg("\"{kernel}\": {parameter} must be a whole number, such as {near}, not {value}", kernel,
                              name, "near"_is(digits(std::floor(value))), given));
    return value;
}

}  // namespace

bool operator==(const Kernel& a, const Kernel& b) {
    const auto values = [](const Kernel& kernel) {
        const auto& [rows, cols, weights, divisor, offset] =
            kernel;  // a new field does not compile until it is compared
        return std::make_tuple(rows, cols, std::bit_cast<std::uint64_t>(divisor), std::bit_cast<std::uint64_t>(offset));
    };
    return values(a) == values(b) && std::ranges::equal(a.weights, b.weights, same_bits);
}

double Kernel::weight_sum() const { return std::accumulate(weights.begin(), weights.end(), 0.0); }

const std::vector<KernelFamily>& kernel_families() {
    static const std::vector<KernelFamily> families = [] {
        std::vector<KernelFamily> list;
        for (const Maker& maker : makers()) list.push_back(maker.family);
        return list;
    }();
    return families;
}

Kernel make_kernel(std::string_view family, const std::vector<KernelSetting>& settings) {
    const std::string name = normal_name(family);
    const auto maker =
        std::find_if(makers().begin(), makers().end(), [&](const Maker& m) { return m.family.name == name; });
    if (maker == makers().end()) refuse_name(name);
    Values values;
    for (const KernelParameter& parameter : maker->family.parameters) values.push_back(parameter.fallback);
    std::vector<bool> given(values.size());
    for (const KernelSetting& setting : settings) {
        const std::size_t index = parameter_index(maker->family, normal_name(setting.name));
        if (given[index])
            throw KernelError(msg("\"{kernel}\": {parameter} is given twice; leave one out",
                                  "kernel"_is(maker->family.name),
                                  "parameter"_is(maker->family.parameters[index].name)));
        given[index] = true;
        values[index] = checked(maker->family, maker->family.parameters[index], setting.value);
    }
    Kernel kernel = maker->make(values);
    if (const auto reason = not_finite(kernel)) throw KernelError(*reason);
    return kernel;
}

// Sums this near to zero, relative to the weights, are rounding, such as weights of 1/9 leave over: 0.1 + 0.2 - 0.3.
bool adds_up_to_zero(const Kernel& kernel) {
    double size = 0;
    for (const double weight : kernel.weights) size += std::abs(weight);
    return std::abs(kernel.weight_sum()) <= 1e-12 * size;
}

Kernel normalized(const Kernel& kernel) {
    Kernel result = kernel;
    if (adds_up_to_zero(kernel)) {
        result.divisor = 1;
        return result;
    }
    const double sum = kernel.weight_sum();
    result.divisor = std::abs(sum);
    if (sum < 0) result.offset = 1;
    return result;
}

std::optional<Message> not_finite(const Kernel& kernel) {
    constexpr double kMost = std::numeric_limits<float>::max();
    constexpr double kWords = 65535;  // the largest white that an offset is a share of
    constexpr double kLeast = std::numeric_limits<float>::min();
    const auto offset = "offset"_is(digits(kernel.offset));
    const auto divisor = "divisor"_is(digits(kernel.divisor));
    if (!std::isfinite(kernel.offset)) return msg("the offset must be a finite number; it is {offset}", offset);
    if (std::abs(kernel.offset) > kMost / kWords)
        return msg("the offset must be from -5e33 to 5e33, as far as samples go; it is {offset}", offset);
    if (!std::isfinite(kernel.divisor) || kernel.divisor == 0)
        return msg("the divisor must be a finite number other than 0; it is {divisor}", divisor);
    if (std::abs(kernel.divisor) > kMost || std::abs(kernel.divisor) < kLeast)
        return msg("the divisor must be from 1.2e-38 to 3.4e38, or the same below 0; it is {divisor}", divisor);
    for (std::size_t i = 0; i < kernel.weights.size(); ++i) {
        if (std::abs(kernel.weights[i] / kernel.divisor) <= kMost) continue;
        const auto cols = static_cast<std::size_t>(std::max<std::int64_t>(kernel.cols, 1));
        return msg(
            "each weight divided by the divisor must be a number from -3.4e38 to 3.4e38; in row {row}, column {column} "
            "{weight} divided by {divisor} is {quotient}",
            "row"_is(i / cols + 1), "column"_is(i % cols + 1), "weight"_is(digits(kernel.weights[i])), divisor,
            "quotient"_is(digits(kernel.weights[i] / kernel.divisor)));
    }
    return std::nullopt;
}

// Six digits of a number, for a sentence.
static std::string rounded(double value) { return fmt::format("{:.6g}", value); }

// Of a kernel with an offset, whose flat areas are `sum` times as bright and have the offset added.
static std::optional<BrightnessNote> brightness_with_offset(const Kernel& kernel, double sum) {
    const double grey = sum / 2 + kernel.offset;
    const bool share = std::abs(kernel.offset) <= 1;
    if (share && (sum == 1 || (grey >= 0.25 && grey <= 0.75))) return std::nullopt;
    if (share && sum == 0 && kernel.offset > 0) return std::nullopt;  // flat areas show as it says
    if (!share && grey >= 0.25 && grey <= 0.75) return std::nullopt;
    BrightnessNote note;
    const auto total = "sum"_is(rounded(sum));
    const auto offset = "offset"_is(rounded(kernel.offset));
    note.fact =
        grey >= 1
            ? msg("The weights add up to {sum}, and with an offset of {offset} mid-grey turns white.", total, offset)
        : grey <= 0
            ? msg("The weights add up to {sum}, and with an offset of {offset} mid-grey turns black.", total, offset)
            : msg("The weights add up to {sum}, and with an offset of {offset} mid-grey becomes {grey} times white.",
                  total, offset, "grey"_is(rounded(grey)));
    if (!share) {
        note.advice = msg("Offsets are fractions of white; 0.5 is mid-grey.");
        note.offset = 0.5;
    } else if (sum > 0) {
        note.advice = msg("Divisor {divisor} and no offset keep the brightness.",
                          "divisor"_is(fmt::format("{:.10g}", kernel.weight_sum())));
        note.divisor = kernel.weight_sum();
    }
    return note;
}

std::optional<BrightnessNote> brightness_of(const Kernel& kernel) {
    const double exact = kernel.sum();
    const double sum = adds_up_to_zero(kernel) ? 0 : std::abs(exact - 1) <= 1e-6 ? 1 : exact;
    if (kernel.offset != 0) return brightness_with_offset(kernel, sum);
    if (sum == 1) return std::nullopt;
    if (std::ranges::all_of(kernel.weights, [](double weight) { return weight == 0; }))
        return BrightnessNote{msg("All weights are 0: the result is black."), {}, std::nullopt, std::nullopt};
    if (sum == 0)
        return BrightnessNote{msg("The weights add up to 0: flat areas turn black and only changes show."),
                              msg("Offset 0.5 shows rises and falls around mid-grey."), std::nullopt, 0.5};
    const auto total = "sum"_is(rounded(sum));
    if (sum < 0)
        return BrightnessNote{msg("The weights add up to {sum}: flat areas turn black.", total),
                              msg("Offset 1 shows them inverted."), std::nullopt, 1};
    return BrightnessNote{
        msg("The weights add up to {sum}: flat areas become {sum} times as bright.", total),
        msg("Divisor {divisor} keeps the brightness.", "divisor"_is(fmt::format("{:.10g}", kernel.weight_sum()))),
        kernel.weight_sum(), std::nullopt};
}

std::optional<Message> brightness_note(const Kernel& kernel) {
    std::optional<BrightnessNote> note = brightness_of(kernel);
    if (!note) return std::nullopt;
    if (note->advice.empty()) return note->fact;
    return msg("{sentence} {next}", "sentence"_is(std::move(note->fact)), "next"_is(std::move(note->advice)));
}

}  // namespace convlens
