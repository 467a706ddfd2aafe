#include "core/io/error.h"

#include <utility>

#include "core/text/printable.h"

namespace convlens {

FileError::FileError(std::string path, Message reason)
    : std::runtime_error(printable(path) + ": " + printable(english(reason), kMostOfMessage)),
      path_(std::move(path)),
      words_(std::move(reason)),
      reason_(printable(english(words_), kMostOfMessage)) {}

Message reason_words(const std::exception& error) {
    const auto* file_error = dynamic_cast<const FileError*>(&error);
    return file_error != nullptr ? file_error->words() : verbatim(error.what());
}

}  // namespace convlens
