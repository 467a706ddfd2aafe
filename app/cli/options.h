// The options of a command: CLI11's, behind a few plain functions, because whoever sees its templates compiles for long.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace convlens {

// An option just declared, to say more about it.
class Option {
public:
    explicit Option(CLI::Option* option) : option_(option) {}

    Option& required();
    Option& value_name(const std::string& name);  // what --help calls the value: "N,C,H,W"; nothing if not said
    // Other values are refused.
    Option& one_of(const std::vector<std::string>& values);
    Option& one_of(std::span<const std::string_view> values);
    Option& one_value();  // each time it is given; what comes behind is not this option's

private:
    CLI::Option* option_;
};

// Declares options. `names` is "--kernel", "-o,--output", or in capitals a word for what is given without a name; `to`
// has the default and must live until the command line is read; `about` is for --help.
class OptionList {
public:
    explicit OptionList(CLI::App& app) : app_(&app) {}

    Option value(const std::string& names, std::string& to, const std::string& about);
    Option value(const std::string& names, std::vector<std::string>& to, const std::string& about);
    Option value(const std::string& names, int& to, const std::string& about);
    Option value(const std::string& names, std::int64_t& to, const std::string& about);
    Option value(const std::string& names, double& to, const std::string& about);
    Option value(const std::string& names, std::optional<double>& to, const std::string& about);
    Option value(const std::string& names, std::optional<std::int64_t>& to, const std::string& about);
    void flag(const std::string& names, bool& to, const std::string& about);

private:
    CLI::App* app_;
};

}  // namespace convlens
