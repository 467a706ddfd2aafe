// Work of which only the newest counts: what a document's layers come to, while the document goes on being edited.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace convlens {

// A thread that makes one result at a time. An order takes the place of the one before it, which is asked to stop and
// whose result is dropped, however far it was. All functions but the orders themselves are called on one thread.
template <typename Result>
class NewestJob {
public:
    // Runs on the job's thread; nothing when it was stopped. It must look at the token now and then.
    using Make = std::function<std::optional<Result>(const std::stop_token&)>;

    // `wake` is called on the job's thread when a result or a failure can be taken; may be empty.
    explicit NewestJob(std::function<void()> wake = {})
        : wake_(std::move(wake)), thread_([this](const std::stop_token& ending) { run(ending); }) {}
    // Asks the order under way to stop and waits until it has.
    ~NewestJob() {
        cancel();
        thread_.request_stop();
        thread_.join();
    }
    NewestJob(const NewestJob&) = delete;
    NewestJob& operator=(const NewestJob&) = delete;

    void start(Make make) {
        const std::lock_guard lock(mutex_);
        drop();
        waiting_ = std::move(make);
        changed_.notify_all();
    }

    // Nothing is under way any more, and nothing will come of it.
    void cancel() {
        const std::lock_guard lock(mutex_);
        drop();
    }

    // From start() until its result is taken, or it is cancelled.
    bool busy() const {
        const std::lock_guard lock(mutex_);
        return waiting_ || wanted_ || made_ || failure_;
    }

    // Returns when the order has ended, if there is one.
    void wait() const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !waiting_ && !wanted_; });
    }

    // What the newest order made, once. Throws what the order threw, once.
    std::optional<Result> take() {
        const std::lock_guard lock(mutex_);
        if (const std::exception_ptr failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
        return std::exchange(made_, std::nullopt);
    }

private:
    void drop() {
        waiting_ = nullptr;
        wanted_ = false;
        made_.reset();
        failure_ = nullptr;
        stop_.request_stop();
    }

    void run(const std::stop_token& ending) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, ending, [this] { return static_cast<bool>(waiting_); })) {
            Make make = std::exchange(waiting_, nullptr);
            stop_ = std::stop_source();
            wanted_ = true;
            const std::stop_token stopped = stop_.get_token();
            lock.unlock();
            std::optional<Result> made;
            std::exception_ptr failure;
            try {
                made = make(stopped);
            } catch (...) {
                failure = std::current_exception();
            }
            make = nullptr;  // what it holds goes before anybody hears that it is done
            lock.lock();
            if (stopped.stop_requested()) {  // another order may be wanted by now, but this one is not
                lock.unlock();
                made.reset();
                failure = nullptr;
                lock.lock();
                continue;
            }
            wanted_ = false;
            made_ = std::move(made);
            failure_ = failure;
            changed_.notify_all();
            lock.unlock();
            if (wake_) wake_();
            lock.lock();
        }
    }

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    Make waiting_;         // the newest order, not begun
    bool wanted_ = false;  // an order is under way, and its result is wanted
    std::stop_source stop_;
    std::optional<Result> made_;
    std::exception_ptr failure_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace convlens
