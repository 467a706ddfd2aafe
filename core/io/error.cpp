#include "core/io/error.h"

#include <utility>

#include "core/text/printable.h"

namespace convlens {

FileError::FileError(std::string path, Message reason)
    : std::runtime_error((path.empty() ? "" : printable(path) + ": ") + printable(english(reason), kMostOfMessage)),
      path_(std::move(path)),
      words_(std::move(reason)),
      reason_(printable(english(words_), kMostOfMessage)) {}

Message reason_words(const std::exception& error) {
    if (const auto* const file = dynamic_cast<const FileError*>(&error)) return file->words();
    if (const auto* const said = dynamic_cast<const SaidError*>(&error)) return said->words();
    return verbatim(error.what());
}

Message error_words(const std::exception& error) {
    const Message reason = reason_words(error);
    const auto* const file = dynamic_cast<const FileError*>(&error);
    return file == nullptr || file->path().empty()
               ? reason
               : msg("{file}: {reason}", "file"_is(printable(file->path())), "reason"_is(reason));
}

}  // namespace convlens
