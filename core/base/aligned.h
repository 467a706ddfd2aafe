// Memory that begins with a line of the cache, so that vectors of any width load and store without crossing one. Large
// memory is allocated in huge pages where the system has them: a loop over a large image then misses no
// entries of the page table.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace convlens {

inline constexpr std::size_t kCacheLine = 64;  // bytes

void* allocate_aligned(std::size_t bytes);
void free_aligned(void* at, std::size_t bytes);  // as many as allocate_aligned() was given

template <typename T>
struct AlignedAllocator {
    using value_type = T;
    AlignedAllocator() = default;
    template <typename Other>
    AlignedAllocator(const AlignedAllocator<Other>&) {}

    T* allocate(std::size_t count) { return static_cast<T*>(allocate_aligned(count * sizeof(T))); }
    void deallocate(T* at, std::size_t count) { free_aligned(at, count * sizeof(T)); }

    template <typename Other>
    bool operator==(const AlignedAllocator<Other>&) const {
        return true;
    }
};

template <typename T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace convlens
