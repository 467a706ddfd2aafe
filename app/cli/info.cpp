// `convlens info`: what a file holds.
#include <array>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/document/file.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/io/image_file.h"
#include "core/io/json_value.h"
#include "core/io/npy.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

Json shape_json(const Shape4& shape) { return {shape.n, shape.c, shape.h, shape.w}; }

void info_image(const std::string& file, bool json, Console console) {
    const ImageInfo info = image_info(file);
    if (json) {
        print_json(console.out, {{"file", file},
                                 {"kind", "image"},
                                 {"format", info.format},
                                 {"width", info.width},
                                 {"height", info.height},
                                 {"channels", info.channels},
                                 {"depth", name(info.depth)}});
        return;
    }
    constexpr std::array kChannels{"", "grey", "grey and alpha", "RGB", "RGBA"};
    console.out << fmt::format("{}: {} picture, {}×{}, {}, {}\n", file, info.format, info.width, info.height,
                               kChannels.at(static_cast<std::size_t>(info.channels)), name(info.depth));
}

void info_npy(const std::string& file, bool json, Console console) {
    const NpyArray array = read_npy(file);
    double least = INFINITY;
    double most = -INFINITY;
    for (const double value : array.data) {
        least = std::fmin(least, value);
        most = std::fmax(most, value);
    }
    const bool numbers = least <= most;  // at least one that is not NaN
    if (json) {
        Json line{{"file", file}, {"kind", "npy"}, {"type", array.type}, {"shape", array.shape}};
        if (numbers) {
            line["min"] = json_number(least);
            line["max"] = json_number(most);
        }
        print_json(console.out, line);
        return;
    }
    console.out << fmt::format("{}: NPY array [{}] of {}", file, fmt::join(array.shape, ", "), array.type);
    if (numbers) console.out << fmt::format(", {} to {}", least, most);
    console.out << '\n';
}

void info_document(const std::string& file, bool json, Console console) {
    std::vector<std::string> warnings;
    const Document document = load_document(file, &warnings);
    for (const std::string& warning : warnings) console.err << file << ": " << warning << '\n';
    Json layers = Json::array();
    std::string lines;
    for (const Layer& layer : document.layers) {
        const Shape4 output = output_shape(layer.spec, layer.input->shape());
        layers.push_back({{"name", layer.name},
                          {"op", name(layer.spec.op)},
                          {"input", shape_json(layer.input->shape())},
                          {"weight", shape_json(layer.weight->shape())},
                          {"bias", static_cast<bool>(layer.bias)},
                          {"output", shape_json(output)}});
        lines += fmt::format("  {}{}{}: input {}, weight {}{}, output {}\n", printable(layer.name),
                             layer.name.empty() ? "" : ", ", name(layer.spec.op), to_string(layer.input->shape()),
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
    console.out << fmt::format("{}: document{}\n{}", file, title, lines);
}

void run_info(const std::string& file, bool json, Console console) {
    const std::string ending = ending_of(file);
    if (ending == ".npy") return info_npy(file, json, console);
    if (ending == ".convlens" || ending == ".json") return info_document(file, json, console);
    info_image(file, json, console);
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
    return [options](Console console) {
        for (const std::string& file : options->files) run_info(file, options->json, console);
        return kDone;
    };
}

}  // namespace convlens
