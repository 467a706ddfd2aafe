#include "app/window/file_requests.h"

#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/session/session.h"
#include "app/window/file_question.h"

namespace convlens {

void FileRequests::run(Request request) {
    switch (request) {
        case Request::new_document: {
            Document fresh = first_document();
            fresh.photo = session_.document().photo;
            replace_document(session_, std::move(fresh), msg("new"));
            break;
        }
        case Request::save:
            if (session_.file.empty()) return ask(Request::save_as);
            save_file(session_, session_.file);
            break;
        case Request::open:
        case Request::open_photo:
        case Request::save_as:
        case Request::export_figure:
        case Request::export_animation: ask(request); break;
        case Request::save_photo:
            if (warn_of_refused_kernel(session_.ui)) break;
            if (photo_.after() || photo_.busy()) {
                ask(request);
            } else {
                complain(session_.ui, msg("No image to save yet. Open one with Ctrl+O."), "save-photo");
            }
            break;
        case Request::reset_layout:
        case Request::fullscreen:
        case Request::quit: break;
    }
}

void FileRequests::take(const FileDialogs::Answer& answer) {
    switch (answer.what) {
        case Request::open:
        case Request::open_photo: open_files(session_, {answer.path}); break;
        case Request::save_as: save_file(session_, answer.path); break;
        case Request::save_photo: saving_.photo(session_.document().photo, answer.path); break;
        default: saving_.figure(session_, answer.path); break;
    }
}

std::string FileRequests::suggestion(Request request) const {
    switch (request) {
        case Request::open_photo: return photo_folder(session_);
        case Request::save_as: return suggested_path(session_, ".convlens");
        case Request::export_figure:
        case Request::export_animation: return suggested_path(session_, file_question(request).endings.front());
        case Request::save_photo:
            if (std::string path = saving_.failed_path(session_.document().photo); !path.empty()) return path;
            return suggested_photo_path(session_, photo_.before() ? photo_.before()->depth() : Depth::u8);
        default: return {};
    }
}

void FileRequests::ask(Request request) {
    dialogs_.ask(request, suggestion(request), session_.document().photo.path, start_folder(session_));
}

}  // namespace convlens
