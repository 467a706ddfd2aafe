#include "app/session/named_file.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <system_error>

#include <nlohmann/json.hpp>

#include "app/document/content_hash.h"
#include "app/document/file.h"
#include "app/document/json_reader.h"
#include "core/io/bytes.h"
#include "core/io/json_parse.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// Empty where there is no plain file: nothing is lost there.
std::string content_of(const fs::path& path) {
    std::error_code code;
    if (!fs::is_regular_file(path, code)) return {};
    return content_hash(read_bytes(path, JsonLimits{}.bytes));
}

}  // namespace

ReadDocument read_named(const fs::path& path, std::vector<Message>* warnings) {
    const std::vector<std::byte> bytes = read_bytes(path, JsonLimits{}.bytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {document_from_json(parse_json(text, path.string()), {}, warnings, path.string()), content_hash(bytes)};
}

SaveResult save_named(const SaveOrder& order, const KeepFile& keep) {
    const fs::path path = from_utf8(order.path);
    const std::string text = pretty(to_json(order.document));
    SaveResult result;
    result.content = content_hash(std::as_bytes(std::span(text)));
    const std::string found = order.was.empty() ? std::string() : content_of(path);
    if (!found.empty() && found == result.content) return result;  // it is there already
    if (!found.empty() && found != order.was) return {found, true, {}};
    if (order.keeps && !found.empty()) result.kept = keep(path);
    write_file_durably(path, text);
    return result;
}

}  // namespace convlens
