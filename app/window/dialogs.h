// Asking for a file: the desktop's own dialog where there is one (zenity, kdialog), a small browser in the window where
// there is none.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/session/ui_state.h"

namespace convlens {

class FileBrowser;

class FileDialogs {
public:
    // `native` false: always the browser in the window.
    explicit FileDialogs(bool native);
    ~FileDialogs();
    FileDialogs(const FileDialogs&) = delete;
    FileDialogs& operator=(const FileDialogs&) = delete;

    // Opens a dialog for `what` (open, open_photo, save_as, export_..., save_photo) unless one is open already.
    // `suggestion`: the path or name to begin with; may be empty. `photo`: the file of the photo that is open; before it
    // is replaced it is asked whether it is to be, also where the desktop has asked.
    // `folder`: where it begins when the suggestion names none; the browser in the window only if it was in none yet.
    void ask(Request what, const std::string& suggestion, const std::string& photo = {},
             const std::string& folder = {});

    // The language of its words from now on; a dialog of the desktop keeps those that it was opened with.
    void speak(Lang lang) { lang_ = lang; }

    struct Answer {
        Request what;
        std::string path;  // UTF-8, with the ending that was asked for
    };
    // Call each frame; draws the browser. An answer comes once.
    std::optional<Answer> update();

    // It has been asked, and neither answered nor left.
    bool is_open() const;

    // A dialog of the desktop is open: it says nothing when it is done, so look again in a moment. Or the browser opens.
    bool polling() const;

    // It asks whether to replace a file, and Escape leads back from there.
    bool takes_escape() const;

private:
    struct Native;
    std::optional<Answer> checked(Request what, const std::string& path);
    Lang lang_ = Lang::english;
    bool want_native_;
    std::unique_ptr<Native> native_;
    std::unique_ptr<FileBrowser> browser_;
    std::string photo_;
};

}  // namespace convlens
