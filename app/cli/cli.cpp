#include "app/cli/cli.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/cli/command.h"
#include "app/cli/printable_stream.h"
#include "app/words/choice.h"
#include "core/base/version.h"
#include "core/image/kernel.h"
#include "core/io/error.h"
#include "core/text/edit_distance.h"
#include "core/text/message.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr std::array kCommands{
    Command{"shape", key("Print the output size, its derivation, the cost and what is never read"), declare_shape},
    Command{"compute", key("Compute layers given in JSON files and check the expected results"), declare_compute},
    Command{"filter", key("Filter images with a kernel or a chain of kernels"), declare_filter},
    Command{"render", key("Draw a document or preset as PNG, SVG, PDF or animated GIF"), declare_render},
    Command{"code", key("Print a layer as code of PyTorch, TensorFlow, Keras, JAX, ONNX, MATLAB, SciPy or OpenCV"),
            declare_code},
    Command{"import", key("Turn layer code of these programs into a document"), declare_import},
    Command{"presets", key("List the presets, kernels and sample images"), declare_presets},
    Command{"info", key("Print what an image, tensor or document file holds"), declare_info},
    Command{"bench", key("Time the engine on named workloads"), declare_bench},
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
    const auto name = "name"_is(file);
    throw WrongUse(meant.empty() ? msg("there is no command and no file \"{name}\"", name)
                                 : msg("there is no command and no file \"{name}\"; did you mean {meant}?", name,
                                       "meant"_is(meant)));
}

// What is read from one command line.
struct Parsed {
    CLI::App app;
    WindowRequest window;
    std::string language;   // is read before: by language_of()
    std::vector<Run> runs;  // of kCommands
};

// CLI11's own words in --help.
void word_help(CLI::App& app, const Console& console) {
    app.description(console.text(key("Shows what convolutions do. Without a command the window opens.")));
    app.option_defaults()->group(console.text(key_in("help", "Options")));
    app.set_help_flag("-h,--help", console.text(key("Print this help message and exit")));
    const auto formatter = std::make_shared<CLI::Formatter>();
    formatter->label("Usage", console.text(key_in("help", "Usage")));
    formatter->label("Positionals", console.text(key_in("help", "Positionals")));
    formatter->label("OPTIONS", console.text(key_in("help", "OPTIONS")));
    formatter->label("SUBCOMMAND", console.text(key_in("help", "SUBCOMMAND")));
    formatter->label("REQUIRED", console.text(key_in("help", "REQUIRED")));
    app.formatter(formatter);
}

std::vector<Message> language_codes() {
    std::vector<Message> codes;
    for (const Language& language : languages()) codes.push_back(verbatim(language.code));
    return codes;
}

void declare(Parsed& parsed, const Console& console) {
    const std::string version = "convlens " + std::string(convlens::version());
    const std::string about_version = console.text(key("Print the version and exit"));
    CLI::App& app = parsed.app;
    app.name("convlens");
    word_help(app, console);
    app.set_version_flag("--version", version, about_version);
    app.add_option("FILE", parsed.window.files,
                   console.text(key("Documents, images or tensor files to open in the window")))
        ->type_name("");
    app.add_flag("--fresh", parsed.window.fresh,
                 console.text(key("Start the window as if for the first time; the last work and settings stay kept")));
    app.add_option("--lang", parsed.language,
                   console.text(msg("Language of help, messages and tables: {codes} (default: the variable "
                                    "CONVLENS_LANG, else en)",
                                    "codes"_is(either(language_codes())))))
        ->type_name("");
    app.require_subcommand(0, 1);
    for (const Command& command : kCommands) {
        CLI::App* sub = app.add_subcommand(std::string(command.name), console.text(command.about));
        sub->group(console.text(key_in("help", "Subcommands")));
        sub->get_help_ptr()->group(app.get_help_ptr()->get_group());
        sub->set_version_flag("--version", version, about_version);
        parsed.runs.push_back(command.declare(OptionList(*sub, console.lang)));
    }
}

