#include "app/cli/document_source.h"

#include <ostream>

#include <fmt/format.h>

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
        throw RefusedInput(fmt::format("there is no document and no preset \"{}\"; {}", source,
                                       meant.empty()
                                           ? "`convlens presets` lists those of the kinds \"layer\" and \"network\""
                                           : fmt::format("did you mean {}?", meant)));
    }
    std::vector<std::string> warnings;
    Document document = load_document(source, &warnings);
    for (const std::string& warning : warnings) console.err << source << ": " << warning << '\n';
    return document;
}

}  // namespace convlens
