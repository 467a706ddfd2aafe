#include "app/document/json_layers.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "app/document/blob_file.h"
#include "app/document/blob_text.h"
#include "app/document/exact_json.h"
#include "app/document/json_reader.h"
#include "core/conv/parameters.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/io/error.h"

namespace convlens {

namespace {

using nlohmann::json;

// The value of a setting, each type in its own way.
void read_value(const JsonValue& place, Size2& to) { to = pair_in(place); }
void read_value(const JsonValue& place, std::int64_t& to) { to = whole_in(place, -kExactWhole, kExactWhole); }
void read_value(const JsonValue& place, bool& to) { to = place.flag(); }
void read_value(const JsonValue& place, double& to) { to = exact_in(place); }
void read_value(const JsonValue& place, Pads& to) {
    if (!place.json().is_array() || place.json().size() == 2) {
        const Size2 pads = pair_in(place);
        to = {pads.h, pads.h, pads.w, pads.w};
        return;
    }
    const std::vector<JsonValue> sides = list_in(place);
    if (sides.size() != 4) place.fail(msg("must be one number, two or four (top, bottom, left, right)"));
    const auto side = [&sides](std::size_t i) { return whole_in(sides[i], -kExactWhole, kExactWhole); };
    to = {side(0), side(1), side(2), side(3)};
}
template <typename Enum>
requires std::is_enum_v<Enum>
void read_value(const JsonValue& place, Enum& to) { to = word_in<Enum>(place); }

// What a spec's JSON leaves unsaid; the weight's shape then says it.
struct Unsaid {
    bool kernel = true;
    bool out_channels = true;
};

ConvSpec read_spec(const JsonValue& place, Unsaid& unsaid, DocumentReader& reader) {
    ConvSpec spec;
    JsonObject object(place);
    unsaid = {!object.find(parameter(Field::kernel).key), !object.find(parameter(Field::out_channels).key)};
    for (const Parameter& parameter : parameters()) {
        with_setting(spec, parameter, [&](auto& value) {
            if (const auto at = object.find(parameter.key)) read_value(*at, given(value));
        });
    }
    object.warn_unknown(reader.warnings);
    return spec;
}

Generator read_generator(const JsonValue& place, DocumentReader& reader) {
    JsonObject object(place);
    Generator generator;
    const JsonValue name = object.need("name");
    generator.name = name.text();
    if (!is_generator(generator.name))
        name.fail(
            msg("\"{name}\" makes no tensor; \"random\" does", "name"_is(printable(generator.name, kMostQuoted))));
    if (const auto at = object.find("seed")) {
        const json& seed = at->json();
        generator.seed = seed.is_number_unsigned() ? seed.get<std::uint64_t>()
                                                   : static_cast<std::uint64_t>(whole_in(*at, 0, kExactWhole));
    }
    if (const auto at = object.find("low")) generator.low = whole_in(*at, -kExactWhole, kExactWhole);
    if (const auto at = object.find("high")) generator.high = whole_in(*at, -kExactWhole, kExactWhole);
    if (generator.low > generator.high) place.fail(msg("\"low\" is larger than \"high\""));
    object.warn_unknown(reader.warnings);
    return generator;
}

Shape4 read_shape(const JsonValue& place) {
    const std::vector<JsonValue> lengths = list_in(place);
    if (lengths.empty() || lengths.size() > 4) place.fail(msg("must have one to four lengths: [N, C, H, W]"));
    std::array<std::int64_t, 4> nchw{1, 1, 1, 1};
    const std::size_t leading = 4 - lengths.size();
    for (std::size_t i = 0; i < lengths.size(); ++i) nchw[leading + i] = whole_in(lengths[i], 1, kExactWhole);
    return {nchw[0], nchw[1], nchw[2], nchw[3]};
}

// A tensor whose shape is known and small enough, before its values are made.
struct TensorSource {
    JsonValue place;
    Shape4 shape;
    std::optional<JsonValue> data, generator, sha256;
};

// Counts the tensor's numbers to those of the document, before anything is made for them.
void claim(const JsonValue& place, const Shape4& shape, DocumentReader& reader) {
    const auto count = element_count(shape);
    if (!count || *count > kMaxDocumentCells || (reader.cells += *count) > kMaxDocumentCells) {
        place.fail(msg("{shape} is too large: a document holds at most {limit} numbers", "shape"_is(to_string(shape)),
                       "limit"_is(kMaxDocumentCells)));
    }
}

// Why `source` is no layer that layer `own` of `layers` can read.
Message no_earlier_layer(std::int64_t source, std::int64_t own, std::int64_t layers) {
    const auto must = "indices"_is(own == 1 ? verbatim("0") : msg("from 0 to {last}", "last"_is(own - 1)));
    const auto layer = "layer"_is(own);
    const auto given = "given"_is(std::to_string(source));
    if (source < 0)
        return msg("must be {indices}, an earlier layer that layers[{layer}] can read; {given} is negative", must,
                   layer, given);
    if (source == own)
        return msg("must be {indices}, an earlier layer that layers[{layer}] can read; {given} is this layer itself",
                   must, layer, given);
    if (source < layers)
        return msg("must be {indices}, an earlier layer that layers[{layer}] can read; {given} is a later one", must,
                   layer, given);
    return msg("must be {indices}, an earlier layer that layers[{layer}] can read; {given} is not there", must, layer,
               given);
}

// Which earlier layer's output is the input: {"layer": 0}. Nothing where the input is a tensor. `earlier`: the layers before
// this one; `layers`: how many the document has.
std::optional<LayerOutput> read_layer_output(JsonObject& layer, const std::vector<Layer>& earlier, std::int64_t layers,
                                             DocumentReader& reader) {
    const auto place = layer.find("input");
    if (!place || !place->is_object() || !place->json().contains("layer")) return std::nullopt;
    JsonObject object(*place);
    const JsonValue index = object.need("layer");
    const auto own = static_cast<std::int64_t>(earlier.size());
    if (own == 0) {
        index.fail(
            msg("the first layer has no earlier layer to read. Its input must be a tensor: a \"shape\" with \"data\", "
                "\"generator\" or \"sha256\""));
    }
    const std::int64_t source = index.whole();
    if (source < 0 || source >= own) {
        index.fail(no_earlier_layer(source, own, layers));
    }
    for (const char* key : {"shape", "data", "generator", "sha256"}) {
        if (object.find(key))
            place->fail(msg("must be a layer's output (\"layer\") or a tensor (\"{key}\"), not both", "key"_is(key)));
    }
    object.warn_unknown(reader.warnings);
    const Layer& read = earlier[static_cast<std::size_t>(source)];
    return LayerOutput{static_cast<int>(source), output_shape(read.spec, input_shape(read))};
}

std::optional<TensorSource> read_source(JsonObject& layer, std::string_view key, DocumentReader& reader) {
    const auto place = layer.find(key);
    if (!place) return std::nullopt;
    JsonObject object(*place);
    const Shape4 shape = read_shape(object.need("shape"));
    claim(*place, shape, reader);
    TensorSource source{*place, shape, object.find("data"), object.find("generator"), object.find("sha256")};
    const int given = int{source.data.has_value()} + int{source.generator.has_value()} + int{source.sha256.has_value()};
    if (given != 1) place->fail(msg("must have one of \"data\", \"generator\", \"sha256\" beside its shape"));
    object.warn_unknown(reader.warnings);
    return source;
}

// A tensor whose numbers stand in the document, under its name.
TensorRef inside_tensor(const JsonValue& place, const std::string& name, const Shape4& shape) {
    const JsonValue encoding = place["encoding"];
    if (encoding.text() != kBlobEncoding) {
        encoding.fail(msg("must be \"{encoding}\"; only a newer Convlens reads others", "encoding"_is(kBlobEncoding)));
    }
    const JsonValue data = place["data"];
    if (!data.json().is_string()) data.fail(msg("must be a text"));
    try {
        TensorRef tensor(tensor_of_text(data.json().get_ref<const std::string&>(), shape));
        if (to_hex(tensor.blob().hash) != name) data.fail(msg("is not what its name says: it was changed"));
        return tensor;
    } catch (const BlobTextError& error) {
        data.fail(error.words);
    }
}

TensorRef kept_tensor(const JsonValue& place, const std::string& name, const Shape4& shape,
                      const DocumentReader& reader) {
    try {
        if (const auto found = find_blob(name, shape, reader.blob_folders)) return *found;
    } catch (const FileError& error) {
        place.fail(error.what());
    }
    place.fail(
        msg("the numbers of this tensor are not in the document, and are not kept on this machine. Open the document "
            "where it was made and save it again: it then holds all of its numbers"));
}

// The tensor that `place` names.
TensorRef named_tensor(const JsonValue& place, const Shape4& shape, DocumentReader& reader) {
    const std::string name = place.text();
    if (!is_blob_name(name)) place.fail(msg("must be the SHA-256 of a tensor: 64 hexadecimal digits"));
    TensorRef& tensor = reader.named[name];
    if (!tensor) {
        const bool inside = reader.inside && reader.inside->has(name);
        tensor = inside ? inside_tensor((*reader.inside)[name], name, shape) : kept_tensor(place, name, shape, reader);
    }
    if (tensor->shape() != shape) {
        place.fail(msg("the tensor of this name is {shape}, not {wanted}", "shape"_is(to_string(tensor->shape())),
                       "wanted"_is(to_string(shape))));
    }
    return tensor;
}

TensorRef make_tensor(const TensorSource& source, const Shape4& shape, DocumentReader& reader) {
    if (source.generator) return generate(read_generator(*source.generator, reader), shape);
    if (source.sha256) return named_tensor(*source.sha256, shape, reader);
    const json& data = source.data->json();
    const auto count = static_cast<std::size_t>(*element_count(shape));
    if (!data.is_array() || data.size() != count) {
        const auto wanted = "count"_is(count);
        const auto of = "shape"_is(to_string(source.shape));
        source.data->fail(
            data.is_array()
                ? msg("must be a list of the {count} numbers that {shape} has, not of {given}", wanted, of,
                      "given"_is(data.size()))
                : msg("must be a list of the {count} numbers that {shape} has, not something else", wanted, of));
    }
    AlignedVector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool number = data[i].is_number();
        values[i] = number ? data[i].get<double>() : exact_in((*source.data)[i]);
    }
    return TensorRef(Tensor<double>(shape, std::move(values)));
}

// A spec that says no kernel or no number of output channels has those of its weight.
void take_from_weight(ConvSpec& spec, const Shape4& weight, const Unsaid& unsaid) {
    if (unsaid.kernel) spec.kernel = weight.plane();
    if (unsaid.out_channels) spec.out_channels = output_channels_of(spec, weight);
}

// What makes a layer possible. The input of one that reads another (`read`) is not its own to set: it keeps the shape, or
// the other layer is to give another one.
Message way_out(const std::vector<Fix>& fixes, const LayerShape& shape, const std::optional<LayerOutput>& read) {
    if (fixes.empty()) return {};
    if (!read) return fixes.front().text;
    const auto keeps_input = [&](const Fix& fix) { return fix.after.input == shape.input; };
    const auto own = std::ranges::find_if(fixes, keeps_input);
    if (own == fixes.begin()) return own->text;
    const Message other = msg("let layers[{layer}], whose output is the input, give {shape}", "layer"_is(read->layer),
                              "shape"_is(to_string(fixes.front().after.input)));
    return own == fixes.end() ? other : msg("{fix}, or {other}", "fix"_is(own->text), "other"_is(other));
}

void refuse_problems(const JsonValue& place, const LayerShape& shape, const std::optional<LayerOutput>& read) {
    const std::vector<Problem> problems = validate(shape);
    if (problems.empty()) return;
    const Message& reason = problems.front().message;
    const Message out = way_out(problems.front().fixes, shape, read);
    place.fail(out.empty() ? reason : msg("{reason} Try: {suggestion}", "reason"_is(reason), "suggestion"_is(out)));
}

}  // namespace

