// What files of images are usually called. What a file is, its bytes say (core/io/file_kind.h).
#pragma once

#include <string>
#include <vector>

namespace convlens {

// In lower case, ".png", of every format in the table of decoder.cpp.
const std::vector<std::string>& image_endings();

}  // namespace convlens
