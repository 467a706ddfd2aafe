#include "app/window/paste.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/document/imported.h"
#include "app/panels/photo_kernel.h"
#include "app/window/files.h"
#include "app/window/utf8_path.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

constexpr std::string_view kAbout = "paste";

// What is said of a clipboard that holds nothing for this place.
constexpr const char* kNoTextInGrid =
    "The clipboard holds no text. Copy the code of a layer, such as nn.Conv2d(1, 1, 3), and paste it here. A picture "
    "cannot be pasted yet: drop its file onto the window, or open it with Ctrl+O.";
constexpr const char* kNoTextInPhoto =
    "The clipboard holds no text, and a picture cannot be pasted yet. Drop its file onto the window, or open it with "
    "Ctrl+O.";
constexpr const char* kNothingForPhoto =
    "The clipboard holds no kernel and no layer. Copy the weights of a kernel, such as 0 -1 0; -1 5 -1; 0 -1 0, or the "
    "name of a picture's file. A picture itself cannot be pasted yet: open its file with Ctrl+O.";

void refuse(Session& session, std::string reason) { complain(session.ui, std::move(reason), std::string(kAbout)); }
void tell(Session& session, std::string news) { say(session.ui, std::move(news), std::string(kAbout)); }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(kBlank) + 1 - first);
}

// "%20" in the names of file managers.
std::string without_escapes(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        const char* digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            plain += static_cast<char>(byte);
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

// The file whose absolute name or address is all of the text, as file managers copy it.
std::optional<std::string> file_of(std::string_view text) {
    constexpr std::string_view kScheme = "file://";
    constexpr std::size_t kLongest = 4096;
    if (text.size() > kLongest || text.find('\n') != std::string_view::npos) return std::nullopt;
    const std::string path =
        text.starts_with(kScheme) ? without_escapes(text.substr(kScheme.size())) : std::string(text);
    std::error_code code;
    if (!path.starts_with('/') || !std::filesystem::is_regular_file(from_utf8(path), code)) return std::nullopt;
    return path;
}

std::optional<Kernel> kernel_of(std::string_view text) {
    try {
        return parse_kernel(text);
    } catch (const KernelError&) {
        return std::nullopt;
    }
}

// In place of the selected filter's kernel; the first filter where there is none yet.
void take_kernel(Session& session, const Kernel& kernel) {
    const auto step = static_cast<std::size_t>(session.ui.panels.photo.step);
    session.ui.panels.photo.kernel_text_reason.clear();
    session.ui.edit("paste of a kernel", {}, [kernel, step](Document& document) {
        auto& chain = document.photo.chain;
        if (chain.empty()) chain.emplace_back();
        FilterStep& changed = chain[std::min(step, chain.size() - 1)];
        changed = with_kernel(changed, kernel);
    });
    tell(session, fmt::format("Pasted a kernel, {}×{}", kernel.rows, kernel.cols));
}

void take_over(Session& session, const ImportedLayer& imported) {
    const auto index = static_cast<std::size_t>(current_pane(session).layer);
    session.ui.draft.reset();
    session.ui.playing = false;
    session.ui.edit("paste of " + imported.program, {}, [index, layer = layer_from(imported)](Document& document) {
        document.mode = Mode::grid;
        const std::string name = document.layers[index].name;
        document.layers[index] = layer;
        document.layers[index].name = name;
    });
}

void take_layer(Session& session, const ImportedLayer& imported, bool one_of_several) {
    std::string said = "Pasted a layer of " + imported.program;
    for (const std::string& note : imported.notes) said += (&note == &imported.notes.front() ? ": " : "; ") + note;
    if (one_of_several) said += ". To take another layer, copy that one alone.";
    const std::vector<Problem> problems = import_problems(imported);
    if (problems.empty()) {
        take_over(session, imported);
        return tell(session, said);
    }
    const bool settings = !validate(imported.layer).empty();
    if (!settings) return refuse(session, "The layer on the clipboard: " + problems.front().message);
    propose(session.ui, session.document(), current_pane(session).layer, imported.layer, "paste of " + imported.program,
            {});
    // Where it is the numbers that do not fit each other, no setting is to blame.
    if (!session.ui.draft) return refuse(session, "The layer on the clipboard: " + problems.front().message);
    tell(session, said);
}

}  // namespace

void paste(Session& session, std::string_view text) {
    forget(session.ui, kAbout);
    const bool photo = session.document().mode == Mode::photo;
    const std::string_view words = trimmed(text);
    if (words.empty()) return refuse(session, photo ? kNoTextInPhoto : kNoTextInGrid);
    if (const auto path = file_of(words)) return open_files(session, {*path});
    if (photo) {
        if (const auto kernel = kernel_of(words)) return take_kernel(session, *kernel);
    }
    try {
        take_layer(session, import_layer(words), find_layers(words).size() > 1);
    } catch (const ImportError& error) {
        refuse(session, photo ? std::string(kNothingForPhoto)
                              : std::string("No layer was found on the clipboard. ") + error.what());
    }
}

}  // namespace convlens
