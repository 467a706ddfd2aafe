// Files in and out of the window: what is opened, dropped, saved and exported. Failures become messages that name the
// file and the reason, with what would work where the reader of the file says it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session/session.h"

namespace convlens {

// By what the file is: a document takes the place of the present one, an image is shown in the photo workspace and
// leaves the grid untouched, an array becomes the input of the layer that the current pane shows. False when it was none of these.
bool open_file(Session& session, const std::string& path);

// Lower-case endings of all that open_file() takes; dialogs offer them. What a file is, its bytes say.
const std::vector<std::string>& openable_endings();

// Several files at once, as dropped. Documents and arrays in turn; of several images the last is shown. Those that are
// not there are named in one message.
void open_files(Session& session, const std::vector<std::string>& paths);

// Puts a preset in place of the grid. The photo and its filters stay.
void open_preset(Session& session, std::string_view name, Message label);

// Asks for the document to be written, which is done beside the window; saved_file() when it has been.
void save_file(Session& session, const std::string& path);
// What an order came to; `problem` empty: it was written, or the user has to be asked (Session::changed_file).
void saved_file(Session& session, const SaveOrder& order, const SaveResult& result, const Message& problem);

// Answers to that question. Precondition: session.changed_file. What is replaced, in the file or here, is kept.
void replace_changed_file(Session& session);
void open_changed_file(Session& session);

// The file that the work of last time belonged to; one that is gone is proposed for the next save.
void go_on_with_file(Session& session, const NamedFile& named, bool unsaved);

// "<folder of the present file>/<its name><ending>", for dialogs to begin with.
std::string suggested_path(const Session& session, std::string_view ending);

// The filtered photo in the photo's own folder: "<photo> <its filters>.png", such as "beach sobel_x.png". It is never
// the photo's own name, and has no characters that a file system may refuse. A photo of a `depth` that PNG does not hold
// gets the ending of a format that does: ".hdr" for float32.
std::string suggested_photo_path(const Session& session, Depth depth = Depth::u8);
// The photo's folder with a '/' behind it; empty for the sample.
std::string photo_folder(const Session& session);

// Where a dialog begins that is given no folder and was in none yet: that of the photo or document that is shown, else of
// the file that was used last; empty if there is none.
std::string start_folder(const Session& session);

// The work's name for people: its file's, else its title.
std::string work_name(const Session& session);
// What the window shows, for its title: the work, or in the photo workspace the image, with the work's file if there is one.
Message shown_name(const Session& session);

}  // namespace convlens