Layer read_layer(const JsonValue& place, const std::vector<Layer>& earlier, std::int64_t layers,
                 DocumentReader& reader) {
    JsonObject object(place);
    Layer layer;
    if (const auto at = object.find("name")) layer.name = text_in(*at);
    Unsaid unsaid;
    if (const auto at = object.find("spec")) layer.spec = read_spec(*at, unsaid, reader);
    const auto output = read_layer_output(object, earlier, layers, reader);
    const auto input = output ? std::nullopt : read_source(object, "input", reader);
    const auto weight = read_source(object, "weight", reader);
    const auto bias = read_source(object, "bias", reader);
    object.warn_unknown(reader.warnings);

    const bool pooling = is_pooling(layer.spec.op);
    if (pooling) layer.spec.groups = layer.spec.out_channels = 1;  // it has no such settings
    if (pooling && bias && reader.warnings) reader.warnings->push_back(msg("pooling has no bias: it is left out"));
    if (weight && !pooling) take_from_weight(layer.spec, weight->shape, unsaid);
    LayerShape shape{layer.spec, {1, std::max<std::int64_t>(layer.spec.groups, 1), 5, 5}, {}, {}};
    if (input) shape.input = input->shape;
    if (output) shape.input = output->shape;
    if (weight && !pooling) shape.weight = weight->shape;
    if (bias && !pooling) shape.bias_length = *element_count(bias->shape);
    refuse_problems(place, shape, output);

    if (!input && !output) claim(place, shape.input, reader);
    if (!weight) claim(place, new_weight_shape(shape), reader);
    if (output) {
        layer.input = *output;
    } else {
        layer.input = input ? make_tensor(*input, shape.input, reader) : new_input(shape);
    }
    layer.weight = weight ? make_tensor(*weight, weight->shape, reader) : new_weight(shape);
    if (bias && !pooling) layer.bias = make_tensor(*bias, {1, *shape.bias_length, 1, 1}, reader);
    return layer;
}

}  // namespace convlens
