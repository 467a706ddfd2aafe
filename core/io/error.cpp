#include "core/io/error.h"

#include "core/text/printable.h"

namespace convlens {

FileError::FileError(std::string path, const std::string& reason)
    : std::runtime_error(printable(path) + ": " + printable(reason, kMostOfMessage)),
      path_(std::move(path)),
      reason_(printable(reason, kMostOfMessage)) {}

}  // namespace convlens
