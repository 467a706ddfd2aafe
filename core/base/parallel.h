// Work split into bands over a few threads.
//
// The threads are made when they are first wanted and kept: handing out work costs microseconds, and several callers at
// a time share them instead of making more than the machine has cores.
#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>
#include <type_traits>

namespace convlens {

// The threads to use: `requested`, or as many as the machine has cores where the caller leaves the number open (0).
inline int thread_count(int requested) {
    return requested > 0 ? requested : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// One job of for_bands, without its type. `call` runs body for one band as the worker of that number.
struct BandJob {
    std::int64_t count = 0;
    std::int64_t band = 1;
    const void* body = nullptr;
    void (*call)(const void* body, std::int64_t first, std::int64_t last, int worker) = nullptr;
};
void run_bands(const BandJob& job, int threads);

// Calls body(first, last), or body(first, last, worker), for every band [first, last) of [0, count), `band` long (the
// last one may be shorter), on at most `threads` threads of which the caller's is one. `worker` is 0 to the lesser of
// threads and bands, less 1, and no two bands run as the same worker at a time: it may pick scratch memory. Returns when
// all are done. The first exception that a band throws is thrown again here; bands not begun by then are left out.
template <typename Body>
void for_bands(std::int64_t count, std::int64_t band, int threads, const Body& body) {
    const auto call = [](const void* any, std::int64_t first, std::int64_t last, int worker) {
        const Body& typed = *static_cast<const Body*>(any);
        if constexpr (std::is_invocable_v<const Body&, std::int64_t, std::int64_t, int>) {
            typed(first, last, worker);
        } else {
            typed(first, last);
        }
    };
    if (threads > 1 && count > band) return run_bands({count, band, &body, call}, threads);
    for (std::int64_t first = 0; first < count; first += band) call(&body, first, std::min(first + band, count), 0);
}

}  // namespace convlens
