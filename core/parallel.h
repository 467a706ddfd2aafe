// Work split into bands over a few threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace convlens {

// The threads to use where the caller has no wish (0): as many as the machine has cores.
inline int thread_count(int wish) {
    return wish > 0 ? wish : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Calls body(first, last) for every band [first, last) of [0, count), `band` long (the last one may be shorter), on at
// most `threads` threads of which the caller's is one. Returns when all are done. The first exception that a band
// throws is thrown again here; bands not begun by then are left out.
template <typename Body>
void for_bands(std::int64_t count, std::int64_t band, int threads, const Body& body) {
    std::atomic<std::int64_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            for (std::int64_t first = next.fetch_add(band); first < count; first = next.fetch_add(band))
                body(first, std::min(first + band, count));
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            next = count;
        }
    };
    {
        const std::int64_t bands = (count + band - 1) / band;
        std::vector<std::jthread> helpers;
        for (std::int64_t i = 1; i < std::min<std::int64_t>(threads, bands); ++i) helpers.emplace_back(work);
        work();
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace convlens
