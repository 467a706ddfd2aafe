#include "app/session/works.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "app/session/work_file.h"
#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr int kMostPlaces = 64;
constexpr int kStartsThatMayFail = 2;
constexpr std::size_t kMostNewBlobs = 8;  // may pile up before those that nobody needs are removed

// A moment in which another window moves files is short; a window that was stopped must not stop all others.
constexpr std::chrono::milliseconds kPatience(2000);
constexpr std::chrono::milliseconds kInstant(30);

std::string numbered(std::string_view stem, int number) {
    return number == 1 ? std::string(stem) : fmt::format("{}-{}", stem, number);
}

// The first of "<stem>.convlens", "<stem>-2.convlens", … that is not there yet.
fs::path free_name(const fs::path& folder, std::string_view stem) {
    std::error_code code;
    for (int number = 1;; ++number) {
        fs::path path = folder / (numbered(stem, number) + ".convlens");
        if (!fs::exists(fs::symlink_status(path, code))) return path;
    }
}

bool is_there(const fs::path& path) {
    std::error_code code;
    return fs::exists(fs::symlink_status(path, code));
}

void rename_or_throw(const fs::path& from, const fs::path& to) {
    std::error_code code;
    fs::rename(from, to, code);
    if (code) throw FileError(from.string(), msg("cannot be put aside: {reason}", "reason"_is(code.message())));
}

fs::path make_folder(const fs::path& folder) {
    std::error_code code;
    fs::create_directories(folder, code);
    if (!fs::is_directory(folder, code)) throw FileError(folder.string(), msg("cannot be made"));
    return folder;
}

void touch(const fs::path& file) {
    std::error_code code;
    fs::last_write_time(file, fs::file_time_type::clock::now(), code);
}

bool is_work(const fs::path& file) { return file.extension() == ".convlens"; }

