#include "app/window/close_signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace convlens {

namespace {

constexpr std::array kSignals = {SIGTERM, SIGHUP, SIGINT};
constexpr char kCame = 1, kEnd = 0;

// What a handler can reach: the pipe's ends. It is made once and stays, so that a late signal finds it.
std::array<int, 2> ends{-1, -1};
std::array<struct sigaction, kSignals.size()> actions_before;
void (*pipe_action_before)(int) = nullptr;

void put(char byte) {
    while (::write(ends[1], &byte, 1) < 0 && errno == EINTR) {
    }
}

extern "C" void convlens_on_close_signal(int /*signal*/) {
    const int error = errno;
    put(kCame);
    errno = error;
}

// A full pipe must not stop the handler: then there are bytes enough in it.
bool make_pipe() {
    if (ends[0] >= 0) return true;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    return true;
}

void catch_signals() {
    struct sigaction action {};
    action.sa_handler = convlens_on_close_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], nullptr, &actions_before[i]);
        if (actions_before[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
    }
    pipe_action_before = std::signal(SIGPIPE, SIG_IGN);
}

void release_signals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &actions_before[i], nullptr);
    if (pipe_action_before != SIG_ERR) std::signal(SIGPIPE, pipe_action_before);
}

}  // namespace

CloseSignals::CloseSignals(std::function<void()> wake) : wake_(std::move(wake)) {
    if (!make_pipe()) return;
    catch_signals();
    thread_ = std::jthread([this] { read(); });
}

CloseSignals::~CloseSignals() {
    if (!thread_.joinable()) return;
    release_signals();
    put(kEnd);
}

void CloseSignals::read() {
    char byte = kCame;
    while (true) {
        const ssize_t length = ::read(ends[0], &byte, 1);
        if (length < 0 && errno == EINTR) continue;
        if (length != 1 || byte == kEnd) return;
        came_ = true;
        wake_();
    }
}

}  // namespace convlens