// Takes --lang, which may be anywhere, out of the arguments: the words of everything else depend on it. Nothing where
// neither it nor the variable asks for a language.
std::optional<Lang> language_of(std::vector<std::string>& arguments) {
    constexpr std::string_view kOption = "--lang", kJoined = "--lang=";
    const char* const variable = std::getenv("CONVLENS_LANG");
    std::string_view said_by = "CONVLENS_LANG";
    std::string code = variable != nullptr ? variable : "";
    for (auto at = arguments.begin(); at != arguments.end() && *at != "--";) {
        const bool joined = at->starts_with(kJoined);
        if (!joined && *at != kOption) {
            ++at;
            continue;
        }
        said_by = kOption;
        if (!joined && at + 1 == arguments.end())
            throw WrongUse(msg("{argument}: its value is missing", "argument"_is(kOption)));
        code = joined ? at->substr(kJoined.size()) : at[1];
        at = arguments.erase(at, at + (joined ? 1 : 2));
    }
    if (code.empty() && said_by != kOption) return std::nullopt;
    if (const auto lang = language_of_code(code)) return lang;
    throw WrongUse(msg("{option} must be {codes}; it is {code}", "option"_is(said_by),
                       "codes"_is(either(language_codes())), "code"_is(code)));
}

// CLI11's errors as ours are written: what was typed first, then what is wrong with it.
Message in_our_words(const CLI::ParseError& error) {
    const std::string text = error.what();
    const auto behind_colon = [&text] { return text.substr(std::min(text.find(": ") + 2, text.size())); };
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
        return msg("{argument}: not expected here", "argument"_is(behind_colon()));
    // no words: what CLI11 says, by which its errors are told apart
    if (constexpr std::string_view kRequired = " is required"; text.ends_with(kRequired))
        return msg("{argument} is missing", "argument"_is(text.substr(0, text.size() - kRequired.size())));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return verbatim(text);
    const auto argument = "argument"_is(text.substr(0, text.find(':')));
    if (text.ends_with("missing")) return msg("{argument}: its value is missing", argument);
    return msg("{argument}: {reason}", argument, "reason"_is(behind_colon()));
}

Message where_help_is(const std::vector<std::string>& arguments) {
    const auto is_command = [](const std::string& word) {
        return std::ranges::find(kCommands, word, &Command::name) != kCommands.end();
    };
    const auto command = std::ranges::find_if(arguments, is_command);
    if (command == arguments.end()) return key("`convlens --help` lists the options");
    return msg("`convlens {command} --help` lists the options", "command"_is(*command));
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
    Console console{raw.out, err, raw.lang};
    try {
        std::vector<std::string> rest = arguments;
        const std::optional<Lang> asked = language_of(rest);
        console.lang = asked.value_or(Lang::english);
        window.lang = asked;
        Parsed parsed;
        declare(parsed, console);
        try {
            parsed.app.parse(std::vector<std::string>(rest.rbegin(), rest.rend()));
        } catch (const CLI::ParseError& error) {
            if (error.get_exit_code() == 0) return parsed.app.exit(error, console.out, console.err), kDone;
            throw WrongUse(msg("{problem}; {help}", "problem"_is(in_our_words(error)), "help"_is(where_help_is(rest))));
        }
        const std::optional<int> code = run(parsed, console);
        window = parsed.window;
        window.lang = asked;
        return code;
    } catch (...) {
        return report_exception(console);
    }
}

int report_exception(Console console) {
    const auto say = [&console](const Message& message) {
        console.err << "convlens: " << printable_lines(console.text(message)) << '\n';
    };
    try {
        throw;
    } catch (const WrongUse& error) {
        say(error.words());
        return kWrongUse;
    } catch (const std::bad_alloc&) {
        say(key("Not enough memory. Try a smaller input or fewer channels."));
    } catch (const std::exception& error) {
        say(words_of(error));
    } catch (...) {
        say(key("Unknown error. Please report it with the command you used."));
    }
    return kRefused;
}

Message words_of(const std::exception& error) {
    if (const auto* const command = dynamic_cast<const CommandError*>(&error)) return command->words();
    if (const auto* const kernel = dynamic_cast<const KernelError*>(&error)) return kernel->message;
    return error_words(error);
}

std::string error_text(const Message& words) { return printable(english(words), kMostOfMessage); }

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
