#include "app/cli/options.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "app/cli/command.h"

namespace convlens {

namespace {

template <typename T>
Option add(CLI::App& app, const std::string& names, T& to, const std::string& about) {
    return Option(app.add_option(names, to, about)->type_name(""));
}

// The number that an option is given as text. Throws WrongUse in the words of our other options.
template <typename T>
T number_in(const CLI::Option& option, const std::string& text) {
    std::string_view digits = text;
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    T value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range && end == digits.data() + digits.size())
        throw WrongUse(fmt::format("{} {}: the number is too large", option.get_name(), text));
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw WrongUse(
            fmt::format("{} {}: it takes a {}number", option.get_name(), text, std::is_integral_v<T> ? "whole " : ""));
    return value;
}

template <typename T, typename To>
Option add_number(CLI::App& app, const std::string& names, To& to, const std::string& about) {
    auto option = std::make_shared<CLI::Option*>(nullptr);
    const auto take = [option, &to](const std::string& text) { to = number_in<T>(**option, text); };
    *option = app.add_option_function<std::string>(names, take, about)->type_name("");
    return Option(*option);
}

}  // namespace

Option& Option::required() {
    option_->required();
    return *this;
}

Option& Option::value_name(const std::string& name) {
    option_->type_name(name);
    return *this;
}

Option& Option::one_of(const std::vector<std::string>& values) {
    // A description is not needed: --help says so in its own words.
    option_->check(CLI::Validator(
        [option = option_, values](const std::string& text) {
            if (std::ranges::find(values, text) != values.end()) return std::string();
            const std::vector<std::string_view> known(values.begin(), values.end());
            const std::string_view meant = nearest(text, known);
            throw WrongUse(fmt::format("{} {}: {}it takes one of {}", option->get_name(), text,
                                       meant.empty() ? "" : fmt::format("did you mean {}? ", meant),
                                       fmt::join(values, ", ")));
        },
        ""));
    return *this;
}

Option& Option::one_of(std::span<const std::string_view> values) {
    return one_of(std::vector<std::string>(values.begin(), values.end()));
}

Option& Option::one_value() {
    option_->allow_extra_args(false);
    // --help marks an option of several values with "...", which reads as if they could follow each other.
    option_->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
}

Option OptionList::value(const std::string& names, std::string& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::vector<std::string>& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, int& to, const std::string& about) {
    return add_number<int>(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::int64_t& to, const std::string& about) {
    return add_number<std::int64_t>(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, double& to, const std::string& about) {
    return add_number<double>(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::optional<double>& to, const std::string& about) {
    return add_number<double>(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::optional<std::int64_t>& to, const std::string& about) {
    return add_number<std::int64_t>(*app_, names, to, about);
}
void OptionList::flag(const std::string& names, bool& to, const std::string& about) {
    app_->add_flag(names, to, about);
}

}  // namespace convlens
