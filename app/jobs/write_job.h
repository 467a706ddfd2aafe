// Files written beside the window: what the user keeps (work, documents, settings) is waited for by the disk, not by the
// window.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/text/message.h"

namespace convlens {

// A thread that does one task at a time, in the order of their posting.
class WriteJob {
public:
    // `wake` is called on the job's thread after each task; may be empty.
    explicit WriteJob(std::function<void()> wake = {});
    ~WriteJob();  // does what is still waiting, then ends
    WriteJob(const WriteJob&) = delete;
    WriteJob& operator=(const WriteJob&) = delete;

    // `write` throws when it fails: a FileError or a SaidError is told in any language. It takes the place of a task of
    // the same key that has not begun.
    void post(std::string key, std::function<void()> write);
    bool busy() const;
    // Returns when everything that was posted is done.
    void wait() const;

    struct Outcome {
        std::string key;
        Message problem;  // why it failed, with the file's path; empty when it did not
    };
    // What has ended since the last call.
    std::vector<Outcome> take();

private:
    struct Task {
        std::string key;
        std::function<void()> write;
    };
    void run(const std::stop_token& ending);

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    std::deque<Task> waiting_;
    bool working_ = false;
    std::vector<Outcome> outcomes_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace convlens
