// Long work that tells how far it has come and can be stopped on its way.
#pragma once

#include <exception>
#include <functional>
#include <stop_token>

namespace convlens {

// Handed to the work by whoever waits for it. An empty one is never stopped and hears nothing.
struct Progress {
    std::stop_token stopped = {};
    std::function<void(double)> done = {};  // share of the work, 0 to 1, growing; called on the thread that works

    bool is_stopped() const { return stopped.stop_requested(); }
    void report(double share) const {
        if (done) done(share);
    }
};

// Leaves work that was stopped from within a callback. It never reaches the caller of the work.
class Stopped : public std::exception {
public:
    const char* what() const noexcept override { return "stopped"; }
};

}  // namespace convlens
