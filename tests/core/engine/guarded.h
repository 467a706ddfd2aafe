// Memory with a forbidden page right before or right behind it: whoever reads or writes outside it ends the program.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

namespace convlens {

enum class GuardSide { behind, before };

// `count` numbers that end where the page behind them begins, or begin where the page before them ends.
template <typename T>
class Guarded {
public:
    explicit Guarded(std::size_t count, GuardSide side = GuardSide::behind) : count_(count) {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t inner = (count * sizeof(T) + page - 1) / page * page;
        whole_ = inner + 2 * page;
        void* at = mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) throw std::bad_alloc();
        base_ = static_cast<std::byte*>(at);
        mprotect(base_, page, PROT_NONE);
        mprotect(base_ + page + inner, page, PROT_NONE);
        std::byte* first = side == GuardSide::before ? base_ + page : base_ + page + inner - count * sizeof(T);
        data_ = reinterpret_cast<T*>(first);
    }
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;
    ~Guarded() { munmap(base_, whole_); }

    std::span<T> span() { return {data_, count_}; }
    const T* data() const { return data_; }

private:
    std::size_t count_;
    std::size_t whole_ = 0;
    std::byte* base_ = nullptr;
    T* data_ = nullptr;
};

}  // namespace convlens
