#include "app/session/paste.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "app/document/chain.h"
#include "app/document/imported.h"
#include "app/document/titles.h"
#include "app/session/files.h"
#include "core/cases/cases.h"
#include "core/conv/validate.h"
#include "core/image/kernel_choice.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/text/ascii.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// What is said of a clipboard that holds nothing for this place.
constexpr Key kNoTextInGrid =
    key("The clipboard holds no text. Copy the code of a layer, such as nn.Conv2d(1, 1, 3), and paste it here. Images "
        "cannot be pasted: drop the file onto the window, or open it with Ctrl+O.");
constexpr Key kNoTextInPhoto = key(
    "The clipboard holds no text, and images cannot be pasted. Drop the file onto the window, or open it with Ctrl+O.");
constexpr Key kNothingForPhoto = key(
    "The clipboard holds no kernel and no layer. Copy the weights of a kernel, such as 0 -1 0; -1 5 -1; 0 -1 0, or the "
    "name of an image file. Images themselves cannot be pasted: open the file with Ctrl+O.");

void refuse(Session& session, Message reason) { complain(session.ui, std::move(reason), std::string(kPasteTopic)); }
void tell(Session& session, Message news) { say(session.ui, std::move(news), std::string(kPasteTopic)); }

Message paste_of(const ImportedLayer& imported) { return msg("paste of {program}", "program"_is(imported.program)); }

// Of a layer on the clipboard, or in a file, that cannot take the place of the one here.
Message not_taken(Message reason, const std::string& file) {
    const auto why = "reason"_is(std::move(reason));
    return file.empty() ? msg("The layer on the clipboard: {reason}", why)
                        : msg("The layer in {file}: {reason}", "file"_is(file), why);
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

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (const std::string_view line = trimmed(text.substr(0, end)); !line.empty()) lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// 'a.png' and "a.png" as shells and file managers write them.
std::string_view without_quotes(std::string_view text) {
    const bool quoted = text.size() > 2 && text.front() == text.back() && (text.front() == '\'' || text.front() == '"');
    return quoted ? text.substr(1, text.size() - 2) : text;
}

// "my\ pic.png" as shells write it, and "~/pic.png" of the home folder.
std::string without_shell(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        plain += text[i];
    }
    const char* const home = std::getenv("HOME");
    return home != nullptr && plain.starts_with("~/") ? home + plain.substr(1) : plain;
}

// A word that ends as the files do which can be opened: "nix.png".
bool is_file_name(std::string_view text) {
    if (text.find_first_of(" \t()=,;") != std::string_view::npos) return false;
    return std::ranges::count(openable_endings(), ending_of(from_utf8(text))) > 0;
}

// The path that a line names: absolute, an address file://, or the name alone of a file that can be opened. An address
// may name this machine, as in file://localhost/a.png.
std::optional<std::string> path_of(std::string_view line) {
    constexpr std::string_view kScheme = "file://";
    const bool bare = without_quotes(line) == line;
    line = without_quotes(line);
    std::string path =
        bare && (line.starts_with('/') || line.starts_with("~/")) ? without_shell(line) : std::string(line);
    if (line.starts_with(kScheme))
        path = without_escapes(line.substr(std::min(line.find('/', kScheme.size()), line.size())));
    const bool comment = path.starts_with("//") || path.starts_with("/*");
    if (!comment && (path.starts_with('/') || is_file_name(path))) return path;
    return std::nullopt;
}

// The files that are all of the text, a line each, as file managers copy them: also with the word before them that
// tells whether they are to be moved. Empty where any line is something else.
std::vector<std::string> files_of(std::string_view text) {
    constexpr std::size_t kLongest = 1U << 16U;
    if (text.size() > kLongest) return {};
    std::vector<std::string_view> lines = lines_of(text);
    if (lines.size() > 1 && (lines[0] == "copy" || lines[0] == "cut")) lines.erase(lines.begin());
    std::vector<std::string> paths;
    for (const std::string_view line : lines) {
        auto path = path_of(line);
        if (!path) return {};
        paths.push_back(std::move(*path));
    }
    return paths;
}

bool is_any_there(const std::vector<std::string>& paths) {
    std::error_code code;
    return std::ranges::any_of(paths, [&](const auto& path) { return std::filesystem::exists(from_utf8(path), code); });
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
    leave_filter(session.ui);
    session.ui.edit(msg("paste of a kernel"), {}, [kernel, step](Document& document) {
        auto& chain = document.photo.chain;
        if (chain.empty()) chain.emplace_back();
        FilterStep& changed = chain[std::min(step, chain.size() - 1)];
        changed = with_kernel(changed, kernel);
    });
    tell(session, msg("Pasted a kernel, {rows}×{columns}", "rows"_is(kernel.rows), "columns"_is(kernel.cols)));
}

// In place of the current pane's layer. The work is another one from then on, as with a preset, so that Save does not
// write it over the file of the one before; it is in no file of its own.
void take_over(Session& session, const ImportedLayer& imported, const std::string& file) {
    const int pane = session.ui.pane;
    const auto index = static_cast<std::size_t>(current_pane(session).layer);
    Document document = session.document();
    Layer pasted = layer_from(imported);
    pasted.name = document.layers[index].name;
    if (pasted == document.layers[index]) {
        leave_layer(session.ui);
        return set_workspace(session, Workspace::grid);
    }
    document.workspace = Workspace::grid;
    document.layers[index] = std::move(pasted);
    if (const auto broken = follow_chain(document))
        return refuse(session, not_taken(broken_text(document, *broken), file));
    drop_titles_of(document, static_cast<int>(index));
    replace_document(session, std::move(document), paste_of(imported));
    session.ui.pane = pane;
    session.carried = true;
}

