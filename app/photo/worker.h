// The thread behind the photo: loads images and filters them on the processor. One order at a time; a new one takes
// the place of one that has not begun.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/photo/result.h"
#include "core/text/message.h"

namespace convlens {

class PhotoWorker {
public:
    // `wake` is called on the worker's thread when there is something to take.
    explicit PhotoWorker(std::function<void()> wake);
    ~PhotoWorker();  // waits for a file that is being read
    PhotoWorker(const PhotoWorker&) = delete;
    PhotoWorker& operator=(const PhotoWorker&) = delete;

    // `path` UTF-8; empty: the sample. Stops what is under way.
    void load(std::string path);
    // `known` has the image and the first steps of the chain if they are known already. Stops what is under way. If
    // makes_visible_result(), what becomes of `visible_region`, the pixels of the image before that are shown, is made
    // first. A chain that is too_much_work() is not begun: its outcome is a problem.
    void filter(PhotoResult known, std::vector<FilterStep> chain, PixelRect visible_region = {});
    void stop();

    bool busy() const { return busy_; }
    double running_ms() const;  // of the order under way; 0 when idle

    struct Outcome {
        bool loaded = false;                // of load(), else of filter()
        std::optional<PhotoResult> result;  // load(): without steps
        Message problem;                    // why there is none, for people
        std::string path;
    };
    // What has ended since the last call. Orders that were stopped leave nothing.
    std::optional<Outcome> take();
    // What was made first of the order under way, or of the last one; once.
    std::optional<VisibleResult> take_visible_result();

private:
    struct Order {
        bool load = false;
        PhotoResult known;
        std::vector<FilterStep> chain;
        PixelRect visible_region;
    };
    void show_visible_result(const Order& order, const std::stop_token& stopped);
    void post(Order order);
    void run(const std::stop_token& ending);
    void finish(Outcome outcome, const std::stop_token& stopped);

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::condition_variable_any posted_;
    std::optional<Order> next_;
    std::optional<Outcome> outcome_;
    std::optional<VisibleResult> visible_result_;
    std::stop_source running_;
    std::atomic<bool> busy_ = false;
    std::atomic<double> began_ = 0;  // seconds of the steady clock
    std::jthread thread_;            // last: it uses all of the above
};

// Whether the visible region is worth making first: few pixels of many.
bool makes_visible_result(const PhotoResult& known, const std::vector<FilterStep>& chain,
                          const PixelRect& visible_region);

// What `result` comes to in `depth`, rounded and clamped once: in another depth than its own the last step is computed
// anew, since what it lost cannot be brought back; without steps the image is converted. nullptr when stopped. May
// throw std::bad_alloc.
ImageRef in_depth(const PhotoResult& result, Depth depth, const std::stop_token& stopped);

// Reads an image, or says why not: file, reason and what would work.
PhotoWorker::Outcome load_photo(const std::string& path);

}  // namespace convlens
