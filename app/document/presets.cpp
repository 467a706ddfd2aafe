#include "app/document/presets.h"

#include <array>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include <convlens_assets.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/document/sample_image.h"
#include "core/image/kernel.h"
#include "core/io/json_parse.h"

namespace convlens {

namespace {

// assets/presets/*.json, in the order of the menu. Each is a list of {"name", "about", "document"}.
struct PresetFile {
    std::string_view name;
    std::string_view kind;
};
constexpr std::array<PresetFile, 4> kFiles{{
    {"experiment", kLayerPreset},
    {"arithmetic", kLayerPreset},
    {"rows", kLayerPreset},
    {"network", kNetworkPreset},
}};

// A text of the files as a message: tests/language.sh finds them there. Keys point at what stays.
Message kept_text(std::string text) {
    static std::deque<std::string> all;
    return Key{all.emplace_back(std::move(text)), {}, {}};
}

constexpr Key kFirstTitle = key("A first convolution");

struct DocumentPreset {
    PresetInfo info;
    Document document;
};

// What ships is read once; a fault in it would be ours, and the tests read it all.
const std::vector<DocumentPreset>& document_presets() {
    static const std::vector<DocumentPreset> all = [] {
        std::vector<DocumentPreset> presets;
        for (const PresetFile& file : kFiles) {
            for (const nlohmann::json& entry : parse_json(assets::preset(file.name), std::string(file.name))) {
                Document document = document_from_json(entry.at("document"), {});
                PresetInfo info{std::string(file.kind), entry.at("name"), kept_text(document.title),
                                kept_text(entry.at("about"))};
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
        for (const DocumentPreset& preset : document_presets()) infos.push_back(preset.info);
        for (const KernelFamily& family : kernel_families()) {
            infos.push_back({"kernel", std::string(family.name), family.title, family.about});
        }
        infos.push_back(
            {"image", std::string(kSampleImageName), msg("Sample image"),
             msg("A drawn scene with edges, fine lines, soft gradients and plain colours, to try filters on.")});
        return infos;
    }();
    return all;
}

bool has_document(const PresetInfo& preset) { return preset.kind == kLayerPreset || preset.kind == kNetworkPreset; }

std::optional<Document> preset_document(std::string_view name) {
    for (const DocumentPreset& preset : document_presets()) {
        if (preset.info.name == name) return preset.document;
    }
    return std::nullopt;
}

Message title_words(const std::string& title) {
    static const std::map<std::string, Message> shipped = [] {
        std::map<std::string, Message> all{{english(kFirstTitle), kFirstTitle}};
        for (const DocumentPreset& preset : document_presets()) {
            all.emplace(preset.document.title, preset.info.title);
            for (const Pane& pane : preset.document.panes)
                if (!pane.title.empty()) all.emplace(pane.title, kept_text(pane.title));
        }
        return all;
    }();
    const auto found = shipped.find(title);
    return found == shipped.end() ? verbatim(title) : found->second;
}

Document first_document() {
    Document document = *preset_document("conv2-xcorr2-conv2d");
    document.title = english(kFirstTitle);
    document.layers = {document.layers.back()};
    document.panes = {document.panes.back()};
    document.panes.front().layer = 0;
    return document;
}

}  // namespace convlens
