// Cases out of JSON.
#include <algorithm>
#include <array>
#include <span>
#include <type_traits>

#include <fmt/format.h>

#include "core/cases/cases.h"
#include "core/cases/kernel.h"
#include "core/conv/names.h"
#include "core/conv/parameters.h"
#include "core/conv/validate.h"
#include "core/io/json_value.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

template <typename Enum>
struct Named {
    std::string_view name;
    Enum value;
};

constexpr std::array<Named<CaseOp>, 10> kOps = {{
    {"conv", CaseOp::conv},
    {"conv_gradients", CaseOp::conv_gradients},
    {"conv_transpose", CaseOp::conv_transpose},
    {"conv_transpose_gradients", CaseOp::conv_transpose_gradients},
    {"kernel", CaseOp::kernel},
    {"overlap_count", CaseOp::overlap_count},
    {"plane", CaseOp::plane},
    {"pool", CaseOp::pool},
    {"sizes", CaseOp::sizes},
    {"unfold", CaseOp::unfold},
}};

constexpr std::array<Named<SampleType>, 4> kSampleTypes = {
    {{"f64", SampleType::f64}, {"f32", SampleType::f32}, {"u8", SampleType::u8}, {"s16", SampleType::s16}}};

// Keys of params beside those of the settings: one that is misspelt must not be passed over.
constexpr std::array<std::string_view, 5> kLayerParams = {"auto_pad", "delta", "in_type", "out_type", "rule"};
constexpr std::array<std::string_view, 2> kPoolParams = {"auto_pad", "kind"};

// Sets what a column of a `sizes` case is named after, on one axis, the rows'. The columns are the settings of the size
// formula by their words, the input's length as "in", ceil_mode, and the peer's answer as "out". False for any other.
bool set_column(SizeRow& row, std::string_view column, std::int64_t value) {
    ConvSpec& spec = row.layer.spec;
    if (column == "out") {
        row.out = value;
        return true;
    }
    if (column == parameter(Field::ceil_mode).word) {
        spec.op = Op::max_pool;
        spec.ceil_mode = value != 0;
        return true;
    }
    for (const Parameter& parameter : parameters()) {
        const std::string_view word = parameter.id == Field::input ? "in" : parameter.word;
        if (parameter.symbol.empty() || word != column) continue;
        if (!parameter.operations.contain(spec.op)) spec.op = Op::conv_transpose;
        set_number(row.layer, parameter.id, Axis::h, value);
        return true;
    }
    return false;
}

Dialect dialect_of(const std::string& source) {
    const std::string word = source.substr(0, source.find(' '));
    if (word == "onnxruntime") return Dialect::onnx;
    return from_name<Dialect>(word).value_or(Dialect::convlens);
}

// "zeros, constant, reflect"
template <typename Names>
Message in_words(const Names& names) {
    std::vector<Message> words;
    for (const std::string_view name : names) words.push_back(verbatim(name));
    return in_a_row(std::move(words));
}

template <typename Enum>
Enum enumerator(const JsonValue& value) {
    const std::string text = value.text();
    const std::optional<Enum> found = from_name<Enum>(text);
    if (!found)
        value.fail(msg("the name '{name}' is unknown; there are {names}", "name"_is(printable(text, kMostQuoted)),
                       "names"_is(in_words(names<Enum>()))));
    return *found;
}

std::vector<std::int64_t> whole_numbers(const JsonValue& value) {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < value.size(); ++i) numbers.push_back(value[i].whole());
    return numbers;
}

// [rows, columns], or one number for both.
Size2 pair(const JsonValue& value) {
    if (!value.is_array()) return {value.whole(), value.whole()};
    const std::vector<std::int64_t> numbers = whole_numbers(value);
    if (numbers.size() != 2)
        value.fail(msg("must be 2 numbers, [rows, columns]; it has {count}", "count"_is(numbers.size())));
    return {numbers[0], numbers[1]};
}

