#include "app/document/file.h"

#include <cstdlib>
#include <span>
#include <system_error>

#include "app/document/json_reader.h"
#include "core/io/bytes.h"
#include "core/io/json_value.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// `variable`'s folder, or `fallback` under the home folder, with convlens/ in it.
fs::path user_folder(const char* variable, const char* fallback) {
    const auto from_environment = [](const char* name) {
        const char* value = std::getenv(name);
        return fs::path(value == nullptr ? "" : value);
    };
    fs::path folder = from_environment(variable);
    if (!folder.is_absolute()) {  // as the XDG base directory specification has it
        folder = from_environment("HOME");
        if (!folder.is_absolute()) return {};
        folder /= fallback;
    }
    folder /= "convlens";
    std::error_code error;
    fs::create_directories(folder, error);
    return fs::is_directory(folder, error) ? folder : fs::path();
}

}  // namespace

void save_document(const Document& document, const fs::path& path) {
    write_file_durably(path, pretty(to_json(document)));
}

Document load_document(const fs::path& path, std::vector<Message>* warnings) {
    return document_from_json(read_json(path), {}, warnings, path.string());
}

Message panes_not_shown(const Document& document) {
    if (document.panes.size() <= kMostPanes) return {};
    return plural("the document has {n} pane; the first {shown} are shown, the others stay in it unseen",
                  "the document has {n} panes; the first {shown} are shown, the others stay in it unseen",
                  static_cast<std::int64_t>(document.panes.size()), "shown"_is(kMostPanes));
}

fs::path state_folder() { return user_folder("XDG_STATE_HOME", ".local/state"); }
fs::path config_folder() { return user_folder("XDG_CONFIG_HOME", ".config"); }

}  // namespace convlens
