#include "app/cli/filter_steps.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"

namespace convlens {

namespace {

Kernel read_kernel(const std::string& path) {
    constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;  // 999×999 numbers need less
    if (path.empty()) throw WrongUse("--kernel @: the name of a file with the kernel's numbers goes behind the @");
    const std::vector<std::byte> bytes = read_bytes(path, kMostBytes);
    if (const FileKind kind = file_kind(bytes); !kind.name.empty() && kind.name != "text")
        throw FileError(path, fmt::format("is {}, not a text with a kernel's numbers", kind.phrase));
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

}  // namespace

FilterStep step_from_text(const std::string& text) {
    FilterStep step;
    if (text.starts_with('@')) {
        step.name = text;
        step.kernel = read_kernel(text.substr(1));
    } else {
        step.name = is_family(text) ? text : "custom";
        step.kernel = typed_kernel(text);
    }
    return step;
}

ChannelChoice parse_channels(const std::string& text) {
    if (text == "colour" || text == "color") return {};
    if (text == "all") return {{true, true, true}, true};
    constexpr std::string_view kLetters = "rgba";
    if (text.empty() || text.find_first_not_of(kLetters) != std::string::npos) {
        throw WrongUse("--channels " + text + ": it takes colour, all, or letters of rgba, such as rg");
    }
    const auto has = [&text](char letter) { return text.find(letter) != std::string::npos; };
    return {{has('r'), has('g'), has('b')}, has('a')};
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