// [top, bottom, left, right], or one number for all.
Pads four_sides(const JsonValue& value) {
    if (!value.is_array()) return Pads::all(value.whole());
    const std::vector<std::int64_t> numbers = whole_numbers(value);
    if (numbers.size() != 4)
        value.fail(msg("must be 4 numbers, [top, bottom, left, right]; it has {count}", "count"_is(numbers.size())));
    return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

// The value of a setting, each type in its own way.
void read_value(const JsonValue& json, Size2& to) { to = pair(json); }
void read_value(const JsonValue& json, Pads& to) { to = four_sides(json); }
void read_value(const JsonValue& json, std::int64_t& to) { to = json.whole(); }
void read_value(const JsonValue& json, bool& to) { to = json.flag(); }
void read_value(const JsonValue& json, double& to) { to = json.number(); }
template <typename Enum>
requires std::is_enum_v<Enum>
void read_value(const JsonValue& json, Enum& to) { to = enumerator<Enum>(json); }

NumberArray number_array(const JsonValue& value) {
    NumberArray array;
    array.shape = whole_numbers(value["shape"]);
    const JsonValue data = value["data"];
    const auto found = static_cast<std::int64_t>(data.size());
    std::int64_t wanted = 1;
    for (const std::int64_t length : array.shape) {
        if (length < 0) value["shape"].fail(msg("a length cannot be {length}", "length"_is(length)));
        if (length > 0 && wanted > kMaxCells / length)
            value["shape"].fail(msg("holds more than {most} numbers", "most"_is(kMaxCells)));
        wanted *= length;
    }
    if (wanted != found)
        data.fail(plural("has {n} number, but its shape holds {wanted}",
                         "has {n} numbers, but its shape holds {wanted}", found, "wanted"_is(wanted)));
    array.data.reserve(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) array.data.push_back(data[i].number());
    return array;
}

// Numbers with up to four axes, missing ones leading.
Tensor<double> tensor(const JsonValue& value) {
    const NumberArray array = number_array(value);
    if (array.shape.size() > 4)
        value.fail(msg("has {count} axes; at most 4 are used: N, C, H, W", "count"_is(array.shape.size())));
    std::vector<std::int64_t> shape(4 - array.shape.size(), 1);
    shape.insert(shape.end(), array.shape.begin(), array.shape.end());
    return {{shape[0], shape[1], shape[2], shape[3]}, array.data};
}

// Params may have the settings that their kind of case knows, and `others`.
void check_keys(const JsonValue& params, bool pooling, std::span<const std::string_view> others) {
    if (!params.is_object()) params.fail(key("expected an object"));
    const auto known = [&] {
        std::vector<std::string_view> keys(others.begin(), others.end());
        for (const Parameter& parameter : parameters())
            if (parameter.in_case(pooling)) keys.push_back(parameter.case_key);
        std::ranges::sort(keys);
        return in_words(keys);
    };
    for (const auto& [key, value] : params.json().items()) {
        const bool setting = std::ranges::any_of(parameters(), [&](const Parameter& parameter) {
            return parameter.case_key == key && parameter.in_case(pooling);
        });
        if (!setting && std::ranges::find(others, key) == others.end())
            params.fail(msg("\"{key}\" is not a setting of a layer; there are {names}",
                            "key"_is(printable(key, kMostQuoted)), "names"_is(known())));
    }
}

void read_tensors(const JsonValue& json, Case& c) {
    c.input = tensor(json["input"]);
    c.layer.input = c.input.shape();
    if (json.has("weight")) {
        c.weight = tensor(json["weight"]);
        c.layer.weight = c.weight.shape();
    }
    if (json.has("bias")) {
        const NumberArray bias = number_array(json["bias"]);
        c.layer.bias_length = static_cast<std::int64_t>(bias.data.size());
        c.bias = Tensor<double>({1, *c.layer.bias_length, 1, 1}, bias.data);
    }
}

// The settings that params name. The kernel is the weight's where none is given.
void read_spec(const JsonValue& params, Case& c) {
    ConvSpec& spec = c.layer.spec;
    spec.kernel = c.layer.weight ? c.layer.weight->plane() : Size2{1, 1};
    for (const Parameter& parameter : parameters()) {
        if (parameter.case_key.empty() || !params.has(parameter.case_key)) continue;
        with_setting(spec, parameter, [&](auto& value) { read_value(params[parameter.case_key], given(value)); });
    }
    spec.dialect = dialect_of(c.source);
}

void read_auto_pad(const JsonValue& params, ConvSpec& spec) {
    if (params.has("auto_pad") && params["auto_pad"].text() != "none") {
        spec.pad_rule = enumerator<PadRule>(params["auto_pad"]);
        // NOTSET is ONNX's word for pads that are given, unless an output size chooses them.
        const bool given = spec.pad_rule == PadRule::onnx_NOTSET && !spec.output_size;
        if (params.has("pads") && !given)
            params["pads"].fail(key("given beside a rule that chooses them, \"auto_pad\""));
    } else if (params.json().contains("pads") && !params.has("pads")) {
        params["pads"].fail(key("null, but no rule chooses them: \"auto_pad\" is none"));
    }
}

void read_layer(const JsonValue& json, Case& c) {
    const JsonValue params = json["params"];
    check_keys(params, false, kLayerParams);
    read_tensors(json, c);
    read_spec(params, c);
    ConvSpec& spec = c.layer.spec;
    const bool transposed = c.op == CaseOp::conv_transpose || c.op == CaseOp::conv_transpose_gradients;
    if (transposed) spec.op = Op::conv_transpose;
    read_auto_pad(params, spec);
    if (c.op == CaseOp::overlap_count || c.op == CaseOp::unfold) {
        c.layer.weight.reset();  // they count windows, whatever the weights are
        return;
    }
    if (!c.layer.weight) json["weight"].fail(key("expected a tensor"));
    ConvSpec counted = spec;
    counted.groups = std::max<std::int64_t>(spec.groups, 1);  // too few groups are refused, and nothing else with them
    spec.out_channels = output_channels_of(counted, *c.layer.weight);
}

void read_pool(const JsonValue& json, Case& c) {
    const JsonValue params = json["params"];
    check_keys(params, true, kPoolParams);
    const std::string kind = params["kind"].text();
    if (kind != "max" && kind != "avg")
        params["kind"].fail(msg("expected max or avg, found '{kind}'", "kind"_is(printable(kind, kMostQuoted))));
    read_tensors(json, c);
    read_spec(params, c);
    ConvSpec& spec = c.layer.spec;
    spec.op = kind == "max" ? Op::max_pool : Op::avg_pool;
    spec.kernel = pair(params["kernel"]);  // which has to be given
    if (!params.has("stride")) spec.stride = spec.kernel;
    read_auto_pad(params, spec);
}

// The pads of a plane's rule, where the case leaves them open: "octave_full", "scipy_convolve2d_same", ...
void read_plane_rule(const JsonValue& params, const std::string& rule, ConvSpec& spec) {
    if (const auto named = from_name<PadRule>(rule)) {
        spec.pad_rule = *named;
    } else if (rule.ends_with("_full")) {
        spec.pad_rule = PadRule::full;
    } else if (rule.ends_with("_valid")) {
        spec.pad_rule = PadRule::valid;
    } else {
        params.fail(msg("neither \"pads\" nor a known \"rule\" says what the pads are (rule '{rule}')",
                        "rule"_is(printable(rule, kMostQuoted))));
    }
}

SampleType sample_type(const JsonValue& params, std::string_view key) {
    if (!params.has(key)) return SampleType::f64;
    const std::string text = params[key].text();
    for (const auto& [name, type] : kSampleTypes)
        if (name == text) return type;
    params[key].fail(msg("expected f64, f32, u8 or s16, found '{type}'", "type"_is(printable(text, kMostQuoted))));
}

// SciPy's 'valid' takes the larger of its operands as the input. Equal ones stay as they are.
bool swaps_operands(const std::string& rule, const Case& c) {
    const Size2 in = c.input.shape().plane();
    const Size2 kernel = c.weight.shape().plane();
    const bool valid = rule.starts_with("scipy_") && (rule.ends_with("_valid") || rule == "scipy_valid_swapped");
    return valid && kernel.h >= in.h && kernel.w >= in.w && kernel != in;
}

void read_plane(const JsonValue& json, Case& c) {
    const JsonValue params = json["params"];
    check_keys(params, false, kLayerParams);
    read_tensors(json, c);
    if (!c.layer.weight) json["weight"].fail(key("expected a tensor"));
    const std::string rule = params.has("rule") ? params["rule"].text() : "";
    c.swapped = swaps_operands(rule, c);
    if (c.swapped) {
        std::swap(c.input, c.weight);
        c.layer.input = c.input.shape();
        c.layer.weight = c.weight.shape();
    }
    read_spec(params, c);
    ConvSpec& spec = c.layer.spec;
    if (c.swapped) spec.kernel = c.weight.shape().plane();
    if (!params.has("pads") && !c.swapped) read_plane_rule(params, rule, spec);
    if (params.has("delta")) c.delta = params["delta"].number();
    c.in_type = sample_type(params, "in_type");
    c.out_type = sample_type(params, "out_type");
}

// A row of numbers under its columns' names.
SizeRow size_row(const JsonValue& columns, const JsonValue& row, Dialect dialect) {
    SizeRow read;
    read.layer.input = {1, 1, 1, 1};
    read.layer.spec.kernel = {1, 1};
    read.layer.spec.dialect = dialect;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string name = columns[i].text();
        if (!set_column(read, name, row[i].whole()))
            columns[i].fail(msg("the column '{name}' is unknown", "name"_is(printable(name, kMostQuoted))));
    }
    return read;
}

