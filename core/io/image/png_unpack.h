// The packed rows of a PNG file, unpacked by libdeflate, which is several times as fast as zlib, and given to libpng as
// a file whose rows are stored plainly. libpng does all that is PNG's own: filters, interlacing, palettes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/block.h"
#include "core/io/image/decoder.h"

namespace convlens {

// Rows unpacked: each with its filter's number in front, as they are in the file.
class PngRows {
public:
    // Of a whole PNG file whose rows have `size` bytes. Nothing where anything about them is not as it should be, and
    // where they are larger than a gibibyte: libpng, reading the file itself, finds out and says what it is.
    static std::optional<PngRows> unpacked(FileBytes file, std::size_t size);

    // The next `wanted` bytes of a file with the head of the first one and these rows; false at its end.
    bool read(std::uint8_t* to, std::size_t wanted);

private:
    PngRows() = default;
    bool next_piece();
    std::size_t stored_bytes() const;

    FileBytes head_;  // up to the first IDAT
    Block rows_;
    std::array<std::uint8_t, 4> sum_{};  // of the rows, as zlib's format ends
    FileBytes piece_;                    // being read
    std::array<std::uint8_t, 20> made_{};
    std::size_t at_ = 0;  // rows that have been pieces
    enum class Next { head, start, block, rows, end, nothing } next_ = Next::head;
};

}  // namespace convlens
