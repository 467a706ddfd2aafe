// What is on the clipboard goes where it belongs: a layer of another program becomes the layer that is looked at, in
// Photo a kernel becomes the selected filter's, and files are opened, whose names stand one a line. A file of text is
// opened in the same way.
#pragma once

#include <string>
#include <string_view>

#include "app/session/session.h"

namespace convlens {

// `text` is the clipboard's; empty when there is none, as with a copied image. What is none of these is told with what
// can be pasted here, and nothing changes. Settings that are not possible become a draft with their problems.
void paste(Session& session, std::string_view text);

// A text file is taken as its text would be from the clipboard, but for names of files. Throws FileError where there is
// no layer in it, and in Photo no kernel either; the path is UTF-8.
void open_text(Session& session, const std::string& path);

// The first case of a file of cases (core/cases/cases.h) that is a layer takes the place of the one that is looked at.
// Throws FileError; the path is UTF-8.
void open_cases(Session& session, const std::string& path);

}  // namespace convlens
