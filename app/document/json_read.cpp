// Documents out of JSON. Partial ones are welcome: what is left out has its default.
#include <set>
#include <utility>

#include "app/document/blob_file.h"
#include "app/document/exact_json.h"
#include "app/document/file.h"
#include "app/document/json_layers.h"
#include "app/document/json_reader.h"
#include "app/document/titles.h"

namespace convlens {

namespace {

using nlohmann::json;

Pane read_pane(const JsonValue& place, std::size_t layers, DocumentReader& reader) {
    JsonObject object(place);
    Pane pane;
    if (const auto at = object.find("layer")) {
        pane.layer = static_cast<int>(whole_in(*at, 0, static_cast<std::int64_t>(layers) - 1));
    }
    if (const auto at = object.find("view")) pane.view = text_in(*at);
    if (const auto at = object.find("reading")) pane.reading = word_in<Reading>(*at);
    if (const auto at = object.find("title")) pane.title = text_in(*at);
    if (const auto at = object.find("slice")) {
        JsonObject slice(*at);
        for (const auto& [key, index] : {std::pair("n", &pane.slice.n), std::pair("c_out", &pane.slice.c_out),
                                         std::pair("c_in", &pane.slice.c_in)}) {
            if (const auto value = slice.find(key)) *index = whole_in(*value, 0, kExactWhole);
        }
        slice.warn_unknown(reader.warnings);
    }
    object.warn_unknown(reader.warnings);
    return pane;
}

Kernel read_kernel(const JsonValue& place, DocumentReader& reader) {
    JsonObject object(place);
    Kernel kernel;
    kernel.rows = whole_in(object.need("rows"), 1, kMaxKernelSide);
    kernel.cols = whole_in(object.need("cols"), 1, kMaxKernelSide);
    const JsonValue weights = object.need("weights");
    for (const JsonValue& weight : list_in(weights)) kernel.weights.push_back(exact_in(weight));
    const auto count = static_cast<std::size_t>(kernel.rows * kernel.cols);
    if (kernel.weights.size() != count) {
        weights.fail(msg("must be {count} numbers, not {given}", "count"_is(count), "given"_is(kernel.weights.size())));
    }
    if (const auto at = object.find("divisor")) {
        kernel.divisor = exact_in(*at);
        if (kernel.divisor == 0) at->fail(msg("must not be 0"));
    }
    if (const auto at = object.find("offset")) kernel.offset = exact_in(*at);
    object.warn_unknown(reader.warnings);
    return kernel;
}

// A kernel by its name: "gaussian:sigma=2". Throws KernelError.
Kernel made_anew(const std::string& name) {
    constexpr std::size_t kMostText = std::size_t{1} << 16;
    if (name.size() > kMostText) throw KernelError(msg("is too long for the name of a kernel"));
    return parse_kernel(name);
}

// A kernel that cannot be applied, as former versions let in, must not cost the whole document: what its name makes takes
// its place, or else one that leaves the image as it is.
void replace_unfit_kernel(const JsonValue& place, FilterStep& step, DocumentReader& reader) {
    const auto reason = not_finite(step.kernel);
    if (!reason) return;
    Key instead = key("the kernel of that name takes its place");
    try {
        step.kernel = made_anew(step.name);
    } catch (const KernelError&) {
        step.kernel = FilterStep{}.kernel;
        step.name = FilterStep{}.name;
        instead = key("the identity takes its place");
    }
    if (reader.warnings)
        reader.warnings->push_back(msg("{place}: {reason}: {instead}", "place"_is(place.place()), "reason"_is(*reason),
                                       "instead"_is(instead)));
}

FilterStep read_step(const JsonValue& place, DocumentReader& reader) {
    JsonObject object(place);
    FilterStep step;
    const auto named = object.find("name");
    const auto kernel = object.find("kernel");
    if (named) step.name = text_in(*named);
    if (kernel) {
        step.kernel = read_kernel(*kernel, reader);
        replace_unfit_kernel(*kernel, step, reader);
    } else if (named) {
        try {
            step.kernel = made_anew(step.name);
        } catch (const KernelError& error) {
            named->fail(error.message);
        }
    }
    if (const auto at = object.find("border")) step.border = word_in<PadMode>(*at);
    if (const auto at = object.find("border_value")) step.border_value = exact_in(*at);
    if (const auto at = object.find("flip")) step.flip = at->flag();
    if (const auto at = object.find("stride")) step.stride = whole_in(*at, 1, kMaxKernelSide);
    if (const auto at = object.find("dilation")) step.dilation = whole_in(*at, 1, kMaxKernelSide);
    object.warn_unknown(reader.warnings);
    return step;
}

Photo read_photo(const JsonValue& place, DocumentReader& reader) {
    JsonObject object(place);
    Photo photo;
    if (const auto at = object.find("path")) photo.path = text_in(*at);
    if (const auto at = object.find("content")) photo.content = text_in(*at);
    if (const auto at = object.find("backend")) photo.backend = word_in<Backend>(*at);
    if (const auto at = object.find("chain")) {
        std::size_t weights = 0;
        for (const JsonValue& step : few_in(*at)) {
            photo.chain.push_back(read_step(step, reader));
            weights += photo.chain.back().kernel.weights.size();
            if (weights > static_cast<std::size_t>(kMaxDocumentCells)) {
                step.fail(msg("the filters have more than {limit} weights together, the most that a document holds",
                              "limit"_is(kMaxDocumentCells)));
            }
        }
    }
    object.warn_unknown(reader.warnings);
    return photo;
}

// Where documents had their large tensors before they held them.
std::filesystem::path old_blobs() {
    const std::filesystem::path state = state_folder();
    return state.empty() ? state : state / "blobs";
}

void warn_unused(const DocumentReader& reader) {
    if (!reader.inside) return;
    JsonObject tensors(*reader.inside);
    for (const auto& [name, tensor] : reader.named) tensors.find(name);
    tensors.warn_unknown(reader.warnings);
}

// Calls visit(name) for each "sha256" of a layer's tensors that is a blob's name.
template <typename Visit>
void for_each_name(const json& document, Visit visit) {
    const auto member = [](const json& object, const char* key) -> const json& {
        static const json kNothing;
        if (!object.is_object()) return kNothing;
        const auto found = object.find(key);
        return found == object.end() ? kNothing : *found;
    };
    for (const json& layer : member(document, "layers")) {
        for (const char* key : {"input", "weight", "bias"}) {
            const json& name = member(member(layer, key), "sha256");
            if (name.is_string() && is_blob_name(name.get_ref<const std::string&>())) visit(name.get<std::string>());
        }
    }
}

void check_version(JsonObject& object, const std::string& path) {
    // In quotes, or the place would read as this program's name.
    const JsonValue version(object.need("convlens").json(), path, "\"convlens\"");
    if (whole_in(version, 1, kExactWhole) > 1) {
        version.fail(
            msg("this document was saved by a newer version of Convlens; this one reads format 1. Update Convlens to "
                "open it"));
    }
}

}  // namespace

Document document_from_json(const json& value, const std::filesystem::path& blob_folder, std::vector<Message>* warnings,
                            const std::string& path) {
    DocumentReader reader{{blob_folder, old_blobs()}, warnings};
    JsonObject object{JsonValue(value, path)};
    check_version(object, path);
    Document document;
    reader.inside = object.find("tensors");
    object.find("work");  // a mark of the autosave, which a document that is opened does not need
    if (const auto at = object.find("title")) document.title = text_in(*at);
    if (const auto at = object.find("mode")) document.workspace = word_in<Workspace>(*at);
    if (const auto at = object.find("layers")) {
        const std::vector<JsonValue> layers = few_in(*at);
        for (const JsonValue& layer : layers)
            document.layers.push_back(read_layer(layer, document.layers, std::ssize(layers), reader));
    }
    settle(document);  // where there is no layer, the panes' refer to the one it makes
    if (const auto at = object.find("panes")) {
        document.panes.clear();
        for (const JsonValue& pane : few_in(*at)) {
            document.panes.push_back(read_pane(pane, document.layers.size(), reader));
        }
    }
    if (const auto at = object.find("step_by")) document.step_by = word_in<StepBy>(*at);
    if (const auto at = object.find("edit_together")) document.edit_together = at->flag();
    if (const auto at = object.find("photo")) document.photo = read_photo(*at, reader);
    object.warn_unknown(warnings);
    warn_unused(reader);
    settle(document);
    drop_untrue_titles(document);
    return document;
}

std::set<std::string> blobs_named_in(const json& document) {
    std::set<std::string> names;
    const bool has_some = document.is_object() && document.contains("tensors") && document["tensors"].is_object();
    for_each_name(document, [&](std::string name) {
        if (!has_some || !document["tensors"].contains(name)) names.insert(std::move(name));
    });
    return names;
}

}  // namespace convlens
