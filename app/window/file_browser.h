// A small file browser inside the window, for desktops without a file dialog.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/window/ui_state.h"

namespace convlens {

// What is asked for, in words of a dialog.
struct FileQuestion {
    std::string title;                 // "Save as"
    std::string kind;                  // "Convlens documents"
    std::vector<std::string> endings;  // ".convlens"; lower case
    bool saves = false;
};
FileQuestion file_question(Request what);

// A name without one of the question's endings gets the first.
std::string with_ending(std::string path, const FileQuestion& question);

class FileBrowser {
public:
    // Opens in the suggestion's folder, or where it was last, or in the user's home.
    void open(Request what, const std::string& suggestion);
    bool is_open() const { return open_; }
    Request what() const { return what_; }

    // Draws it; the chosen path (UTF-8) once.
    std::optional<std::string> update();

private:
    struct Entry {
        std::string name;  // UTF-8
        bool folder = false;
    };
    void go_to(const std::filesystem::path& folder);
    void draw_places();
    void draw_entries();
    std::optional<std::string> draw_answer();
    std::optional<std::string> choose();

    Request what_ = Request::open;
    FileQuestion question_;
    bool open_ = false;
    bool appearing_ = false;
    std::filesystem::path folder_;
    std::string folder_text_;
    std::string name_;
    std::vector<Entry> entries_;
    std::string problem_;
    bool replacing_ = false;  // the name exists, and it was asked whether to replace the file
    bool chosen_ = false;     // a double click
};

}  // namespace convlens
