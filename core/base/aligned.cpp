#include "core/base/aligned.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace convlens {

namespace {
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kLarge = 2 * kHugePage;  // less is not worth the memory lost to whole pages

std::align_val_t alignment(std::size_t bytes) { return std::align_val_t{bytes >= kLarge ? kHugePage : kCacheLine}; }
}  // namespace

void* allocate_aligned(std::size_t bytes) {
    void* at = ::operator new(bytes, alignment(bytes));
#ifdef MADV_HUGEPAGE
    // Advice, so its failure changes nothing but the time: whole huge pages, the rest stays as it is.
    if (bytes >= kLarge) madvise(at, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
    return at;
}

void free_aligned(void* at, std::size_t bytes) { ::operator delete(at, alignment(bytes)); }

}  // namespace convlens
