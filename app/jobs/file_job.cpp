#include "app/jobs/file_job.h"

#include <chrono>
#include <exception>
#include <new>
#include <utility>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "core/io/error.h"

namespace convlens {

namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The window comes first: where the processor draws it, too, both would share it evenly and frames take three times as
// long.
void step_back() {
#ifdef __linux__
    constexpr int kNice = 5;
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
#endif
}

FileJob::Result written(const FileJob::Order& order, const Progress& progress) {
    using End = FileJob::Result::End;
    try {
        if (!order.write(progress)) return {End::cancelled, order.path, {}};
        return {End::saved, order.path, {}, order.notes ? *order.notes : std::vector<Message>()};
    } catch (const std::bad_alloc&) {
        return {End::failed, order.path, key("there is not enough memory")};
    } catch (const std::exception& error) {
        return {End::failed, order.path, reason_words(error)};
    }
}

}  // namespace

void FileJob::start(Order order) {
    waiting_.push_back(std::move(order));
    if (!busy()) begin();
}

void FileJob::begin() {
    Order order = std::move(waiting_.front());
    waiting_.pop_front();
    path_ = order.path;
    began_ = seconds();
    share_ = -1;
    thread_ = std::jthread([this, order = std::move(order)](const std::stop_token& stopped) {
        step_back();
        Result made = written(order, {stopped, [this](double share) { share_ = share; }});
        {
            const std::lock_guard lock(mutex_);
            result_ = std::move(made);
        }
        wake_();
    });
}

std::optional<FileJob::State> FileJob::state() const {
    if (!busy()) return std::nullopt;
    const double share = share_;
    return State{path_, share < 0 ? std::nullopt : std::optional(share), seconds() - began_, waiting_.size(),
                 thread_.get_stop_token().stop_requested()};
}

std::optional<FileJob::Result> FileJob::take_result() {
    std::optional<Result> taken;
    {
        const std::lock_guard lock(mutex_);
        taken = std::exchange(result_, std::nullopt);
    }
    if (!taken) return std::nullopt;
    thread_ = {};
    if (!waiting_.empty()) begin();
    return taken;
}

}  // namespace convlens
