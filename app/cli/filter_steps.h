// What `convlens filter` was given, as values: kernels and channels.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/engine/filter/filter.h"
#include "core/image/brightness.h"

namespace convlens {

// One step's kernel: a family, kernel text, or "@FILE" with kernel text in it. The step's name is what was typed, or
// "custom" for text. Among a family's parameters may stand what else belongs to this step alone, "sobel_x:offset=0.5":
// offset, divisor, stride, dilation. Throws WrongUse, FileError.
FilterStep step_from_text(const std::string& text);

// Whether step_from_text() takes the text for a family's name or for several weights. False of "@FILE", of a number alone
// and of text that it refuses.
bool names_a_kernel(const std::string& text);

// What a kernel of a chain, `typed` so, does to the brightness, with what would help it in its place: an option would go
// for the other kernels too, and what an offset does goes on through the later ones.
Message chain_advice(const BrightnessNote& note, const FilterStep& step, const std::string& typed, bool last);

// The most that stride and dilation may be.
inline constexpr std::int64_t kMostStep = 999;

// Which channels a step changes; the others keep their samples.
struct ChannelChoice {
    std::array<bool, 3> colours{true, true, true};  // red, green, blue; a grey image's channel counts as each of them
    bool alpha = false;
    std::string letters;  // as typed, where it was letters
    bool all_colours() const { return colours[0] && colours[1] && colours[2]; }
};

// "colour", "all", or some letters of "rgba". Throws WrongUse.
ChannelChoice parse_channels(const std::string& text);

// Throws RefusedInput where a letter names alpha and `image` has none.
void check_channels(const ChannelChoice& choice, const Image& image, const std::string& path);

// `after`, a filtered `before`, with the channels that were not chosen as they were: every stride-th sample of them.
Image with_kept_channels(Image after, const Image& before, std::int64_t stride, const ChannelChoice& choice);

}  // namespace convlens
