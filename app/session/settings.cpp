#include "app/session/settings.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/session/kept_file.h"
#include "app/words/choice.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/json_parse.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr const char* kSettingsFile = "settings.json";
constexpr std::size_t kMostRecent = 10;

Message not_understood(const std::vector<std::string>& keys, const std::filesystem::path& kept) {
    return msg(
        "The settings file holds values that cannot be used: {keys}. They have their defaults; a copy of the file is "
        "{file}.",
        "keys"_is(fmt::format("{}", fmt::join(keys, ", "))), "file"_is(kept.string()));
}

void tell(std::vector<Message>* problems, Message problem) {
    if (problems != nullptr) problems->push_back(std::move(problem));
}

constexpr int kMostPixels = 32767;  // of X11's coordinates

bool fits(const json& value, bool) { return value.is_boolean(); }
bool fits(const json& value, int) { return value.is_number_integer() && value >= -kMostPixels && value <= kMostPixels; }
bool fits(const json& value, float) {
    constexpr double kMost = 1e6;  // far beyond every setting
    return value.is_number() && std::abs(value.get<double>()) <= kMost;
}
bool fits(const json& value, const std::string&) { return value.is_string(); }
bool fits(const json& value, const std::vector<std::string>&) {
    return value.is_array() && std::ranges::all_of(value, [](const json& item) { return item.is_string(); });
}

// The keys of an object. What is missing, or of another kind, leaves the default; the latter is noted.
struct Reader {
    const json& object;
    std::vector<std::string>& refused;

    template <typename T>
    void read(const char* key, T& value) const {
        const auto found = object.find(key);
        if (found == object.end()) return;
        if (fits(*found, value)) {
            value = found->get<T>();
        } else {
            refused.emplace_back(key);
        }
    }
    void read_between(const char* key, float& value, float least, float most) const {
        const float before = value;
        read(key, value);
        if (value >= least && value <= most) return;
        value = before;
        refused.emplace_back(key);
    }
};

// Nothing where none was chosen; one that this version does not speak is no fault of the file.
std::optional<Lang> read_language(const Reader& reader) {
    std::string code;
    reader.read("language", code);
    return language_of_code(code);
}

void read_settings(const Reader& reader, Settings& settings) {
    reader.read("dark", settings.dark);
    settings.language = read_language(reader);
    reader.read_between("scale", settings.scale, 0.5F, 4.0F);
    reader.read("motion", settings.motion);
    reader.read_between("speed", settings.speed, 0.1F, 64.0F);
    reader.read("loop", settings.loop);
    reader.read("selectable_text", settings.selectable_text);
    reader.read("recent", settings.recent);
    reader.read("closed", settings.closed);
    reader.read("opened", settings.opened);
    for (std::string& panel : settings.closed) panel = panel_name(panel);
    if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

void read_place(const Reader& reader, std::optional<WindowPlace>& kept) {
    const auto found = reader.object.find("window");
    if (found == reader.object.end()) return;
    if (!found->is_object()) {
        reader.refused.emplace_back("window");
        return;
    }
    const Reader window{*found, reader.refused};
    WindowPlace place;
    window.read("x", place.x);
    window.read("y", place.y);
    window.read("width", place.width);
    window.read("height", place.height);
    window.read("maximized", place.maximized);
    if (place.width >= 200 && place.height >= 150) kept = place;
}

Kept read_kept(const json& object, std::vector<std::string>& refused) {
    constexpr float kLeastText = 4, kMostText = 400;  // pixels
    Kept kept;
    const Reader reader{object, refused};
    read_settings(reader, kept.settings);
    reader.read("layout_text", kept.layout_text);
    const bool none = kept.layout_text == 0;  // there is no layout yet
    if (!none && (kept.layout_text < kLeastText || kept.layout_text > kMostText)) {
        kept.layout_text = 0;
        refused.emplace_back("layout_text");
    }
    read_place(reader, kept.place);
    return kept;
}

}  // namespace

Kept load_kept(const std::filesystem::path& folder, std::vector<Message>* problems) {
    if (folder.empty()) return {};
    const std::filesystem::path file = folder / kSettingsFile;
    KeptText read = read_kept_text(file);
    if (read.problem.empty() && read.text.empty()) return {};
    json object;
    try {
        if (read.problem.empty()) object = parse_json(read.text, kSettingsFile, kSmallJson);
    } catch (const FileError& error) {
        read.problem = error.words();
    }
    if (read.problem.empty() && !object.is_object()) read.problem = msg("it is no JSON object");
    if (!read.problem.empty()) {
        tell(problems, set_aside_words(msg("The settings cannot be read: {reason}.", "reason"_is(read.problem)), file,
                                       key("the settings are those of the first start")));
        return {};
    }
    std::vector<std::string> refused;
    Kept kept = read_kept(object, refused);
    if (!refused.empty()) tell(problems, not_understood(refused, copy_aside(file)));
    return kept;
}

void save_kept(const Kept& kept, const std::filesystem::path& folder) {
    if (folder.empty()) return;
    const Settings& s = kept.settings;
    json object = {{"dark", s.dark},     {"scale", s.scale},   {"motion", s.motion},
                   {"speed", s.speed},   {"loop", s.loop},     {"selectable_text", s.selectable_text},
                   {"recent", s.recent}, {"closed", s.closed}, {"opened", s.opened}};
    if (s.language) object["language"] = code_of(*s.language);
    object["layout_text"] = kept.layout_text;
    if (kept.place) {
        object["window"] = {{"x", kept.place->x},
                            {"y", kept.place->y},
                            {"width", kept.place->width},
                            {"height", kept.place->height},
                            {"maximized", kept.place->maximized}};
    }
    // A path that is not UTF-8 must not keep the other settings from being written.
    write_file_durably(folder / kSettingsFile, object.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

Settings with_changes(Settings kept, const Settings& from, const Settings& now) {
    const auto take = [&](auto Settings::*member) {
        if (now.*member != from.*member) kept.*member = now.*member;
    };
    take(&Settings::dark);
    take(&Settings::language);
    take(&Settings::scale);
    take(&Settings::motion);
    take(&Settings::speed);
    take(&Settings::loop);
    take(&Settings::closed);
    take(&Settings::opened);
    for (auto path = now.recent.rbegin(); path != now.recent.rend(); ++path) remember_file(kept, *path);
    return kept;
}

void remember_file(Settings& settings, const std::string& path) {
    std::erase(settings.recent, path);
    settings.recent.insert(settings.recent.begin(), path);
    if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

std::string_view panel_name(std::string_view written) {
    if (written == "Parameters") return "Layer";
    if (written == "Canvas") return "Diagram";
    if (written == "Explain") return "Explanation";
    return written;
}

bool is_closed(const Settings& settings, std::string_view panel) {
    return std::ranges::find(settings.closed, panel) != settings.closed.end();
}

bool is_opened(const Settings& settings, std::string_view panel) {
    return std::ranges::find(settings.opened, panel) != settings.opened.end();
}

void set_closed(Settings& settings, std::string_view panel, bool closed) {
    std::erase(settings.closed, panel);
    std::erase(settings.opened, panel);
    (closed ? settings.closed : settings.opened).emplace_back(panel);
}

}  // namespace convlens
