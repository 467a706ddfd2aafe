// Memory that begins with a line of the cache, so that vectors of any width load and store without crossing one.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace convlens {

inline constexpr std::size_t kCacheLine = 64;  // bytes

template <typename T>
struct AlignedAllocator {
    using value_type = T;
    AlignedAllocator() = default;
    template <typename Other>
    AlignedAllocator(const AlignedAllocator<Other>&) {}

    T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kCacheLine}));
    }
    void deallocate(T* at, std::size_t) { ::operator delete (at, std::align_val_t{kCacheLine}); }

    template <typename Other>
    bool operator==(const AlignedAllocator<Other>&) const {
        return true;
    }
};

template <typename T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace convlens
