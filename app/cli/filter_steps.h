// What `convlens filter` was given, as values: kernels and channels.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/image/filter.h"

namespace convlens {

// One step's kernel: a family, kernel text, or "@FILE" with kernel text in it. The step's name is what was typed, or
// "custom" for text. Throws KernelError, FileError.
FilterStep step_from_text(const std::string& text);

// Which channels a step changes; the others keep their samples.
struct ChannelChoice {
    std::array<bool, 3> colours{true, true, true};  // red, green, blue; a grey picture's channel counts as each of them
    bool alpha = false;
    bool all_colours() const { return colours[0] && colours[1] && colours[2]; }
};

// "colour", "all", or some letters of "rgba". Throws WrongUse.
ChannelChoice parse_channels(const std::string& text);

// `after`, a filtered `before`, with the channels that were not chosen as they were: every stride-th sample of them.
Image with_kept_channels(Image after, const Image& before, std::int64_t stride, const ChannelChoice& choice);

}  // namespace convlens
