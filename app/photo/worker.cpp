#include "app/photo/worker.h"

#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "app/document/sample_picture.h"
#include "app/photo/costs_file.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_work.h"
#include "core/image/kernel_choice.h"
#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

FilterOptions filter_options() {
    FilterOptions options;
    options.costs = machine_filter_costs();
    return options;
}

// The steps of `chain` that `known` has not; nothing when stopped.
std::optional<PhotoResult> filtered(PhotoResult known, const std::vector<FilterStep>& chain,
                                    const std::stop_token& stopped) {
    for (std::size_t i = known.steps.size(); i < chain.size(); ++i) {
        // The first costs of all may take a while.
        const FilterOptions options = step_options(filter_options(), known.before->depth(), i, chain.size());
        const double began = seconds();
        std::optional<Image> picture = filter(*known.after(), chain[i], options, stopped);
        if (!picture) return std::nullopt;
        const double ms = (seconds() - began) * 1000;
        known.steps.push_back({chain[i], std::make_shared<const Image>(std::move(*picture)), ms, ms, false});
    }
    known.not_finite = known.steps.empty() ? NotFinite{} : not_finite_samples(*known.after());
    known.after_preview = known.steps.empty() ? known.before_preview : make_preview(*known.after());
    return known;
}

constexpr std::int64_t kManyPixels = 2'000'000;  // of the picture: fewer are filtered before one would look
constexpr std::int64_t kFewPixels = 4'000'000;   // in sight: more take too long to be shown
constexpr std::int64_t kFewOfMany = 3;           // the part costs at most one in so many of the whole

// Of the chain's result, what stands for the pixels in sight of the picture before.
PixelRect part_in_sight(const Image& before, std::int64_t stride, const PixelRect& sight) {
    const PixelRect result{0, 0, (before.width() - 1) / stride + 1, (before.height() - 1) / stride + 1};
    const std::int64_t x = sight.x / stride, y = sight.y / stride;
    return common(result, {x, y, (sight.x + sight.w - 1) / stride + 1 - x, (sight.y + sight.h - 1) / stride + 1 - y});
}

std::optional<PhotoGlimpse> glimpse_of(const PhotoResult& known, const std::vector<FilterStep>& chain,
                                       const PixelRect& sight, const std::stop_token& stopped) {
    if (!makes_glimpse(known, chain, sight)) return std::nullopt;
    const std::int64_t stride = total_stride(chain, chain.size());
    const PixelRect part = part_in_sight(*known.before, stride, sight);
    std::optional<Image> picture = filter_part(*known.after(), chain, part, filter_options(), stopped,
                                               KnownSteps{known.before->depth(), known.steps.size()});
    if (!picture) return std::nullopt;
    return PhotoGlimpse{std::make_shared<const Image>(std::move(*picture)), part, stride};
}

}  // namespace

bool makes_glimpse(const PhotoResult& known, const std::vector<FilterStep>& chain, const PixelRect& sight) {
    const Image& before = *known.before;
    if (sight.empty() || known.steps.size() >= chain.size()) return false;
    if (before.width() * before.height() < kManyPixels || sight.w * sight.h > kFewPixels) return false;
    const PixelRect part = part_in_sight(before, total_stride(chain, chain.size()), sight);
    if (part.empty()) return false;
    const PartSize size = part_size(*known.after(), std::span(chain).subspan(known.steps.size()), part);
    return size.part <= size.whole / kFewOfMany;
}

ImageRef in_depth(const PhotoResult& result, Depth depth, const std::stop_token& stopped) {
    if (result.steps.empty() || result.after()->depth() == depth) return result.after();
    const std::size_t last = result.steps.size() - 1;
    FilterOptions options = filter_options();
    options.save_as = depth;
    options = step_options(options, result.before->depth(), last, last + 1);
    std::optional<Image> picture = filter(*result.input(last), result.steps[last].filter, options, stopped);
    return picture ? std::make_shared<const Image>(std::move(*picture)) : nullptr;
}

