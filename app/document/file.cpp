#include "app/document/file.h"

#include <cstdlib>
#include <span>
#include <system_error>

#include "app/document/json_reader.h"
#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;

nlohmann::json read_json(const fs::path& path) {
    const std::vector<std::byte> bytes = read_bytes(path, kMostBytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        // "[json.exception.parse_error.101] parse error at line 2, column 5: syntax error ..."
        std::string reason = error.what();
        if (const auto end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
        throw FileError(path.string(), "is not JSON: " + reason);
    }
}

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

fs::path blob_folder() {
    const fs::path state = state_folder();
    return state.empty() ? state : state / "blobs";
}

}  // namespace

void save_document(const Document& document, const fs::path& path) {
    write_file(path, pretty(to_json(document, blob_folder())));
}

Document load_document(const fs::path& path, std::vector<std::string>* warnings) {
    const nlohmann::json json = read_json(path);
    try {
        return document_from_json(json, blob_folder(), warnings);
    } catch (const FileError& error) {
        throw FileError(path.string(), error.what());
    }
}

fs::path state_folder() { return user_folder("XDG_STATE_HOME", ".local/state"); }
fs::path config_folder() { return user_folder("XDG_CONFIG_HOME", ".config"); }

void write_file(const fs::path& path, std::string_view text) {
    write_bytes(path, std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace convlens
