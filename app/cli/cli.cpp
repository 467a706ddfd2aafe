#include "app/cli/cli.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <ostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/cli/command.h"
#include "app/cli/printable_stream.h"
#include "core/base/version.h"
#include "core/io/error.h"
#include "core/text/edit_distance.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr std::array kCommands{
    Command{"shape", "Print the output size, its derivation, the cost and what is never read", declare_shape},
    Command{"compute", "Compute layers given in JSON files and check the expected results", declare_compute},
    Command{"filter", "Filter images with a kernel or a chain of kernels", declare_filter},
    Command{"render", "Draw a document or preset as PNG, SVG, PDF or animated GIF", declare_render},
    Command{"code", "Print a layer as code of PyTorch, TensorFlow, Keras, JAX, ONNX, MATLAB, SciPy or OpenCV",
            declare_code},
    Command{"import", "Turn layer code of these programs into a document", declare_import},
    Command{"presets", "List the presets, kernels and sample images", declare_presets},
    Command{"info", "Print what an image, tensor or document file holds", declare_info},
    Command{"bench", "Time the engine on named workloads", declare_bench},
};

// A first word that is neither a command nor a file to open was meant to be one of the two. What is written like a file
// is one: the window opens, and says that it is not there.
void check_first(const std::string& file) {
    std::error_code error;
    if (file.find_first_of("./\\") != std::string::npos || std::filesystem::exists(file, error)) return;
    std::vector<std::string_view> names;
    names.reserve(kCommands.size());
    for (const Command& command : kCommands) names.push_back(command.name);
    const std::string_view meant = nearest(file, names);
    throw WrongUse(fmt::format("there is no command and no file \"{}\"{}", file,
                               meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
}

// What is read from one command line.
struct Parsed {
    CLI::App app{"Shows what convolutions do. Without a command the window opens."};
    WindowRequest window;
    std::vector<Run> runs;  // of kCommands
};

void declare(Parsed& parsed) {
    const std::string version = "convlens " + std::string(convlens::version());
    CLI::App& app = parsed.app;
    app.name("convlens");
    app.set_version_flag("--version", version, "Print the version and exit");
    app.add_option("FILE", parsed.window.files, "Documents, pictures or tensor files to open in the window")
        ->type_name("");
    app.add_flag("--fresh", parsed.window.fresh,
                 "Start the window as if for the first time; the last work and settings stay kept");
    app.require_subcommand(0, 1);
    for (const Command& command : kCommands) {
        CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.about));
        sub->set_version_flag("--version", version, "Print the version and exit");
        parsed.runs.push_back(command.declare(OptionList(*sub)));
    }
}

// CLI11's errors as ours are written: what was typed first, then what is wrong with it.
std::string in_our_words(const CLI::ParseError& error) {
    const std::string text = error.what();
    const auto behind_colon = [&text] { return text.substr(std::min(text.find(": ") + 2, text.size())); };
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
        return fmt::format("{}: not expected here", behind_colon());
    if (constexpr std::string_view kRequired = " is required"; text.ends_with(kRequired))
        return text.substr(0, text.size() - kRequired.size()) + " is missing";
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        return fmt::format("{}: {}", text.substr(0, text.find(':')),
                           text.ends_with("missing") ? "its value is missing" : behind_colon());
    return text;
}

std::string where_help_is(const std::vector<std::string>& arguments) {
    const auto is_command = [](const std::string& word) {
        return std::ranges::find(kCommands, word, &Command::name) != kCommands.end();
    };
    const auto command = std::ranges::find_if(arguments, is_command);
    return fmt::format("`convlens {}--help` lists the options", command == arguments.end() ? "" : *command + " ");
}

std::optional<int> run(Parsed& parsed, Console console) {
    for (std::size_t i = 0; i < kCommands.size(); ++i) {
        if (parsed.app.got_subcommand(std::string(kCommands[i].name))) return parsed.runs[i](console);
    }
    if (!parsed.window.files.empty()) check_first(parsed.window.files.front());
    return std::nullopt;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::optional<int> run_command_line(const std::vector<std::string>& arguments, Console raw, WindowRequest& window) {
    PrintableStream err(raw.err);
    const Console console{raw.out, err};
    try {
        Parsed parsed;
        declare(parsed);
        try {
            parsed.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        } catch (const CLI::ParseError& error) {
            if (error.get_exit_code() == 0) return parsed.app.exit(error, console.out, console.err), kDone;
            throw WrongUse(in_our_words(error) + "; " + where_help_is(arguments));
        }
        const std::optional<int> code = run(parsed, console);
        window = parsed.window;
        return code;
    } catch (...) {
        return report_exception(console);
    }
}

int report_exception(Console console) {
    const auto say = [&console](std::string_view text) {
        console.err << "convlens: " << printable_lines(text) << '\n';
    };
    try {
        throw;
    } catch (const WrongUse& error) {
        say(error.what());
        return kWrongUse;
    } catch (const std::bad_alloc&) {
        say("Not enough memory. Try a smaller input or fewer channels.");
    } catch (const std::exception& error) {
        say(error.what());
    } catch (...) {
        say("Unknown error. Please report it with the command you used.");
    }
    return kRefused;
}

void print_json(std::ostream& out, const Json& json) {
    out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace convlens