// Throws FileError: what cannot be read may point to any blob, so that none can be removed. No work of ours is too large.
std::set<std::string> blob_names_of(const fs::path& file) {
    std::error_code code;
    if (fs::file_size(file, code) > kMostWorkBytes && !code) return {};
    const std::vector<std::byte> bytes = read_bytes(file);
    return blob_names({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool holds_the_same(const fs::path& file, std::span<const std::byte> bytes) {
    std::error_code code;
    if (fs::file_size(file, code) != bytes.size() || code) return false;
    return std::ranges::equal(read_bytes(file), bytes);
}

// Beside a file that was cut off in the middle: an hour later nobody writes it any more.
void remove_cut_off_writes(const fs::path& folder) {
    const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
    for (const fs::path& file : files_in(folder)) {
        std::error_code code;
        if (file.extension() == ".part" && fs::last_write_time(file, code) < old && !code) fs::remove(file, code);
    }
}

Message not_as_it_was(std::vector<Message> warnings) {
    return msg("Parts of your last work could not be read and were replaced: {parts}.",
               "parts"_is(in_clauses(std::move(warnings))));
}

Message not_readable(const Message& reason, const fs::path& aside) {
    return msg("Your last work could not be opened: {reason}. The file was kept as {file}.", "reason"_is(reason),
               "file"_is(aside.string()));
}

Message not_moved(const Message& reason, const fs::path& file) {
    return msg("Your last work could not be opened: {reason}. The file stays at {file}, since it could not be moved.",
               "reason"_is(reason), "file"_is(file.string()));
}

constexpr Key kEndedTwice =
    key("Convlens ended twice while opening your last work, so it starts without it. File ▸ Earlier work opens it.");

}  // namespace

Works::Works(fs::path folder) : folder_(std::move(folder)) {
    if (folder_.empty()) return;
    const fs::path started = folder_ / "works.lock";
    last_start_ = seconds_of(started);
    take_place();
    touch(started);
    ours_ = !is_there(work_file(place_));
}

fs::path Works::work_file(int place) const { return folder_ / (numbered("work", place) + ".convlens"); }
fs::path Works::lock_file(int place) const { return folder_ / (numbered("work", place) + ".lock"); }

bool Works::last_work_is_elsewhere() const { return is_further() && is_there(work_file(1)); }

FileLock Works::lock_works(FileLock::Kind kind) const { return {folder_ / "works.lock", kind, kPatience}; }

// The first place, else one in which no work was left, else any; where there are no locks, the first.
void Works::take_place() {
    if (take_place(1)) return;
    for (const bool empty : {true, false}) {
        for (int place = 2; place <= kMostPlaces; ++place)
            if (is_there(work_file(place)) != empty && take_place(place)) return;
    }
}

bool Works::take_place(int place) {
    // Whoever lists works holds the lock of each for an instant.
    FileLock lock(lock_file(place), FileLock::Kind::exclusive, place == 1 ? kInstant : std::chrono::milliseconds(0));
    if (lock.state() == FileLock::State::elsewhere) return false;
    lock_ = std::move(lock);
    place_ = place;
    return true;
}

// The folder can be written to by now, perhaps; then another window may have been quicker.
void Works::take_place_again() {
    const int before = place_;
    take_place();
    if (place_ != before) ours_ = !is_there(work_file(place_));
}

Works::LastTime Works::restore() {
    if (folder_.empty() || is_further() || ours_) return {};
    const fs::path file = work_file(place_);
    if (lock_ && lock_.number() >= kStartsThatMayFail) {
        lock_.set_number(0);
        return {std::nullopt, true, {}, put_aside_dangerous(file)};
    }
    if (lock_) lock_.set_number(lock_.number() + 1);
    try {
        LastTime last = read(file);
        ours_ = true;
        return last;
    } catch (const std::exception& error) {
        came_up();  // what is refused has not ended the program
        return {std::nullopt, true, {}, put_aside_unreadable(file, reason_words(error))};
    }
}

Message Works::put_aside_dangerous(const fs::path& file) {
    try {
        const FileLock moving = lock_works(FileLock::Kind::exclusive);
        move_to_earlier(file);
        ours_ = true;
        return kEndedTwice;
    } catch (const FileError& error) {
        return not_moved(error.words(), file);
    }
}

Message Works::put_aside_unreadable(const fs::path& file, const Message& reason) {
    try {
        const FileLock moving = lock_works(FileLock::Kind::exclusive);
        const fs::path aside = free_name(folder_, "work-unreadable");
        rename_or_throw(file, aside);
        ours_ = true;
        return not_readable(reason, aside);
    } catch (const FileError& error) {
        return not_moved(reason, file);
    }
}

void Works::came_up() const {
    if (lock_ && lock_.number() != 0) lock_.set_number(0);
}

bool Works::write(const Document& document, bool unsaved, const NamedFile& named) {
    if (folder_.empty()) throw FileError({}, msg("the work cannot be kept: there is no folder for it"));
    make_folder(folder_);  // it may have been removed meanwhile
    if (!lock_) take_place_again();
    if (lock_.state() == FileLock::State::none)
        throw FileError(folder_.string(),
                        msg("keeps the works of at most {limit} windows at a time", "limit"_is(kMostPlaces)));
    const bool moved = clear_place();
    write_file_of(document, unsaved, named);
    if (new_blobs_ >= kMostNewBlobs) {
        new_blobs_ = 0;
        tidy();
    }
    return moved;
}

// What lies in our place and is not ours is somebody's work: of a window that was left, or of last time with --fresh.
bool Works::clear_place() {
    if (std::exchange(ours_, true)) return false;
    const fs::path file = work_file(place_);
    if (!is_there(file)) return false;
    try {
        const FileLock moving = lock_works(FileLock::Kind::exclusive);
        if (look_at(file)) {
            move_to_earlier(file);
        } else {
            rename_or_throw(file, free_name(folder_, "work-unreadable"));
        }
        return true;
    } catch (...) {
        ours_ = false;
        throw;
    }
}

void Works::write_file_of(const Document& document, bool unsaved, const NamedFile& named) {
    const FileLock writing = lock_works(FileLock::Kind::shared);
    const std::string text = work_text(document, unsaved, blobs(), named);
    sync_blobs(blob_names(text));
    write_bytes_durably(work_file(place_), std::as_bytes(std::span(text)));
}

void Works::sync_blobs(const std::set<std::string>& names) {
    std::size_t added = 0;
    for (const std::string& name : names) {
        const fs::path blob = blobs() / (name + ".npy");
        if (synced_.contains(name) || !is_there(blob)) continue;  // a title may look like a name, too
        sync_to_disk(blob);
        ++added;
    }
    if (added > 0) sync_to_disk(blobs());
    new_blobs_ += added;
    synced_ = names;
}

void Works::put_aside(const Document& document) {
    const fs::path earlier = make_folder(folder_ / "earlier");
    const FileLock moving = lock_works(FileLock::Kind::exclusive);
    const std::string text = work_text(document, true, blobs());
    const std::span<const std::byte> bytes = std::as_bytes(std::span(text));
    for (const fs::path& file : files_in(earlier))
        if (holds_the_same(file, bytes)) return touch(file);
    sync_blobs(blob_names(text));
    write_bytes_durably(free_name(earlier, name_of_now()), bytes);
    forget_oldest();
}

fs::path Works::move_to_earlier(const fs::path& file) const {
    fs::path to = free_name(make_folder(folder_ / "earlier"), name_of_now());
    rename_or_throw(file, to);
    touch(to);
    sync_to_disk(to.parent_path());
    forget_oldest();
    return to;
}

void Works::forget_oldest() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> kept;
    std::error_code code;
    for (fs::path& file : files_in(folder_ / "earlier")) {
        const fs::file_time_type time = fs::last_write_time(file, code);
        if (is_work(file)) kept.emplace_back(time, std::move(file));
    }
    std::ranges::sort(kept, std::greater());
    for (std::size_t i = kMostEarlier; i < kept.size(); ++i) fs::remove(kept[i].second, code);
}

std::optional<EarlierWork> Works::look_at(const fs::path& file) const {
    try {
        const nlohmann::json work = read_work_json(file);
        return EarlierWork{file, title_of(work), seconds_of(file), is_unsaved(work)};
    } catch (const std::exception&) {
        return {};
    }
}

std::vector<EarlierWork> Works::earlier() const {
    std::vector<EarlierWork> found;
    if (folder_.empty()) return found;
    for (const fs::path& file : files_in(folder_ / "earlier"))
        if (is_work(file))
            if (auto work = look_at(file)) found.push_back(std::move(*work));
    for (int place = 1; place <= kMostPlaces; ++place) {
        if (place == place_ && ours_) continue;
        if (auto work = left_in(place)) found.push_back(std::move(*work));
    }
    std::ranges::stable_sort(found, std::greater(), &EarlierWork::time);
    return found;
}

// The work in a place that no window holds: a further window's, or, after a start with --fresh, the one of last time.
std::optional<EarlierWork> Works::left_in(int place) const {
    const fs::path file = work_file(place);
    if (!is_there(file)) return {};
    if (is_written_elsewhere(place)) return {};
    auto work = look_at(file);
    if (!work || (place > 1 && !work->unsaved)) return {};
    work->of_window = place > 1;
    work->news = work->of_window && work->time >= last_start_;
    return work;
}

bool Works::is_written_elsewhere(int place) const {
    return place != place_ && FileLock(lock_file(place), FileLock::Kind::shared).state() == FileLock::State::elsewhere;
}

Document Works::open(const fs::path& file) const {
    for (int place = 1; place <= kMostPlaces; ++place)
        if (file == work_file(place) && is_written_elsewhere(place))
            throw FileError(file.string(), msg("another window works on it by now"));
    return *read(file).document;
}

NamedFile Works::file_of(const fs::path& work) {
    try {
        return named_file_of(read_work_json(work));
    } catch (const std::exception&) {
        return {};
    }
}

Works::LastTime Works::read(const fs::path& file) const {
    const FileLock reading = lock_works(FileLock::Kind::shared);
    const nlohmann::json work = read_work_json(file);
    fetch_old_blobs(blobs_named_in(work));
    std::vector<Message> warnings;
    LastTime last{
        document_from_json(work, blobs(), &warnings, file.string()), is_unsaved(work), named_file_of(work), {}};
    if (!warnings.empty()) last.problem = not_as_it_was(std::move(warnings));
    return last;
}

// Older versions kept the blobs of works and of documents in one folder.
void Works::fetch_old_blobs(const std::set<std::string>& names) const {
    for (const std::string& name : names) {
        const fs::path old = folder_ / "blobs" / (name + ".npy"), now = blobs() / (name + ".npy");
        std::error_code code;
        if (fs::exists(now, code) || !fs::exists(old, code)) continue;
        fs::create_directories(blobs(), code);
        fs::create_hard_link(old, now, code);
        if (code) fs::copy_file(old, now, code);
    }
}

void Works::tidy() const {
    if (folder_.empty()) return;
    const FileLock alone(folder_ / "works.lock", FileLock::Kind::exclusive);
    if (!alone) return;
    for (const fs::path& folder : {folder_, folder_ / "earlier", blobs()}) remove_cut_off_writes(folder);
    try {
        remove_blobs_but(used_blobs());
    } catch (const std::exception&) {
        // A work cannot be read at present: its blobs are not known, and all stay.
    }
}

std::set<std::string> Works::used_blobs() const {
    std::set<std::string> used;
    for (const fs::path& folder : {folder_, folder_ / "earlier"}) {
        for (const fs::path& file : files_in(folder))
            if (is_work(file)) used.merge(blob_names_of(file));
    }
    return used;
}

void Works::remove_blobs_but(const std::set<std::string>& used) const {
    for (const fs::path& file : files_in(blobs())) {
        std::error_code code;
        if (file.extension() == ".npy" && !used.contains(file.stem())) fs::remove(file, code);
    }
}

}  // namespace convlens
