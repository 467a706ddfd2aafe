#include "app/cli/filter_steps.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/text/ascii.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

Kernel read_kernel(const std::string& path) {
    constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;  // 999×999 numbers need less
    if (path.empty()) throw WrongUse(key("--kernel @: write the name of a file with the kernel's numbers after the @"));
    const std::vector<std::byte> bytes = read_bytes(path, kMostBytes);
    if (const FileKind kind = file_kind(bytes); !kind.name.empty() && kind.name != "text")
        throw FileError(path, msg("is {kind}, not a text with a kernel's numbers", "kind"_is(kind.phrase)));
    try {
        return parse_kernel_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } catch (const KernelError& error) {
        throw FileError(path, error.message);
    }
}

Kernel typed_kernel(const std::string& text) {
    try {
        return parse_kernel(text);
    } catch (const KernelError& error) {
        throw WrongUse(error.message);
    }
}

// Whether the text is a name, perhaps with parameters, and not rows of numbers.
bool is_family(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    const std::string_view word = std::string_view(text).substr(std::min(first, text.size()));
    return std::ranges::any_of(word.substr(0, word.find(':')), [](unsigned char c) { return std::isalpha(c) != 0; }) &&
           word.find_first_of("[{(;\n") == std::string_view::npos &&
           std::isalpha(static_cast<unsigned char>(word[0])) != 0;
}

double real(std::string_view name, std::string_view text) {
    try {
        if (text.find('%') != std::string_view::npos) throw KernelError({});  // begins a comment in rows of weights
        if (const Kernel kernel = parse_kernel_text(text); kernel.weights.size() == 1 && kernel.divisor == 1)
            return kernel.weights.front();
    } catch (const KernelError&) {  // is said below
    }
    throw WrongUse(
        msg("{name}={value}: write a number such as 2, -0.5 or 1/9", "name"_is(name), "value"_is(printable(text, 40))));
}

std::int64_t whole(std::string_view name, std::string_view text) {
    const double value = real(name, text);
    if (value >= 1 && value <= static_cast<double>(kMostStep) && value == std::floor(value))
        return static_cast<std::int64_t>(value);
    throw WrongUse(msg("{name} must be a whole number from 1 to {most}; it is {value}", "name"_is(name),
                       "most"_is(kMostStep), "value"_is(fmt::format("{}", value))));
}

using Set = void (*)(FilterStep& step, std::string_view name, std::string_view text);
struct StepSetting {
    std::string_view name;
    Set set;
};
constexpr StepSetting kStepSettings[] = {
    {"offset", [](FilterStep& step, std::string_view n, std::string_view t) { step.kernel.offset = real(n, t); }},
    {"divisor", [](FilterStep& step, std::string_view n, std::string_view t) { step.kernel.divisor = real(n, t); }},
    {"stride", [](FilterStep& step, std::string_view n, std::string_view t) { step.stride = whole(n, t); }},
    {"dilation", [](FilterStep& step, std::string_view n, std::string_view t) { step.dilation = whole(n, t); }},
};

// "k=v" that sets something of a step; nothing for a parameter of a family.
const StepSetting* step_setting(std::string_view text) {
    const std::string name = lower(trimmed(text.substr(0, text.find('='))));
    const auto* found = std::ranges::find(kStepSettings, name, &StepSetting::name);
    return text.find('=') == std::string_view::npos || found == std::end(kStepSettings) ? nullptr : found;
}

// "sobel_x:offset=0.5": the family with its own parameters, and the step's.
FilterStep family_step(const std::string& text) {
    FilterStep step;
    std::string family = text.substr(0, text.find(':'));
    std::vector<std::string> settings;
    std::vector<const StepSetting*> given;
    std::string_view rest = std::string_view(text).substr(std::min(family.size() + 1, text.size()));
    char mark = ':';
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (const StepSetting* const setting = step_setting(part); setting != nullptr) {
            if (std::ranges::find(given, setting) != given.end())
                throw WrongUse(msg("{kernel}: {setting} is given twice; leave one out",
                                   "kernel"_is(printable(text.substr(0, text.find(':')))),
                                   "setting"_is(setting->name)));
            given.push_back(setting);
            settings.emplace_back(part);
            continue;
        }
        family += mark + std::string(part);
        mark = ',';
    }
    try {
        step.kernel = parse_kernel(family);
    } catch (const KernelError& error) {
        const bool of_settings =
            family.find(':') != std::string::npos && english(error.message).find("parameter") != std::string::npos;
        throw WrongUse(of_settings ? msg("{reason}; every kernel has offset, divisor, stride and dilation",
                                         "reason"_is(error.message))
                                   : error.message);
    }
    step.name = text;
    for (const std::string& setting : settings) {
        const StepSetting& known = *step_setting(setting);
        known.set(step, known.name, trimmed(std::string_view(setting).substr(setting.find('=') + 1)));
    }
    return step;
}

