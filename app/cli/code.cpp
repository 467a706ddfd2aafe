// `convlens code`: the layer of a document or preset as a program of another framework.
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/command.h"
#include "app/cli/document_source.h"
#include "core/codegen/emit.h"

namespace convlens {

namespace {

struct Options {
    std::string source, framework;
    int layer = 0;
    bool json = false;
};

const Layer& chosen_layer(const Document& document, int index) {
    const auto count = static_cast<int>(document.layers.size());
    if (index < 0 || index >= count) {
        throw RefusedInput(
            fmt::format("--layer {}: there are {} layers; it goes from 0 to {}", index, count, count - 1));
    }
    return document.layers[static_cast<std::size_t>(index)];
}

int run_code(const Options& options, Console console) {
    const Document document = find_document(options.source, console);
    const Layer& layer = chosen_layer(document, options.layer);
    const LayerData data{layer.input->view(), layer.weight->view(), layer.bias ? layer.bias->view() : View<double>{}};
    const CodeText code = emit_code(layer.spec, data, *from_name<Framework>(options.framework));
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
