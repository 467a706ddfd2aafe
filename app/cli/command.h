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

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"

namespace convlens {

// JSON whose keys stay in the order in which they are written.
using Json = nlohmann::ordered_json;

using Run = std::function<int(Console)>;

struct Command {
    std::string_view name;
    std::string_view about;
    // Declares the command's options and returns what is to run once they are read.
    Run (*declare)(CLI::App& app);
};

// All commands, in the order of --help. One file each.
std::span<const Command> commands();
Run declare_shape(CLI::App& app);
Run declare_compute(CLI::App& app);
Run declare_filter(CLI::App& app);
Run declare_render(CLI::App& app);
Run declare_presets(CLI::App& app);
Run declare_code(CLI::App& app);
Run declare_import(CLI::App& app);
Run declare_info(CLI::App& app);
Run declare_bench(CLI::App& app);

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

// An option's value must be one of these; --help says so in its own words.
CLI::Validator one_of(std::vector<std::string> values);

// The end of a file's name in lower case: ".png".
std::string ending_of(const std::filesystem::path& path);

// One JSON object a line.
void print_json(std::ostream& out, const Json& json);

// Of `known`, the one that `word` most likely means; "" when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace convlens
