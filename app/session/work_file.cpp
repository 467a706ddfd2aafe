#include "app/session/work_file.h"

#include <ctime>
#include <system_error>

#include <sys/stat.h>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/document/json_reader.h"
#include "app/document/presets.h"
#include "core/io/error.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;

constexpr const char* kMark = "work";
constexpr const char* kUnsaved = "unsaved";
constexpr const char* kFile = "file";
constexpr const char* kPath = "path";
constexpr const char* kContent = "sha256";

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

const json& member(const json& object, const char* key) {
    static const json kNone;
    if (!object.is_object()) return kNone;
    const auto found = object.find(key);
    return found == object.end() ? kNone : *found;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// One line of a menu: without control codes, and not longer than it can show.
std::string one_line(std::string text) {
    constexpr std::size_t kMost = 60;
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    if (text.size() <= kMost) return text;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
    return text.substr(0, end) + "…";
}

Message shown_title(bool photo, const std::string& photo_path, const std::string& title) {
    if (!photo) return title.empty() ? Message(key("Untitled")) : title_words(one_line(title));
    const std::string name = to_utf8(from_utf8(photo_path).filename());
    return name.empty() ? Message(key("Sample image")) : verbatim(one_line(name));
}

}  // namespace

std::string work_text(const Document& document, bool unsaved, const fs::path& blobs, const NamedFile& named) {
    json work = to_json(document, blobs);
    work[kMark] = {{kUnsaved, unsaved}};
    if (!named.path.empty()) work[kMark][kFile] = {{kPath, named.path}, {kContent, named.content}};
    return pretty(work);
}

json read_work_json(const fs::path& file) {
    std::error_code code;
    const fs::file_status status = fs::status(file, code);
    if (fs::is_directory(status)) throw FileError(file.string(), msg("it is a folder"));
    if (fs::exists(status) && !fs::is_regular_file(status))
        throw FileError(file.string(), msg("it is not a plain file"));
    const std::uintmax_t size = fs::file_size(file, code);
    if (!code && size > kMostWorkBytes)
        throw FileError(file.string(),
                        msg("it is larger than {limit} bytes, the most that is read", "limit"_is(kMostWorkBytes)));
    return read_json(file);
}

bool is_unsaved(const json& work) {
    const json& mark = member(member(work, kMark), kUnsaved);
    return !mark.is_boolean() || mark.get<bool>();
}

NamedFile named_file_of(const json& work) {
    const json& file = member(member(work, kMark), kFile);
    NamedFile named{text_of(member(file, kPath)), text_of(member(file, kContent))};
    if (!from_utf8(named.path).is_absolute()) return {};
    return named;
}

Message title_of(const json& work) {
    return shown_title(text_of(member(work, "mode")) == name(Workspace::photo),
                       text_of(member(member(work, "photo"), "path")), text_of(member(work, "title")));
}

Message title_of(const Document& document) {
    return shown_title(document.workspace == Workspace::photo, document.photo.path, document.title);
}

std::set<std::string> blob_names(std::string_view text) {
    constexpr std::size_t kDigits = 64;
    std::set<std::string> names;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t begin = i;
        while (i < text.size() && is_hex(text[i])) ++i;
        if (i - begin == kDigits) names.emplace(text.substr(begin, kDigits));
    }
    return names;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
        std::error_code unknown;
        if (at->is_regular_file(unknown)) files.push_back(at->path());
    }
    return files;
}

std::int64_t seconds_of(const fs::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_mtime) : 0;
}

std::string name_of_now() {
    const std::time_t now = std::time(nullptr);
    return fmt::format("{:%Y-%m-%d %H.%M.%S}", fmt::localtime(now));
}

}  // namespace convlens
