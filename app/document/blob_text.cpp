#include "app/document/blob_text.h"

#include <bit>
#include <cstddef>
#include <span>
#include <vector>

#include <zlib.h>

#include "app/document/base64.h"

namespace convlens {

namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they are in memory");

// Deflate never makes a text more than 1,032 times as long (zlib's technical notes); its frame is a few bytes more.
constexpr std::size_t kMostGrowth = 1032;

Bytef* raw(std::span<std::byte> bytes) { return reinterpret_cast<Bytef*>(bytes.data()); }
const Bytef* raw(std::span<const std::byte> bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

std::vector<std::byte> deflated(std::span<const std::byte> bytes) {
    uLongf length = compressBound(bytes.size());
    std::vector<std::byte> result(length);
    // The fastest of its levels: float64 numbers hardly become shorter by the others.
    if (compress2(raw(std::span(result)), &length, raw(bytes), bytes.size(), Z_BEST_SPEED) != Z_OK)
        throw BlobTextError(msg("cannot be compressed: there is not enough memory"));
    result.resize(length);
    return result;
}

// Fills `to` to its last byte with what `from` holds, to its last byte.
void inflate_exactly(std::span<const std::byte> from, std::span<std::byte> to, const Shape4& shape) {
    uLongf length = to.size();
    uLong read = from.size();
    const int result = uncompress2(raw(to), &length, raw(from), &read);
    if (result == Z_BUF_ERROR && length == to.size())
        throw BlobTextError(msg("holds more numbers than its shape {shape}", "shape"_is(to_string(shape))));
    if (result != Z_OK) throw BlobTextError(msg("is damaged: zlib cannot read it"));
    if (length != to.size())
        throw BlobTextError(msg("must be the {bytes} bytes of its shape {shape}; it is {length}", "bytes"_is(to.size()),
                                "shape"_is(to_string(shape)), "length"_is(length)));
    if (read != from.size()) throw BlobTextError(msg("is damaged: there is more after its end"));
}

}  // namespace

std::string blob_text(const Tensor<double>& values) { return to_base64(deflated(std::as_bytes(values.span()))); }

Tensor<double> tensor_of_text(std::string_view text, const Shape4& shape) {
    const auto bytes = from_base64(text);
    if (!bytes) throw BlobTextError(msg("is not base64"));
    const std::size_t wanted = static_cast<std::size_t>(*element_count(shape)) * sizeof(double);
    if (wanted / kMostGrowth > bytes->size())
        throw BlobTextError(msg("is too short for the numbers of its shape {shape}", "shape"_is(to_string(shape))));
    Tensor<double> values(shape);
    inflate_exactly(*bytes, std::as_writable_bytes(values.span()), shape);
    return values;
}

}  // namespace convlens
