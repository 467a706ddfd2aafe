// The work is there after a restart, whatever ends the program: it is written to the user's state folder by a job, a
// moment after each change (save_timing.h says when, works.h says where).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/jobs/write_job.h"
#include "app/session/save_timing.h"
#include "app/session/works.h"

namespace convlens {

class Autosave {
public:
    // `folder` empty: nothing is kept. `wake` is called on the job's thread when there is something to take.
    explicit Autosave(std::filesystem::path folder, std::function<void()> wake = {});

    // The work of last time, and what to say about it; `fresh`: neither. Once, before all else.
    Works::LastTime begin(bool fresh);
    // The restored work has been shown, so that it can be restored again.
    void came_up();
    // Another window writes the work that a start would go on with.
    bool last_work_is_elsewhere() const { return elsewhere_; }

    struct Work {
        const Document& document;
        std::uint64_t changes = 0;  // grows with every change of the document and of its file
        bool unsaved = true;        // the document is nowhere else
        bool resting = true;        // no drag and no typing is under way
        NamedFile file = {};        // that the document belongs to
    };
    // Call often, at least when it is due(). `now` in seconds of any clock that only goes forward.
    void update(const Work& work, double now);
    double due() const { return timing_.due(); }
    // Keeps a document that another one took the place of.
    void put_aside(Document document);
    // The titles of the documents that wait to be put aside, oldest first.
    std::vector<Message> waiting_aside();
    // Keeps a document as an earlier work and waits until it is written; false when it cannot be kept. On any thread.
    bool keep(const Document& document);
    // Saves what is not saved yet and waits for it; what failed is tried once more.
    void finish(const Work& work, double now);

    // Why the work is not being kept; empty while it is.
    const Message& problem() const { return problem_; }
    // The problem, for people, the first time that it is asked for after saving began to fail.
    std::optional<Message> take_news();

    // Reads an earlier work. Throws FileError.
    Document open(const std::filesystem::path& file) const { return works_.open(file); }
    void refresh_earlier();
    // The list of earlier works, when it has changed; see Works::earlier().
    std::optional<std::vector<EarlierWork>> take_earlier();

private:
    bool anything_aside();
    void save(const Work& work, double now);
    void take_outcomes(double now);
    void list_earlier();
    void put_aside_waiting();
    void has_news() { news_ = true; }
    void wake_for_news();

    std::function<void()> wake_;
    bool kept_;    // there is a folder
    Works works_;  // the job's, after begin()
    bool elsewhere_;
    SaveTiming timing_;
    Message problem_;
    bool told_ = false;
    std::mutex mutex_;             // of the next two
    std::vector<Document> aside_;  // to be kept as earlier works, oldest first
    std::optional<std::vector<EarlierWork>> earlier_;
    std::atomic<bool> failing_ = false, news_ = false;
    WriteJob job_;  // last: it uses all of the above
};

}  // namespace convlens
