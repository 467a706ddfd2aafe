#include "app/cli/options.h"

#include <CLI/CLI.hpp>

namespace convlens {

namespace {

template <typename T>
Option add(CLI::App& app, const std::string& names, T& to, const std::string& about) {
    return Option(app.add_option(names, to, about)->type_name(""));
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
    option_->check(CLI::IsMember(values).description(""));  // --help says so in its own words
    return *this;
}

Option& Option::one_of(std::span<const std::string_view> values) {
    return one_of(std::vector<std::string>(values.begin(), values.end()));
}

Option& Option::one_value() {
    option_->allow_extra_args(false);
    return *this;
}

Option& Option::unlisted() {
    option_->group("");
    return *this;
}

Option OptionList::value(const std::string& names, std::string& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::vector<std::string>& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, int& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::int64_t& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, double& to, const std::string& about) {
    return add(*app_, names, to, about);
}
Option OptionList::value(const std::string& names, std::optional<double>& to, const std::string& about) {
    return add(*app_, names, to, about);
}
void OptionList::flag(const std::string& names, bool& to, const std::string& about) {
    app_->add_flag(names, to, about);
}

}  // namespace convlens
