// libtiff over bytes in memory, with the first error kept in place of being printed.
#pragma once

#include <tiffio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace convlens {

// A file in memory that libtiff reads or writes. Must live as long as the TIFF that is opened over it.
struct TiffMemory {
    std::span<const std::byte> file;  // to be read
    std::vector<std::byte> made;      // what was written
    bool writes = false;
    std::uint64_t at = 0;
    std::string error;  // libtiff's first; empty without one
    bool no_memory = false;
};

struct TiffClosed {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using OpenTiff = std::unique_ptr<TIFF, TiffClosed>;

// `mode` as TIFFOpen() has it: "r", "w", "w8". nullptr, and the reason in memory.error, where it cannot be opened. No
// single piece of memory that libtiff takes is larger than `most` bytes.
OpenTiff open_tiff(TiffMemory& memory, const char* mode, std::int64_t most);

}  // namespace convlens
