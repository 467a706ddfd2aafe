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

// All tensors of a document together: half of what undo may hold.
constexpr std::int64_t kMostCells = std::int64_t{1} << 25;
constexpr std::int64_t kExactWhole = std::int64_t{1} << 53;

// What is read, and where blobs and warnings go.
struct Reader {
    std::filesystem::path blob_folder;
    std::vector<std::string>* warnings = nullptr;
    std::int64_t cells = 0;  // of the tensors so far
};

Pads read_pads(const JsonPlace& place) {
    if (!place.value().is_array() || place.value().size() == 2) {
        const Size2 pads = place.pair();
        return {pads.h, pads.h, pads.w, pads.w};
    }
    const std::vector<JsonPlace> sides = place.list();
    if (sides.size() != 4) place.refuse("must be one number, two or four (top, bottom, left, right)");
    const auto side = [&sides](std::size_t i) { return sides[i].whole(-kExactWhole, kExactWhole); };
    return {side(0), side(1), side(2), side(3)};
}

// What a spec's JSON leaves unsaid; the weight's shape then says it.
struct Unsaid {
    bool kernel = true;
    bool out_channels = true;
};

ConvSpec read_spec(const JsonPlace& place, Unsaid& unsaid, Reader& reader) {
    ConvSpec spec;
    JsonObject object(place);
    const auto pair = [&object](std::string_view key, Size2& to) {
        if (const auto at = object.find(key)) to = at->pair();
    };
    const auto word = [&object](std::string_view key, auto& to) {
        using Enum = std::remove_reference_t<decltype(to)>;
        if (const auto at = object.find(key)) to = at->template word<Enum>();
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
    if (const auto at = object.find("output_size")) spec.output_size = at->pair();
    if (const auto at = object.find("anchor")) spec.anchor = at->pair();
    if (const auto at = object.find("groups")) spec.groups = at->whole(-kExactWhole, kExactWhole);
    if (const auto at = object.find("out_channels")) spec.out_channels = at->whole(-kExactWhole, kExactWhole);
    flag("flip_kernel", spec.flip_kernel);
    flag("ceil_mode", spec.ceil_mode);
    flag("count_include_pad", spec.count_include_pad);
    if (const auto at = object.find("divisor_override")) {
        spec.divisor_override = at->whole(-kExactWhole, kExactWhole);
    }
    word("dialect", spec.dialect);
    object.warn_unknown(reader.warnings);
    return spec;
}

Generator read_generator(const JsonPlace& place, Reader& reader) {
    JsonObject object(place);
    Generator generator;
    const JsonPlace name = object.need("name");
    generator.name = name.text();
    if (!is_generator(generator.name)) name.refuse("\"" + generator.name + "\" makes no tensor; \"random\" does");
    if (const auto at = object.find("seed")) {
        const json& seed = at->value();
        generator.seed = seed.is_number_unsigned() ? seed.get<std::uint64_t>()
                                                   : static_cast<std::uint64_t>(at->whole(0, kExactWhole));
    }
    if (const auto at = object.find("low")) generator.low = at->whole(-kExactWhole, kExactWhole);
    if (const auto at = object.find("high")) generator.high = at->whole(-kExactWhole, kExactWhole);
    if (generator.low > generator.high) place.refuse("\"low\" is larger than \"high\"");
    object.warn_unknown(reader.warnings);
    return generator;
}

Shape4 read_shape(const JsonPlace& place) {
    const std::vector<JsonPlace> lengths = place.list();
    if (lengths.empty() || lengths.size() > 4) place.refuse("must have one to four lengths: [N, C, H, W]");
    std::array<std::int64_t, 4> nchw{1, 1, 1, 1};
    const std::size_t leading = 4 - lengths.size();
    for (std::size_t i = 0; i < lengths.size(); ++i) nchw[leading + i] = lengths[i].whole(1, kExactWhole);
    return {nchw[0], nchw[1], nchw[2], nchw[3]};
}

// A tensor whose shape is known and small enough, before its values are made.
struct TensorSource {
    JsonPlace place;
    Shape4 shape;
    std::optional<JsonPlace> data, generator, sha256;
};

std::optional<TensorSource> read_source(JsonObject& layer, std::string_view key, Reader& reader) {
    const auto place = layer.find(key);
    if (!place) return std::nullopt;
    JsonObject object(*place);
    const Shape4 shape = read_shape(object.need("shape"));
    const auto count = element_count(shape);
    if (!count || *count > kMostCells || (reader.cells += *count) > kMostCells) {
        place->refuse(
            fmt::format("{} is too large: a document holds at most {} numbers", to_string(shape), kMostCells));
    }
    TensorSource source{*place, shape, object.find("data"), object.find("generator"), object.find("sha256")};
    const int given = int{source.data.has_value()} + int{source.generator.has_value()} + int{source.sha256.has_value()};
    if (given != 1) place->refuse("must have one of \"data\", \"generator\", \"sha256\" beside its shape");
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
            source.sha256->refuse(error.what());
        }
    }
    const json& data = source.data->value();
    const auto count = static_cast<std::size_t>(*element_count(shape));
    if (!data.is_array() || data.size() != count) {
        source.data->refuse(fmt::format("must be a list of the {} numbers that {} has, not {}", count,
                                        to_string(source.shape),
                                        data.is_array() ? fmt::format("of {}", data.size()) : "something else"));
    }
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool number = data[i].is_number();
        values[i] =
            number ? data[i].get<double>() : JsonPlace(data[i], fmt::format("{}[{}]", source.data->path(), i)).number();
    }
    return TensorRef(Tensor<double>(shape, std::move(values)));
}

