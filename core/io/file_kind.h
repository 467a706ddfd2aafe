// What a file is, told from its first bytes, so that a refusal can say what was found.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/text/message.h"

namespace convlens {

struct FileKind {
    std::string_view name;  // "PNG", "WebP", ...; empty when unknown
    bool image = false;     // one of the formats that load_image reads
    Key phrase;             // "a PNG image", "a text file", "a file of an unknown kind"
};

// `file` may be the beginning only. TGA has no mark at its beginning and is told by its footer or by the file name's
// ending, which `ending` holds (".tga").
FileKind file_kind(std::span<const std::byte> file, std::string_view ending = {});

// Whether a file that begins like this may be an image. False where nothing that follows could make it one.
bool may_be_image(std::span<const std::byte> beginning, std::string_view ending = {});

// The end of a file's name in lower case: ".png"; empty where it has none.
std::string ending_of(const std::filesystem::path& path);

}  // namespace convlens
