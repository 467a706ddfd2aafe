// What outlives the window: the work, saved without being asked (autosave.h), documents saved by name, settings. Written
// by jobs; here is what the session gives to them, and what it is told.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/jobs/write_job.h"
#include "app/session/autosave.h"
#include "app/session/session.h"

namespace convlens {

class Keeping {
public:
    // The folders of work and settings; empty: there is none. `wake` is called on other threads when update() has
    // something to do.
    Keeping(std::filesystem::path state, const std::filesystem::path& config, const std::function<void()>& wake);

    // The document that the window begins with: the work of last time, or what a first start shows.
    Document first_work(bool fresh);
    bool restored() const { return restored_; }
    // What there is to say about it, in the session that was made of it.
    void greet(Session& session);

    // Call after each frame, and when it is due(). `resting`: no drag and no typing is under way. True when there is
    // something new to be seen.
    bool update(Session& session, bool resting, double now);
    double due() const { return autosave_.due(); }
    // Frames have been shown, so that the work has not ended the program.
    void came_up() { autosave_.came_up(); }
    // Opens the earlier work that was chosen; what was there before is put aside or can be saved.
    void open_wanted(Session& session);
    // Writes the documents that were asked for.
    void write_saves(Session& session);

    // `write` runs beside the window; a failure is told once. A waiting one of the same name is replaced.
    void write_settings(const std::string& name, std::function<void()> write);

    // What could not be written at the end, for people, a line each.
    struct LastWrite {
        std::vector<Message> lost;             // work that is nowhere else, and documents that were to be saved
        std::vector<Message> lesser;           // settings, and work that is in a file of the user's
        std::vector<std::string> not_written;  // UTF-8 paths of those documents
    };
    // Saves what is not saved yet and waits for all of it. May be called again.
    LastWrite finish(Session& session, double now);

    // For the line at the bottom; empty while all is well.
    Message status() const;

private:
    Autosave::Work work_of(const Session& session, bool resting) const;
    bool take_saved(Session& session, LastWrite* last = nullptr);
    static void note_document(const SaveOrder& order, bool changed, const Message& problem, LastWrite& last);
    Message keep_replaced(const std::filesystem::path& file);
    bool take_earlier(Session& session);
    void tell(Message words, bool problem, std::string_view about = {}) {
        news_.push_back({std::move(words), problem, about});
    }
    void note_settings(const WriteJob::Outcome& outcome, Session& session, LastWrite* last);
    bool say_news(Session& session);

    Autosave autosave_;
    bool restored_ = false, carried_ = false;
    bool has_settings_folder_;
    std::set<std::string> settings_failing_;  // the names of those whose last write failed
    bool greeted_ = false;
    struct News {
        Message words;
        bool problem = false;
        std::string_view about;  // see say()
    };
    std::vector<News> news_;
    struct Writing {
        SaveOrder order;
        std::shared_ptr<SaveResult> result;  // the job's until its outcome is there
    };
    std::shared_ptr<const SaveResult> under_way(const std::string& path) const;
    std::vector<Writing> writing_;  // documents
    NamedFile last_file_;           // that the work of last time belonged to
    int orders_made_ = 0;
    WriteJob files_;  // documents by name, settings
};

}  // namespace convlens
