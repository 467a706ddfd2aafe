#include "app/cli/filter_steps.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/document/sample_picture.h"
#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

Kernel read_kernel(const std::string& path) {
    constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;  // 999×999 numbers need less
    const std::vector<std::byte> bytes = read_bytes(path, kMostBytes);
    try {
        return parse_kernel_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } catch (const KernelError& error) {
        throw FileError(path, error.message);
    }
}

bool is_family(const std::string& text) {
    return std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c) != 0 && c != 'e' && c != 'E'; });
}

// A picture's name in the folder of the results; formats that are read but not written become PNG.
std::string name_in_folder(const std::string& in) {
    constexpr std::array<std::string_view, 6> kWritten{".png", ".jpg", ".jpeg", ".bmp", ".tga", ".hdr"};
    fs::path name = fs::path(in).filename();
    if (std::ranges::find(kWritten, ending_of(in)) == kWritten.end()) name.replace_extension(".png");
    return name.string();
}

}  // namespace

FilterStep step_from_text(const std::string& text) {
    FilterStep step;
    if (text.starts_with('@')) {
        step.name = text;
        step.kernel = read_kernel(text.substr(1));
    } else {
        step.name = is_family(text) ? text : "custom";
        step.kernel = parse_kernel(text);
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

std::vector<InOut> places(std::span<const std::string> paths) {
    if (paths.size() < 2) throw WrongUse("name the pictures to filter and, last, the file or folder to write");
    const std::string& last = paths.back();
    const auto inputs = paths.first(paths.size() - 1);
    std::error_code error;
    const bool folder = inputs.size() > 1 || last.ends_with('/') || fs::is_directory(last, error);
    if (!folder) return {{inputs.front(), last}};
    std::vector<InOut> result;
    std::set<std::string> taken;
    for (const std::string& in : inputs) {
        const std::string out = (fs::path(last) / name_in_folder(in)).string();
        if (!taken.insert(out).second) {
            throw RefusedInput(
                fmt::format("{}: two of the pictures would be written here; filter them into two folders", out));
        }
        result.push_back({in, out});
    }
    fs::create_directories(last, error);
    if (!fs::is_directory(last, error)) throw FileError(last, "is not a folder and cannot be made one");
    return result;
}

}  // namespace convlens
