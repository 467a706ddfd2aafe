#include "app/document/presets.h"

#include <array>
#include <map>

#include <convlens_assets.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/document/sample_picture.h"
#include "core/image/kernel.h"
#include "core/io/json_parse.h"

namespace convlens {

namespace {

// assets/presets/*.json, in the order of the menu. Each is a list of {"name", "about", "document"}.
constexpr std::array<std::string_view, 3> kFiles{"experiment", "arithmetic", "rows"};

struct LayerPreset {
    PresetInfo info;
    Document document;
};

// What ships is read once; a fault in it would be ours, and the tests read it all.
const std::vector<LayerPreset>& layer_presets() {
    static const std::vector<LayerPreset> all = [] {
        std::vector<LayerPreset> presets;
        for (const std::string_view file : kFiles) {
            for (const nlohmann::json& entry : parse_json(assets::preset(file), std::string(file))) {
                Document document = document_from_json(entry.at("document"), {});
                PresetInfo info{"layer", entry.at("name"), document.title, entry.at("about")};
                presets.push_back({std::move(info), std::move(document)});
            }
        }
        return presets;
    }();
    return all;
}

}  // namespace

const std::vector<PresetInfo>& presets() {
    static const std::vector<PresetInfo> all = [] {
        std::vector<PresetInfo> infos;
        for (const LayerPreset& preset : layer_presets()) infos.push_back(preset.info);
        for (const KernelFamily& family : kernel_families()) {
            infos.push_back({"kernel", std::string(family.name), std::string(family.title), std::string(family.about)});
        }
        infos.push_back({"image", std::string(kSamplePictureName), "Sample picture",
                         "A drawn scene with edges, fine lines, soft gradients and plain colours, to try filters on."});
        return infos;
    }();
    return all;
}

std::optional<Document> preset_document(std::string_view name) {
    for (const LayerPreset& preset : layer_presets()) {
        if (preset.info.name == name) return preset.document;
    }
    return std::nullopt;
}

Document first_document() {
    Document document = *preset_document("conv2-xcorr2-conv2d");
    document.title = "A first convolution";
    document.layers = {document.layers.back()};
    document.panes = {document.panes.back()};
    document.panes.front().layer = 0;
    return document;
}

}  // namespace convlens
