// Files written while the window stays alive, one after the other: photos, figures, animations.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/io/progress.h"
#include "core/text/message.h"

namespace convlens {

class FileJob {
public:
    struct Order {
        std::string path;  // UTF-8
        // Runs on the job's thread. Writes the file whole or not at all; false when it was stopped. May throw.
        std::function<bool(const Progress&)> write;
        // Sentences about what the file does not hold, which `write` may leave here; may be nullptr.
        std::shared_ptr<std::vector<Message>> notes = {};
    };

    // `wake` is called on the job's thread at the end of each file.
    explicit FileJob(std::function<void()> wake) : wake_(std::move(wake)) {}
    // Stops the file under way and waits until its thread has left it; what has not begun is dropped.
    ~FileJob() = default;
    FileJob(const FileJob&) = delete;
    FileJob& operator=(const FileJob&) = delete;

    // At once, or behind the files that are being written.
    void start(Order order);
    // Stops the file under way; it ends with a result like any other.
    void cancel() { thread_.request_stop(); }

    // Until the last result has been taken.
    bool busy() const { return thread_.joinable(); }

    // Of the file under way.
    struct State {
        std::string path;
        std::optional<double> share;  // 0 to 1; nothing for formats that do not tell
        double seconds = 0;           // since it began
        std::size_t waiting = 0;      // files behind it
        bool cancelled = false;
    };
    std::optional<State> state() const;

    struct Result {
        enum class End { saved, cancelled, failed };
        End end = End::saved;
        std::string path;
        Message reason;                   // failed: why
        std::vector<Message> notes = {};  // saved: what the order's `write` left
    };
    // Once for each file, after it has ended; the next file begins then.
    std::optional<Result> take_result();

private:
    void begin();

    std::function<void()> wake_;
    std::deque<Order> waiting_;
    std::string path_;
    double began_ = 0;                // seconds of the steady clock
    std::atomic<double> share_ = -1;  // negative: not told
    std::mutex mutex_;
    std::optional<Result> result_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace convlens
