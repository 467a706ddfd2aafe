// Documents as JSON (".convlens", "convlens": 1), and the work that is there after a restart.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

// Tensors of up to 4,096 numbers are written out, larger ones by their generator. Those without one are named by their
// SHA-256, and their numbers stand compressed in the same document, under "tensors" (app/document/blob_text.h): it is
// whole by itself.
nlohmann::json to_json(const Document& document);
// The same, but the numbers of large tensors without a generator go into `blob_folder`/<sha256>.npy, each once: for
// work that is written again and again, and never leaves the machine. Throws FileError.
nlohmann::json to_json(const Document& document, const std::filesystem::path& blob_folder);

// Tensors that are only named are looked for in the document itself, in `blob_folder`, and where documents had them
// that were saved before they held them: in blobs/ of the state folder. Every number comes back bit by bit. Throws
// FileError of `path` (empty: of no file) naming the place ("layers[0].spec.stride") and the reason. Unknown keys are
// told in `warnings`. A document whose layers do not validate is refused with the first problem's message.
Document document_from_json(const nlohmann::json& value, const std::filesystem::path& blob_folder,
                            std::vector<Message>* warnings = nullptr, const std::string& path = {});

// A file that is whole by itself, on this machine and on any other. Throws FileError.
void save_document(const Document& document, const std::filesystem::path& path);
Document load_document(const std::filesystem::path& path, std::vector<Message>* warnings = nullptr);

// That a document has more panes than are shown side by side, which it keeps; else empty.
Message panes_not_shown(const Document& document);

// The SHA-256 (64 hexadecimal digits) of the tensors that to_json(document, blob_folder) has in the folder.
std::set<std::string> blobs_of(const Document& document);
// Those that a document's JSON names and does not hold: what must stay in its folder as long as it does. Whatever else
// is wrong with the document does not matter here.
std::set<std::string> blobs_named_in(const nlohmann::json& document);

// The user's folders (XDG_STATE_HOME, XDG_CONFIG_HOME, or under the home folder): made when needed; empty when that
// cannot be done, and then nothing is kept.
std::filesystem::path state_folder();
std::filesystem::path config_folder();

}  // namespace convlens
