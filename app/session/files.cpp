#include "app/session/files.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <limits>
#include <span>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/document/chain.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/session/named_file.h"
#include "app/session/paste.h"
#include "app/session/settings.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/image/endings.h"
#include "core/io/image/image_file.h"
#include "core/io/json_parse.h"
#include "core/io/tensor/npy.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

void tell(Session& session, Message news) { say(session.ui, std::move(news), std::string(kOpenTopic)); }

// As many as stand in the window at a time; the last one counts those that do not.
void tell_warnings(Session& session, const std::string& file, const std::vector<Message>& warnings) {
    const bool all = warnings.size() <= kMostNotices;
    const std::size_t shown = all ? warnings.size() : kMostNotices - 1;
    const auto name = "file"_is(file);
    for (const Message& warning : std::span(warnings).first(shown))
        tell(session, msg("{file}: {warning}", name, "warning"_is(warning)));
    if (all) return;
    tell(session, plural("{file}: {n} more note like these; “convlens info” lists all of them",
                         "{file}: {n} more notes like these; “convlens info” lists all of them",
                         static_cast<std::int64_t>(warnings.size() - shown), name));
}

void open_document(Session& session, const std::string& path) {
    std::vector<Message> warnings;
    ReadDocument read = read_named(from_utf8(path), &warnings);
    replace_document(session, std::move(read.document), msg("open {file}", "file"_is(name_of(path))), path);
    session.file_content = std::move(read.content);
    if (Message note = panes_not_shown(session.document()); !note.empty()) warnings.insert(warnings.begin(), note);
    tell_warnings(session, name_of(path), warnings);
}

// The image is only looked at here; the photo's own job loads it.
void open_image(Session& session, const std::string& path) {
    const ImageInfo info = image_info(from_utf8(path));
    session.ui.playing = false;
    session.ui.edit(msg("open {file}", "file"_is(name_of(path))), {}, [path](Document& document) {
        document.workspace = Workspace::photo;
        document.photo.path = path;
        document.photo.content.clear();
    });
    tell(session, msg("{file}: {format}, {width} × {height} pixels", "file"_is(name_of(path)), "format"_is(info.format),
                      "width"_is(info.width), "height"_is(info.height)));
}

// The layer's settings stay if they can work on the array; if not, the first problem is told.
void open_array(Session& session, const std::string& path) {
    TensorRef input(to_tensor(read_npy(from_utf8(path)), path));
    const auto index = static_cast<std::size_t>(current_pane(session).layer);
    const Layer& layer = session.document().layers[index];
    LayerShape shape = layer_shape(layer);
    shape.input = input->shape();
    Document with_array = session.document();
    if (source_of(layer)) with_array.layers[index].input = input;  // which it takes the place of
    const std::vector<Problem> problems = chain_problems(with_array, static_cast<int>(index), shape);
    if (!problems.empty())
        throw FileError(path, msg("its shape {shape} does not fit: {reason}", "shape"_is(to_string(shape.input)),
                                  "reason"_is(problems.front().message)));
    leave_layer(session.ui);
    session.ui.edit(msg("input from {file}", "file"_is(name_of(path))), {}, [index, shape, input](Document& document) {
        Layer changed = reshaped(document.layers[index], shape);
        changed.input = input;
        document.layers[index] = std::move(changed);
        document.workspace = Workspace::grid;
    });
    tell(session,
         msg("{file} is now the input, {shape}", "file"_is(name_of(path)), "shape"_is(to_string(shape.input))));
}

using Opener = void (*)(Session&, const std::string&);

// JSON that is no document and has cases, or is one.
bool has_cases(const std::string& path) {
    try {
        const nlohmann::json file = read_json(from_utf8(path));
        return file.is_object() && !file.contains("convlens") && (file.contains("cases") || file.contains("op"));
    } catch (const std::exception&) {
        return false;  // whoever reads it as a document says what is wrong
    }
}

// By the ending; a file with an unknown one is opened by what it holds: an image, or text.
Opener opener_of(const std::string& path) {
    const std::string ending = ending_of(from_utf8(path));
    if (ending == ".convlens") return open_document;
    if (ending == ".json") return has_cases(path) ? open_cases : open_document;
    if (ending == ".npy") return open_array;
    const bool named_image = std::ranges::find(image_endings(), ending) != image_endings().end();
    const bool text = !named_image && file_kind(read_beginning(from_utf8(path)), ending).name == "text";
    return text ? open_text : open_image;
}

constexpr std::uint64_t kNeverSaved = std::numeric_limits<std::uint64_t>::max();

bool is_there(const std::string& path) {
    std::error_code code;
    return fs::exists(from_utf8(path), code);
}

// "a.png: there is no such file.", "a.png, b.png and 3 more: there are no such files."
Message not_there(const std::vector<std::string>& paths) {
    constexpr std::size_t kMostNames = 6;
    if (paths.size() == 1) return msg("{file}: there is no such file.", "file"_is(name_of(paths[0])));
    const std::size_t named = paths.size() > kMostNames ? kMostNames : paths.size() - 1;
    std::vector<Message> names;
    for (std::size_t i = 0; i < named; ++i) names.push_back(verbatim(name_of(paths[i])));
    names.push_back(named + 1 == paths.size() ? verbatim(name_of(paths[named]))
                                              : msg("{count} more", "count"_is(paths.size() - named)));
    return msg("{files}: there are no such files.", "files"_is(listed(std::move(names))));
}

