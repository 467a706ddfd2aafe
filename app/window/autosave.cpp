#include "app/window/autosave.h"

#include <exception>
#include <limits>
#include <system_error>
#include <utility>

#include "app/document/file.h"
#include "core/io/error.h"

namespace convlens {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kRestSeconds = 1.0;
constexpr const char* kWorkFile = "work.convlens";
constexpr const char* kAsideFile = "work-unreadable.convlens";

std::string reason_of(const std::exception& error) {
    const auto* file_error = dynamic_cast<const FileError*>(&error);
    return file_error != nullptr ? file_error->reason() : error.what();
}

}  // namespace

Autosave::Autosave(std::filesystem::path folder) : folder_(std::move(folder)), due_(kNever) {}

std::optional<Document> Autosave::restore(std::string& problem) const {
    if (folder_.empty()) return {};
    const std::filesystem::path file = folder_ / kWorkFile;
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return {};
    try {
        return load_document(file);
    } catch (const std::exception& error) {
        std::filesystem::rename(file, folder_ / kAsideFile, code);
        problem = "The work of last time cannot be read: " + reason_of(error) + ". It is kept as " +
                  (folder_ / kAsideFile).string() + ".";
        return {};
    }
}

void Autosave::update(const Document& document, std::uint64_t changes, double now) {
    if (folder_.empty()) return;
    if (changes != seen_) {
        seen_ = changes;
        due_ = changes == written_ ? kNever : now + kRestSeconds;
    }
    if (now < due_) return;
    flush(document, changes);
}

double Autosave::due() const { return due_; }

void Autosave::flush(const Document& document, std::uint64_t changes) {
    due_ = kNever;
    if (folder_.empty() || changes == written_) return;
    seen_ = written_ = changes;
    write(document);
}

std::optional<std::string> Autosave::take_news() {
    if (problem_.empty() || told_) return {};
    told_ = true;
    return "Your work is not being kept: " + problem_ + ". Save it elsewhere with Ctrl+S.";
}

void Autosave::write(const Document& document) {
    try {
        save_document(document, folder_ / kWorkFile);
        problem_.clear();
        told_ = false;
    } catch (const std::exception& error) {
        problem_ = reason_of(error);
    }
}

}  // namespace convlens