PhotoWorker::Outcome load_photo(const std::string& path) {
    PhotoWorker::Outcome outcome{.loaded = true, .result = {}, .problem = {}, .path = path};
    try {
        ImageInfo source;
        ImageRef picture =
            path.empty() ? sample_picture() : std::make_shared<const Image>(load_image(from_utf8(path), &source));
        source.depth = picture->depth();  // of the sample, too
        const PhotoPreview preview = make_preview(*picture);
        outcome.result = PhotoResult{path, std::move(picture), {}, preview, preview, std::move(source)};
    } catch (const FileError& error) {
        outcome.problem =
            fmt::format("“{}” could not be opened: {}.", to_utf8(from_utf8(path).filename()), error.reason());
    } catch (const std::bad_alloc&) {
        outcome.problem = fmt::format("There is not enough memory for “{}”.", to_utf8(from_utf8(path).filename()));
    } catch (const std::exception& error) {
        outcome.problem =
            fmt::format("“{}” could not be opened: {}.", to_utf8(from_utf8(path).filename()), error.what());
    }
    return outcome;
}

PhotoWorker::PhotoWorker(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& ending) { run(ending); }) {}

PhotoWorker::~PhotoWorker() {
    stop();
    thread_.request_stop();
}

void PhotoWorker::load(std::string path) {
    Order order;
    order.load = true;
    order.known.path = std::move(path);
    post(std::move(order));
}

void PhotoWorker::filter(PhotoResult known, std::vector<FilterStep> chain, PixelRect sight) {
    known.steps.resize(known.serving(chain.size()));
    post({false, std::move(known), std::move(chain), sight});
}

void PhotoWorker::post(Order order) {
    {
        const std::lock_guard lock(mutex_);
        running_.request_stop();
        outcome_.reset();
        glimpse_.reset();
        next_ = std::move(order);
        busy_ = true;
        began_ = seconds();
    }
    posted_.notify_one();
}

void PhotoWorker::stop() {
    const std::lock_guard lock(mutex_);
    running_.request_stop();
    next_.reset();
}

double PhotoWorker::running_ms() const { return busy_ ? (seconds() - began_) * 1000 : 0; }

std::optional<PhotoWorker::Outcome> PhotoWorker::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcome_, std::nullopt);
}

std::optional<PhotoGlimpse> PhotoWorker::take_glimpse() {
    const std::lock_guard lock(mutex_);
    return std::exchange(glimpse_, std::nullopt);
}

void PhotoWorker::show_glimpse(const Order& order, const std::stop_token& stopped) {
    std::optional<PhotoGlimpse> glimpse = glimpse_of(order.known, order.chain, order.sight, stopped);
    if (!glimpse) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopped.stop_requested()) return;
        glimpse_ = std::move(glimpse);
    }
    wake_();
}

void PhotoWorker::run(const std::stop_token& ending) {
    while (true) {
        Order order;
        std::stop_token stopped;
        {
            std::unique_lock lock(mutex_);
            busy_ = next_.has_value();
            if (!posted_.wait(lock, ending, [this] { return next_.has_value(); })) return;
            order = std::move(*next_);
            next_.reset();
            running_ = std::stop_source();
            stopped = running_.get_token();
            began_ = seconds();
        }
        if (order.load) {
            finish(load_photo(order.known.path), stopped);
            continue;
        }
        Outcome outcome{.loaded = false, .result = {}, .problem = {}, .path = order.known.path};
        try {
            if (const auto reason = too_much_work(order.chain, *order.known.before)) {
                outcome.problem = fmt::format("The picture was not filtered. {}", *reason);
            } else {
                show_glimpse(order, stopped);
                outcome.result = filtered(std::move(order.known), order.chain, stopped);
            }
        } catch (const std::bad_alloc&) {
            outcome.problem = "Not enough memory to filter this image.";
        } catch (const std::exception& error) {
            outcome.problem = fmt::format("The image could not be filtered: {}.", error.what());
        }
        finish(std::move(outcome), stopped);
    }
}

void PhotoWorker::finish(Outcome outcome, const std::stop_token& stopped) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped.stop_requested()) return;
        outcome_ = std::move(outcome);
        busy_ = next_.has_value();
    }
    wake_();
}

}  // namespace convlens
