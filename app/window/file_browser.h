// A small file browser inside the window, for desktops without a file dialog.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/session/ui_state.h"
#include "app/window/file_question.h"
#include "core/text/message.h"

namespace convlens {

// Driven by keys alone, too: Tab goes from field to list to buttons, arrows move in the list, Enter opens a folder or
// chooses a file, Backspace goes to the folder above, Escape closes, or leads from the question whether to replace a
// file back to its name. That question begins on "Choose another name", so that no second Enter replaces a file. What
// has the focus is outlined meanwhile.
class FileBrowser {
public:
    // Where it opens while it was in no folder yet; empty: in the user's home.
    void begin_in(std::filesystem::path folder) { first_folder_ = std::move(folder); }
    // Opens in the suggestion's folder, or where it was last, or where it begins. The focus is in the field of the name,
    // all of it selected; Down leads from there into the list. `photo`: the file of the photo that is
    // open, UTF-8, or empty; it is not replaced without a warning.
    void open(Request what, const std::string& suggestion, const std::string& photo = {});
    // The same for a name that was chosen elsewhere: goes on as if it had been typed here.
    void go_on(Request what, const std::string& path, const std::string& photo);
    bool is_open() const { return open_; }
    bool is_opening() const { return open_ && appearing_; }  // not drawn yet
    bool asks_to_replace() const { return open_ && replacing_; }
    Request what() const { return what_; }

    // Draws it; the chosen path (UTF-8) once.
    std::optional<std::string> update(Lang lang);

private:
    struct Entry {
        std::string name;  // UTF-8
        bool folder = false;
    };
    enum class Focus { none, name, first, list, other_name };

    void show();
    void close();
    void go_to(const std::filesystem::path& folder);
    void go_up();  // the list's focus is on the folder it came from
    void draw_places();
    void draw_entries(float below);
    void draw_entry(const Entry& entry);
    void take(const Entry& entry, bool at_once);
    void begin_list();
    void draw_name();
    std::optional<std::string> draw_answer();
    void draw_buttons();
    void draw_other_name();
    void focus_here(Focus wanted);  // the item that was drawn last, if it is that one
    void ask_for_another_name();
    Message words() const;  // a question or a problem, below the name
    float height_below() const;
    std::optional<std::string> choose();
    std::optional<std::string> choose_to_open(const std::filesystem::path& path);
    std::optional<std::string> choose_to_save();

    std::string text(const Message& message) const;
    std::string label(const Message& message) const;

    Request what_ = Request::open;
    Lang lang_ = Lang::english;  // of this frame
    FileQuestion question_;
    bool open_ = false;
    bool appearing_ = false;
    bool keyboard_before_ = false;  // whether keys moved the focus before it opened
    std::filesystem::path folder_, first_folder_;
    std::string folder_text_;
    std::string name_;
    std::vector<Entry> entries_;
    Message problem_;
    std::string photo_;                // the file of the photo that is open
    bool replaces_photo_ = false;      // replacing_, and it is that file
    bool replacing_ = false;           // the name exists, and it is asked whether to replace the file
    bool replaces_ = false;            // the answer was yes: by its own button alone, never by Enter in the name
    bool chosen_ = false;              // by a double click, Enter or the button
    Focus focus_ = Focus::none;        // where the focus goes in this frame
    std::string focused_entry_;        // ... in the list; the first entry if there is none of this name
    std::optional<std::string> next_;  // the name of a folder of the list that is entered after it
    double entered_ = -1;              // ImGui::GetTime() at which one was
};

}  // namespace convlens
