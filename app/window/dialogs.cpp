#include "app/window/dialogs.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <portable_file_dialogs.h>

#include "app/window/file_browser.h"
#include "app/words/words.h"
#include "core/io/bytes.h"
#include "core/text/utf8_path.h"

namespace convlens {

struct FileDialogs::Native {
    Request what{};
    std::unique_ptr<pfd::open_file> open;
    std::unique_ptr<pfd::save_file> save;

    bool busy() const { return open || save; }
    // The chosen path; empty when it was cancelled; nothing while it is open.
    std::optional<std::string> take() {
        std::string path;
        if (open && open->ready(0)) {
            const std::vector<std::string> paths = open->result();
            if (!paths.empty()) path = paths.front();
        } else if (save && save->ready(0)) {
            path = save->result();
        } else {
            return {};
        }
        open.reset();
        save.reset();
        return path;
    }
};

FileDialogs::FileDialogs(bool native)
    : want_native_(native), native_(std::make_unique<Native>()), browser_(std::make_unique<FileBrowser>()) {}

FileDialogs::~FileDialogs() {
    // A dialog that is still open would be waited for.
    if (native_->open) native_->open->kill();
    if (native_->save) native_->save->kill();
}

void FileDialogs::ask(Request what, const std::string& suggestion, const std::string& photo,
                      const std::string& folder) {
    if (native_->busy() || browser_->is_open()) return;
    photo_ = photo;
    const FileQuestion question = file_question(what);
    // Looking for the desktop's dialog starts processes: not before one is wanted.
    if (!want_native_ || !pfd::settings::available()) {
        browser_->begin_in(from_utf8(folder));
        browser_->open(what, suggestion, photo_);
        return;
    }
    const bool placed = folder.empty() || from_utf8(suggestion).has_parent_path();
    const std::string first = placed ? suggestion : to_utf8(from_utf8(folder) / from_utf8(suggestion));
    native_->what = what;
    std::vector<std::string> filters;
    if (!question.endings.empty()) {
        std::string patterns;
        for (const std::string& ending : question.endings) patterns += (patterns.empty() ? "*" : " *") + ending;
        filters = {in(lang_, question.kind), patterns};
    }
    filters.insert(filters.end(), {in(lang_, key("All files")), "*"});
    if (question.saves) {
        native_->save = std::make_unique<pfd::save_file>(in(lang_, question.title), first, filters);
    } else {
        native_->open = std::make_unique<pfd::open_file>(in(lang_, question.title), first, filters);
    }
}

std::optional<FileDialogs::Answer> FileDialogs::update() {
    if (auto path = browser_->update(lang_)) return Answer{browser_->what(), std::move(*path)};
    if (!native_->busy()) return {};
    std::optional<std::string> path = native_->take();
    if (!path || path->empty()) return {};
    return checked(native_->what, *path);
}

// What is wrong with the desktop's answer, or was not asked there, is asked by the browser: the desktop has asked about
// the name as it was typed, and knows no photo.
std::optional<FileDialogs::Answer> FileDialogs::checked(Request what, const std::string& path) {
    const FileQuestion question = file_question(what);
    if (!question.saves) return Answer{what, path};
    const std::string named = with_ending(path, question);
    std::error_code code;
    const bool unasked = named != path && std::filesystem::exists(from_utf8(named), code);
    const bool replaces_photo = !photo_.empty() && same_file(from_utf8(named), from_utf8(photo_));
    if (ending_problem(path, question).empty() && !unasked && !replaces_photo) return Answer{what, named};
    browser_->go_on(what, path, photo_);
    return {};
}

bool FileDialogs::takes_escape() const { return browser_->asks_to_replace(); }

bool FileDialogs::is_open() const { return native_->busy() || browser_->is_open(); }

bool FileDialogs::polling() const { return native_->busy() || browser_->is_opening(); }

}  // namespace convlens
