// `convlens code`: the layer of a document or preset as a program of another framework.
#include <optional>
#include <ostream>

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
        throw RefusedInput(
            fmt::format("--layer {}: there are {} layers; it goes from 0 to {}", index, count, count - 1));
    }
    return static_cast<int>(index);
}

// Which of the layers it is, where nobody chose one of several; "" where there is nothing to say.
std::string which_layer(const Document& document, const Options& options) {
    const std::size_t count = document.layers.size();
    if (options.layer || count == 1) return "";
    const std::string& name = document.layers.front().name;
    return fmt::format("The document has {} layers; this is layer 0{}. --layer chooses another, up to {}.", count,
                       name.empty() ? "" : fmt::format(", “{}”", printable(name)), count - 1);
}

int run_code(const Options& options, Console console) {
    const Document document = find_document(options.source, console);
    const int index = chosen(document, options.layer);
    const Layer& layer = document.layers[static_cast<std::size_t>(index)];
    const auto input = input_values(document, index);
    const CodeText code = emit_code(layer.spec, data_of(layer, *input), *from_name<Framework>(options.framework));
    if (const std::string which = which_layer(document, options); !which.empty()) console.err << which << '\n';
    if (options.json) {
        print_json(console.out,
                   {{"framework", options.framework}, {"layer", index}, {"code", code.text}, {"notes", code.notes}});
        return kDone;
    }
    console.out << code.text;
    for (const std::string& note : code.notes) console.err << note << '\n';
    return kDone;
}

}  // namespace

Run declare_code(OptionList list) {
    auto options = std::make_shared<Options>();
    list.value("SOURCE", options->source, "A document, or the name of a preset").required();
    const std::string about = fmt::format("The framework: {}", fmt::join(names<Framework>(), ", "));
    list.value("--framework", options->framework, about).required().one_of(names<Framework>());
    list.value("--layer", options->layer, "Which of the document's layers, counted from 0 (default: 0)");
    list.flag("--json", options->json, "Print one JSON object");
    return [options](Console console) { return run_code(*options, console); };
}

}  // namespace convlens
