// A command of the command line, and what the files of app/cli share.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
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
    std::string_view about;
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

// The input cannot be worked with: exit code 1.
class RefusedInput : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The command line cannot be understood: exit code 2.
class WrongUse : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One JSON object a line.
void print_json(std::ostream& out, const Json& json);

// Of `known`, the one that `word` most likely means; "" when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace convlens
