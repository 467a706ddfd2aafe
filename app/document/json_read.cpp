// Documents out of JSON. Partial ones are welcome: what is left out has its default.
#include <cmath>
#include <utility>

#include "app/document/blob_file.h"
#include "app/document/file.h"
#include "app/document/json_reader.h"
#include "core/conv/validate.h"
#include "core/io/error.h"

namespace convlens {

namespace {

using nlohmann::json;

constexpr std::int64_t kExactWhole = std::int64_t{1} << 53;

// What is read, and where blobs and warnings go.
struct Reader {
    std::filesystem::path blob_folder;
    std::vector<std::string>* warnings = nullptr;
    std::int64_t cells = 0;  // of the tensors so far
};

Pads read_pads(const JsonValue& place) {
    if (!place.json().is_array() || place.json().size() == 2) {
        const Size2 pads = pair_in(place);
        return {pads.h, pads.h, pads.w, pads.w};
    }
    const std::vector<JsonValue> sides = list_in(place);
    if (sides.size() != 4) place.fail("must be one number, two or four (top, bottom, left, right)");
    const auto side = [&sides](std::size_t i) { return whole_in(sides[i], -kExactWhole, kExactWhole); };
    return {side(0), side(1), side(2), side(3)};
}

// What a spec's JSON leaves unsaid; the weight's shape then says it.
struct Unsaid {
    bool kernel = true;
    bool out_channels = true;
};

ConvSpec read_spec(const JsonValue& place, Unsaid& unsaid, Reader& reader) {
    ConvSpec spec;
    JsonObject object(place);
    const auto pair = [&object](std::string_view key, Size2& to) {
        if (const auto at = object.find(key)) to = pair_in(*at);
    };
    const auto word = [&object](std::string_view key, auto& to) {
        using Enum = std::remove_reference_t<decltype(to)>;
        if (const auto at = object.find(key)) to = word_in<Enum>(*at);
    };
    const auto flag = [&object](std::string_view key, bool& to) {
        if (const auto at = object.find(key)) to = at->flag();
    };
    unsaid = {!object.find("kernel"), !object.find("out_channels")};
    word("op", spec.op);
    pair("kernel", spec.kernel);
    pair("stride", spec.stride);
    pair("dilation", spec.dilation);
    pair("output_padding", spec.output_padding);
    if (const auto at = object.find("pads")) spec.pads = read_pads(*at);
    word("pad_rule", spec.pad_rule);
    word("pad_mode", spec.pad_mode);
    if (const auto at = object.find("pad_value")) spec.pad_value = at->number();
    if (const auto at = object.find("output_size")) spec.output_size = pair_in(*at);
    if (const auto at = object.find("anchor")) spec.anchor = pair_in(*at);
    if (const auto at = object.find("groups")) spec.groups = whole_in(*at, -kExactWhole, kExactWhole);
    if (const auto at = object.find("out_channels")) spec.out_channels = whole_in(*at, -kExactWhole, kExactWhole);
    flag("flip_kernel", spec.flip_kernel);
    flag("ceil_mode", spec.ceil_mode);
    flag("count_include_pad", spec.count_include_pad);
    if (const auto at = object.find("divisor_override")) {
        spec.divisor_override = whole_in(*at, -kExactWhole, kExactWhole);
    }
    word("dialect", spec.dialect);
    object.warn_unknown(reader.warnings);
    return spec;
}

Generator read_generator(const JsonValue& place, Reader& reader) {
    JsonObject object(place);
    Generator generator;
    const JsonValue name = object.need("name");
    generator.name = name.text();
    if (!is_generator(generator.name)) name.fail("\"" + generator.name + "\" makes no tensor; \"random\" does");
    if (const auto at = object.find("seed")) {
        const json& seed = at->json();
        generator.seed = seed.is_number_unsigned() ? seed.get<std::uint64_t>()
                                                   : static_cast<std::uint64_t>(whole_in(*at, 0, kExactWhole));
    }
    if (const auto at = object.find("low")) generator.low = whole_in(*at, -kExactWhole, kExactWhole);
    if (const auto at = object.find("high")) generator.high = whole_in(*at, -kExactWhole, kExactWhole);
    if (generator.low > generator.high) place.fail("\"low\" is larger than \"high\"");
    object.warn_unknown(reader.warnings);
    return generator;
}

Shape4 read_shape(const JsonValue& place) {
    const std::vector<JsonValue> lengths = list_in(place);
    if (lengths.empty() || lengths.size() > 4) place.fail("must have one to four lengths: [N, C, H, W]");
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

std::optional<TensorSource> read_source(JsonObject& layer, std::string_view key, Reader& reader) {
    const auto place = layer.find(key);
    if (!place) return std::nullopt;
    JsonObject object(*place);
    const Shape4 shape = read_shape(object.need("shape"));
    const auto count = element_count(shape);
    if (!count || *count > kMaxDocumentCells || (reader.cells += *count) > kMaxDocumentCells) {
        place->fail(
            fmt::format("{} is too large: a document holds at most {} numbers", to_string(shape), kMaxDocumentCells));
    }
    TensorSource source{*place, shape, object.find("data"), object.find("generator"), object.find("sha256")};
    const int given = int{source.data.has_value()} + int{source.generator.has_value()} + int{source.sha256.has_value()};
    if (given != 1) place->fail("must have one of \"data\", \"generator\", \"sha256\" beside its shape");
    object.warn_unknown(reader.warnings);
    return source;
}

TensorRef make_tensor(const TensorSource& source, const Shape4& shape, Reader& reader) {
    if (source.generator) return generate(read_generator(*source.generator, reader), shape);
    if (source.sha256) {
        const std::string hex = source.sha256->text();
        try {
            return find_blob(hex, shape, reader.blob_folder);
        } catch (const FileError& error) {
            source.sha256->fail(error.what());
        }
    }
    const json& data = source.data->json();
    const auto count = static_cast<std::size_t>(*element_count(shape));
    if (!data.is_array() || data.size() != count) {
        source.data->fail(fmt::format("must be a list of the {} numbers that {} has, not {}", count,
                                      to_string(source.shape),
                                      data.is_array() ? fmt::format("of {}", data.size()) : "something else"));
    }
    AlignedVector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool number = data[i].is_number();
        values[i] = number ? data[i].get<double>() : (*source.data)[i].number();
    }
    return TensorRef(Tensor<double>(shape, std::move(values)));
}

// A spec that says no kernel or no number of output channels has those of its weight.
void take_from_weight(ConvSpec& spec, const Shape4& weight, const Unsaid& unsaid) {
    if (unsaid.kernel) spec.kernel = weight.plane();
    if (unsaid.out_channels) spec.out_channels = spec.op == Op::conv_transpose ? weight.c * spec.groups : weight.n;
}

void refuse_problems(const JsonValue& place, const LayerShape& shape) {
    const std::vector<Problem> problems = validate(shape);
    if (problems.empty()) return;
    std::string reason = problems.front().message;
    if (!problems.front().fixes.empty()) reason += "; what would work: " + problems.front().fixes.front().text;
    place.fail(reason);
}

Layer read_layer(const JsonValue& place, Reader& reader) {
    JsonObject object(place);
    Layer layer;
    if (const auto at = object.find("name")) layer.name = at->text();
    Unsaid unsaid;
    if (const auto at = object.find("spec")) layer.spec = read_spec(*at, unsaid, reader);
    const auto input = read_source(object, "input", reader);
    const auto weight = read_source(object, "weight", reader);
    const auto bias = read_source(object, "bias", reader);
    object.warn_unknown(reader.warnings);

    const bool pooling = is_pooling(layer.spec.op);
    if (pooling) layer.spec.groups = layer.spec.out_channels = 1;  // it has no such settings
    if (pooling && bias && reader.warnings) reader.warnings->push_back("pooling has no bias: it is left out");
    if (weight && !pooling) take_from_weight(layer.spec, weight->shape, unsaid);
    LayerShape shape{layer.spec, {1, std::max<std::int64_t>(layer.spec.groups, 1), 5, 5}, {}, {}};
    if (input) shape.input = input->shape;
    if (weight && !pooling) shape.weight = weight->shape;
    if (bias && !pooling) shape.bias_length = *element_count(bias->shape);
    refuse_problems(place, shape);

    const Layer fresh = input && weight ? Layer{} : new_layer(shape, false);
    layer.input = input ? make_tensor(*input, shape.input, reader) : fresh.input;
    layer.weight = weight ? make_tensor(*weight, weight->shape, reader) : fresh.weight;
    if (bias && !pooling) layer.bias = make_tensor(*bias, {1, *shape.bias_length, 1, 1}, reader);
    return layer;
}

Pane read_pane(const JsonValue& place, std::size_t layers, Reader& reader) {
    JsonObject object(place);
    Pane pane;
    if (const auto at = object.find("layer")) {
        pane.layer = static_cast<int>(whole_in(*at, 0, static_cast<std::int64_t>(layers) - 1));
    }
    if (const auto at = object.find("reading")) pane.reading = word_in<Reading>(*at);
    if (const auto at = object.find("title")) pane.title = at->text();
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

double read_finite(const JsonValue& place) {
    const double value = place.number();
    if (!std::isfinite(value)) place.fail("must be a finite number");
    return value;
}

Kernel read_kernel(const JsonValue& place, Reader& reader) {
    JsonObject object(place);
    Kernel kernel;
    kernel.rows = whole_in(object.need("rows"), 1, kMaxKernelSide);
    kernel.cols = whole_in(object.need("cols"), 1, kMaxKernelSide);
    const JsonValue weights = object.need("weights");
    for (const JsonValue& weight : list_in(weights)) kernel.weights.push_back(read_finite(weight));
    const auto count = static_cast<std::size_t>(kernel.rows * kernel.cols);
    if (kernel.weights.size() != count) {
        weights.fail(fmt::format("must be {} numbers, not {}", count, kernel.weights.size()));
    }
    if (const auto at = object.find("divisor")) {
        kernel.divisor = read_finite(*at);
        if (kernel.divisor == 0) at->fail("must not be 0");
    }
    if (const auto at = object.find("offset")) kernel.offset = read_finite(*at);
    object.warn_unknown(reader.warnings);
    return kernel;
}

FilterStep read_step(const JsonValue& place, Reader& reader) {
    JsonObject object(place);
    FilterStep step;
    const auto named = object.find("name");
    const auto kernel = object.find("kernel");
    if (named) step.name = named->text();
    if (kernel) {
        step.kernel = read_kernel(*kernel, reader);
    } else if (named) {
        try {
            step.kernel = parse_kernel(step.name);
        } catch (const KernelError& error) {
            named->fail(error.message);
        }
    }
    if (const auto at = object.find("border")) step.border = word_in<PadMode>(*at);
    if (const auto at = object.find("border_value")) step.border_value = read_finite(*at);
    if (const auto at = object.find("flip")) step.flip = at->flag();
    if (const auto at = object.find("stride")) step.stride = whole_in(*at, 1, kMaxKernelSide);
    if (const auto at = object.find("dilation")) step.dilation = whole_in(*at, 1, kMaxKernelSide);
    object.warn_unknown(reader.warnings);
    return step;
}

Photo read_photo(const JsonValue& place, Reader& reader) {
    JsonObject object(place);
    Photo photo;
    if (const auto at = object.find("path")) photo.path = at->text();
    if (const auto at = object.find("backend")) photo.backend = word_in<Backend>(*at);
    if (const auto at = object.find("chain")) {
        for (const JsonValue& step : list_in(*at)) photo.chain.push_back(read_step(step, reader));
    }
    object.warn_unknown(reader.warnings);
    return photo;
}

void check_version(JsonObject& object) {
    const JsonValue version = object.need("convlens");
    if (whole_in(version, 1, kExactWhole) > 1) {
        version.fail("the document is of a newer Convlens than this one, which reads version 1");
    }
}

}  // namespace

Document document_from_json(const json& value, const std::filesystem::path& blob_folder,
                            std::vector<std::string>* warnings, const std::string& path) {
    Reader reader{blob_folder, warnings, 0};
    JsonObject object{JsonValue(value, path)};
    check_version(object);
    Document document;
    if (const auto at = object.find("title")) document.title = at->text();
    if (const auto at = object.find("mode")) document.mode = word_in<Mode>(*at);
    if (const auto at = object.find("layers")) {
        for (const JsonValue& layer : list_in(*at)) document.layers.push_back(read_layer(layer, reader));
    }
    settle(document);  // where there is no layer, the panes' refer to the one it makes
    if (const auto at = object.find("panes")) {
        document.panes.clear();
        for (const JsonValue& pane : list_in(*at)) {
            document.panes.push_back(read_pane(pane, document.layers.size(), reader));
        }
    }
    if (const auto at = object.find("step_by")) document.step_by = word_in<StepBy>(*at);
    if (const auto at = object.find("edit_together")) document.edit_together = at->flag();
    if (const auto at = object.find("photo")) document.photo = read_photo(*at, reader);
    object.warn_unknown(warnings);
    settle(document);
    return document;
}

}  // namespace convlens
