// Rows of samples for the inner loops of filters, on memory that ends at forbidden pages.
#pragma once

#include <deque>
#include <random>
#include <vector>

#include "tests/core/engine/guarded.h"

namespace convlens {

// Shorter and longer than the vectors of any instruction set, and in between.
inline constexpr std::int64_t kLengths[] = {1, 3, 15, 16, 17, 47, 96, 100, 211};

// Rows of random samples, each between two forbidden pages.
template <typename T>
struct Rows {
    std::deque<Guarded<T>> memory;
    std::vector<T*> at;
    Rows(std::int64_t count, std::int64_t samples, GuardSide side) {
        std::mt19937 random(7);
        for (std::int64_t r = 0; r < count; ++r) {
            memory.emplace_back(static_cast<std::size_t>(samples), side);
            for (T& sample : memory.back().span()) sample = static_cast<T>(random() % 200);
            at.push_back(memory.back().span().data());
        }
    }
    const T* const* rows() const { return at.data(); }
};

}  // namespace convlens
