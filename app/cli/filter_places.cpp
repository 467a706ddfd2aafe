#include "app/cli/filter_places.h"

#include <filesystem>
#include <map>
#include <utility>

#include "app/cli/command.h"
#include "app/cli/filter_steps.h"
#include "app/document/sample_image.h"
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
        Message kernel = msg("{kernel} is a kernel; each kernel needs its own --kernel: --kernel {typed}",
                             "kernel"_is(printable(path)), "typed"_is(typed("")));
        if (&path != &paths.back()) throw WrongUse(std::move(kernel));
        throw WrongUse(msg("{kernel}. To name a folder so, write {typed}", "kernel"_is(std::move(kernel)),
                           "typed"_is(typed("/"))));
    }
}

// One image more is one result more: a name with an ending was meant as a file.
void check_is_no_file(const std::string& last, std::size_t images) {
    if (is_folder(last) || !fs::path(last).has_extension()) return;
    throw WrongUse(
        msg("{count} images cannot go into one file, {file}; name a folder, or end the name in / to make one: {file}/",
            "count"_is(images), "file"_is(last)));
}

// Two names may be one file, by a link.
void check_apart(std::span<const InOut> places) {
    std::map<std::string, const InOut*> names;
    std::map<FileId, const InOut*> files;
    for (const InOut& place : places) {
        const InOut* other = names.emplace(place.out, &place).first->second;
        if (const auto id = file_id(place.out); id && other == &place) other = files.emplace(*id, &place).first->second;
        if (other != &place)
            throw RefusedInput(msg("{one} and {other} would both be written to {file}; filter them into two folders",
                                   "one"_is(other->in), "other"_is(place.in), "file"_is(place.out)));
    }
}

}  // namespace

std::vector<InOut> places(std::span<const std::string> paths, const std::optional<Depth>& save_as) {
    check_no_kernel(paths);
    if (paths.size() < 2) throw WrongUse(key("name the images to filter and, last, the file or folder to write"));
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
        throw RefusedInput(msg("{file} would replace {other}, which is to be filtered too; name another folder",
                               "file"_is(place.out), "other"_is(found->second->in)));
    }
}

void check_no_folder(const InOut& place) {
    std::error_code error;
    if (!fs::is_directory(place.in, error)) return;
    throw RefusedInput(msg("{folder} is a folder; to filter the images in it, write {pattern}", "folder"_is(place.in),
                           "pattern"_is((fs::path(place.in) / "*").string())));
}

void check_replaces_nothing(const InOut& place) {
    std::error_code error;
    if (!fs::is_regular_file(place.out, error)) return;
    if (same_file(place.in, place.out))
        throw RefusedInput(
            msg("{file} would replace the image itself; name another file or folder, or add --overwrite to replace it",
                "file"_is(place.out)));
    if (place.in_folder)
        throw RefusedInput(
            msg("{image}: its result would replace {file}, which exists already; name another folder, or add "
                "--overwrite to replace it",
                "image"_is(place.in), "file"_is(place.out)));
    Message exists =
        msg("{file} exists already, and the last name is the file to write; name another one, or add --overwrite to "
            "replace it.",
            "file"_is(place.out));
    const bool image = file_kind(read_beginning(place.out), ending_of(place.out)).image;
    if (!image) throw RefusedInput(std::move(exists));
    throw RefusedInput(msg("{exists} To filter both images, name a folder as well: {images} out/",
                           "exists"_is(std::move(exists)), "images"_is(place.in + " " + place.out)));
}

void make_folder(std::span<const InOut> places) {
    if (!places.front().in_folder) return;
    const fs::path folder = fs::path(places.front().out).parent_path();
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder, error))
        throw FileError(folder.string(), key("is not a folder and cannot be made one; name another"));
}

}  // namespace convlens
