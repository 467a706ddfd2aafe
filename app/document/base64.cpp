#include "app/document/base64.h"

#include <cstdint>

#include <nettle/base64.h>

namespace convlens {

std::string to_base64(std::span<const std::byte> bytes) {
    std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
    base64_encode_raw(text.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    return text;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
    std::vector<std::byte> bytes(BASE64_DECODE_LENGTH(text.size()));
    std::size_t length = bytes.size();
    base64_decode_ctx context{};
    base64_decode_init(&context);
    const bool read = base64_decode_update(&context, &length, reinterpret_cast<std::uint8_t*>(bytes.data()),
                                           text.size(), text.data()) == 1;
    if (!read || base64_decode_final(&context) != 1) return std::nullopt;
    bytes.resize(length);
    return bytes;
}

}  // namespace convlens
