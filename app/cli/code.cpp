// `convlens code`: the layer of a document or preset as a program of another framework.
#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/cli/document_source.h"
#include "app/derived/derived.h"
#include "core/codegen/emit.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

struct Options {
    std::string source, framework;
    std::optional<std::int64_t> layer;
    bool json = false;
};

// The layer that --layer names, the first where it names none, as an index.
int chosen(const Document& document, std::optional<std::int64_t> wanted) {
    const auto count = static_cast<std::int64_t>(document.layers.size());
    const std::int64_t index = wanted.value_or(0);
    if (index < 0 || index >= count) {
        throw RefusedInput(plural("--layer {layer}: there is {n} layer; it is 0",
                                  "--layer {layer}: there are {n} layers; it goes from 0 to {last}", count,
                                  "layer"_is(index), "last"_is(count - 1)));
    }
    return static_cast<int>(index);
}

// Which of the layers it is, where nobody chose one of several; empty where there is nothing to say.
Message which_layer(const Document& document, const Options& options) {
    const auto count = static_cast<std::int64_t>(document.layers.size());
    if (options.layer || count == 1) return {};
    const std::string& name = document.layers.front().name;
    const auto last = "last"_is(count - 1);
    if (name.empty())
        return plural("The document has {n} layer; this is layer 0. --layer chooses another, up to {last}.",
                      "The document has {n} layers; this is layer 0. --layer chooses another, up to {last}.", count,
                      last);
    return plural("The document has {n} layer; this is layer 0, “{name}”. --layer chooses another, up to {last}.",
                  "The document has {n} layers; this is layer 0, “{name}”. --layer chooses another, up to {last}.",
                  count, "name"_is(printable(name)), last);
}

int run_code(const Options& options, Console console) {
    const Document document = find_document(options.source, console);
    const int index = chosen(document, options.layer);
    const Layer& layer = document.layers[static_cast<std::size_t>(index)];
    const auto input = input_values(document, index);
    const CodeText code = emit_code(layer.spec, data_of(layer, *input), *from_name<Framework>(options.framework));
    if (const Message which = which_layer(document, options); !which.empty()) console.say(which);
    if (options.json) {
        std::vector<std::string> notes(code.notes.size());
        std::ranges::transform(code.notes, notes.begin(), english);
        print_json(console.out,
                   {{"framework", options.framework}, {"layer", index}, {"code", code.text}, {"notes", notes}});
        return kDone;
    }
    console.out << code.text;
    for (const Message& note : code.notes) console.say(note);
    return kDone;
}

}  // namespace

Run declare_code(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("SOURCE", options->source, key("A document, or the name of a preset")).required();
    list.value("--framework", options->framework,
               msg("The framework: {names}", "names"_is(fmt::format("{}", fmt::join(names<Framework>(), ", ")))))
        .required()
        .one_of(names<Framework>());
    list.value("--layer", options->layer, key("Which of the document's layers, counted from 0 (default: 0)"));
    list.flag("--json", options->json, key("Print one JSON object"));
    return [options](Console console) { return run_code(*options, console); };
}

}  // namespace convlens
