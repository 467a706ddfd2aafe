// What a dialog for files asks: its words, the endings that it takes, and what cannot be written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/session/ui_state.h"
#include "core/text/message.h"

namespace convlens {

// What is asked for, in words of a dialog.
struct FileQuestion {
    Key title;                         // "Save as"
    Key kind;                          // "Convlens documents"
    std::vector<std::string> endings;  // ".convlens"; lower case
    bool saves = false;
    Key written_as = {};  // "a Convlens document"; where it saves
};
FileQuestion file_question(Request what);

// A name without any ending gets the question's first.
std::string with_ending(std::string path, const FileQuestion& question);
// Why no file can be written under this name, for people: it has another ending, or leads to a device. Empty: it can.
Message ending_problem(const std::string& path, const FileQuestion& question);

// The name has one of the question's endings.
bool has_ending(const std::string& name, const FileQuestion& question);
// A pipe or a device.
bool is_no_file(const std::filesystem::path& path);

}  // namespace convlens
