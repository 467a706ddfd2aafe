// Memory for many bytes that are written before they are read: filled with nothing, and in huge pages where the system
// has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/aligned.h"

namespace convlens {

class Block {
public:
    Block() = default;
    explicit Block(std::size_t size)
        : bytes_(static_cast<std::uint8_t*>(allocate_aligned(size)), Freed{size}), size_(size) {}

    std::uint8_t* data() const { return bytes_.get(); }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    std::span<const std::uint8_t> bytes() const { return {data(), size_}; }
    // The first ones of them; what is behind stays allocated. Precondition: size <= size().
    void shorten(std::size_t size) { size_ = size; }

private:
    struct Freed {
        std::size_t size;  // as it was allocated
        void operator()(std::uint8_t* at) const { free_aligned(at, size); }
    };
    std::unique_ptr<std::uint8_t, Freed> bytes_;
    std::size_t size_ = 0;
};

}  // namespace convlens
