// Tells whether a file still holds what it held: the SHA-256 of its bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace convlens {

// 64 lower-case hexadecimal digits.
std::string content_hash(std::span<const std::byte> bytes);

}  // namespace convlens
