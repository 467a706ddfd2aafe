#include "app/window/layout_file.h"

#include <algorithm>
#include <utility>

#include "app/document/file.h"
#include "app/session/kept_file.h"
#include "app/session/settings.h"
#include "app/window/layout_check.h"
#include "core/io/bytes.h"

namespace convlens {

namespace {

constexpr const char* kLayoutFile = "layout.ini";

// The text of a layout with the names that panels have today.
std::string with_names_of_today(std::string_view text) {
    constexpr std::string_view kWindow = "[Window][";
    std::string named;
    while (true) {
        const std::size_t at = text.find(kWindow);
        if (at == std::string_view::npos) return named + std::string(text);
        const std::size_t name = at + kWindow.size();
        const std::size_t end = std::min(text.find(']', name), text.size());
        named += text.substr(0, name);
        named += panel_name(text.substr(name, end - name));
        text.remove_prefix(end);
    }
}

}  // namespace

std::string load_layout(const std::filesystem::path& folder, std::vector<Message>* problems) {
    if (folder.empty()) return {};
    const std::filesystem::path file = folder / kLayoutFile;
    KeptText read = read_kept_text(file);
    if (read.problem.empty()) read.problem = layout_fault(read.text).value_or(Message());
    if (read.problem.empty()) return with_names_of_today(read.text);
    Message words =
        set_aside_words(msg("The layout of the panels cannot be used: {reason}.", "reason"_is(read.problem)), file,
                        key("the panels stand as at the first start"));
    if (problems != nullptr) problems->push_back(std::move(words));
    return {};
}

void save_layout(std::string_view text, const std::filesystem::path& folder) {
    if (!folder.empty() && !layout_fault(text)) write_file_durably(folder / kLayoutFile, text);
}

}  // namespace convlens
