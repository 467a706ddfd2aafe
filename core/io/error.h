// A file that cannot be read or written: which, why, and what would work.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/text/message.h"

namespace convlens {

// what() is "PATH: REASON", of an empty path the reason alone, in one line that is fit to print: neither the file's name
// nor what the reason quotes of its content can steer a terminal, and values of any length are shortened
// (core/text/printable.h).
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

// Something that failed, in a sentence of its own: nothing is said before it. what() is the English of it.
class SaidError : public std::runtime_error {
public:
    explicit SaidError(Message words) : std::runtime_error(english(words)), words_(std::move(words)) {}
    const Message& words() const { return words_; }

private:
    Message words_;
};

// The reason of a FileError, the sentence of a SaidError; of anything else what().
Message reason_words(const std::exception& error);
// The same, a FileError's as "PATH: REASON" where it has a path. The path is fit to print, the whole is made so once it is
// in words.
Message error_words(const std::exception& error);

}  // namespace convlens
