#include "app/window/keeping.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <optional>
#include <stdexcept>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/window/files.h"
#include "app/window/utf8_path.h"
#include "core/io/error.h"

namespace convlens {

namespace {

constexpr const char* kFurther =
    "The work of last time is open in another window. This window keeps its own work apart from it; "
    "after a restart, File ▸ Earlier work opens it.";
constexpr const char* kNoSettings =
    "Your settings are not being kept: there is no folder for them, and none can be made. "
    "Set XDG_CONFIG_HOME or HOME to a folder that can be written to.";

std::string settings_not_kept(const std::string& reason) { return "Settings are not being kept: " + reason; }

std::string left_works(std::size_t count, const EarlierWork& newest) {
    const std::time_t time = newest.time;
    const std::string when = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(time));
    if (count == 1)
        return fmt::format("Another window’s work, “{}” of {}, is kept. File ▸ Earlier work opens it.", newest.title,
                           when);
    return fmt::format("The works of {} other windows are kept, the newest “{}” of {}. File ▸ Earlier work opens them.",
                       count, newest.title, when);
}

// The message names the file already.
void save(const SaveOrder& order) {
    try {
        save_document(order.document, from_utf8(order.path));
    } catch (const FileError& error) {
        throw std::runtime_error(error.reason());
    }
}

std::string not_opened(const std::string& reason) { return "The earlier work cannot be opened: " + reason; }

}  // namespace

Keeping::Keeping(std::filesystem::path state, const std::filesystem::path& config, const std::function<void()>& wake)
    : autosave_(std::move(state), wake), has_settings_folder_(!config.empty()), files_(wake) {}

Document Keeping::first_work(bool fresh) {
    Works::LastTime last = autosave_.begin(fresh);
    if (!last.problem.empty()) tell(last.problem, true);
    restored_ = last.document.has_value();
    carried_ = restored_ && last.unsaved;
    return restored_ ? std::move(*last.document) : first_document();
}

void Keeping::greet(Session& session) {
    session.carried = carried_;
    if (autosave_.is_further()) tell(kFurther, false);
    if (auto news = autosave_.take_news()) tell(*news, true);
    if (!has_settings_folder_) tell(kNoSettings, true);
    say_news(session);
}

bool Keeping::update(Session& session, bool resting, double now) {
    for (Document& document : std::exchange(session.replaced, {})) autosave_.put_aside(std::move(document));
    autosave_.update(work_of(session, resting), now);
    if (auto news = autosave_.take_news()) tell(*news, true);
    bool seen = take_earlier(session);
    seen |= take_saved(session);
    return say_news(session) || seen;
}

Autosave::Work Keeping::work_of(const Session& session, bool resting) const {
    return {session.document(), session.changes, session.unsaved(), resting};
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
        replace_document(session, autosave_.open(*wanted), "open an earlier work");
        session.carried = true;
        session.ui.show_doors = false;
    } catch (const std::exception& error) {
        complain(session.ui, not_opened(error.what()));
    }
    autosave_.refresh_earlier();
}

void Keeping::write_saves(Session& session) {
    for (SaveOrder& order : std::exchange(session.saves, {})) {
        order.key = fmt::format("document {}", orders_made_++);
        files_.post(order.key, [order] { save(order); });
        orders_.push_back(std::move(order));
    }
}

bool Keeping::take_saved(Session& session) {
    const std::vector<WriteJob::Outcome> outcomes = files_.take();
    for (const WriteJob::Outcome& outcome : outcomes) {
        const auto order = std::ranges::find(orders_, outcome.key, &SaveOrder::key);
        if (order != orders_.end()) {
            saved_file(session, *order, outcome.problem);
            orders_.erase(order);
        } else if (!outcome.problem.empty() && !std::exchange(settings_told_, true)) {
            tell(settings_not_kept(outcome.problem), true);
        }
    }
    return !outcomes.empty();
}

void Keeping::write_settings(const std::string& name, std::function<void()> write) {
    if (has_settings_folder_) files_.post(name, std::move(write));
}

bool Keeping::say_news(Session& session) {
    for (auto& [text, problem] : news_) problem ? complain(session.ui, text) : say(session.ui, text);
    return !std::exchange(news_, {}).empty();
}

std::vector<std::string> Keeping::finish(Session& session, double now) {
    write_saves(session);
    for (Document& document : std::exchange(session.replaced, {})) autosave_.put_aside(std::move(document));
    autosave_.finish(work_of(session, true), now);
    files_.wait();
    std::vector<std::string> failures;
    if (!autosave_.problem().empty()) failures.push_back("the work is not kept: " + autosave_.problem());
    for (const WriteJob::Outcome& outcome : files_.take())
        if (!outcome.problem.empty()) failures.push_back(outcome.problem);
    return failures;
}

std::string Keeping::status() const { return autosave_.problem().empty() ? "" : "not kept"; }

}  // namespace convlens