Message file_gone(const std::string& path) {
    return msg("“{path}” is gone since the last time. The work is still here; Ctrl+S saves it again.", "path"_is(path));
}

// A filter's name as a part of a file's: "gaussian:sigma=2,size=7" is "gaussian sigma=2 size=7".
std::string file_word(std::string_view name) {
    std::string word;
    for (const char c : name) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        const bool unsafe = control || std::string_view(R"(/\:*?"<>|,;)").find(c) != std::string_view::npos;
        if (!unsafe) {
            word += c;
        } else if (!word.empty() && word.back() != ' ') {
            word += ' ';
        }
    }
    return word.substr(0, word.find_last_not_of(" .") + 1);
}

// At most so many bytes, and no half of a character.
std::string shortened(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    text.resize(most);
    return text;
}

// Of the first format that holds such samples.
std::string_view ending_for(Depth depth) {
    const auto holds = [depth](const ImageFormat& format) { return format.holds(depth); };
    const auto found = std::ranges::find_if(image_formats(), holds);
    return found == image_formats().end() ? ".png" : found->ending;
}

SaveOrder save_order(const Session& session, std::string path) {
    const std::optional<Draft>& draft = session.ui.draft;
    return {.path = std::move(path),
            .document = session.document(),
            .work = session.work,
            .changes = session.changes,
            .refused = draft ? draft->problems.front().message : Message()};
}

// Where undo or redo finds the work that was to be saved, if another one has taken its place meanwhile.
struct Past {
    Provenance* provenance = nullptr;
    const char* key = "";
};
Past past_of(Session& session, std::uint64_t work) {
    for (const auto& [works, key] :
         {std::pair(&session.undo_provenance, "Ctrl+Z"), {&session.redo_provenance, "Ctrl+Y"}}) {
        const auto found = std::ranges::find(*works, work, &Provenance::work);
        if (found != works->end()) return {&*found, key};
    }
    return {};
}

// It is asked what to do where the work is the one that is shown; else it is told.
void found_changed(Session& session, const SaveOrder& order, const SaveResult& result) {
    if (order.work == session.work) {
        session.changed_file = NamedFile{order.path, result.content};
        return;
    }
    const auto file = "file"_is(name_of(order.path));
    const Past past = past_of(session, order.work);
    complain(
        session.ui,
        past.provenance == nullptr
            ? msg("{file} was not saved: it was changed on the disk since it was opened here.", file)
            : msg("{file} was not saved: it was changed on the disk since it was opened here. {key} brings back the "
                  "work that was to be saved; save it again to choose what happens to the file.",
                  file, "key"_is(past.key)),
        saving_topic(order.path));
}

// The work that was saved is that of the file now, also where it is not the one that is shown any more.
void name_work(Session& session, const SaveOrder& order, const std::string& content) {
    if (order.work == session.work) {
        session.file = order.path;
        session.file_content = content;
        session.saved_changes = order.changes;
        ++session.namings;
    } else if (Provenance* const past = past_of(session, order.work).provenance) {
        past->file = order.path;
        past->file_content = content;
        past->saved = past->changes == order.changes;
    }
}

Message saved_text(const SaveOrder& order, const SaveResult& result) {
    const auto file = "file"_is(name_of(order.path));
    const auto reason = "reason"_is(order.refused);
    if (result.kept.empty())
        return order.refused.empty()
                   ? msg("Saved {file}", file)
                   : msg("Saved {file} with the last settings that worked. What is typed is not possible: {reason}",
                         file, reason);
    const auto kept = "kept"_is(result.kept);
    return order.refused.empty()
               ? msg("Saved {file}. {kept}", file, kept)
               : msg("Saved {file} with the last settings that worked. What is typed is not possible: {reason} {kept}",
                     file, reason, kept);
}

}  // namespace

const std::vector<std::string>& openable_endings() {
    static const std::vector<std::string> endings = [] {
        std::vector<std::string> all = {".convlens", ".npy"};
        all.insert(all.end(), image_endings().begin(), image_endings().end());
        return all;
    }();
    return endings;
}

bool open_file(Session& session, const std::string& path) {
    try {
        // One place tells apart what is not there from what cannot be read.
        std::error_code code;
        if (!fs::exists(from_utf8(path), code)) throw FileError(path, msg("there is no such file"));
        if (fs::is_directory(from_utf8(path), code)) throw FileError(path, msg("is a folder"));
        const std::string absolute = to_utf8(fs::absolute(from_utf8(path), code));
        opener_of(absolute)(session, absolute);
        remember_file(session.ui.settings, absolute);
        session.ui.show_start_bar = false;
        return true;
    } catch (const std::exception& error) {
        complain(session.ui, msg("{file}: {reason}.", "file"_is(name_of(path)), "reason"_is(reason_words(error))),
                 std::string(kOpenTopic));
        std::erase(session.ui.settings.recent, path);
        return false;
    }
}

