// A file that cannot be read or written: which, why, and what would work.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

#include "core/text/message.h"

namespace convlens {

// what() is "PATH: REASON" in one line that is fit to print: neither the file's name nor what the reason quotes of its
// content can steer a terminal, and values of any length are shortened (core/text/printable.h).
class FileError : public std::runtime_error {
public:
    FileError(std::string path, Message reason);
    const std::string& path() const { return path_; }      // as it was given
    const Message& words() const { return words_; }        // the reason; made fit to print once it is in words
    const std::string& reason() const { return reason_; }  // in English, fit to print

private:
    std::string path_;
    Message words_;
    std::string reason_;
};

// The reason of a FileError; of anything else what().
Message reason_words(const std::exception& error);

}  // namespace convlens