// All that the importer has to say, behind each other; some notes are sentences with a full stop.
Message notes_text(std::vector<Message> notes) {
    Message all;
    for (; !notes.empty(); notes.pop_back()) {
        const auto first = "first"_is(notes.back());
        const auto rest = "rest"_is(all);
        all = all.empty()                            ? notes.back()
              : english(notes.back()).ends_with('.') ? msg("{first} {^rest}", first, rest)
                                                     : msg("{first}; {rest}", first, rest);
    }
    return all;
}

// What was pasted, with what the importer has to say of it.
Message pasted_text(const ImportedLayer& imported, bool one_of_several) {
    const auto program = "program"_is(imported.program);
    if (imported.notes.empty())
        return one_of_several ? msg("Pasted a layer of {program}. To take another layer, copy that one alone.", program)
                              : msg("Pasted a layer of {program}", program);
    const auto notes = "notes"_is(notes_text(imported.notes));
    return one_of_several ? msg("Pasted a layer of {program}: {notes}. To take another layer, copy that one alone.",
                                program, notes)
                          : msg("Pasted a layer of {program}: {notes}", program, notes);
}

// `file`: the name of the file that the layer is in; empty: the clipboard.
void take_layer(Session& session, const ImportedLayer& imported, bool one_of_several, const std::string& file = {}) {
    Message said = pasted_text(imported, one_of_several);
    if (!file.empty()) said = msg("{file}: {news}", "file"_is(file), "news"_is(std::move(said)));
    const std::vector<Problem> problems = import_problems(imported);
    if (problems.empty()) {
        take_over(session, imported, file);
        return tell(session, said);
    }
    const bool settings = !validate(imported.layer).empty();
    if (!settings) return refuse(session, not_taken(problems.front().message, file));
    leave_layer(session.ui);
    propose(session.ui, session.document(), current_pane(session).layer, imported.layer, paste_of(imported), {});
    // Where it is the numbers that do not fit each other, no setting is to blame.
    if (!session.ui.draft) return refuse(session, not_taken(problems.front().message, file));
    set_workspace(session, Workspace::grid);
    refuse(session,
           msg("The pasted layer of {program} is not allowed: {reason} The diagram still shows the last settings "
               "that worked.",
               "program"_is(imported.program), "reason"_is(problems.front().message)));
}

// No text that holds a layer is longer.
std::string text_of(const std::string& path) {
    std::error_code code;
    if (std::filesystem::file_size(from_utf8(path), code) > kMaxImportBytes && !code)
        throw FileError(path, msg("this text file is too long for the code of a layer; the limit is {limit} KiB",
                                  "limit"_is(kMaxImportBytes / 1024)));
    const std::vector<std::byte> bytes = read_bytes(from_utf8(path));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_layer(const Case& c) {
    return c.op != CaseOp::kernel && c.op != CaseOp::sizes && c.op != CaseOp::unknown && c.input.size() > 0;
}

ImportedLayer layer_of(const Case& c) {
    ImportedLayer layer;
    layer.layer = c.layer;
    layer.input = c.input;
    if (c.weight.size() > 0) layer.weight = c.weight;
    if (c.bias.size() > 0) layer.bias = c.bias;
    layer.has_bias = layer.bias.has_value();
    layer.size_told = true;
    layer.program = c.source.empty() ? "Convlens" : c.source;
    return layer;
}

}  // namespace

void paste(Session& session, std::string_view text) {
    forget(session.ui, kPasteTopic);
    forget(session.ui, kOpenTopic);
    const bool photo = session.document().workspace == Workspace::photo;
    const std::string_view words = trimmed(text);
    if (words.empty()) return refuse(session, photo ? kNoTextInPhoto : kNoTextInGrid);
    const std::vector<std::string> files = files_of(words);
    if (is_any_there(files)) return open_files(session, files);
    if (photo) {
        if (const auto kernel = kernel_of(words)) return take_kernel(session, *kernel);
    }
    try {
        take_layer(session, import_layer(words), find_layers(words).size() > 1);
    } catch (const ImportError& error) {
        if (!files.empty()) return open_files(session, files);  // which says that they are not there
        refuse(session, photo ? Message(kNothingForPhoto)
                              : msg("No layer was taken from the clipboard: {reason}", "reason"_is(error.words())));
    }
}

void open_text(Session& session, const std::string& path) {
    const std::string text = text_of(path);
    const std::string_view words = trimmed(text);
    if (session.document().workspace == Workspace::photo) {
        if (const auto kernel = kernel_of(words)) return take_kernel(session, *kernel);
    }
    try {
        take_layer(session, import_layer(words), find_layers(words).size() > 1, name_of(path));
    } catch (const ImportError& error) {
        throw FileError(path, msg("no layer was found in this text file ({reason})", "reason"_is(error.words())));
    }
}

void open_cases(Session& session, const std::string& path) {
    const std::vector<Case> cases = read_cases(from_utf8(path));
    const auto first = std::ranges::find_if(cases, is_layer);
    if (first == cases.end()) throw FileError(path, msg("no case in it is a layer with an input"));
    take_layer(session, layer_of(*first), std::ranges::count_if(cases, is_layer) > 1, name_of(path));
}

}  // namespace convlens
