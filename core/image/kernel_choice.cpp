#include "core/image/kernel_choice.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/image/peer_kernel.h"
#include "core/text/number.h"

namespace convlens {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr const char* kCustom = "custom";

const KernelFamily* find_family(std::string_view name) {
    const auto& families = kernel_families();
    const auto found = std::ranges::find(families, name, &KernelFamily::name);
    return found == families.end() ? nullptr : &*found;
}

std::vector<KernelSetting> settings_of(const KernelChoice& choice) {
    std::vector<KernelSetting> settings;
    for (std::size_t i = 0; i < choice.values.size(); ++i)
        settings.push_back({std::string(choice.family->parameters[i].name), choice.values[i]});
    return settings;
}

// Puts "k=v" into the choice; false where that is no setting of the family.
bool read_setting(std::string_view text, KernelChoice& choice) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    const auto& parameters = choice.family->parameters;
    const auto found = std::ranges::find(parameters, text.substr(0, equals), &KernelParameter::name);
    if (found == parameters.end()) return false;
    const std::string_view number = text.substr(equals + 1);
    double& value = choice.values[static_cast<std::size_t>(found - parameters.begin())];
    return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{};
}

}  // namespace

std::optional<KernelChoice> kernel_choice(const FilterStep& step) {
    std::string_view rest = step.name;
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    KernelChoice choice{find_family(rest.substr(0, colon)), {}};
    if (choice.family == nullptr) return std::nullopt;
    for (const KernelParameter& parameter : choice.family->parameters) choice.values.push_back(parameter.fallback);
    rest.remove_prefix(std::min(colon + 1, rest.size()));
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (!read_setting(rest.substr(0, comma), choice)) return std::nullopt;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    try {
        Kernel kernel = make_kernel(choice.family->name, settings_of(choice));
        kernel.offset = step.kernel.offset;
        if (kernel != step.kernel) return std::nullopt;
    } catch (const KernelError&) {
        return std::nullopt;
    }
    return choice;
}

std::optional<double> automatic_value(const KernelChoice& choice, std::size_t parameter, const Kernel& kernel) {
    const KernelParameter& of = choice.family->parameters[parameter];
    if (choice.values[parameter] != 0 || of.least != 0) return std::nullopt;
    if (of.name == "size") return static_cast<double>(kernel.rows);
    if (of.name == "sigma" && opencv_gaussian_table(kernel.rows).empty()) return opencv_default_sigma(kernel.rows);
    return std::nullopt;
}

Message automatic_text(const KernelChoice& choice, std::size_t parameter, const Kernel& kernel) {
    const KernelParameter& of = choice.family->parameters[parameter];
    if (const auto value = automatic_value(choice, parameter, kernel))
        return msg("automatic: {value}", "value"_is(short_number(*value)));
    const bool table = of.name == "sigma" && choice.values[parameter] == 0 && of.least == 0;
    return table ? msg("automatic: OpenCV's table") : Message();
}

std::string to_name(const KernelChoice& choice) {
    std::string text(choice.family->name);
    char mark = ':';
    for (std::size_t i = 0; i < choice.values.size(); ++i) {
        const KernelParameter& parameter = choice.family->parameters[i];
        if (choice.values[i] == parameter.fallback) continue;
        text += fmt::format("{}{}={}", mark, parameter.name, choice.values[i]);
        mark = ',';
    }
    return text;
}

FilterStep with_choice(FilterStep step, const KernelChoice& choice, bool keep_offset) {
    const double offset = step.kernel.offset;
    step.name = to_name(choice);
    step.kernel = make_kernel(choice.family->name, settings_of(choice));
    if (keep_offset) step.kernel.offset = offset;
    return step;
}

FilterStep with_size(FilterStep step, std::int64_t rows, std::int64_t cols) {
    Kernel kernel = step.kernel;
    kernel.rows = rows;
    kernel.cols = cols;
    kernel.weights.assign(static_cast<std::size_t>(rows * cols), 0);
    for (std::int64_t row = 0; row < std::min(rows, step.kernel.rows); ++row)
        for (std::int64_t col = 0; col < std::min(cols, step.kernel.cols); ++col)
            kernel.weights[static_cast<std::size_t>(row * cols + col)] = step.kernel.at(row, col);
    return with_kernel(std::move(step), kernel);
}

FilterStep with_kernel(FilterStep step, const Kernel& kernel) {
    if (step.kernel == kernel) return step;
    step.kernel = kernel;
    step.name = kCustom;
    return step;
}

Message step_title(const FilterStep& step) {
    const auto choice = kernel_choice(step);
    return choice ? choice->family->title : key("Custom");
}

std::vector<std::string> weight_texts(const std::vector<double>& weights, bool compact) {
    double peak = 0;
    for (const double weight : weights) peak = std::max(peak, std::abs(weight));
    constexpr double kMostDecimals = 9;
    const double digits = peak > 0 ? 2 - std::floor(std::log10(peak)) : 0;
    const int decimals = static_cast<int>(std::clamp(digits, 0.0, kMostDecimals));
    std::vector<std::string> texts;
    for (const double weight : weights) {
        const std::string whole = short_number(weight), even = fmt::format("{:.{}f}", std::abs(weight), decimals);
        const bool hidden = weight != 0 && even.find_first_not_of("0.") == std::string::npos;
        const std::string brief = hidden ? short_number(weight, 1) : weight < 0 ? std::string(kMinus) + even : even;
        texts.push_back(compact && brief.size() < whole.size() ? brief : whole);
    }
    return texts;
}

std::string size_text(const Kernel& kernel) { return fmt::format("{}×{}", kernel.rows, kernel.cols); }

}  // namespace convlens
