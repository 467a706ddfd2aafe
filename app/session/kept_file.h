// Small text files in the user's own folders: read without ever waiting, and never thrown away when they make no sense.
#pragma once

#include <filesystem>
#include <string>

#include "core/text/message.h"

namespace convlens {

struct KeptText {
    std::string text;  // empty where there is no such file
    Message problem;   // why what is there cannot be read: a clause for a sentence. Empty: it was read, or is not there
};

// Opens plain files alone: a pipe or a device with this name would keep the program waiting. At most 4 MiB.
KeptText read_kept_text(const std::filesystem::path& path);

// Gives what stands at `path` a name beside it that nothing has yet ("layout-unreadable.ini", then "…-2.ini" and so on),
// so that the program can write its own file there. The new path; empty when it cannot be renamed.
std::filesystem::path set_aside(const std::filesystem::path& path);

// What is said of a file that cannot be used, which is set aside: `fact` is a sentence, `instead` what holds in its place.
Message set_aside_words(const Message& fact, const std::filesystem::path& path, Key instead);

// The same for a copy, which leaves the file where it is. Precondition: a plain file.
std::filesystem::path copy_aside(const std::filesystem::path& path);

}  // namespace convlens
