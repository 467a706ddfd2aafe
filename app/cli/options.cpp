#include "app/cli/options.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <type_traits>
#include <utility>

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
    const auto name = "option"_is(option.get_name());
    const auto given = "value"_is(text);
    T value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range && end == digits.data() + digits.size())
        throw WrongUse(msg("{option} {value}: the number is too large", name, given));
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw WrongUse(std::is_integral_v<T> ? msg("{option} must be a whole number; it is {value}", name, given)
                                             : msg("{option} must be a number; it is {value}", name, given));
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

Message not_one_of(std::string_view option, std::string_view value, std::span<const std::string_view> known) {
    Message wrong = msg("{option} must be one of {values}; it is {value}", "option"_is(option),
                        "values"_is(fmt::format("{}", fmt::join(known, ", "))), "value"_is(value));
    const std::string_view meant = nearest(value, known);
    if (meant.empty()) return wrong;
    return msg("{wrong}. Did you mean {meant}?", "wrong"_is(std::move(wrong)), "meant"_is(meant));
}

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
            throw WrongUse(not_one_of(option->get_name(), text, known));
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

Option OptionList::value(const std::string& names, std::string& to, const Message& about) {
    return add(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, std::vector<std::string>& to, const Message& about) {
    return add(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, int& to, const Message& about) {
    return add_number<int>(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, std::int64_t& to, const Message& about) {
    return add_number<std::int64_t>(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, double& to, const Message& about) {
    return add_number<double>(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, std::optional<double>& to, const Message& about) {
    return add_number<double>(*app_, names, to, in(lang_, about));
}
Option OptionList::value(const std::string& names, std::optional<std::int64_t>& to, const Message& about) {
    return add_number<std::int64_t>(*app_, names, to, in(lang_, about));
}
void OptionList::flag(const std::string& names, bool& to, const Message& about) {
    app_->add_flag(names, to, in(lang_, about));
}

}  // namespace convlens
