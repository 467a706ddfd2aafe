#include "app/document/content_hash.h"

#include <cstdint>

#include <nettle/sha2.h>

#include "app/document/blob.h"

namespace convlens {

std::string content_hash(std::span<const std::byte> bytes) {
    sha256_ctx context{};
    sha256_init(&context);
    sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    Sha256 hash{};
    sha256_digest(&context, hash.size(), hash.data());
    return to_hex(hash);
}

}  // namespace convlens