// "laplacian:offset=0.5", or what is to be typed behind weights.
Message with_setting(const FilterStep& step, const std::string& typed, const char* setting, const char* sign,
                     double value) {
    if (step.name != "custom" && !typed.starts_with('@'))
        return verbatim(fmt::format("{}{}{}={:.10g}", printable(typed),
                                    typed.find(':') == std::string::npos ? ":" : ",", setting, value));
    return msg("\"{typed}\" behind its weights", "typed"_is(fmt::format("{} {:.10g}", sign, value)));
}

}  // namespace

FilterStep step_from_text(const std::string& text) {
    if (!text.starts_with('@') && is_family(text)) return family_step(text);
    FilterStep step;
    if (text.starts_with('@')) {
        step.name = text;
        step.kernel = read_kernel(text.substr(1));
    } else {
        step.name = "custom";
        step.kernel = typed_kernel(text);
    }
    return step;
}

bool names_a_kernel(const std::string& text) {
    if (text.empty() || text.starts_with('@')) return false;
    try {
        // A number alone is a kernel, and a fine name of a folder.
        const FilterStep step = step_from_text(text);
        return is_family(text) || step.kernel.weights.size() > 1;
    } catch (const WrongUse&) {
        return false;
    }
}

Message chain_advice(const BrightnessNote& note, const FilterStep& step, const std::string& typed, bool last) {
    const auto fact = "fact"_is(note.fact);
    if (note.divisor)
        return msg("{fact} {setting} keeps them.", fact,
                   "setting"_is(with_setting(step, typed, "divisor", "/", *note.divisor)));
    if (!note.offset || !last) return note.fact;
    const auto setting = "setting"_is(with_setting(step, typed, "offset", "+", *note.offset));
    return *note.offset == 1 ? msg("{fact} {setting} shows them inverted.", fact, setting)
                             : msg("{fact} {setting} shows them on mid-grey.", fact, setting);
}

ChannelChoice parse_channels(const std::string& text) {
    if (text == "colour" || text == "color") return {};
    if (text == "all") return {{true, true, true}, true, {}};
    constexpr std::string_view kLetters = "rgba";
    if (text.empty() || text.find_first_not_of(kLetters) != std::string::npos) {
        throw WrongUse(
            msg("--channels must be colour, all, or letters of rgba, such as rg; it is {value}", "value"_is(text)));
    }
    const auto has = [&text](char letter) { return text.find(letter) != std::string::npos; };
    return {{has('r'), has('g'), has('b')}, has('a'), text};
}

void check_channels(const ChannelChoice& choice, const Image& image, const std::string& path) {
    if (image.has_alpha() || choice.letters.find('a') == std::string::npos) return;
    throw RefusedInput(msg("--channels {letters}: {file} has no alpha; --channels all uses what there is",
                           "letters"_is(choice.letters), "file"_is(path)));
}

Image with_kept_channels(Image after, const Image& before, std::int64_t stride, const ChannelChoice& choice) {
    const auto& [red, green, blue] = choice.colours;
    const bool any = red || green || blue;
    const bool grey = after.colour_channels() == 1;
    if (choice.all_colours() || (grey && any)) return after;  // the filter keeps alpha by itself
    FilterStep nothing;
    nothing.stride = stride;
    FilterOptions options;
    options.save_as = after.depth();
    const Image kept = *filter(before, nothing, options);
    const std::size_t sample = bytes_per_sample(after.depth());
    const auto channels = static_cast<std::size_t>(after.channels());
    const auto colours = static_cast<std::size_t>(after.colour_channels());
    for (std::size_t at = 0; at < after.bytes().size(); at += sample) {
        const std::size_t channel = at / sample % channels;
        const bool chosen = channel >= colours || (grey ? any : choice.colours[channel]);
        if (!chosen) std::memcpy(&after.bytes()[at], &kept.bytes()[at], sample);
    }
    return after;
}

}  // namespace convlens
