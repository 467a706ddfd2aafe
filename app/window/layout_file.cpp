#include "app/window/layout_file.h"

#include <utility>

#include "app/document/file.h"
#include "app/session/kept_file.h"
#include "app/window/layout_check.h"
#include "core/io/bytes.h"

namespace convlens {

namespace {

constexpr const char* kLayoutFile = "layout.ini";

}  // namespace

std::string load_layout(const std::filesystem::path& folder, std::vector<std::string>* problems) {
    if (folder.empty()) return {};
    const std::filesystem::path file = folder / kLayoutFile;
    KeptText read = read_kept_text(file);
    if (read.problem.empty()) read.problem = layout_fault(read.text).value_or("");
    if (read.problem.empty()) return std::move(read.text);
    std::string words = set_aside_words("The layout of the panels cannot be used: " + read.problem + ".", file,
                                        "the panels stand as at the first start");
    if (problems != nullptr) problems->push_back(std::move(words));
    return {};
}

void save_layout(std::string_view text, const std::filesystem::path& folder) {
    if (!folder.empty() && !layout_fault(text)) write_file_durably(folder / kLayoutFile, text);
}

}  // namespace convlens
