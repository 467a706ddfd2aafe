// What ships: the mission's experiment, what turning a kernel is and is not, and the named settings of the guide to
// convolution arithmetic (V. Dumoulin, F. Visin, arXiv:1603.07285). Read from assets/presets/*.json, compiled into the
// program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/document/document.h"

namespace convlens {

struct PresetInfo {
    std::string kind;  // "layer", "kernel", "image"
    std::string name;  // layer: what render takes; kernel: what filter --kernel takes; image: what filter reads
    std::string title;
    std::string about;
};
// All presets, kernels and the sample picture included, in the order of the menu.
const std::vector<PresetInfo>& presets();

// The document of a layer preset, or nothing.
std::optional<Document> preset_document(std::string_view name);

// First start: a and b of the mission as one conv2d with padding 1.
Document first_document();

}  // namespace convlens
