// One kept work as a file: a document like those saved by name, but with its large tensors beside it, and with a
// mark: {"unsaved": whether it is nowhere else, "file": {"path": which file it belongs to, "sha256": what that held}}.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/document/document.h"
#include "app/session/named_file.h"
#include "core/text/message.h"

namespace convlens {

// What is larger is no work.
inline constexpr std::uintmax_t kMostWorkBytes = std::uintmax_t{256} << 20;

// What the file holds; keeps the large tensors in `blobs`. `unsaved`: the document is nowhere else. `named`: the file
// that it belongs to. Throws FileError.
std::string work_text(const Document& document, bool unsaved, const std::filesystem::path& blobs,
                      const NamedFile& named = {});

// What the file holds, looked at before it is opened: a folder, a pipe or a device is refused, as is what is too large.
// Throws FileError.
nlohmann::json read_work_json(const std::filesystem::path& file);

// What is wrong in the JSON counts as not there.
bool is_unsaved(const nlohmann::json& work);
NamedFile named_file_of(const nlohmann::json& work);
Message title_of(const nlohmann::json& work);  // of the grid's document, or the photo's name; never empty
Message title_of(const Document& document);    // the same

// The SHA-256 in a text, 64 digits each: the blobs that a work may point to, and a few that are none. The text need
// not be JSON, so that what a damaged work points to stays, too.
std::set<std::string> blob_names(std::string_view text);

// The plain files in a folder, in no order; none where there is no such folder.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);
// When it was last written, in seconds since 1970; 0 when it is not there.
std::int64_t seconds_of(const std::filesystem::path& file);
// "2026-11-28 19.15.03", by the clock on the wall, as the name of a file.
std::string name_of_now();

}  // namespace convlens
