// What `convlens filter` was told, before and after it is understood.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/filter_steps.h"
#include "app/document/document.h"

namespace convlens {

// The arguments as they were typed, or what stands for those that were not.
struct FilterArguments {
    std::vector<std::string> paths, kernels;
    std::string border, channels = "colour", backend = "auto", method = "auto", save_as;
    std::optional<double> divisor, offset, border_value;
    std::optional<std::int64_t> stride, dilation;
    int threads = 0;
    bool normalize = false, flip = false, overwrite = false, json = false;
};

// What is to be done to every image.
struct FilterOrder {
    std::vector<FilterStep> chain;
    ChannelChoice channels;
    Backend backend = Backend::automatic;
    FilterMethod method = FilterMethod::automatic;
    std::optional<Depth> save_as;  // the result's samples; where nothing is said, as the image and the file have them
    int threads = 0;
    std::vector<Message> notes;  // what is to be known of the kernels, of every image alike
};

// Throws WrongUse where a number is out of its range or one argument makes another go unheard, and what step_from_text()
// and parse_channels() throw. Precondition: border, backend, method and save_as are words that --help names, or as they
// are here.
FilterOrder filter_order(const FilterArguments& arguments);

}  // namespace convlens
