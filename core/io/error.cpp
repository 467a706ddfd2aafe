#include "core/io/error.h"

#include "core/text/printable.h"

namespace convlens {

FileError::FileError(std::string path, const std::string& reason)
    : std::runtime_error(printable(path) + ": " + printable(reason, kMostOfMessage)),
      path_(std::move(path)),
      reason_(printable(reason, kMostOfMessage)) {}

std::string reason_of(const std::exception& error) {
    const auto* file_error = dynamic_cast<const FileError*>(&error);
    return file_error != nullptr ? file_error->reason() : error.what();
}

}  // namespace convlens
