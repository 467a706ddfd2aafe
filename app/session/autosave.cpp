#include "app/session/autosave.h"

#include <exception>
#include <future>
#include <memory>
#include <utility>

#include "app/session/work_file.h"

namespace convlens {

namespace {

constexpr const char* kWork = "work";
constexpr Key kNoFolder =
    key("there is no folder for it, and none can be made (XDG_STATE_HOME, or .local/state in the home folder)");

}  // namespace

Autosave::Autosave(std::filesystem::path folder, std::function<void()> wake)
    : wake_(std::move(wake)),
      kept_(!folder.empty()),
      works_(std::move(folder)),
      elsewhere_(works_.last_work_is_elsewhere()),
      problem_(kept_ ? Key{} : kNoFolder),
      job_([this] { wake_for_news(); }) {}

Works::LastTime Autosave::begin(bool fresh) {
    if (!kept_) return {};
    Works::LastTime last;
    if (!fresh) last = works_.restore();
    job_.post("list", [this] {
        works_.tidy();
        list_earlier();
    });
    return last;
}

void Autosave::came_up() {
    job_.post("came-up", [this] { works_.came_up(); });
}

void Autosave::refresh_earlier() {
    if (kept_) job_.post("list", [this] { list_earlier(); });
}

void Autosave::update(const Work& work, double now) {
    if (!kept_) return;
    take_outcomes(now);
    timing_.see(work.changes, work.resting, now);
    if (now >= timing_.due()) save(work, now);
}

void Autosave::save(const Work& work, double now) {
    timing_.began(now);
    job_.post(kWork, [this, document = work.document, unsaved = work.unsaved, file = work.file] {
        try {
            put_aside_waiting();
            if (works_.write(document, unsaved, file)) list_earlier();
        } catch (...) {
            failing_ = true;
            has_news();  // each time: whoever is not woken does not try again
            throw;
        }
        if (failing_.exchange(false)) has_news();
    });
}

void Autosave::put_aside(Document document) {
    if (!kept_) return;
    const std::lock_guard lock(mutex_);
    aside_.push_back(std::move(document));
}

bool Autosave::keep(const Document& document) {
    if (!kept_) return false;
    const auto done = std::make_shared<std::promise<bool>>();
    job_.post("keep", [this, done, document] {
        try {
            works_.put_aside(document);
            list_earlier();
            done->set_value(true);
        } catch (const std::exception&) {
            done->set_value(false);
        }
    });
    return done->get_future().get();
}

// The present work must not be written over one that is not put aside yet.
void Autosave::put_aside_waiting() {
    bool moved = false;
    while (true) {
        std::optional<Document> oldest;
        {
            const std::lock_guard lock(mutex_);
            if (!aside_.empty()) oldest = aside_.front();
        }
        if (!oldest) break;
        works_.put_aside(*oldest);
        moved = true;
        const std::lock_guard lock(mutex_);
        aside_.erase(aside_.begin());
    }
    if (moved) list_earlier();
}

void Autosave::list_earlier() {
    std::vector<EarlierWork> now = works_.earlier();
    {
        const std::lock_guard lock(mutex_);
        earlier_ = std::move(now);
    }
    has_news();
}

bool Autosave::anything_aside() {
    const std::lock_guard lock(mutex_);
    return !aside_.empty();
}

std::vector<Message> Autosave::waiting_aside() {
    std::vector<Message> titles;
    const std::lock_guard lock(mutex_);
    for (const Document& document : aside_) titles.push_back(title_of(document));
    return titles;
}

void Autosave::wake_for_news() {
    if (news_.exchange(false) && wake_) wake_();
}

void Autosave::take_outcomes(double now) {
    for (WriteJob::Outcome& outcome : job_.take()) {
        if (outcome.key != kWork) continue;
        timing_.ended(outcome.problem.empty(), now);
        if (outcome.problem.empty()) told_ = false;
        problem_ = std::move(outcome.problem);
    }
}

void Autosave::finish(const Work& work, double now) {
    if (!kept_) return;
    constexpr int kTries = 2;
    job_.wait();
    take_outcomes(now);
    timing_.see(work.changes, true, now);
    for (int i = 0; i < kTries && (!timing_.all_saved() || anything_aside()); ++i) {
        save(work, now);
        job_.wait();
        take_outcomes(now);
    }
    job_.post("tidy", [this] {
        works_.came_up();  // who closed it has seen it
        works_.tidy();
    });
}

std::optional<Message> Autosave::take_news() {
    if (problem_.empty() || told_) return {};
    told_ = true;
    return msg("Autosave failed: {reason}. Save your work in another folder with Ctrl+Shift+S.", "reason"_is(problem_));
}

std::optional<std::vector<EarlierWork>> Autosave::take_earlier() {
    const std::lock_guard lock(mutex_);
    return std::exchange(earlier_, std::nullopt);
}

}  // namespace convlens
