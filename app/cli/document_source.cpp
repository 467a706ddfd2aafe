#include "app/cli/document_source.h"

#include <ostream>

#include "app/cli/command.h"
#include "app/document/file.h"
#include "app/document/presets.h"

namespace convlens {

Document find_document(const std::string& source, Console console) {
    if (auto preset = preset_document(source)) return *std::move(preset);
    std::error_code error;
    const bool like_a_file = source.find_first_of("./") != std::string::npos;
    if (!like_a_file && !std::filesystem::exists(source, error)) {
        std::vector<std::string_view> names;
        for (const PresetInfo& info : presets()) {
            if (has_document(info)) names.push_back(info.name);
        }
        const std::string_view meant = nearest(source, names);
        const auto name = "name"_is(source);
        throw RefusedInput(
            meant.empty()
                ? msg("there is no document and no preset \"{name}\"; `convlens presets` lists those of "
                      "the kinds \"layer\" and \"network\"",
                      name)
                : msg("there is no document and no preset \"{name}\"; did you mean {meant}?", name, "meant"_is(meant)));
    }
    std::vector<Message> warnings;
    Document document = load_document(source, &warnings);
    for (const Message& warning : warnings)
        console.say(msg("{file}: {warning}", "file"_is(source), "warning"_is(warning)));
    return document;
}

}  // namespace convlens
