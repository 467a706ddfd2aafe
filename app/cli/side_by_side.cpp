#include "app/cli/side_by_side.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <system_error>

namespace convlens {

namespace {

struct Begun {
    std::size_t file = 0;
    std::future<void> stage;
};

// On a thread of its own, or, where there are no more threads, when it is waited for.
Begun begin(std::size_t file, const std::function<void(std::size_t)>& stage) {
    const auto run = [&stage, file] { stage(file); };
    try {
        return {file, std::async(std::launch::async, run)};
    } catch (const std::system_error&) {
        return {file, std::async(std::launch::deferred, run)};
    }
}

bool is_over(const Begun& begun) { return begun.stage.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

}  // namespace

void run_side_by_side(std::size_t count, const FileStages& stages) {
    std::deque<Begun> reading, writing;
    const auto finish_first = [&] {
        writing.front().stage.get();
        stages.finish(writing.front().file);
        writing.pop_front();
    };
    std::size_t next = 0;
    while (next < count || !reading.empty() || !writing.empty()) {
        while (!writing.empty() && is_over(writing.front())) finish_first();
        const std::size_t most = std::max<std::size_t>(stages.at_once(), 1);
        while (next < count && reading.size() + writing.size() < most) reading.push_back(begin(next++, stages.read));
        if (reading.empty()) {
            if (!writing.empty()) finish_first();
            continue;
        }
        reading.front().stage.get();
        stages.work(reading.front().file);
        writing.push_back(begin(reading.front().file, stages.write));
        reading.pop_front();
    }
}

}  // namespace convlens
