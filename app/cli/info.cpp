// `convlens info`: what a file holds.
#include <array>
#include <cmath>
#include <exception>
#include <new>
#include <ostream>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/document/file.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/io/bytes.h"
#include "core/io/file_kind.h"
#include "core/io/image/image_file.h"
#include "core/io/image/npy_image.h"
#include "core/io/json_value.h"
#include "core/io/tensor/npy.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

Json shape_json(const Shape4& shape) { return {shape.n, shape.c, shape.h, shape.w}; }

std::string_view channels_text(int channels) {
    constexpr std::array<std::string_view, 5> kChannels{"", "grey", "grey and alpha", "RGB", "RGBA"};
    return kChannels.at(static_cast<std::size_t>(channels));
}

// The image is decoded: it is good exactly when `filter` opens it.
void info_image(const std::string& file, bool json, Console console) {
    ImageInfo info;
    load_image(file, &info);
    if (json) {
        Json line{
            {"file", file},          {"kind", "image"},           {"format", info.format},    {"width", info.width},
            {"height", info.height}, {"channels", info.channels}, {"depth", name(info.depth)}};
        if (info.frames > 1) line["frames"] = info.frames;
        if (info.profile.present) line["profile"] = english(info.profile.name);
        print_json(console.out, line);
        return;
    }
    console.out << fmt::format("{}: {} image, {}×{}, {}, {}", printable(file), info.format, info.width, info.height,
                               channels_text(info.channels), name(info.depth));
    if (info.frames > 1) console.out << fmt::format(", the first of {} frames", info.frames);
    if (info.profile.present)
        console.out << ", colour profile "
                    << (info.profile.name.empty() ? "without a name" : english(info.profile.name));
    console.out << '\n';
}

struct Range {
    double least = INFINITY, most = -INFINITY;
    bool any() const { return least <= most; }  // a number that is not NaN
};

Range range_of(std::span<const double> numbers) {
    Range range;
    for (const double value : numbers) {
        range.least = std::fmin(range.least, value);
        range.most = std::fmax(range.most, value);
    }
    return range;
}

void info_npy(const std::string& file, bool json, Console console) {
    const std::vector<std::byte> bytes = read_bytes(file);
    const NpyView view = view_npy(bytes, file);
    const Range range = range_of(to_array(view).data);
    const std::optional<Message> no_image = not_an_image(view);
    const NpyImage image = no_image ? NpyImage{} : npy_image_info(view, file);
    if (json) {
        Json line{{"file", file}, {"kind", "npy"}, {"type", view.type}, {"shape", view.shape}};
        if (range.any()) {
            line["min"] = json_number(range.least);
            line["max"] = json_number(range.most);
        }
        line["image"] = !no_image;
        print_json(console.out, line);
        return;
    }
    console.out << fmt::format("{}: NPY array [{}] of {}", printable(file), fmt::join(view.shape, ", "), view.type);
    if (range.any()) console.out << fmt::format(", {} to {}", range.least, range.most);
    if (!no_image)
        console.out << fmt::format("; as an image {}×{}, {}, {}", image.width, image.height,
                                   channels_text(image.channels), name(image.depth));
    console.out << '\n';
}

void info_document(const std::string& file, bool json, Console console) {
    std::vector<std::string> warnings;
    const Document document = load_document(file, &warnings);
    for (const std::string& warning : warnings) console.err << file << ": " << warning << '\n';
    Json layers = Json::array();
    std::string lines;
    for (const Layer& layer : document.layers) {
        const Shape4 output = output_shape(layer.spec, input_shape(layer));
        Json line{{"name", layer.name},
                  {"op", name(layer.spec.op)},
                  {"input", shape_json(input_shape(layer))},
                  {"weight", shape_json(layer.weight->shape())},
                  {"bias", static_cast<bool>(layer.bias)},
                  {"output", shape_json(output)}};
        std::string reads;
        if (const auto source = source_of(layer)) {
            line["reads_layer"] = *source;
            const std::string& called = document.layers[static_cast<std::size_t>(*source)].name;
            reads =
                fmt::format(" (the output of layer {}{}{})", *source, called.empty() ? "" : ", ", printable(called));
        }
        layers.push_back(std::move(line));
        lines += fmt::format("  {}{}{}: input {}{}, weight {}{}, output {}\n", printable(layer.name),
                             layer.name.empty() ? "" : ", ", name(layer.spec.op), to_string(input_shape(layer)), reads,
                             to_string(layer.weight->shape()), layer.bias ? ", bias" : "", to_string(output));
    }
    if (json) {
        print_json(console.out, {{"file", file},
                                 {"kind", "document"},
                                 {"title", document.title},
                                 {"layers", layers},
                                 {"panes", document.panes.size()},
                                 {"filters", document.photo.chain.size()}});
        return;
    }
    const std::string title = document.title.empty() ? "" : fmt::format(" \"{}\"", printable(document.title));
    console.out << fmt::format("{}: document{}\n{}", printable(file), title, lines);
}

// By what the file holds; where that tells nothing, by the ending of its name.
void info_file(const std::string& file, bool json, Console console) {
    const std::string ending = ending_of(file);
    const FileKind kind = file_kind(read_beginning(file), ending);
    if (kind.name == "NPY") return info_npy(file, json, console);
    if (kind.image) return info_image(file, json, console);
    if (ending == ".npy") return info_npy(file, json, console);
    if (ending == ".convlens" || ending == ".json") return info_document(file, json, console);
    info_image(file, json, console);
}

// False, with the reason said, where the file is not what it should be: the others may be.
bool try_info(const std::string& file, bool json, Console console) {
    std::string reason;
    try {
        info_file(file, json, console);
        return true;
    } catch (const std::bad_alloc&) {
        reason = fmt::format("{}: there is not enough memory to read this file", file);
    } catch (const std::exception& error) {
        reason = error.what();
    }
    console.err << "convlens: " << reason << '\n';
    if (json) print_json(console.out, {{"file", file}, {"error", reason}});
    return false;
}

int run_info(const std::vector<std::string>& files, bool json, Console console) {
    std::size_t read = 0;
    for (const std::string& file : files) read += try_info(file, json, console) ? 1 : 0;
    const std::size_t failed = files.size() - read;
    if (files.size() > 1 && failed > 0)
        console.err << fmt::format("{} of {} files read; {} failed\n", read, files.size(), failed);
    return failed == 0 ? kDone : kRefused;
}

}  // namespace

Run declare_info(OptionList list) {
    struct Options {
        std::vector<std::string> files;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    list.value("FILE", options->files, "Pictures, NPY arrays, documents").required();
    list.flag("--json", options->json, "Print one JSON object a line");
    return [options](Console console) { return run_info(options->files, options->json, console); };
}

}  // namespace convlens
