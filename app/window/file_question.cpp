#include "app/window/file_question.h"

#include <algorithm>
#include <cctype>
#include <system_error>
#include <utility>

#include "app/export/formats.h"
#include "app/session/files.h"
#include "core/io/image/endings.h"
#include "core/io/image/save.h"
#include "core/text/ascii.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

// ".tiff" of "x.tiff". What follows a dot in "sigma 2.5" or "Mr. X" is none: an ending is a word with a letter.
std::string typed_ending(const fs::path& path) {
    std::string ending = to_utf8(path.extension());
    const auto is_of_words = [](unsigned char c) { return std::isalnum(c) != 0; };
    const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
    const bool word = ending.size() > 1 && std::all_of(ending.begin() + 1, ending.end(), is_of_words);
    return word && std::ranges::any_of(ending, is_letter) ? ending : "";
}

// ".gif", ".png, .jpg or .npy"
Message any_of(const std::vector<std::string>& endings) {
    std::vector<Message> all;
    for (const std::string& ending : endings) all.push_back(verbatim(ending));
    return either(std::move(all));
}

std::vector<std::string> endings_written() {
    std::vector<std::string> endings;
    for (const ImageFormat& format : image_formats()) endings.emplace_back(format.ending);
    return endings;
}

std::vector<std::string> figure_endings(bool moves) {
    std::vector<std::string> endings;
    for (const FigureFormat& format : figure_formats())
        if (format.moves == moves) endings.emplace_back(format.ending);
    return endings;
}

}  // namespace

bool has_ending(const std::string& name, const FileQuestion& question) {
    const std::string folded = lower(name);
    return std::ranges::any_of(question.endings, [&](const std::string& ending) { return folded.ends_with(ending); });
}

bool is_no_file(const fs::path& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

FileQuestion file_question(Request what) {
    switch (what) {
        case Request::open: return {key("Open"), key("documents, images, arrays"), openable_endings(), false};
        case Request::open_photo: return {key("Open a photo"), key("pictures"), image_endings(), false};
        case Request::export_figure:
            return {key("Export figure"), key("figures"), figure_endings(false), true, key("a figure")};
        case Request::export_animation:
            return {key("Export animation"), key("animations"), figure_endings(true), true, key("an animation")};
        case Request::save_photo:
            return {key("Save filtered photo"), key("pictures"), endings_written(), true, key("an image")};
        default: return {key("Save as"), key("Convlens documents"), {".convlens"}, true, key("a Convlens document")};
    }
}

std::string with_ending(std::string path, const FileQuestion& question) {
    if (!question.endings.empty() && typed_ending(from_utf8(path)).empty()) path += question.endings.front();
    return path;
}

Message ending_problem(const std::string& path, const FileQuestion& question) {
    const fs::path file = from_utf8(path);
    const std::string ending = typed_ending(file);
    const bool is_written = ending.empty() ? !is_no_file(file) : has_ending(ending, question);
    if (is_written || question.endings.empty()) return {};
    return msg("“{file}” cannot be written as {kind}: its name must end in {endings}.",
               "file"_is(to_utf8(file.filename())), "kind"_is(question.written_as),
               "endings"_is(any_of(question.endings)));
}

}  // namespace convlens
