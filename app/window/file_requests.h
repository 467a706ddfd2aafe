// What menus and keys ask for of files, and what becomes of the paths that dialogs answer: documents, photos and figures are
// begun, opened and saved.
#pragma once

#include <string>

#include "app/photo/photo_session.h"
#include "app/session/session.h"
#include "app/window/dialogs.h"
#include "app/window/saving.h"

namespace convlens {

class FileRequests {
public:
    // Keeps all of them.
    FileRequests(Session& session, const PhotoWork& photo, Saving& saving, FileDialogs& dialogs)
        : session_(session), photo_(photo), saving_(saving), dialogs_(dialogs) {}

    // Does what was asked for, or opens the dialog that it needs a path from. Requests that are not about files, such as
    // Request::fullscreen, are nothing here.
    void run(Request request);
    void take(const FileDialogs::Answer& answer);

private:
    void ask(Request request);
    std::string suggestion(Request request) const;  // what a dialog begins with

    Session& session_;
    const PhotoWork& photo_;
    Saving& saving_;
    FileDialogs& dialogs_;
};

}  // namespace convlens
