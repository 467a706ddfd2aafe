// What ships: the mission's experiment, what turning a kernel is and is not, and the named settings of the guide to
// convolution arithmetic (V. Dumoulin, F. Visin, arXiv:1603.07285). Read from assets/presets/*.json, compiled into the
// program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

// The kinds of presets that are documents: of layers beside each other, and of layers that read each other.
inline constexpr std::string_view kLayerPreset = "layer", kNetworkPreset = "network";

struct PresetInfo {
    std::string kind;  // "layer", "network", "kernel", "image"
    std::string
        name;  // layer, network: what render takes; kernel: what filter --kernel takes; image: what filter reads
    Message title;
    Message about;
};
// All presets, kernels and the sample image included, in the order of the menu.
const std::vector<PresetInfo>& presets();

// Whether a preset is a document.
bool has_document(const PresetInfo& preset);

// The document of a preset that is one, or nothing.
std::optional<Document> preset_document(std::string_view name);

// The title of a document or a pane, in the words of every language where a preset has it; else as the user wrote it.
Message title_words(const std::string& title);

// First start: a and b of the mission as one conv2d with padding 1.
Document first_document();

}  // namespace convlens
