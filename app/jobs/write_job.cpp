#include "app/jobs/write_job.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/io/error.h"

namespace convlens {

namespace {

Message problem_of(const std::function<void()>& write) {
    try {
        write();
        return {};
    } catch (const std::exception& error) {
        return error_words(error);
    }
}

}  // namespace

WriteJob::WriteJob(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& ending) { run(ending); }) {}

WriteJob::~WriteJob() {
    thread_.request_stop();
    thread_.join();
}

void WriteJob::post(std::string key, std::function<void()> write) {
    const std::lock_guard lock(mutex_);
    const auto same = std::ranges::find(waiting_, key, &Task::key);
    if (same != waiting_.end()) {
        same->write = std::move(write);
    } else {
        waiting_.push_back({std::move(key), std::move(write)});
    }
    changed_.notify_all();
}

bool WriteJob::busy() const {
    const std::lock_guard lock(mutex_);
    return working_ || !waiting_.empty();
}

void WriteJob::wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !working_ && waiting_.empty(); });
}

std::vector<WriteJob::Outcome> WriteJob::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcomes_, {});
}

void WriteJob::run(const std::stop_token& ending) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, ending, [this] { return !waiting_.empty(); })) {
        Task task = std::move(waiting_.front());
        waiting_.pop_front();
        working_ = true;
        lock.unlock();
        Message problem = problem_of(task.write);
        task.write = nullptr;  // what it holds goes before anybody hears that it is done
        lock.lock();
        working_ = false;
        outcomes_.push_back({std::move(task.key), std::move(problem)});
        changed_.notify_all();
        lock.unlock();
        if (wake_) wake_();
        lock.lock();
    }
}

}  // namespace convlens
