// `convlens presets`: what ships, by the names that the other commands take.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/document/presets.h"

namespace convlens {

namespace {

void print_list(std::ostream& out) {
    std::size_t width = 0;
    for (const PresetInfo& preset : presets()) width = std::max(width, preset.name.size());
    std::string kind;
    for (const PresetInfo& preset : presets()) {
        if (preset.kind != kind) {
            out << (kind.empty() ? "" : "\n") << preset.kind << '\n';
            kind = preset.kind;
        }
        out << fmt::format("  {:<{}}  {}\n  {:<{}}  {}\n", preset.name, width, english(preset.title), "", width,
                           english(preset.about));
    }
}

int run_presets(bool json, Console console) {
    if (!json) {
        print_list(console.out);
        return kDone;
    }
    for (const PresetInfo& preset : presets()) {
        print_json(console.out, {{"kind", preset.kind},
                                 {"name", preset.name},
                                 {"title", english(preset.title)},
                                 {"about", english(preset.about)}});
    }
    return kDone;
}

}  // namespace

Run declare_presets(OptionList list) {
    auto json = std::make_shared<bool>(false);
    list.flag("--json", *json, key("Print one JSON object a line"));
    return [json](Console console) { return run_presets(*json, console); };
}

}  // namespace convlens
