// A command of the command line, and what the files of app/cli share.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"

namespace convlens {

// JSON whose keys stay in the order in which they are written.
using Json = nlohmann::ordered_json;

using Run = std::function<int(Console)>;

struct Command {
    std::string_view name;
    Key about;
    // Declares the command's options and returns what is to run once they are read.
    Run (*declare)(OptionList list);
};

// All commands, in the order of --help. One file each.
std::span<const Command> commands();
Run declare_shape(OptionList list);
Run declare_compute(OptionList list);
Run declare_filter(OptionList list);
Run declare_render(OptionList list);
Run declare_presets(OptionList list);
Run declare_code(OptionList list);
Run declare_import(OptionList list);
Run declare_info(OptionList list);
Run declare_bench(OptionList list);

// Why a command does not do what it was asked for; what() is the English.
class CommandError : public std::runtime_error {
public:
    explicit CommandError(Message reason) : std::runtime_error(english(reason)), words_(std::move(reason)) {}
    const Message& words() const { return words_; }

private:
    Message words_;
};

// The input cannot be worked with: exit code 1.
class RefusedInput : public CommandError {
public:
    using CommandError::CommandError;
};

// The command line cannot be understood: exit code 2.
class WrongUse : public CommandError {
public:
    using CommandError::CommandError;
};

// What an error says, in any language, as what() says it in English.
Message words_of(const std::exception& error);
// The same in English as JSON has it: short and fit to print, whatever the names and files in it hold.
std::string error_text(const Message& words);

// One JSON object a line.
void print_json(std::ostream& out, const Json& json);

// Of `known`, the one that `word` most likely means; "" when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace convlens
