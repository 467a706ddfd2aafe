// How many random settings a test tries, and from which seed.
//   CONVLENS_LONG=1   all of them (tests/long/random.sh); else as many as suit every day
//   CONVLENS_SEED=N   the seed of a run that failed; else another one each time, which is printed
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/core/sanitized.h"

namespace convlens::test {

inline bool is_long() { return std::getenv("CONVLENS_LONG") != nullptr; }

// `sanitized`: under a sanitizer, which makes a program several times as slow.
inline int random_settings(int sanitized, int usual, int all) {
    if (is_long()) return all;
    return kSanitized ? sanitized : usual;
}

// The same for all tests of a run, below 2³¹.
inline std::uint64_t random_seed() {
    static const std::uint64_t seed = [] {
        const char* const given = std::getenv("CONVLENS_SEED");
        const auto now = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
        const std::uint64_t chosen = given != nullptr ? std::strtoull(given, nullptr, 10) : now / 1000 % 1'000'000'000;
        std::fprintf(stderr, "random settings: CONVLENS_SEED=%llu gives them again\n",
                     static_cast<unsigned long long>(chosen));
        return chosen;
    }();
    return seed;
}

}  // namespace convlens::test
