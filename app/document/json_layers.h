// The layers of a document out of its JSON: their settings, and their tensors, which stand in the document, are made by a
// generator, are kept on this machine under their names, or are another layer's output.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/io/json_value.h"

namespace convlens {

// What is read, where large tensors are, and where warnings go.
struct DocumentReader {
    std::array<std::filesystem::path, 2> blob_folders;
    std::vector<Message>* warnings = nullptr;
    std::optional<JsonValue> inside{};         // "tensors" of the document
    std::map<std::string, TensorRef> named{};  // tensors of both kinds that were read so far
    std::int64_t cells = 0;                    // of the tensors so far
};

// The layer at `place`. `earlier`: the layers before it, whose outputs it may read, out of `layers` that the document has.
// Throws as JsonValue does, where the layer cannot be computed and where the document would hold more than
// kMaxDocumentCells, too.
Layer read_layer(const JsonValue& place, const std::vector<Layer>& earlier, std::int64_t layers,
                 DocumentReader& reader);

}  // namespace convlens
