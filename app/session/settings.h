// What is kept between starts apart from the work: settings, and where the window stood. Files in the user's config
// folder (never the current one): settings.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/ui_state.h"
#include "core/text/message.h"

namespace convlens {

// The window's frame in screen coordinates.
struct WindowPlace {
    int x = 0, y = 0, width = 0, height = 0;
    bool maximized = false;
    friend bool operator==(const WindowPlace&, const WindowPlace&) = default;
};

struct Kept {
    Settings settings;
    std::optional<WindowPlace> place;
    float layout_text = 0;  // the text size, pixels, that layout.ini was written with
    friend bool operator==(const Kept&, const Kept&) = default;
};

// What cannot be read is left at its default: a broken settings file must not keep the program from starting. The file is
// then kept under another name, and `problems` gets a sentence that says so.
Kept load_kept(const std::filesystem::path& folder, std::vector<Message>* problems = nullptr);

// Throws FileError. Does nothing when `folder` is empty.
void save_kept(const Kept& kept, const std::filesystem::path& folder);

// `kept` with what `now` has otherwise than `from`. Recent files of `now` stand above those that were kept.
Settings with_changes(Settings kept, const Settings& from, const Settings& now);

// Puts `path` on top of the recent files.
void remember_file(Settings& settings, const std::string& path);

// The name that a panel has today for one that it had in files of earlier versions: "Layer" for "Parameters".
std::string_view panel_name(std::string_view written);

// Whether the user has closed a panel, by its name, or opened it; neither, as long as nobody has touched it.
bool is_closed(const Settings& settings, std::string_view panel);
bool is_opened(const Settings& settings, std::string_view panel);
void set_closed(Settings& settings, std::string_view panel, bool closed);

}  // namespace convlens
