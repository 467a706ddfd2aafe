#include "app/window/settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "app/document/file.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr const char* kSettingsFile = "settings.json";
constexpr const char* kLayoutFile = "layout.ini";
constexpr std::size_t kMostRecent = 10;

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// One key, if it is there and of the right kind.
template <typename T>
void read(const json& object, const char* key, T& value) {
    const auto found = object.find(key);
    if (found == object.end()) return;
    try {
        value = found->get<T>();
    } catch (const json::exception&) {
        // Written by another version or by hand: the default stands.
    }
}

void read_settings(const json& object, Settings& settings) {
    read(object, "dark", settings.dark);
    read(object, "scale", settings.scale);
    read(object, "motion", settings.motion);
    read(object, "speed", settings.speed);
    read(object, "loop", settings.loop);
    read(object, "recent", settings.recent);
    read(object, "closed", settings.closed);
    settings.scale = std::clamp(settings.scale, 0.5F, 4.0F);
    settings.speed = std::clamp(settings.speed, 0.1F, 64.0F);
    if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

std::optional<WindowPlace> read_place(const json& object) {
    if (!object.is_object()) return {};
    WindowPlace place;
    read(object, "x", place.x);
    read(object, "y", place.y);
    read(object, "width", place.width);
    read(object, "height", place.height);
    read(object, "maximized", place.maximized);
    if (place.width < 200 || place.height < 150) return {};
    return place;
}

}  // namespace

Kept load_kept(const std::filesystem::path& folder) {
    Kept kept;
    if (folder.empty()) return kept;
    const json object = json::parse(read_text(folder / kSettingsFile), nullptr, false);
    if (!object.is_object()) return kept;
    read_settings(object, kept.settings);
    read(object, "layout_text", kept.layout_text);
    if (const auto place = object.find("window"); place != object.end()) kept.place = read_place(*place);
    return kept;
}

void save_kept(const Kept& kept, const std::filesystem::path& folder) {
    if (folder.empty()) return;
    const Settings& s = kept.settings;
    json object = {{"dark", s.dark}, {"scale", s.scale},   {"motion", s.motion}, {"speed", s.speed},
                   {"loop", s.loop}, {"recent", s.recent}, {"closed", s.closed}};
    object["layout_text"] = kept.layout_text;
    if (kept.place) {
        object["window"] = {{"x", kept.place->x},
                            {"y", kept.place->y},
                            {"width", kept.place->width},
                            {"height", kept.place->height},
                            {"maximized", kept.place->maximized}};
    }
    // A path that is not UTF-8 must not keep the other settings from being written.
    write_file(folder / kSettingsFile, object.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

void remember_file(Settings& settings, const std::string& path) {
    std::erase(settings.recent, path);
    settings.recent.insert(settings.recent.begin(), path);
    if (settings.recent.size() > kMostRecent) settings.recent.resize(kMostRecent);
}

std::string load_layout(const std::filesystem::path& folder) {
    return folder.empty() ? std::string{} : read_text(folder / kLayoutFile);
}

void save_layout(std::string_view text, const std::filesystem::path& folder) {
    if (!folder.empty()) write_file(folder / kLayoutFile, text);
}

}  // namespace convlens