// A spec that says no kernel or no number of output channels has those of its weight.
void take_from_weight(ConvSpec& spec, const Shape4& weight, const Unsaid& unsaid) {
    if (unsaid.kernel) spec.kernel = weight.plane();
    if (unsaid.out_channels) spec.out_channels = spec.op == Op::conv_transpose ? weight.c * spec.groups : weight.n;
}

void refuse_problems(const JsonPlace& place, const LayerShape& shape) {
    const std::vector<Problem> problems = validate(shape);
    if (problems.empty()) return;
    std::string reason = problems.front().message;
    if (!problems.front().fixes.empty()) reason += " What would work: " + problems.front().fixes.front().text + ".";
    place.refuse(reason);
}

Layer read_layer(const JsonPlace& place, Reader& reader) {
    JsonObject object(place);
    Layer layer;
    if (const auto at = object.find("name")) layer.name = at->text();
    Unsaid unsaid;
    if (const auto at = object.find("spec")) layer.spec = read_spec(*at, unsaid, reader);
    const auto input = read_source(object, "input", reader);
    const auto weight = read_source(object, "weight", reader);
    const auto bias = read_source(object, "bias", reader);
    object.warn_unknown(reader.warnings);

    if (weight) take_from_weight(layer.spec, weight->shape, unsaid);
    LayerShape shape{layer.spec, {1, std::max<std::int64_t>(layer.spec.groups, 1), 5, 5}, {}, {}};
    if (input) shape.input = input->shape;
    if (weight) shape.weight = weight->shape;
    if (bias) shape.bias_length = *element_count(bias->shape);
    refuse_problems(place, shape);

    const Layer fresh = input && weight ? Layer{} : new_layer(shape, false);
    layer.input = input ? make_tensor(*input, shape.input, reader) : fresh.input;
    layer.weight = weight ? make_tensor(*weight, *shape.weight, reader) : fresh.weight;
    if (bias) layer.bias = make_tensor(*bias, {1, *shape.bias_length, 1, 1}, reader);
    return layer;
}

