#include "app/cli/filter_places.h"

#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/cli/filter_steps.h"
#include "app/document/sample_picture.h"
#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/image/save.h"
#include "core/text/printable.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

std::string name_in_folder(const std::string& in, const std::optional<Depth>& save_as) {
    fs::path name = fs::path(in).filename();
    const auto fits = [&](const fs::path& file) {
        const ImageFormat* format = find_image_format(file);
        return format != nullptr && (!save_as || format->holds(*save_as));
    };
    for (const char* ending : {".png", ".npy"})
        if (!fits(name)) name.replace_extension(ending);
    return name.string();
}

bool is_folder(const std::string& path) {
    std::error_code error;
    return path.ends_with('/') || fs::is_directory(path, error);
}

// A kernel typed behind another one, as in "--kernel gaussian sobel_x", would be taken for a file or a folder.
void check_no_kernel(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
        std::error_code error;
        if (fs::exists(path, error) || path.ends_with('/') || !names_a_kernel(path)) continue;
        const bool spaces = path.find_first_of(" ;") != std::string::npos;
        const auto typed = [&](std::string_view end) {
            return (spaces ? "\"" : "") + printable(path) + std::string(end) + (spaces ? "\"" : "");
        };
        const bool last = &path == &paths.back();
        throw WrongUse(fmt::format("{} is a kernel; each kernel needs its own --kernel: --kernel {}{}", printable(path),
                                   typed(""), last ? fmt::format(". To name a folder so, write {}", typed("/")) : ""));
    }
}

// One image more is one result more: a name with an ending was meant as a file.
void check_is_no_file(const std::string& last, std::size_t images) {
    if (is_folder(last) || !fs::path(last).has_extension()) return;
    throw WrongUse(
        fmt::format("{} images cannot go into one file, {}; name a folder, or end the name in / to make one: {}/",
                    images, last, last));
}

// Two names may be one file, by a link.
void check_apart(std::span<const InOut> places) {
    std::map<std::string, const InOut*> names;
    std::map<FileId, const InOut*> files;
    for (const InOut& place : places) {
        const InOut* other = names.emplace(place.out, &place).first->second;
        if (const auto id = file_id(place.out); id && other == &place) other = files.emplace(*id, &place).first->second;
        if (other != &place)
            throw RefusedInput(fmt::format("{} and {} would both be written to {}; filter them into two folders",
                                           other->in, place.in, place.out));
    }
}

}  // namespace

std::vector<InOut> places(std::span<const std::string> paths, const std::optional<Depth>& save_as) {
    check_no_kernel(paths);
    if (paths.size() < 2) throw WrongUse("name the images to filter and, last, the file or folder to write");
    const std::string& last = paths.back();
    const auto inputs = paths.first(paths.size() - 1);
    if (inputs.size() == 1 && !is_folder(last)) return {{inputs.front(), last}};
    if (inputs.size() > 1) check_is_no_file(last, inputs.size());
    std::vector<InOut> result;
    for (const std::string& in : inputs)
        result.push_back({in, (fs::path(last) / name_in_folder(in, save_as)).string(), true});
    check_apart(result);
    return result;
}

void check_apart_from_inputs(std::span<const InOut> places) {
    std::map<FileId, const InOut*> read;
    for (const InOut& place : places)
        if (const auto id = file_id(place.in)) read.emplace(*id, &place);
    for (const InOut& place : places) {
        const auto id = file_id(place.out);
        const auto found = id ? read.find(*id) : read.end();
        if (found == read.end() || same_file(place.in, place.out)) continue;
        throw RefusedInput(fmt::format("{} would replace {}, which is to be filtered too; name another folder",
                                       place.out, found->second->in));
    }
}

void check_no_folder(const InOut& place) {
    std::error_code error;
    if (!fs::is_directory(place.in, error)) return;
    throw RefusedInput(fmt::format("{} is a folder; to filter the images in it, write {}", place.in,
                                   (fs::path(place.in) / "*").string()));
}

void check_replaces_nothing(const InOut& place) {
    std::error_code error;
    if (!fs::is_regular_file(place.out, error)) return;
    if (same_file(place.in, place.out))
        throw RefusedInput(fmt::format(
            "{} would replace the image itself; name another file or folder, or add --overwrite to replace it",
            place.out));
    if (place.in_folder)
        throw RefusedInput(
            fmt::format("{}: its result would replace {}, which exists already; name another folder, or add "
                        "--overwrite to replace it",
                        place.in, place.out));
    const bool picture = file_kind(read_beginning(place.out), ending_of(place.out)).image;
    const std::string both =
        picture ? fmt::format(" To filter both images, name a folder as well: {} {} out/", place.in, place.out) : "";
    throw RefusedInput(
        fmt::format("{} exists already, and the last name is the file to write; name another one, or add --overwrite "
                    "to replace it.{}",
                    place.out, both));
}

void make_folder(std::span<const InOut> places) {
    if (!places.front().in_folder) return;
    const fs::path folder = fs::path(places.front().out).parent_path();
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder, error))
        throw FileError(folder.string(), "is not a folder and cannot be made one; name another");
}

}  // namespace convlens
