// `convlens code`: the layer of a document or preset as a program of another framework.
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/cli/document_source.h"
#include "app/derived/derived.h"
#include "core/codegen/emit.h"

namespace convlens {

namespace {

struct Options {
    std::string source, framework;
    int layer = 0;
    bool json = false;
};

void check_layer(const Document& document, int index) {
    const auto count = static_cast<int>(document.layers.size());
    if (index < 0 || index >= count) {
        throw RefusedInput(
            fmt::format("--layer {}: there are {} layers; it goes from 0 to {}", index, count, count - 1));
    }
}

int run_code(const Options& options, Console console) {
    const Document document = find_document(options.source, console);
    check_layer(document, options.layer);
    // Derived, since the input may be another layer's output.
    const Derived derived = derive_all(document);
    const DerivedLayer& layer = *derived.layers[static_cast<std::size_t>(options.layer)];
    const CodeText code = emit_code(layer.layer.spec, layer.data(), *from_name<Framework>(options.framework));
    if (options.json) {
        print_json(console.out, {{"framework", options.framework}, {"code", code.text}, {"notes", code.notes}});
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
    list.value("--layer", options->layer, "Which of the document's layers, counted from 0");
    list.flag("--json", options->json, "Print one JSON object");
    return [options](Console console) { return run_code(*options, console); };
}

}  // namespace convlens
