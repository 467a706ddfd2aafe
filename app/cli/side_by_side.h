// Several files through the same stages, of which reading and writing run beside one another.
#pragma once

#include <cstddef>
#include <functional>

namespace convlens {

// What is done to file number i, in this order. None may throw.
struct FileStages {
    std::function<void(std::size_t i)> read;    // on a thread of its own, beside any stage of other files
    std::function<void(std::size_t i)> work;    // on the calling thread, one file after another in their order
    std::function<void(std::size_t i)> write;   // as `read`
    std::function<void(std::size_t i)> finish;  // as `work`
    std::function<std::size_t()> at_once;  // how many files may be between `read` and `finish`; asked again and again
};

// Returns when all `count` files are finished.
void run_side_by_side(std::size_t count, const FileStages& stages);

}  // namespace convlens
