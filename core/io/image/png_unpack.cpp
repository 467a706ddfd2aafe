#include "core/io/image/png_unpack.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/io/image/bytes_at.h"

namespace convlens {

namespace {

constexpr std::size_t kBlock = 65535;  // the most bytes that deflate stores in one block
constexpr std::size_t kBlockHead = 5, kStart = 2, kSum = 4;
constexpr std::string_view kRowsType = "IDAT";

struct Packed {
    std::size_t first = 0;  // where the first chunk of rows begins
    FileBytes bytes;
    std::vector<std::byte> joined;  // what `bytes` are where there are several chunks
};

// The content of the chunk at `at`, which must be whole; nothing where its sum is wrong.
std::optional<FileBytes> summed_content(FileBytes file, std::size_t at, std::size_t length) {
    const FileBytes body = file.subspan(at + 4, length + 4);  // with the type
    if (number_at(file, at + 8 + length, 4) != libdeflate_crc32(0, body.data(), body.size())) return std::nullopt;
    return body.subspan(4);
}

std::optional<Packed> packed_rows(FileBytes file) {
    constexpr std::size_t kSignature = 8, kAround = 12;
    Packed packed;
    std::vector<FileBytes> parts;
    for (std::size_t at = kSignature; file.size() - at >= kAround;) {
        const std::size_t length = number_at(file, at, 4).value_or(0);
        if (length > file.size() - at - kAround) return std::nullopt;
        const bool rows = starts_with(file.subspan(at + 4), kRowsType);
        if (!rows && !parts.empty()) break;
        if (rows) {
            const auto content = summed_content(file, at, length);
            if (!content) return std::nullopt;
            if (parts.empty()) packed.first = at;
            parts.push_back(*content);
        }
        at += kAround + length;
    }
    if (parts.empty()) return std::nullopt;
    packed.bytes = parts.front();
    if (parts.size() == 1) return packed;
    std::size_t size = 0;
    for (const FileBytes part : parts) size += part.size();
    packed.joined.reserve(size);
    for (const FileBytes part : parts) packed.joined.insert(packed.joined.end(), part.begin(), part.end());
    packed.bytes = packed.joined;
    return packed;
}

void put_big(std::uint8_t* to, std::size_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(value >> shift & 0xff);
}

}  // namespace

std::optional<PngRows> PngRows::unpacked(FileBytes file, std::size_t size) {
    constexpr std::size_t kMost = std::size_t{1} << 30;
    if (size == 0 || size > kMost) return std::nullopt;
    const auto packed = packed_rows(file);
    if (!packed || packed->bytes.size() < kSum) return std::nullopt;
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> unpacker(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (!unpacker) return std::nullopt;
    PngRows rows;
    rows.rows_ = Block(size);
    // Fails unless there are exactly as many bytes, and their sum is right.
    if (libdeflate_zlib_decompress(unpacker.get(), packed->bytes.data(), packed->bytes.size(), rows.rows_.data(), size,
                                   nullptr) != LIBDEFLATE_SUCCESS)
        return std::nullopt;
    rows.head_ = file.first(packed->first);
    put_big(rows.sum_.data(), libdeflate_adler32(1, rows.rows_.data(), size));
    return rows;
}

std::size_t PngRows::stored_bytes() const {
    return kStart + (rows_.size() + kBlock - 1) / kBlock * kBlockHead + rows_.size() + kSum;
}

bool PngRows::next_piece() {
    const auto made = [this](std::size_t count) { piece_ = std::as_bytes(std::span(made_)).first(count); };
    switch (next_) {
        case Next::head:
            piece_ = head_;
            next_ = Next::start;
            return true;
        case Next::start:  // of the chunk, and of zlib's format: deflate, a window of 32 KiB, the quickest
            put_big(made_.data(), stored_bytes());
            std::ranges::copy(kRowsType, made_.begin() + 4);
            made_[8] = 0x78;
            made_[9] = 0x01;
            made(8 + kStart);
            next_ = Next::block;
            return true;
        case Next::block: {  // whether it is the last, and its length twice, the second time with its bits turned over
            const auto length = static_cast<std::uint16_t>(std::min(kBlock, rows_.size() - at_));
            const auto turned = static_cast<std::uint16_t>(~length);
            made_[0] = at_ + length == rows_.size() ? 1 : 0;
            made_[1] = static_cast<std::uint8_t>(length & 0xff);
            made_[2] = static_cast<std::uint8_t>(length >> 8);
            made_[3] = static_cast<std::uint8_t>(turned & 0xff);
            made_[4] = static_cast<std::uint8_t>(turned >> 8);
            made(kBlockHead);
            next_ = Next::rows;
            return true;
        }
        case Next::rows: {
            const std::size_t length = std::min(kBlock, rows_.size() - at_);
            piece_ = std::as_bytes(std::span(rows_.data() + at_, length));
            at_ += length;
            next_ = at_ < rows_.size() ? Next::block : Next::end;
            return true;
        }
        case Next::end:  // the rows' sum, the chunk's, which is not looked at, and the last chunk
            made_ = {};
            std::ranges::copy(sum_, made_.begin());
            std::ranges::copy(std::string_view("IEND"), made_.begin() + 12);
            made_[16] = 0xae;
            made_[17] = 0x42;
            made_[18] = 0x60;
            made_[19] = 0x82;
            made(made_.size());
            next_ = Next::nothing;
            return true;
        case Next::nothing: break;
    }
    return false;
}

bool PngRows::read(std::uint8_t* to, std::size_t wanted) {
    while (wanted > 0) {
        if (piece_.empty() && !next_piece()) return false;
        const std::size_t count = std::min(wanted, piece_.size());
        if (count > 0) std::memcpy(to, piece_.data(), count);
        piece_ = piece_.subspan(count);
        to += count;
        wanted -= count;
    }
    return true;
}

}  // namespace convlens
