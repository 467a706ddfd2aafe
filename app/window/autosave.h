// The work is there after a restart: written to the user's state folder a moment after each change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/document/document.h"

namespace convlens {

class Autosave {
public:
    // `folder` empty: nothing is kept.
    explicit Autosave(std::filesystem::path folder);

    // The work of last time. A file that cannot be read is put aside and `problem` says so.
    std::optional<Document> restore(std::string& problem) const;

    // Call each frame. `changes` counts the document's changes; the file is written once they have rested for a second.
    void update(const Document& document, std::uint64_t changes, double now);
    // When update() wants to be called next; infinity when all is written.
    double due() const;
    // Writes now what is not written yet, e.g. at the end.
    void flush(const Document& document, std::uint64_t changes);

    // Why the last attempt failed; empty while saving works. Told once per failure, see take_news().
    const std::string& problem() const { return problem_; }
    // The problem, the first time it is asked for after saving began to fail.
    std::optional<std::string> take_news();

private:
    void write(const Document& document);

    std::filesystem::path folder_;
    std::uint64_t written_ = 0;
    std::uint64_t seen_ = 0;
    double due_;
    std::string problem_;
    bool told_ = false;
};

}  // namespace convlens
