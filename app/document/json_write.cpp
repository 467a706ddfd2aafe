// Documents into JSON. Every key is written, so that a file shows all there is to set.
#include <functional>
#include <type_traits>

#include "app/document/blob_file.h"
#include "app/document/blob_text.h"
#include "app/document/exact_json.h"
#include "app/document/file.h"
#include "core/conv/parameters.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr std::int64_t kInlineNumbers = 4096;

json value_json(const Size2& pair) { return {pair.h, pair.w}; }
json value_json(const Pads& pads) { return {pads.top, pads.bottom, pads.left, pads.right}; }
json value_json(std::int64_t value) { return value; }
json value_json(bool value) { return value; }
json value_json(double value) { return exact_json(value); }
template <typename Enum>
requires std::is_enum_v<Enum> json value_json(Enum value) { return name(value); }
template <typename Value>
json value_json(const std::optional<Value>& value) {
    return value ? value_json(*value) : json();
}

json spec_json(const ConvSpec& spec) {
    json result = json::object();
    for (const Parameter& parameter : parameters())
        with_setting(spec, parameter,
                     [&](const auto& value) { result[std::string(parameter.key)] = value_json(value); });
    return result;
}

// Where the numbers go of tensors that are only named.
using Keep = std::function<void(const TensorBlob& blob)>;

json tensor_json(const TensorRef& tensor, const Keep& keep) {
    if (!tensor) return nullptr;
    const Shape4& shape = tensor->shape();
    json result{{"shape", {shape.n, shape.c, shape.h, shape.w}}};
    const auto& generator = tensor.blob().generator;
    if (tensor->size() <= kInlineNumbers) {
        json& data = result["data"] = json::array();
        for (const double value : tensor->span()) data.emplace_back(exact_json(value));
    } else if (generator) {
        result["generator"] = {
            {"name", generator->name}, {"seed", generator->seed}, {"low", generator->low}, {"high", generator->high}};
    } else {
        keep(tensor.blob());
        result["sha256"] = to_hex(tensor.blob().hash);
    }
    return result;
}

json input_json(const Layer& layer, const Keep& keep) {
    if (const auto source = source_of(layer)) return {{"layer", *source}};
    return tensor_json(own_input(layer), keep);
}

json layer_json(const Layer& layer, const Keep& keep) {
    return {{"name", text_json(layer.name)},
            {"spec", spec_json(layer.spec)},
            {"input", input_json(layer, keep)},
            {"weight", tensor_json(layer.weight, keep)},
            {"bias", tensor_json(layer.bias, keep)}};
}

json pane_json(const Pane& pane) {
    json written = {{"layer", pane.layer},
                    {"reading", name(pane.reading)},
                    {"slice", {{"n", pane.slice.n}, {"c_out", pane.slice.c_out}, {"c_in", pane.slice.c_in}}},
                    {"title", text_json(pane.title)}};
    if (pane.view != kPlanesView) written["view"] = text_json(pane.view);
    return written;
}

json step_json(const FilterStep& step) {
    json weights = json::array();
    for (const double weight : step.kernel.weights) weights.emplace_back(exact_json(weight));
    return {{"name", text_json(step.name)},
            {"kernel",
             {{"rows", step.kernel.rows},
              {"cols", step.kernel.cols},
              {"weights", weights},
              {"divisor", exact_json(step.kernel.divisor)},
              {"offset", exact_json(step.kernel.offset)}}},
            {"border", name(step.border)},
            {"border_value", exact_json(step.border_value)},
            {"flip", step.flip},
            {"stride", step.stride},
            {"dilation", step.dilation}};
}

json photo_json(const Photo& photo) {
    json chain = json::array();
    for (const FilterStep& step : photo.chain) chain.push_back(step_json(step));
    json written{{"path", text_json(photo.path)}, {"chain", chain}, {"backend", name(photo.backend)}};
    if (!photo.content.empty()) written["content"] = text_json(photo.content);
    return written;
}

json document_json(const Document& document, const Keep& keep) {
    json layers = json::array();
    for (const Layer& layer : document.layers) layers.push_back(layer_json(layer, keep));
    json panes = json::array();
    for (const Pane& pane : document.panes) panes.push_back(pane_json(pane));
    return {{"convlens", 1},
            {"title", text_json(document.title)},
            {"mode", name(document.workspace)},
            {"layers", layers},
            {"panes", panes},
            {"step_by", name(document.step_by)},
            {"edit_together", document.edit_together},
            {"photo", photo_json(document.photo)}};
}

}  // namespace

json to_json(const Document& document) {
    json tensors = json::object();
    json result = document_json(document, [&tensors](const TensorBlob& blob) {
        json& kept = tensors[to_hex(blob.hash)];
        if (kept.is_null()) kept = {{"encoding", kBlobEncoding}, {"data", blob_text(blob.values)}};
    });
    if (!tensors.empty()) result["tensors"] = std::move(tensors);
    return result;
}

json to_json(const Document& document, const std::filesystem::path& blob_folder) {
    return document_json(document, [&blob_folder](const TensorBlob& blob) { keep_blob(blob, blob_folder); });
}

std::set<std::string> blobs_of(const Document& document) {
    std::set<std::string> names;
    document_json(document, [&names](const TensorBlob& blob) { names.insert(to_hex(blob.hash)); });
    return names;
}

}  // namespace convlens
