// `convlens import`: a layer of another program, pasted or in a file, becomes a document.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <ostream>

#include <fmt/format.h>

#include "app/cli/layer_options.h"
#include "app/document/file.h"
#include "app/document/imported.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/io/bytes.h"
#include "core/io/file_kind.h"

namespace convlens {

namespace {

struct Options {
    std::string source, out, layer;
    bool json = false;
};

// What is not there is the text itself, if it does not look like the name of a file: a call has brackets, which few
// names have.
std::string text_of(const std::string& source) {
    std::error_code error;
    const bool like_a_file = source.find('(') == std::string::npos && source.find_first_of("./") != std::string::npos;
    if (!like_a_file && !std::filesystem::exists(source, error)) return source;
    const std::vector<std::byte> bytes = read_bytes(source, static_cast<std::int64_t>(kMaxImportBytes));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The lines that name the layers to choose from: number, name, function, place.
std::string listed(const std::vector<FoundLayer>& layers) {
    std::size_t width = 0;
    for (const FoundLayer& layer : layers) width = std::max(width, layer.name.size());
    std::string lines;
    for (std::size_t i = 0; i < layers.size(); ++i)
        lines +=
            fmt::format("\n{:4}  {:{}}  {}, {}", i + 1, layers[i].name, width, layers[i].function, layers[i].place);
    return lines;
}

// The layer that --layer names, by its number from 1 or by its name, as an index.
std::size_t chosen(const std::vector<FoundLayer>& layers, const std::string& wanted) {
    if (wanted.empty()) {
        if (layers.size() == 1) return 0;
        throw RefusedInput(fmt::format("The text has {} layers; choose one with --layer and its number or name:{}",
                                       layers.size(), listed(layers)));
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool numeric = error == std::errc{} && end == wanted.data() + wanted.size();
    if (numeric && number >= 1 && number <= layers.size()) return number - 1;
    const auto named = [&](const FoundLayer& layer) { return layer.name == wanted || layer.function == wanted; };
    const auto found = std::ranges::find_if(layers, named);
    if (found != layers.end() && std::find_if(found + 1, layers.end(), named) == layers.end())
        return static_cast<std::size_t>(found - layers.begin());
    throw RefusedInput(fmt::format("--layer must be the number or the name of one layer of the text; it is {}:{}",
                                   wanted, listed(layers)));
}

int run_import(const Options& options, Console console) {
    if (same_file(options.source, options.out))
        throw RefusedInput(fmt::format("-o {} would replace the text that is imported; name another", options.out));
    if (const std::string ending = ending_of(options.out);
        !ending.empty() && ending != ".convlens" && ending != ".json")
        throw WrongUse(fmt::format("-o {}: a document's name must end in .convlens", options.out));
    const std::string text = text_of(options.source);
    const ImportedLayer imported = import_layer(text, chosen(find_layers(text), options.layer));
    for (const std::string& note : imported.notes) console.err << note << '\n';
    const std::vector<Problem> problems = import_problems(imported);
    if (!problems.empty()) return refuse(problems, {}, options.json, console);
    Document document;
    document.layers = {layer_from(imported)};
    settle(document);
    save_document(document, options.out);
    const ConvSpec& spec = imported.layer.spec;
    const Shape4 output = output_shape(spec, imported.layer.input);
    if (options.json) {
        print_json(console.out, {{"program", imported.program},
                                 {"op", name(spec.op)},
                                 {"input", to_string(imported.layer.input)},
                                 {"output", to_string(output)},
                                 {"notes", imported.notes},
                                 {"document", options.out}});
    } else {
        console.out << fmt::format("{}: {} of {}, {} → {}\n", options.out, name(spec.op), imported.program,
                                   to_string(imported.layer.input), to_string(output));
    }
    return kDone;
}

}  // namespace

Run declare_import(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("TEXT", options->source,
               "A layer as its program writes it, such as \"nn.Conv2d(3, 16, 3, stride=2)\", or a file with one")
        .required();
    list.value("--layer", options->layer,
               "Which layer to take where the text has several: its number from 1, or its name")
        .value_name("N|NAME");
    list.value("-o,--out", options->out, "The document to write (.convlens)").required().value_name("DOC");
    list.flag("--json", options->json, "Print one JSON object");
    return [options](Console console) { return run_import(*options, console); };
}

}  // namespace convlens
