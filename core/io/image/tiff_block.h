// A TIFF block as EXIF data are: numbers in the byte order that its first bytes tell, and directories of entries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace convlens {

class TiffBlock {
public:
    // Any bytes: what is not there is not found.
    explicit TiffBlock(std::span<const std::byte> bytes);

    // The number in the `length` (1 to 4) bytes from `at`; nothing where they run beyond the end.
    std::optional<std::uint32_t> number(std::size_t at, std::size_t length) const;

    // Where the first directory lies; nothing where the block is no TIFF block.
    std::optional<std::size_t> first_directory() const;

    struct Entry {
        std::uint32_t type = 0, count = 0;
        std::size_t value_at = 0;  // of the four bytes that are the value, or its place
    };
    // The entry of the directory at `directory` that has this tag.
    std::optional<Entry> entry(std::size_t directory, std::uint32_t tag) const;

    // The value of an entry of type SHORT or LONG with one value.
    std::optional<std::uint32_t> single(std::size_t directory, std::uint32_t tag) const;

private:
    std::span<const std::byte> bytes_;
    bool little_ = false, known_ = false;
};

}  // namespace convlens
