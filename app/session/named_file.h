// Documents in files that the user has named. What such a file held when it was last read or written is remembered, so
// that what another program or another window wrote there since then is not replaced without asking.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

struct NamedFile {
    std::string path;     // UTF-8; empty: there is no file
    std::string content;  // content_hash() of what it held when it was last read or written; empty: not known
    friend bool operator==(const NamedFile&, const NamedFile&) = default;
};

// A document to be written under a name, as it was when that was asked for.
struct SaveOrder {
    std::string path;  // UTF-8
    Document document;
    std::uint64_t work = 0;     // of the session, then: which document it is
    std::uint64_t changes = 0;  // and what had been done to it
    std::string key = {};       // for whoever writes it
    std::string was = {};       // content_hash() of what may be replaced; empty: anything may
    bool keeps = false;         // what is replaced is kept first
    // For people, a sentence: why settings typed then are not in the document; empty: all are.
    Message refused = {};
};

struct SaveResult {
    std::string content;   // content_hash() of what the file holds now
    bool changed = false;  // the file holds something else than `was`, and nothing was written
    Message kept = {};     // for people, a sentence: where that is which was replaced; empty: it was not kept
};

struct ReadDocument {
    Document document;
    std::string content;  // content_hash() of the file
};
// Throws FileError.
ReadDocument read_named(const std::filesystem::path& path, std::vector<Message>* warnings);

// Writes the document unless the file holds something else than the order says. A file that is gone is made again.
// `keep` keeps what the file holds and says where. Throws FileError, and what `keep` throws.
using KeepFile = std::function<Message(const std::filesystem::path&)>;
SaveResult save_named(const SaveOrder& order, const KeepFile& keep);

}  // namespace convlens