void read_sizes(const JsonValue& json, Case& c) {
    const JsonValue rows = json["rows"];
    const JsonValue columns = json["columns"];
    const Dialect dialect = dialect_of(c.source);
    for (std::size_t i = 0; i < rows.size(); ++i) c.sizes.push_back(size_row(columns, rows[i], dialect));
}

Case read_case(const JsonValue& json, const std::string& default_name) {
    Case c;
    c.name = json.has("name") ? json["name"].text() : default_name;
    if (json.has("source")) c.source = json["source"].text();
    c.op_name = json["op"].text();
    const auto op = std::find_if(kOps.begin(), kOps.end(), [&](const auto& named) { return named.name == c.op_name; });
    c.op = op == kOps.end() ? CaseOp::unknown : op->value;
    switch (c.op) {
        case CaseOp::conv:
        case CaseOp::conv_transpose:
        case CaseOp::overlap_count:
        case CaseOp::unfold: read_layer(json, c); break;
        case CaseOp::conv_gradients:
        case CaseOp::conv_transpose_gradients:
            read_layer(json, c);
            c.grad_output = tensor(json["grad_output"]);
            if (json.has("grad_input")) c.grad_input = number_array(json["grad_input"]);
            if (json.has("grad_weight")) c.grad_weight = number_array(json["grad_weight"]);
            if (json.has("grad_bias")) c.grad_bias = number_array(json["grad_bias"]);
            break;
        case CaseOp::plane: read_plane(json, c); break;
        case CaseOp::pool: read_pool(json, c); break;
        case CaseOp::sizes: read_sizes(json, c); break;
        case CaseOp::kernel: c.kernel = kernel_of_params(json["params"]); break;
        case CaseOp::unknown: return c;  // not computed, so not read
    }
    if (json.has("expect")) c.expect = number_array(json["expect"]);
    if (json.has("error")) c.error = json["error"]["kind"].text();
    if (json.has("tolerance")) c.tolerance = json["tolerance"].number();
    if (json.has("resolved_pads")) c.resolved_pads = four_sides(json["resolved_pads"]);
    if (json.has("resolved_output_padding")) c.resolved_output_padding = pair(json["resolved_output_padding"]);
    return c;
}

}  // namespace

std::vector<Case> parse_cases(const nlohmann::json& json, const std::string& path) {
    const JsonValue top(json, path);
    if (!top.is_object()) top.fail(key("is not a file of cases: expected an object"));
    if (top.has("convlens"))
        top.fail(key(
            "is a document, which holds no cases; `convlens render` draws it and `convlens info` tells its layers"));
    std::vector<Case> cases;
    if (!top.has("cases")) {
        cases.push_back(read_case(top, "case"));
        return cases;
    }
    const JsonValue list = top["cases"];
    for (std::size_t i = 0; i < list.size(); ++i) cases.push_back(read_case(list[i], fmt::format("cases[{}]", i)));
    return cases;
}

Message operation_names() {
    std::vector<std::string_view> operations;
    for (const auto& named : kOps) operations.push_back(named.name);
    return in_words(operations);
}

std::vector<Case> read_cases(const std::filesystem::path& path) { return parse_cases(read_json(path), path.string()); }

}  // namespace convlens
