#include "app/session/keeping.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/session/kept_file.h"
#include "app/session/named_file.h"
#include "core/io/error.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

constexpr Key kFurther =
    key("Your last work is open in another window. This window keeps its own work separately; after a restart, File ▸ "
        "Earlier work opens it.");
// What messages about these are about: they are taken back when a later write succeeds.
constexpr std::string_view kAutosaveTopic = "autosave", kSettingsTopic = "settings";

constexpr Key kNoSettings =
    key("Your settings are not being kept: there is no folder for them, and none can be made. "
        "Set XDG_CONFIG_HOME or HOME to a folder that can be written to.");

Message settings_not_kept(const Message& reason) {
    return msg("Settings are not being kept: {reason}", "reason"_is(reason));
}

Message left_works(std::size_t count, const EarlierWork& newest) {
    const std::time_t time = newest.time;
    return plural(
        "Another window’s work, “{title}” of {time}, is kept. File ▸ Earlier work opens it.",
        "The works of {n} other windows are kept, the newest “{title}” of {time}. File ▸ Earlier work opens them.",
        static_cast<std::int64_t>(count), "title"_is(newest.title),
        "time"_is(fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(time))));
}

// The message names the file already.
SaveResult save(const SaveOrder& order, const KeepFile& keep) {
    try {
        return save_named(order, keep);
    } catch (const FileError& error) {
        throw SaidError(error.words());
    }
}

constexpr Key kNotReplaced =
    key("what the file holds now cannot be kept, so it was not replaced. Save the document under another name.");

Message kept_as(const std::filesystem::path& copy) {
    return msg("What the file held before is kept as {file}.", "file"_is(to_utf8(copy.filename())));
}

Message not_saved_at_end(const std::string& path) {
    return msg("{path} was not saved: it was changed on the disk since it was opened here; the work is kept",
               "path"_is(path));
}

Message saved_but_not_kept(const std::string& path, const Message& reason) {
    return msg("{file} is saved, but the next start will not open it by itself: {reason}", "file"_is(name_of(path)),
               "reason"_is(reason));
}

Message not_kept(const Message& reason) { return msg("The work is not kept: {reason}", "reason"_is(reason)); }

Message replaced_not_kept(const Message& title, const Message& reason) {
    return msg("“{title}”, which another work took the place of, is not kept: {reason}", "title"_is(title),
               "reason"_is(reason));
}

Message not_opened(const Message& reason) {
    return msg("The earlier work cannot be opened: {reason}", "reason"_is(reason));
}

}  // namespace

Keeping::Keeping(std::filesystem::path state, const std::filesystem::path& config, const std::function<void()>& wake)
    : autosave_(std::move(state), wake), has_settings_folder_(!config.empty()), files_(wake) {}

Document Keeping::first_work(bool fresh) {
    Works::LastTime last = autosave_.begin(fresh);
    if (!last.problem.empty()) tell(last.problem, true);
    restored_ = last.document.has_value();
    carried_ = restored_ && last.unsaved;
    last_file_ = std::move(last.file);
    return restored_ ? std::move(*last.document) : first_document();
}

void Keeping::greet(Session& session) {
    session.carried = carried_;
    go_on_with_file(session, last_file_, carried_);
    if (autosave_.last_work_is_elsewhere()) tell(kFurther, false);
    if (auto news = autosave_.take_news()) tell(*news, true, kAutosaveTopic);
    if (!has_settings_folder_) tell(kNoSettings, true);
    say_news(session);
}

bool Keeping::update(Session& session, bool resting, double now) {
    for (Document& document : std::exchange(session.replaced, {})) autosave_.put_aside(std::move(document));
    autosave_.update(work_of(session, resting), now);
    if (auto news = autosave_.take_news()) tell(*news, true, kAutosaveTopic);
    const std::size_t told = session.ui.messages.size();
    if (autosave_.problem().empty()) forget(session.ui, kAutosaveTopic);
    bool seen = take_earlier(session);
    seen |= take_saved(session);
    seen |= session.ui.messages.size() != told;
    return say_news(session) || seen;
}

Autosave::Work Keeping::work_of(const Session& session, bool resting) const {
    NamedFile file{session.file, session.file_content};
    if (file.path.empty()) file = {session.proposed_file, {}};
    return {session.document(), session.changes + session.namings, session.unsaved(), resting, std::move(file)};
}

bool Keeping::take_earlier(Session& session) {
    auto earlier = autosave_.take_earlier();
    if (!earlier) return false;
    session.earlier = std::move(*earlier);
    if (std::exchange(greeted_, true)) return true;
    const auto left = std::ranges::find_if(session.earlier, &EarlierWork::news);
    if (left != session.earlier.end()) {
        const auto count = std::ranges::count_if(session.earlier, &EarlierWork::news);
        tell(left_works(static_cast<std::size_t>(count), *left), false);
    }
    return true;
}