Pane read_pane(const JsonPlace& place, std::size_t layers, Reader& reader) {
    JsonObject object(place);
    Pane pane;
    if (const auto at = object.find("layer")) {
        pane.layer = static_cast<int>(at->whole(0, static_cast<std::int64_t>(layers) - 1));
    }
    if (const auto at = object.find("reading")) pane.reading = at->word<Reading>();
    if (const auto at = object.find("title")) pane.title = at->text();
    if (const auto at = object.find("slice")) {
        JsonObject slice(*at);
        for (const auto& [key, index] : {std::pair("n", &pane.slice.n), std::pair("c_out", &pane.slice.c_out),
                                         std::pair("c_in", &pane.slice.c_in)}) {
            if (const auto value = slice.find(key)) *index = value->whole(0, kExactWhole);
        }
        slice.warn_unknown(reader.warnings);
    }
    object.warn_unknown(reader.warnings);
    return pane;
}

double read_finite(const JsonPlace& place) {
    const double value = place.number();
    if (!std::isfinite(value)) place.refuse("must be a finite number");
    return value;
}

Kernel read_kernel(const JsonPlace& place, Reader& reader) {
    JsonObject object(place);
    Kernel kernel;
    kernel.rows = object.need("rows").whole(1, kMaxKernelSide);
    kernel.cols = object.need("cols").whole(1, kMaxKernelSide);
    const JsonPlace weights = object.need("weights");
    for (const JsonPlace& weight : weights.list()) kernel.weights.push_back(read_finite(weight));
    const auto count = static_cast<std::size_t>(kernel.rows * kernel.cols);
    if (kernel.weights.size() != count) {
        weights.refuse(fmt::format("must be {} numbers, not {}", count, kernel.weights.size()));
    }
    if (const auto at = object.find("divisor")) {
        kernel.divisor = read_finite(*at);
        if (kernel.divisor == 0) at->refuse("must not be 0");
    }
    if (const auto at = object.find("offset")) kernel.offset = read_finite(*at);
    object.warn_unknown(reader.warnings);
    return kernel;
}

FilterStep read_step(const JsonPlace& place, Reader& reader) {
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
            named->refuse(error.message);
        }
    }
    if (const auto at = object.find("border")) step.border = at->word<PadMode>();
    if (const auto at = object.find("border_value")) step.border_value = read_finite(*at);
    if (const auto at = object.find("flip")) step.flip = at->flag();
    if (const auto at = object.find("stride")) step.stride = at->whole(1, kMaxKernelSide);
    if (const auto at = object.find("dilation")) step.dilation = at->whole(1, kMaxKernelSide);
    object.warn_unknown(reader.warnings);
    return step;
}

Photo read_photo(const JsonPlace& place, Reader& reader) {
    JsonObject object(place);
    Photo photo;
    if (const auto at = object.find("path")) photo.path = at->text();
    if (const auto at = object.find("backend")) photo.backend = at->word<Backend>();
    if (const auto at = object.find("chain")) {
        for (const JsonPlace& step : at->list()) photo.chain.push_back(read_step(step, reader));
    }
    object.warn_unknown(reader.warnings);
    return photo;
}

void check_version(JsonObject& object) {
    const JsonPlace version = object.need("convlens");
    if (version.whole(1, kExactWhole) > 1) {
        version.refuse("the document is of a newer Convlens than this one, which reads version 1");
    }
}

}  // namespace

Document document_from_json(const json& value, const std::filesystem::path& blob_folder,
                            std::vector<std::string>* warnings) {
    Reader reader{blob_folder, warnings, 0};
    JsonObject object{JsonPlace(value)};
    check_version(object);
    Document document;
    if (const auto at = object.find("title")) document.title = at->text();
    if (const auto at = object.find("mode")) document.mode = at->word<Mode>();
    if (const auto at = object.find("layers")) {
        for (const JsonPlace& layer : at->list()) document.layers.push_back(read_layer(layer, reader));
    }
    settle(document);  // where there is no layer, the panes' refer to the one it makes
    if (const auto at = object.find("panes")) {
        document.panes.clear();
        for (const JsonPlace& pane : at->list()) {
            document.panes.push_back(read_pane(pane, document.layers.size(), reader));
        }
    }
    if (const auto at = object.find("step_by")) document.step_by = at->word<StepBy>();
    if (const auto at = object.find("photo")) document.photo = read_photo(*at, reader);
    object.warn_unknown(warnings);
    settle(document);
    return document;
}

}  // namespace convlens
