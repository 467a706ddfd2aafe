// SIGTERM, SIGHUP and SIGINT close the window as its own button does: nothing that is under way is cut off.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace convlens {

// While it lives these signals no longer end the program. The handler only writes a byte into a pipe; a thread reads it.
// A signal that was ignored when the program was started (nohup) stays ignored. SIGPIPE is ignored, too: that nobody
// reads what is printed is no reason to end. At most one at a time.
class CloseSignals {
public:
    // `wake` is called on the thread when one has come.
    explicit CloseSignals(std::function<void()> wake);
    ~CloseSignals();  // the signals do what they did before
    CloseSignals(const CloseSignals&) = delete;
    CloseSignals& operator=(const CloseSignals&) = delete;

    bool came() const { return came_; }

private:
    void read();

    std::atomic<bool> came_ = false;
    std::function<void()> wake_;
    std::jthread thread_;
};

}  // namespace convlens
