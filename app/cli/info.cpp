// `convlens info`: what a file holds.
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
#include "core/engine/filter/pixel_sum.h"
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

// "300", or "300 × 150" where it is not the same across and down.
std::string resolution_text(const Resolution& resolution) {
    const std::string across = fmt::format("{:.4g}", resolution.x), down = fmt::format("{:.4g}", resolution.y);
    return across == down ? across : across + " × " + down;
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
        if (info.tags.resolution.known()) line["pixels_per_inch"] = {info.tags.resolution.x, info.tags.resolution.y};
        print_json(console.out, line);
        return;
    }
    Message image = msg("{file}: {format} image, {width} × {height} px, {samples}", "file"_is(printable(file)),
                        "format"_is(info.format), "width"_is(info.width), "height"_is(info.height),
                        "samples"_is(format_text(info.channels, info.depth)));
    if (info.frames > 1) {
        const auto count = "count"_is(info.frames);
        image = info.format == "TIFF"
                    ? msg("{image}, the first of {count} pages", "image"_is(std::move(image)), count)
                    : msg("{image}, the first of {count} frames", "image"_is(std::move(image)), count);
    }
    if (info.profile.present)
        image = info.profile.name.empty()
                    ? msg("{image}, colour profile without a name", "image"_is(std::move(image)))
                    : msg("{image}, colour profile {name}", "image"_is(std::move(image)), "name"_is(info.profile.name));
    if (const Resolution& resolution = info.tags.resolution; resolution.known())
        image = msg("{image}, {resolution} pixels per inch", "image"_is(std::move(image)),
                    "resolution"_is(resolution_text(resolution)));
    console.out << console.text(image) << '\n';
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
    Message array = msg("{file}: NPY array [{shape}] of {type}", "file"_is(printable(file)),
                        "shape"_is(fmt::format("{}", fmt::join(view.shape, ", "))), "type"_is(view.type));
    if (range.any())
        array = msg("{array}, {least} to {most}", "array"_is(std::move(array)),
                    "least"_is(fmt::format("{}", range.least)), "most"_is(fmt::format("{}", range.most)));
    if (!no_image)
        array = msg("{array}; as an image {width} × {height} px, {samples}", "array"_is(std::move(array)),
                    "width"_is(image.width), "height"_is(image.height),
                    "samples"_is(format_text(image.channels, image.depth)));
    console.out << console.text(array) << '\n';
}

// "[1, 1, 5, 5] (the output of layer 0, “blur”)"
Message input_text(const Document& document, const Layer& layer) {
    const auto shape = "shape"_is(to_string(input_shape(layer)));
    const auto source = source_of(layer);
    if (!source) return msg("input {shape}", shape);
    const std::string& called = document.layers[static_cast<std::size_t>(*source)].name;
    if (called.empty()) return msg("input {shape} (the output of layer {number})", shape, "number"_is(*source));
    return msg("input {shape} (the output of layer {number}, {name})", shape, "number"_is(*source),
               "name"_is(printable(called)));
}

Message layer_text(const Document& document, const Layer& layer, const Shape4& output) {
    const std::string operation(name(layer.spec.op));
    const auto called = "layer"_is(layer.name.empty() ? operation : printable(layer.name) + ", " + operation);
    const auto input = "input"_is(input_text(document, layer));
    const auto weight = "weight"_is(to_string(layer.weight->shape()));
    const auto out = "output"_is(to_string(output));
    if (layer.bias) return msg("{layer}: {input}, weight {weight}, bias, output {output}", called, input, weight, out);
    return msg("{layer}: {input}, weight {weight}, output {output}", called, input, weight, out);
}

void info_document(const std::string& file, bool json, Console console) {
    std::vector<Message> warnings;
    const Document document = load_document(file, &warnings);
    for (const Message& warning : warnings)
        console.say(msg("{file}: {warning}", "file"_is(file), "warning"_is(warning)));
    if (const Message note = panes_not_shown(document); !note.empty())
        console.say(msg("{file}: {warning}", "file"_is(file), "warning"_is(note)));
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
        if (const auto source = source_of(layer)) line["reads_layer"] = *source;
        layers.push_back(std::move(line));
        lines += "  " + console.text(layer_text(document, layer, output)) + "\n";
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
    const auto named = "file"_is(printable(file));
    const Message head = document.title.empty()
                             ? msg("{file}: document", named)
                             : msg("{file}: document \"{title}\"", named, "title"_is(printable(document.title)));
    console.out << console.text(head) << '\n' << lines;
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
    Message reason;
    try {
        info_file(file, json, console);
        return true;
    } catch (const std::bad_alloc&) {
        reason = msg("{file}: there is not enough memory to read this file", "file"_is(file));
    } catch (const std::exception& error) {
        reason = words_of(error);
    }
    console.err << "convlens: " << console.text(reason) << '\n';
    if (json) print_json(console.out, {{"file", file}, {"error", error_text(reason)}});
    return false;
}

int run_info(const std::vector<std::string>& files, bool json, Console console) {
    std::size_t read = 0;
    for (const std::string& file : files) read += try_info(file, json, console) ? 1 : 0;
    const std::size_t failed = files.size() - read;
    if (files.size() > 1 && failed > 0)
        console.say(msg("{read} of {all} files read; {failed} failed", "read"_is(read), "all"_is(files.size()),
                        "failed"_is(failed)));
    return failed == 0 ? kDone : kRefused;
}

}  // namespace

Run declare_info(OptionList list) {
    struct Options {
        std::vector<std::string> files;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    list.value("FILE", options->files, key("Images, NPY arrays, documents")).required();
    list.flag("--json", options->json, key("Print one JSON object a line"));
    return [options](Console console) { return run_info(options->files, options->json, console); };
}

}  // namespace convlens
