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
    bool overwrite = false, json = false;
};

// What is not there is the text itself, if it does not look like the name of a file: a call has brackets, full-width
// ones too, which few names have.
std::string text_of(const std::string& source) {
    std::error_code error;
    const bool brackets = source.find('(') != std::string::npos || source.find("\uff08") != std::string::npos;
    const bool like_a_file = !brackets && source.find_first_of("./") != std::string::npos;
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
        lines += fmt::format("\n{:4}  {:{}}  {}, {}", i + 1, layers[i].name, width, layers[i].function,
                             english(layers[i].place));
    return lines;
}

// The layer that --layer names, by its number from 1 or by its name, as an index.
std::size_t chosen(const std::vector<FoundLayer>& layers, const std::string& wanted) {
    if (wanted.empty()) {
        if (layers.size() == 1) return 0;
        throw RefusedInput(msg("The text has {count} layers; choose one with --layer and its number or name:{list}",
                               "count"_is(layers.size()), "list"_is(listed(layers))));
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool numeric = error == std::errc{} && end == wanted.data() + wanted.size();
    if (numeric && number >= 1 && number <= layers.size()) return number - 1;
    const auto named = [&](const FoundLayer& layer) { return layer.name == wanted || layer.function == wanted; };
    const auto found = std::ranges::find_if(layers, named);
    if (found != layers.end() && std::find_if(found + 1, layers.end(), named) == layers.end())
        return static_cast<std::size_t>(found - layers.begin());
    throw RefusedInput(msg("--layer must be the number or the name of one layer of the text; it is {value}:{list}",
                           "value"_is(wanted), "list"_is(listed(layers))));
}

int run_import(const Options& options, Console console) {
    if (same_file(options.source, options.out))
        throw RefusedInput(
            msg("-o {file} would replace the text that is imported; name another", "file"_is(options.out)));
    if (const std::string ending = ending_of(options.out);
        !ending.empty() && ending != ".convlens" && ending != ".json")
        throw WrongUse(msg("-o {file}: a document's name must end in .convlens", "file"_is(options.out)));
    std::error_code error;
    if (!options.overwrite && std::filesystem::is_regular_file(options.out, error))
        throw RefusedInput(
            msg("{file} exists already; name another one, or add --overwrite to replace it", "file"_is(options.out)));
    const std::string text = text_of(options.source);
    const ImportedLayer imported = import_layer(text, chosen(find_layers(text), options.layer));
    std::vector<std::string> notes;
    for (const Message& note : imported.notes) notes.push_back(english(note));
    for (const std::string& note : notes) console.err << note << '\n';
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
                                 {"notes", notes},
                                 {"document", options.out}});
    } else {
        const Message line = msg("{file}: {operation} of {program}, {input} → {output}", "file"_is(options.out),
                                 "operation"_is(name(spec.op)), "program"_is(imported.program),
                                 "input"_is(to_string(imported.layer.input)), "output"_is(to_string(output)));
        console.out << console.text(line) << '\n';
    }
    return kDone;
}

}  // namespace

Run declare_import(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("TEXT", options->source,
               key("A layer as its program writes it, such as \"nn.Conv2d(3, 16, 3, stride=2)\", or a file with one"))
        .required();
    list.value("--layer", options->layer,
               key("Which layer to take where the text has several: its number from 1, or its name"))
        .value_name("N|NAME");
    list.value("-o,--out", options->out, key("The document to write (.convlens)")).required().value_name("DOC");
    list.flag("--overwrite", options->overwrite, key("A document that exists already may be replaced"));
    list.flag("--json", options->json, key("Print one JSON object"));
    return [options](Console console) { return run_import(*options, console); };
}

}  // namespace convlens
