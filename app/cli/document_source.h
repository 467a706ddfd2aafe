// Documents that a command names: a preset, or a file.
#pragma once

#include "app/cli/cli.h"
#include "app/document/document.h"

namespace convlens {

// A preset's name, or a file. Warnings of the file go to the console. Throws RefusedInput with the nearest name, or
// FileError.
Document find_document(const std::string& source, Console console);

}  // namespace convlens
