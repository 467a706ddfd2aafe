// Documents as JSON (".convlens", "convlens": 1), and the work that is there after a restart.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/document/document.h"

namespace convlens {

// Tensors of up to 4,096 numbers are written out; larger ones by their generator, or, without one, into
// `blob_folder`/<sha256>.npy.
nlohmann::json to_json(const Document& document, const std::filesystem::path& blob_folder);

// Throws FileError of `path` naming the place ("layers[0].spec.stride") and the reason. Unknown keys are told in
// `warnings`. A document whose layers do not validate is refused with the first problem's message.
Document document_from_json(const nlohmann::json& value, const std::filesystem::path& blob_folder,
                            std::vector<std::string>* warnings = nullptr, const std::string& path = "the document");

void save_document(const Document& document, const std::filesystem::path& path);
Document load_document(const std::filesystem::path& path, std::vector<std::string>* warnings = nullptr);

// The user's folders (XDG_STATE_HOME, XDG_CONFIG_HOME, or under the home folder): made when needed; empty when that
// cannot be done, and then nothing is kept.
std::filesystem::path state_folder();
std::filesystem::path config_folder();

// write_bytes (core/io/bytes.h) for text.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace convlens
