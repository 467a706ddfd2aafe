// Bytes as text that any JSON can hold (RFC 4648, with padding).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convlens {

std::string to_base64(std::span<const std::byte> bytes);

// Nothing where the text is not base64, or stops in the middle. White space in it is passed over.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace convlens
