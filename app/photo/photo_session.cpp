#include "app/photo/photo_session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "app/photo/filter_runner.h"
#include "app/photo/worker.h"

namespace convlens {

namespace {

// A slider being dragged asks for a new result each frame. Work that is about to end may end, so that something is seen
// meanwhile; work that has gone on for longer is stopped for what is asked now.
constexpr double kPatienceMs = 300;

// What a result is of.
struct Wish {
    ImageRef image;
    std::vector<FilterStep> chain;
    Backend backend = Backend::automatic;
    friend bool operator==(const Wish&, const Wish&) = default;
};

std::string ms_text(double ms) { return fmt::format("{:.{}f} ms", ms, ms < 1 ? 2 : ms < 100 ? 1 : 0); }

}  // namespace

struct PhotoWork::Impl {
    explicit Impl(std::function<void()> wake) : worker(std::move(wake)) {}

    PhotoWorker worker;
    FilterRunner runner{GpuContext::current};
    std::optional<std::string> asked_path;
    bool loading = false;
    PhotoResult loaded;                         // the image before, without steps; at first there is none
    std::shared_ptr<const PhotoResult> result;  // of `loaded`
    std::optional<Wish> under_way, done;
    PixelRect visible_region;
    VisibleResult visible_result;
    bool seen = false;  // visible_result is of what is under way
    Message load_problem, filter_problem;
    Message gpu_reason;

    void collect();
    void take_image(PhotoWorker::Outcome outcome);
    void take_result(PhotoResult made);
    bool filter_on_gpu(const Wish& wish);
    PhotoResult known_steps(const Wish& wish, bool gpu) const;
};

PhotoWork::PhotoWork(std::function<void()> wake) : impl_(std::make_unique<Impl>(std::move(wake))) {}
PhotoWork::~PhotoWork() = default;

void PhotoWork::update(const Photo& photo) {
    Impl& self = *impl_;
    self.collect();
    if (self.asked_path != photo.path) {
        self.asked_path = photo.path;
        self.loading = true;
        self.under_way.reset();
        self.visible_result = {};
        self.worker.load(photo.path);
    }
    if (self.loading || !self.loaded.before) return;
    const Wish wish{self.loaded.before, photo.chain, photo.backend};
    if (self.under_way == wish) return;
    if (self.done == wish) {  // what was changed has been changed back
        if (self.under_way) self.worker.stop();
        self.under_way.reset();
        self.visible_result = {};
        return;
    }
    if (self.under_way && !self.seen && self.worker.running_ms() < kPatienceMs) return;
    self.filter_problem = {};
    const FilterPlace place = self.runner.place(wish.backend, *wish.image, wish.chain, {});
    self.gpu_reason = place.reason;
    if (place.gpu && self.filter_on_gpu(wish)) return;
    self.under_way = wish;
    self.seen = false;
    PhotoResult known = self.known_steps(wish, false);
    if (!makes_visible_result(known, wish.chain, self.visible_region)) self.visible_result = {};
    self.worker.filter(std::move(known), wish.chain, self.visible_region);
}

bool PhotoWork::busy() const { return impl_->loading || impl_->under_way.has_value(); }
bool PhotoWork::loading() const { return impl_->loading; }
void PhotoWork::reload() { impl_->asked_path.reset(); }
PhotoPreview PhotoWork::before_preview() const { return impl_->loaded.before_preview; }
ImageRef PhotoWork::before() const { return impl_->loaded.before; }
const std::string& PhotoWork::before_path() const { return impl_->loaded.path; }
const std::string& PhotoWork::before_content() const { return impl_->loaded.content; }
ImageRef PhotoWork::after() const { return impl_->result ? impl_->result->after() : nullptr; }
std::shared_ptr<const PhotoResult> PhotoWork::result() const { return impl_->result; }
void PhotoWork::look_at(const PixelRect& visible_region) { impl_->visible_region = visible_region; }
const VisibleResult& PhotoWork::visible_result() const { return impl_->visible_result; }
bool PhotoWork::visible_result_is_new() const { return impl_->visible_result.image && impl_->seen; }
bool PhotoWork::stale() const { return impl_->result && busy(); }
Message PhotoWork::gpu_reason() const { return impl_->gpu_reason; }

Message PhotoWork::problem() const { return impl_->load_problem.empty() ? impl_->filter_problem : impl_->load_problem; }

Message PhotoWork::where() const {
    if (!impl_->result) return {};
    const PhotoResult& result = *impl_->result;
    if (result.steps.empty()) return msg("no filter: nothing to compute");
    const std::string ms = ms_text(result.ms());
    if (result.steps.back().gpu)
        return msg("GPU ({renderer}): {time}, {whole} with transfers", "renderer"_is(impl_->runner.renderer()),
                   "time"_is(ms), "whole"_is(ms_text(result.whole_ms())));
    return msg("{processor}, {time}", "processor"_is(cpu_words(0)), "time"_is(ms));
}

void PhotoWork::Impl::collect() {
    if (std::optional<VisibleResult> made = worker.take_visible_result(); made && under_way) {
        visible_result = std::move(*made);
        seen = true;
    }
    auto outcome = worker.take();
    if (!outcome) return;
    if (outcome->loaded) return take_image(std::move(*outcome));
    if (!under_way) return;
    done = std::exchange(under_way, std::nullopt);
    filter_problem = outcome->problem;
    visible_result = {};
    if (!outcome->result) return;
    runner.took_on_cpu(*done->image, done->chain, outcome->result->whole_ms());
    take_result(std::move(*outcome->result));
}

// Where it could not be read the image before it stays.
void PhotoWork::Impl::take_image(PhotoWorker::Outcome outcome) {
    loading = false;
    load_problem = outcome.problem;
    if (!outcome.result) return;
    loaded = std::move(*outcome.result);
    result.reset();
    done.reset();
    visible_result = {};
    visible_region = {};  // nobody has seen it yet
}

void PhotoWork::Impl::take_result(PhotoResult made) {
    visible_result = {};
    result = std::make_shared<const PhotoResult>(std::move(made));
}

// The first steps of the wish, where they are known and were made on the same side.
PhotoResult PhotoWork::Impl::known_steps(const Wish& wish, bool on_gpu) const {
    PhotoResult known = loaded;
    if (!result || result->before != wish.image) return known;
    for (std::size_t i = 0; i < std::min(result->steps.size(), wish.chain.size()); ++i) {
        const PhotoStep& step = result->steps[i];
        if (step.filter != wish.chain[i] || step.gpu != on_gpu) break;
        known.steps.push_back(step);
    }
    known.steps.resize(known.serving(wish.chain.size()));
    return known;
}

// Where it does not, says why in gpu_reason.
bool PhotoWork::Impl::filter_on_gpu(const Wish& wish) {
    if (under_way) worker.stop();
    under_way.reset();
    PhotoResult made = known_steps(wish, true);
    try {
        runner.add_steps_on_gpu(made, wish.chain);
    } catch (const NotOnGpu& error) {
        gpu_reason = error.words;
        return false;
    }
    made.after_preview = make_preview(*made.after());
    take_result(std::move(made));
    done = wish;
    return true;
}

}  // namespace convlens