void Keeping::open_wanted(Session& session) {
    const auto wanted = std::exchange(session.wanted_earlier, std::nullopt);
    if (!wanted) return;
    try {
        const NamedFile file = Works::file_of(*wanted);
        replace_document(session, autosave_.open(*wanted), msg("open an earlier work"));
        session.carried = true;
        go_on_with_file(session, file, true);
        session.ui.show_start_bar = false;
    } catch (const std::exception& error) {
        complain(session.ui, not_opened(error_words(error)));
    }
    autosave_.refresh_earlier();
}

void Keeping::write_saves(Session& session) {
    for (SaveOrder& order : std::exchange(session.saves, {})) {
        order.key = fmt::format("document {}", orders_made_++);
        const auto result = std::make_shared<SaveResult>();
        files_.post(order.key, [this, order, result, before = under_way(order.path)]() mutable {
            if (before && !before->changed && !before->content.empty()) order.was = before->content;
            *result = save(order, [this](const std::filesystem::path& file) { return keep_replaced(file); });
        });
        writing_.push_back({std::move(order), result});
    }
}

// What the last order for this file comes to, which ends before the next begins.
std::shared_ptr<const SaveResult> Keeping::under_way(const std::string& path) const {
    const auto last =
        std::find_if(writing_.rbegin(), writing_.rend(), [&](const Writing& w) { return w.order.path == path; });
    return last == writing_.rend() ? nullptr : last->result;
}

// As an earlier work; what is no document, beside itself.
Message Keeping::keep_replaced(const std::filesystem::path& file) {
    try {
        if (autosave_.keep(load_document(file))) return msg("What the file held before is kept: File ▸ Earlier work.");
    } catch (const std::exception&) {
        // It is copied as it is.
    }
    const std::filesystem::path copy = copy_aside(file);
    if (copy.empty()) throw SaidError(kNotReplaced);
    return kept_as(copy);
}

bool Keeping::take_saved(Session& session, LastWrite* last) {
    const std::vector<WriteJob::Outcome> outcomes = files_.take();
    for (const WriteJob::Outcome& outcome : outcomes) {
        const auto ended = std::ranges::find_if(writing_, [&](const Writing& w) { return w.order.key == outcome.key; });
        if (ended != writing_.end()) {
            if (last != nullptr) note_document(ended->order, ended->result->changed, outcome.problem, *last);
            saved_file(session, ended->order, *ended->result, outcome.problem);
            writing_.erase(ended);
        } else {
            note_settings(outcome, session, last);
        }
    }
    return !outcomes.empty();
}

// Told once, and taken back when all that failed has been written after all.
void Keeping::note_settings(const WriteJob::Outcome& outcome, Session& session, LastWrite* last) {
    if (outcome.problem.empty()) {
        if (settings_failing_.erase(outcome.key) > 0 && settings_failing_.empty()) forget(session.ui, kSettingsTopic);
        return;
    }
    if (last != nullptr) last->lesser.push_back(settings_not_kept(outcome.problem));
    if (settings_failing_.empty()) tell(settings_not_kept(outcome.problem), true, kSettingsTopic);
    settings_failing_.insert(outcome.key);
}

void Keeping::note_document(const SaveOrder& order, bool changed, const Message& problem, LastWrite& last) {
    if (changed) last.lost.push_back(not_saved_at_end(order.path));
    if (problem.empty()) return;
    last.lost.push_back(msg("{file} was not saved: {reason}", "file"_is(order.path), "reason"_is(problem)));
    last.not_written.push_back(order.path);
}

void Keeping::write_settings(const std::string& name, std::function<void()> write) {
    if (has_settings_folder_) files_.post(name, std::move(write));
}

bool Keeping::say_news(Session& session) {
    for (const News& news : news_)
        news.problem ? complain(session.ui, news.words, std::string(news.about)) : say(session.ui, news.words);
    return !std::exchange(news_, {}).empty();
}

Keeping::LastWrite Keeping::finish(Session& session, double now) {
    write_saves(session);
    for (Document& document : std::exchange(session.replaced, {})) autosave_.put_aside(std::move(document));
    autosave_.update(work_of(session, true), now);  // which writes while the documents are written
    files_.wait();
    LastWrite last;
    take_saved(session, &last);
    autosave_.finish(work_of(session, true), now);  // with what has been saved by name
    if (autosave_.problem().empty()) return last;
    const std::vector<Message> replaced = autosave_.waiting_aside();
    for (const Message& title : replaced) last.lost.push_back(replaced_not_kept(title, autosave_.problem()));
    if (session.unsaved()) {
        last.lost.push_back(not_kept(autosave_.problem()));
    } else if (session.named_and_saved()) {
        last.lesser.push_back(saved_but_not_kept(session.file, autosave_.problem()));
    } else if (replaced.empty()) {
        last.lesser.push_back(not_kept(autosave_.problem()));
    }
    return last;
}

Message Keeping::status() const { return autosave_.problem().empty() ? Message() : key("not saved automatically"); }

}  // namespace convlens
