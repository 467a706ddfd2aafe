// The works that are kept without being asked for, as files in the user's state folder:
//
//   work.convlens             of the first window; work-2.convlens, work-3.convlens … of further ones
//   work.lock, work-2.lock    held by the window that writes that file, for as long as it runs (file_lock.h)
//   earlier/*.convlens        the last five works that another one took the place of
//   work-unreadable*.convlens what was found as a work and could not be read
//   work-blobs/<sha256>.npy   large tensors that these files point to; removed when none does any more
//   works.lock                held while files move or blobs come and go
//   blobs/                    large tensors of documents that older versions saved: read, never changed
//
// Nothing here is replaced or removed without a copy in earlier/. No window, no clock, no thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/session/file_lock.h"
#include "app/session/named_file.h"
#include "core/text/message.h"

namespace convlens {

// A work in a file that no running window writes.
struct EarlierWork {
    std::filesystem::path file;
    Message title;           // for people; never empty
    std::int64_t time = 0;   // when it was last written or put aside, in seconds since 1970
    bool unsaved = true;     // is nowhere else
    bool of_window = false;  // a further window's, as it was left; false: put aside
    bool news = false;       // of_window, and left since the program was last started
    friend bool operator==(const EarlierWork&, const EarlierWork&) = default;
};

class Works {
public:
    static constexpr std::size_t kMostEarlier = 5;

    // Takes the first place in `folder` that no running window holds. `folder` empty: nothing is kept.
    explicit Works(std::filesystem::path folder);

    const std::filesystem::path& folder() const { return folder_; }
    int place() const { return place_; }  // 1 for work.convlens
    // Another window holds the first place.
    bool is_further() const { return place_ > 1; }
    // It does, and there is a work in it.
    bool last_work_is_elsewhere() const;

    struct LastTime {
        std::optional<Document> document;
        bool unsaved = true;  // is nowhere else
        NamedFile file;       // that the user saved it to, or opened it from
        Message problem;      // for people: why there is no document although there is a file, or what it has lost
    };
    // The work that the first window left; a further window has none to go on with. What cannot be read is put aside.
    // So is what ended the program the last two times that it was restored: call came_up() when it has been shown.
    LastTime restore();
    void came_up() const;

    // Writes the work of this window; what lay in its place is put aside first, and true says that it was. `unsaved`:
    // the document is nowhere else; `named`: the file that it belongs to. Throws FileError.
    bool write(const Document& document, bool unsaved, const NamedFile& named = {});
    // Another work takes the place of this one. Throws FileError.
    void put_aside(const Document& document);

    // Newest first.
    std::vector<EarlierWork> earlier() const;
    // Throws FileError; also when a window writes this file by now.
    Document open(const std::filesystem::path& file) const;
    // The file that it belongs to; none for what cannot be read.
    static NamedFile file_of(const std::filesystem::path& work);

    // Removes blobs that no file points to, and what writes that were cut off have left.
    void tidy() const;

private:
    std::filesystem::path work_file(int place) const;
    std::filesystem::path lock_file(int place) const;
    std::filesystem::path blobs() const { return folder_ / "work-blobs"; }
    FileLock lock_works(FileLock::Kind kind) const;
    void take_place();
    bool take_place(int place);
    void write_file_of(const Document& document, bool unsaved, const NamedFile& named);
    void sync_blobs(const std::set<std::string>& names);
    void take_place_again();
    bool clear_place();
    LastTime read(const std::filesystem::path& file) const;  // throws FileError; else it has a document
    bool is_written_elsewhere(int place) const;
    Message put_aside_dangerous(const std::filesystem::path& file);
    Message put_aside_unreadable(const std::filesystem::path& file, const Message& reason);
    std::set<std::string> used_blobs() const;
    void remove_blobs_but(const std::set<std::string>& used) const;
    void fetch_old_blobs(const std::set<std::string>& names) const;
    std::optional<EarlierWork> left_in(int place) const;
    std::filesystem::path move_to_earlier(const std::filesystem::path& file) const;
    void forget_oldest() const;
    std::optional<EarlierWork> look_at(const std::filesystem::path& file) const;

    std::filesystem::path folder_;
    int place_ = 1;
    FileLock lock_;
    bool ours_ = false;             // the file in our place holds our work, or there is none
    std::int64_t last_start_ = 0;   // when a window was started before this one, in seconds since 1970
    std::set<std::string> synced_;  // blobs that are known to be on the disk
    std::size_t new_blobs_ = 0;     // since tidy() was called last
};

}  // namespace convlens
