// The options of a command: CLI11's, behind a few plain functions, because whoever sees its templates compiles for long.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/words/words.h"
#include "core/text/message.h"

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

// What is said of a value that is none of those that an option has.
Message not_one_of(std::string_view option, std::string_view value, std::span<const std::string_view> known);

// Declares options. `names` is "--kernel", "-o,--output", or in capitals a word for what is given without a name; `to`
// has the default and must live until the command line is read; `about` is for --help.
class OptionList {
public:
    OptionList(CLI::App& app, Lang lang) : app_(&app), lang_(lang) {}

    Option value(const std::string& names, std::string& to, const Message& about);
    Option value(const std::string& names, std::vector<std::string>& to, const Message& about);
    Option value(const std::string& names, int& to, const Message& about);
    Option value(const std::string& names, std::int64_t& to, const Message& about);
    Option value(const std::string& names, double& to, const Message& about);
    Option value(const std::string& names, std::optional<double>& to, const Message& about);
    Option value(const std::string& names, std::optional<std::int64_t>& to, const Message& about);
    void flag(const std::string& names, bool& to, const Message& about);

private:
    CLI::App* app_;
    Lang lang_;  // of --help
};

}  // namespace convlens
