// Files in and out of the window: what is opened, dropped, saved and exported. Failures become messages that name the
// file, the reason and the nearest thing that works.
#pragma once

#include <string>
#include <vector>

#include "app/window/session.h"
#include "core/image/image.h"

namespace convlens {

// By what the file is: a document takes the place of the present one, a picture is shown in photo mode and leaves the
// grid untouched, an array becomes the input of the layer that the current pane shows. False when it was none of these.
bool open_file(Session& session, const std::string& path);

// Several files at once, as dropped. Documents and arrays in turn; of several pictures the last is shown.
void open_files(Session& session, const std::vector<std::string>& paths);

// Puts a preset in place of the grid. The photo and its filters stay.
void open_preset(Session& session, std::string_view name, std::string label);

// Asks for the document to be written, which is done beside the window; saved_file() when it has been.
void save_file(Session& session, const std::string& path);
// What an order came to; `problem` empty: it was written.
void saved_file(Session& session, const SaveOrder& order, const std::string& problem);
void export_png(Session& session, const std::string& path);
void export_gif(Session& session, const std::string& path);
void save_photo(Session& session, const ImageRef& picture, const std::string& path);

// "<folder of the present file>/<its name><ending>", for dialogs to begin with.
std::string suggested_path(const Session& session, std::string_view ending);

// The work's name for people: its file's, else its title.
std::string work_name(const Session& session);

}  // namespace convlens
