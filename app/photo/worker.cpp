#include "app/photo/worker.h"

#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include "app/document/content_hash.h"
#include "app/document/sample_image.h"
#include "app/photo/filter_runner.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/filter_work.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The whole of `chain`, of which `known` has the first steps; nothing when stopped.
std::optional<PhotoResult> filtered(PhotoResult known, const std::vector<FilterStep>& chain,
                                    const std::stop_token& stopped) {
    if (!add_steps_on_cpu(known, chain, stopped)) return std::nullopt;
    known.not_finite = known.steps.empty() ? NotFinite{} : not_finite_samples(*known.after());
    known.after_preview = known.steps.empty() ? known.before_preview : make_preview(*known.after());
    return known;
}

constexpr std::int64_t kManyPixels = 2'000'000;  // of the image: fewer are filtered before one would look
constexpr std::int64_t kFewPixels = 4'000'000;   // of the visible region: more take too long to be shown
constexpr std::int64_t kFewOfMany = 3;           // the part costs at most one in so many of the whole

// The pixels of the chain's result that stand for the visible region of the image before.
PixelRect visible_part(const Image& before, std::int64_t stride, const PixelRect& visible_region) {
    const PixelRect result{0, 0, (before.width() - 1) / stride + 1, (before.height() - 1) / stride + 1};
    const std::int64_t x = visible_region.x / stride, y = visible_region.y / stride;
    return common(result, {x, y, (visible_region.x + visible_region.w - 1) / stride + 1 - x,
                           (visible_region.y + visible_region.h - 1) / stride + 1 - y});
}

std::optional<VisibleResult> visible_result_of(const PhotoResult& known, const std::vector<FilterStep>& chain,
                                               const PixelRect& visible_region, const std::stop_token& stopped) {
    if (!makes_visible_result(known, chain, visible_region)) return std::nullopt;
    const std::int64_t stride = chain_stride(chain, chain.size());
    const PixelRect part = visible_part(*known.before, stride, visible_region);
    std::optional<Image> image = filter_part(*known.after(), chain, part, cpu_options(), stopped,
                                             KnownSteps{known.before->depth(), known.steps.size()});
    if (!image) return std::nullopt;
    return VisibleResult{std::make_shared<const Image>(std::move(*image)), part, stride, chain};
}

}  // namespace

bool makes_visible_result(const PhotoResult& known, const std::vector<FilterStep>& chain,
                          const PixelRect& visible_region) {
    const Image& before = *known.before;
    if (visible_region.empty() || known.steps.size() >= chain.size()) return false;
    if (before.width() * before.height() < kManyPixels || visible_region.w * visible_region.h > kFewPixels)
        return false;
    const PixelRect part = visible_part(before, chain_stride(chain, chain.size()), visible_region);
    if (part.empty()) return false;
    const PartSize size = part_size(*known.after(), std::span(chain).subspan(known.steps.size()), part);
    return size.part <= size.whole / kFewOfMany;
}

ImageRef in_depth(const PhotoResult& result, Depth depth, const std::stop_token& stopped) {
    if (result.after()->depth() == depth) return result.after();
    if (result.steps.empty()) return std::make_shared<const Image>(converted(*result.after(), depth));
    const std::size_t last = result.steps.size() - 1;
    FilterOptions options = cpu_options();
    options.save_as = depth;
    StepTiming timing;
    std::optional<Image> image =
        filter_chain_step(*result.input(last), result.chain(), last, result.before->depth(), options, stopped, timing);
    return image ? std::make_shared<const Image>(std::move(*image)) : nullptr;
}

PhotoWorker::Outcome load_photo(const std::string& path) {
    PhotoWorker::Outcome outcome{.loaded = true, .result = {}, .problem = {}, .path = path};
    const auto name = "file"_is(to_utf8(from_utf8(path).filename()));
    try {
        ImageInfo source;
        ImageRef image =
            path.empty() ? sample_image() : std::make_shared<const Image>(load_image(from_utf8(path), &source));
        source.depth = image->depth();  // of the sample, too
        const PhotoPreview preview = make_preview(*image);
        std::string content = path.empty() ? std::string() : content_hash(read_bytes(from_utf8(path)));
        outcome.result =
            PhotoResult{path, std::move(image), {}, preview, preview, std::move(content), std::move(source)};
    } catch (const FileError& error) {
        outcome.problem = msg("“{file}” could not be opened: {reason}.", name, "reason"_is(error.words()));
    } catch (const std::bad_alloc&) {
        outcome.problem = msg("There is not enough memory for “{file}”.", name);
    } catch (const std::exception& error) {
        outcome.problem = msg("“{file}” could not be opened: {reason}.", name, "reason"_is(error.what()));
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

void PhotoWorker::filter(PhotoResult known, std::vector<FilterStep> chain, PixelRect visible_region) {
    known.steps.resize(known.serving(chain.size()));
    post({false, std::move(known), std::move(chain), visible_region});
}

void PhotoWorker::post(Order order) {
    {
        const std::lock_guard lock(mutex_);
        running_.request_stop();
        outcome_.reset();
        visible_result_.reset();
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

std::optional<VisibleResult> PhotoWorker::take_visible_result() {
    const std::lock_guard lock(mutex_);
    return std::exchange(visible_result_, std::nullopt);
}

void PhotoWorker::show_visible_result(const Order& order, const std::stop_token& stopped) {
    std::optional<VisibleResult> visible_result =
        visible_result_of(order.known, order.chain, order.visible_region, stopped);
    if (!visible_result) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopped.stop_requested()) return;
        visible_result_ = std::move(visible_result);
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
                outcome.problem = msg("The image was not filtered. {reason}", "reason"_is(*reason));
            } else {
                show_visible_result(order, stopped);
                outcome.result = filtered(std::move(order.known), order.chain, stopped);
            }
        } catch (const std::bad_alloc&) {
            outcome.problem = msg("Not enough memory to filter this image.");
        } catch (const std::exception& error) {
            outcome.problem = msg("The image could not be filtered: {reason}.", "reason"_is(error.what()));
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