void open_files(Session& session, const std::vector<std::string>& paths) {
    forget(session.ui, kOpenTopic);
    forget(session.ui, kPasteTopic);
    std::vector<std::string> missing;
    for (const std::string& path : paths) {
        if (!is_there(path)) {
            missing.push_back(path);
            std::erase(session.ui.settings.recent, path);
            continue;
        }
        open_file(session, path);
        apply_edits(session);
    }
    if (!missing.empty()) complain(session.ui, not_there(missing), std::string(kOpenTopic));  // last, where it is seen
}

void open_preset(Session& session, std::string_view name, Message label) {
    std::optional<Document> document = preset_document(name);
    if (!document) return;
    document->photo = session.document().photo;
    replace_document(session, std::move(*document), std::move(label));
    make_room(session);
}

void save_file(Session& session, const std::string& path) {
    forget(session.ui, saving_topic(path));
    const bool own = path == session.file || same_file(from_utf8(path), from_utf8(session.file));
    const std::string was = own ? session.file_content : std::string();
    session.saves.push_back(save_order(session, path));
    session.saves.back().was = was;
}

void saved_file(Session& session, const SaveOrder& order, const SaveResult& result, const Message& problem) {
    if (!problem.empty()) {
        complain(session.ui,
                 msg("{file} was not saved: {reason}", "file"_is(name_of(order.path)), "reason"_is(problem)),
                 saving_topic(order.path));
        return;
    }
    if (result.changed) return found_changed(session, order, result);
    name_work(session, order, result.content);
    remember_file(session.ui.settings, order.path);
    say(session.ui, saved_text(order, result));
}

void replace_changed_file(Session& session) {
    const NamedFile found = *std::exchange(session.changed_file, std::nullopt);
    session.saves.push_back(save_order(session, found.path));
    session.saves.back().was = found.content;
    session.saves.back().keeps = true;
}

void open_changed_file(Session& session) {
    const NamedFile found = *std::exchange(session.changed_file, std::nullopt);
    open_files(session, {found.path});
}

void go_on_with_file(Session& session, const NamedFile& named, bool unsaved) {
    if (named.path.empty()) return;
    std::error_code code;
    const bool there = !named.content.empty() && fs::exists(from_utf8(named.path), code);
    if (there) {
        session.file = named.path;
        session.file_content = named.content;
        session.saved_changes = unsaved ? kNeverSaved : session.changes;
    } else {
        session.proposed_file = named.path;
        session.carried = true;
        if (!named.content.empty()) say(session.ui, file_gone(named.path));
    }
}

std::string suggested_path(const Session& session, std::string_view ending) {
    const std::string& from = session.file.empty() ? session.proposed_file : session.file;
    const fs::path folder = from_utf8(from).parent_path();
    const fs::path name = from.empty() ? from_utf8(work_name(session)) : from_utf8(from).filename();
    return to_utf8(folder / name.stem()) + std::string(ending);
}

std::string suggested_photo_path(const Session& session, Depth depth) {
    const Photo& photo = session.document().photo;
    constexpr std::size_t kMostStem = 120, kMostName = 200;  // file systems take 255 bytes
    const std::string stem = photo.path.empty() ? "sample" : to_utf8(from_utf8(photo.path).stem());
    std::string name = shortened(stem, kMostStem);
    for (const FilterStep& step : photo.chain)
        if (const std::string word = file_word(step.name); !word.empty()) name += " " + word;
    if (name == shortened(stem, kMostStem)) name += " copy";
    return photo_folder(session) + shortened(std::move(name), kMostName) + std::string(ending_for(depth));
}

std::string photo_folder(const Session& session) {
    const std::string& path = session.document().photo.path;
    if (path.empty()) return {};
    return to_utf8(from_utf8(path).parent_path() / "");
}

std::string start_folder(const Session& session) {
    std::vector<std::string> files;
    if (session.document().workspace == Workspace::photo) files.push_back(session.document().photo.path);
    files.insert(files.end(), {session.file, session.proposed_file});
    files.insert(files.end(), session.ui.settings.recent.begin(), session.ui.settings.recent.end());
    for (const std::string& file : files) {
        const fs::path folder = from_utf8(file).parent_path();
        std::error_code code;
        if (!folder.empty() && fs::is_directory(folder, code)) return to_utf8(folder);
    }
    return {};
}

std::string work_name(const Session& session) {
    if (!session.file.empty()) return name_of(session.file);
    return session.document().title.empty() ? "Untitled" : session.document().title;
}

Message shown_name(const Session& session) {
    const Document& document = session.document();
    const bool named = !session.file.empty();
    if (document.workspace != Workspace::photo) {
        if (named) return verbatim(work_name(session));
        return document.title.empty() ? Message(key("Untitled")) : title_words(document.title);
    }
    Message image = document.photo.path.empty() ? key("Sample image") : verbatim(name_of(document.photo.path));
    if (!named) return image;
    return msg("{image} ({work})", "image"_is(std::move(image)), "work"_is(work_name(session)));
}

}  // namespace convlens
