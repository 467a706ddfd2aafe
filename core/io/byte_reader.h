// The bytes of a file in order, as numbers of either byte order. What would lie beyond the end is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/io/image/decoder.h"

namespace convlens {

class ByteReader {
public:
    // `format` names the file in the refusal.
    ByteReader(FileBytes bytes, std::string_view format) : bytes_(bytes), format_(format) {}

    std::size_t at() const { return at_; }
    std::size_t left() const { return bytes_.size() - at_; }
    void seek(std::size_t at) {
        if (at > bytes_.size()) refuse_truncated(format_);
        at_ = at;
    }
    FileBytes take(std::size_t count) {
        if (count > left()) refuse_truncated(format_);
        at_ += count;
        return bytes_.subspan(at_ - count, count);
    }
    void skip(std::size_t count) { take(count); }
    std::string_view text(std::size_t count) {
        const FileBytes taken = take(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }

    std::uint32_t u8() { return std::to_integer<std::uint32_t>(take(1)[0]); }
    // Least byte first: BMP, TGA, GIF.
    std::uint32_t u16_little() { return little(2); }
    std::uint32_t u32_little() { return little(4); }
    std::int32_t i32_little() { return static_cast<std::int32_t>(little(4)); }
    // Greatest byte first: PNG, PSD, PNM.
    std::uint32_t u16_big() { return big(2); }
    std::uint32_t u32_big() { return big(4); }

private:
    std::uint32_t little(std::size_t count) {
        const FileBytes taken = take(count);
        std::uint32_t value = 0;
        for (std::size_t i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(taken[i]);
        return value;
    }
    std::uint32_t big(std::size_t count) {
        std::uint32_t value = 0;
        for (const std::byte byte : take(count)) value = value << 8 | std::to_integer<std::uint32_t>(byte);
        return value;
    }

    FileBytes bytes_;
    std::string_view format_;
    std::size_t at_ = 0;
};

}  // namespace convlens
