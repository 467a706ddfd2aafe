// Layers of Keras 3. Its arrays are [N, H, W, C] unless data_format says "channels_first"; parameters in the order of
// keras.io/api/layers. Averages leave the padding out.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// Behind the * stands what every layer takes: of it only the input's shape matters.
// no words: names of arguments
#define CONVLENS_KERAS_CONV                                                                        \
    "activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer " \
    "activity_regularizer kernel_constraint bias_constraint * name dtype trainable input_shape "   \
    "batch_input_shape input_dim"
constexpr std::string_view kLeftOut =
    "activation kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint";

constexpr Signature kConv{
    "", "filters kernel_size strides padding data_format dilation_rate groups " CONVLENS_KERAS_CONV " weights",
    kLeftOut};
constexpr Signature kConvTranspose{
    "", "filters kernel_size strides padding output_padding data_format dilation_rate " CONVLENS_KERAS_CONV " weights",
    kLeftOut};
constexpr Signature kDepthwise{
    "",
    "kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias depthwise_initializer "
    "bias_initializer depthwise_regularizer bias_regularizer activity_regularizer depthwise_constraint "
    "bias_constraint * name dtype trainable input_shape batch_input_shape input_dim kernel_initializer "
    "kernel_regularizer kernel_constraint",
    "activation depthwise_regularizer bias_regularizer activity_regularizer depthwise_constraint bias_constraint "
    "kernel_initializer kernel_regularizer kernel_constraint"};
constexpr Signature kPool{
    "", "pool_size strides padding data_format * name dtype trainable input_shape batch_input_shape", ""};
#undef CONVLENS_KERAS_CONV

// causal is Conv1D's alone (keras.src.layers.convolutional.base_conv, standardize_padding); capitals do not count.
constexpr std::array kPadRules{
    Choice<PadRule>{"valid", PadRule::tf_VALID},
    Choice<PadRule>{"same", PadRule::tf_SAME},
    Choice<PadRule>{"causal", PadRule::causal},
};
constexpr std::array kFormats{Choice<bool>{"channels_last", false}, Choice<bool>{"channels_first", true}};

bool has(std::string_view name, std::string_view part) { return name.find(part) != std::string_view::npos; }
int axes_of(std::string_view name) { return has(name, "1D") ? 1 : 2; }

Draft draft_of(const Found& found, Op op) {
    Draft draft;
    draft.result.program = "Keras";
    draft.spec().op = op;
    draft.spec().dialect = Dialect::tensorflow;
    draft.spec().count_include_pad = false;
    if (axes_of(found.name) == 1) draft.h = 1;
    return draft;
}

Signature called(Signature signature, std::string_view name) {
    signature.function = name;
    return signature;
}

// Lengths of the input without its batch, [H, W, C] or [C, H, W]; None is not told.
void take_lengths(Draft& draft, std::vector<std::optional<std::int64_t>> lengths, int axes, bool channels_first) {
    if (lengths.size() != static_cast<std::size_t>(axes) + 1) {
        draft.note(plural("the input's shape has {n} length without the batch, not {expected}; it was left out",
                          "the input's shape has {n} lengths without the batch, not {expected}; it was left out",
                          std::ssize(lengths), "expected"_is(axes + 1)));
        return;
    }
    if (channels_first) std::rotate(lengths.begin(), lengths.begin() + 1, lengths.end());
    draft.c = lengths.back();
    draft.w = lengths[lengths.size() - 2];
    if (axes == 2) draft.h = lengths.front();
}

std::vector<std::optional<std::int64_t>> lengths_of(PastedText& text, const Node& node) {
    std::vector<std::optional<std::int64_t>> lengths;
    const Node list = resolved(text, node);
    for (const Node& item : list.items) {
        const auto value = number_of(text, item);
        if (value) refuse_too_large(text, item, *value, kLengthTooLarge);
        const bool told = value && *value == std::floor(*value);
        lengths.push_back(told ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt);
    }
    return lengths;
}

// Layers whose result has the input's shape, and what stands around layers.
constexpr std::string_view kShapeKeeping =
    "Input InputLayer Sequential Model ReLU LeakyReLU PReLU ELU Softmax Activation Identity Dropout SpatialDropout2D "
    "GaussianNoise GaussianDropout BatchNormalization LayerNormalization GroupNormalization UnitNormalization "
    "Normalization Rescaling RandomFlip RandomRotation RandomContrast RandomBrightness RandomTranslation RandomZoom";

// keras.Input(shape=(28, 28, 1)) in front of the layer, if no layer in between may change the shape.
std::optional<std::vector<std::optional<std::int64_t>>> input_in_front(const Found& found) {
    const auto& tokens = found.text.tokens();
    for (std::size_t i = found.token; i-- > 0;) {
        const std::string_view name = last_part(tokens[i].text);
        const bool pads = is_padding_module(name);
        const bool layer = tokens[i].is_name() && tokens[i + 1].is("(") && name.front() >= 'A' && name.front() <= 'Z';
        if (layer && !pads && !is_one_of(name, kShapeKeeping)) return {};
        if (!tokens[i].is_name() || !tokens[i + 1].is("(") || (name != "Input" && name != "InputLayer" && !pads))
            continue;
        const Node call = found.text.call_at(i);
        for (std::size_t k = 0; k < call.items.size(); ++k) {
            const std::string& keyword = call.keywords[k];
            if ((keyword.empty() && !pads) || keyword == "shape" || keyword == "input_shape")
                return lengths_of(found.text, call.items[k]);
        }
        if (!pads) return {};
    }
    return {};
}

// keras.backend.set_image_data_format("channels_first"), or Keras 1's set_image_dim_ordering("th"), in front of the layer.
bool is_channels_first_set(const Found& found) {
    const auto& tokens = found.text.tokens();
    for (std::size_t i = found.token; i-- > 0;) {
        const std::string_view name = last_part(tokens[i].text);
        const bool sets = name == "set_image_data_format" || name == "set_image_dim_ordering";
        if (!tokens[i].is_name() || !sets || !tokens[i + 1].is("(")) continue;
        const Node call = found.text.call_at(i);
        const Node word = call.items.empty() ? Node{} : resolved(found.text, call.items[0]);
        return word.text == "channels_first" || word.text == "th";
    }
    return false;
}

void take_shape(Draft& draft, const Found& found, const Node& call, const Arguments& arguments) {
    const int axes = axes_of(found.name);
    const bool first = arguments.choice<bool>("data_format", kFormats, is_channels_first_set(found));
    const std::string_view letters = axes == 1 ? (first ? "NCW" : "NWC") : (first ? "NCHW" : "NHWC");
    draft.result.axes = letters;
    const auto input = module_input(draft, found, call, letters);
    if (const Node* shape = arguments.given("input_shape")) {
        take_lengths(draft, lengths_of(found.text, *shape), axes, first);
    } else if (const Node* batched = arguments.given("batch_input_shape")) {
        auto lengths = lengths_of(found.text, *batched);
        if (!lengths.empty()) draft.n = lengths.front(), lengths.erase(lengths.begin());
        take_lengths(draft, lengths, axes, first);
    } else if (auto array = input; array && array->shape.size() == static_cast<std::size_t>(axes) + 2) {
        if (axes == 1) array->shape.insert(array->shape.begin() + (first ? 2 : 1), 1);
        take_input(draft, first ? *array : permuted(*array, "NHWC", "NCHW"));
    } else if (const auto front = input_in_front(found)) {
        take_lengths(draft, *front, axes, first);
    }
}

void take_steps(Draft& draft, const Arguments& arguments, int axes) {
    ConvSpec& spec = draft.spec();
    spec.stride = arguments.lengths(
        "strides", spec.op == Op::conv || spec.op == Op::conv_transpose ? Size2{1, 1} : spec.kernel, axes);
    const bool causal = arguments.function() == "Conv1D" || arguments.function() == "Convolution1D";
    const std::span<const Choice<PadRule>> rules(kPadRules.data(), causal ? 3 : 2);
    spec.pad_rule = arguments.choice<PadRule>("padding", rules, PadRule::tf_VALID, Case::any);
    if (spec.pad_rule == PadRule::causal) spec.dialect = Dialect::convlens;
}

// Both refused by Conv1D, Conv2D and their transposes (base_conv.py, base_conv_transpose.py).
void note_steps(Draft& draft, const Arguments& arguments) {
    const ConvSpec& spec = draft.spec();
    const bool strided = spec.stride.h > 1 || spec.stride.w > 1;
    if (!strided || (spec.dilation.h <= 1 && spec.dilation.w <= 1)) return;
    draft.note(msg("{layer} rejects strides above 1 beside a dilation_rate above 1; tf.nn.{function} accepts both",
                   "layer"_is(arguments.function()),
                   "function"_is(spec.op == Op::conv ? "conv2d" : "conv2d_transpose")));
}

// Keras: with an output padding, of 0 too, the output is (H-1)s + E + op, less 2 floor(E/2) for "same"
// (keras.src.backend, compute_conv_transpose_output_shape). A ConvSpec takes 0 for none, so the size is told it.
void take_output_padding(ImportedLayer& imported) {
    ConvSpec& spec = imported.layer.spec;
    const auto too_much = [](std::int64_t op, std::int64_t stride) { return op < 0 || (op > 0 && op >= stride); };
    const bool refused =
        too_much(spec.output_padding.h, spec.stride.h) || too_much(spec.output_padding.w, spec.stride.w);
    if (refused || (spec.output_padding.h != 0 && spec.output_padding.w != 0)) return;  // validate() speaks of it
    const auto length = [&](std::int64_t input, std::int64_t kernel, std::int64_t stride, std::int64_t dilation,
                            std::int64_t op) {
        const std::int64_t reach = product(dilation, kernel - 1);
        if (std::abs(reach) > std::int64_t{1} << 60 || std::abs(product(input - 1, stride)) > std::int64_t{1} << 60)
            return std::int64_t{0};
        return product(input - 1, stride) + reach + 1 + op -
               (spec.pad_rule == PadRule::tf_SAME ? (reach + 1) / 2 * 2 : 0);
    };
    const Shape4& in = imported.layer.input;
    spec.output_size = Size2{length(in.h, spec.kernel.h, spec.stride.h, spec.dilation.h, spec.output_padding.h),
                             length(in.w, spec.kernel.w, spec.stride.w, spec.dilation.w, spec.output_padding.w)};
    spec.output_padding = {0, 0};  // the size has it
    imported.notes.push_back(
        msg("output_padding of 0 is another size than none in Keras; for this input it is {height}×{width}",
            "height"_is(spec.output_size->h), "width"_is(spec.output_size->w)));
}

// Kernels are [H, W, C_in/groups, C_out], those of a transposed layer [H, W, C_out, C_in].
// They are given by layer.set_weights([kernel, bias]), or as Keras 2's argument weights=[kernel, bias]. True where a bias
// is, and its numbers are not read.
bool take_set_weights(Draft& draft, const Found& found, const Arguments& arguments) {
    const std::string variable = layer_variable(found.text, found.token);
    const Node* own = arguments.given("weights");
    const auto given = own                ? std::optional(*own)
                       : variable.empty() ? std::nullopt
                                          : given_to(found, variable + ".set_weights");
    const auto list = given ? std::optional(resolved(found.text, *given)) : std::nullopt;
    if (!list || list->kind != Node::Kind::list || list->items.empty() || axes_of(found.name) == 1) {
        if (own)
            draft.note(
                msg("weights of {layer} makes numbers that are not read; others were taken", "layer"_is(found.name)));
        return false;
    }
    const bool transposed = draft.spec().op == Op::conv_transpose;
    const auto kernel = taken_weight(draft, traced(found.text, list->items[0], transposed ? "HWOI" : "HWIO"),
                                     msg("the kernel of {layer}", "layer"_is(found.name)));
    if (kernel && kernel->shape.size() == 4)
        take_weight(draft, transposed ? permuted(*kernel, "HWOI", "IOHW") : permuted(*kernel, "HWIO", "OIHW"));
    const auto bias = list->items.size() > 1 ? array_of(found.text, list->items[1]) : std::nullopt;
    const bool told = bias && bias->data;
    if (told) take_bias(draft, *bias);
    const bool all = kernel && (told || list->items.size() == 1);
    if (own && !(all && kernel->data))
        draft.note(
            msg("the numbers of weights of {layer} are not all read; others were taken", "layer"_is(found.name)));
    if (all && !own) found.text.take_statement(given->scope);
    return list->items.size() > 1 && !told;
}

// Keras 1's Convolution2D(filters, rows, columns, border_mode=..., subsample=...), as a call of today's. Of today's, whose
// third argument is the strides, it is an old name that nobody writes in that way.
void take_keras_1(Draft& draft, const Found& found, Node& call) {
    if (!found.name.starts_with("Convolution")) return;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNames{{{"border_mode", "padding"},
                                                                                   {"subsample", "strides"},
                                                                                   {"nb_filter", "filters"},
                                                                                   {"filter_length", "kernel_size"},
                                                                                   {"init", "kernel_initializer"},
                                                                                   {"bias", "use_bias"}}};
    for (std::string& keyword : call.keywords) {
        const auto* const known = std::ranges::find(kNames, keyword, [](const auto& name) { return name.first; });
        if (known != kNames.end()) keyword = known->second;
    }
    const auto is_side = [&](std::size_t at) {
        return call.keywords[at].empty() && number_of(found.text, call.items[at]).has_value();
    };
    if (found.name != "Convolution2D" || call.items.size() < 3 || !is_side(1) || !is_side(2)) return;
    Node kernel = call.items[1];
    kernel.kind = Node::Kind::list;
    kernel.items = {call.items[1], call.items[2]};
    kernel.keywords = {"", ""};
    call.items[1] = std::move(kernel);
    call.items.erase(call.items.begin() + 2);
    call.keywords.erase(call.keywords.begin() + 2);
    draft.note(
        key("Convolution2D was taken to be Keras 1's, where the rows and columns of the kernel follow the filters"));
}

ImportedLayer read_conv(const Found& found) {
    const int axes = axes_of(found.name);
    const bool transposed = has(found.name, "Transpose");
    Draft draft = draft_of(found, transposed ? Op::conv_transpose : Op::conv);
    Node call = found.text.call_at(found.token);
    take_keras_1(draft, found, call);
    const Arguments arguments(found.text, call, called(transposed ? kConvTranspose : kConv, found.name),
                              draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("filters", "16");
    spec.out_channels = arguments.whole("filters", 1);
    arguments.required("kernel_size", "3");
    spec.kernel = arguments.lengths("kernel_size", {3, 3}, axes);
    take_steps(draft, arguments, axes);
    spec.dilation = arguments.lengths("dilation_rate", {1, 1}, axes);
    note_steps(draft, arguments);
    if (!transposed) spec.groups = arguments.whole("groups", 1);
    draft.result.has_bias = arguments.flag("use_bias", true);
    take_shape(draft, found, call, arguments);
    const bool bias_unread = take_set_weights(draft, found, arguments);
    if (transposed) spec.output_padding = arguments.lengths("output_padding", {0, 0}, axes, 0);
    const bool sized = transposed && arguments.given("output_padding");
    ImportedLayer layer = finished(std::move(draft));
    if (sized) take_output_padding(layer);
    take_initializers(found.text, arguments, layer,
                      {.kernel = "kernel_initializer", .bias = "bias_initializer", .bias_unread = bias_unread});
    return layer;
}

ImportedLayer read_depthwise(const Found& found) {
    const int axes = axes_of(found.name);
    Draft draft = draft_of(found, Op::conv);
    draft.usual_channels = 3;  // of one channel there would be nothing to see
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, called(kDepthwise, found.name), draft.result.notes);
    ConvSpec& spec = draft.spec();
    arguments.required("kernel_size", "3");
    spec.kernel = arguments.lengths("kernel_size", {3, 3}, axes);
    take_steps(draft, arguments, axes);
    spec.dilation = arguments.lengths("dilation_rate", {1, 1}, axes);
    draft.result.has_bias = arguments.flag("use_bias", true);
    const std::int64_t multiplier = arguments.whole("depth_multiplier", 1);
    take_shape(draft, found, call, arguments);
    spec.groups = draft.c.value_or(draft.usual_channels);
    spec.out_channels = channels_of(spec.groups, multiplier);
    ImportedLayer layer = finished(std::move(draft));
    take_initializers(found.text, arguments, layer, {.kernel = "depthwise_initializer", .bias = "bias_initializer"});
    return layer;
}

ImportedLayer read_pool(const Found& found) {
    const int axes = axes_of(found.name);
    Draft draft = draft_of(found, has(found.name, "Max") ? Op::max_pool : Op::avg_pool);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, called(kPool, found.name), draft.result.notes);
    draft.spec().kernel = arguments.lengths("pool_size", {axes == 1 ? 1 : 2, 2}, axes);
    take_steps(draft, arguments, axes);
    take_shape(draft, found, call, arguments);
    return finished(std::move(draft));
}

constexpr std::string_view kModules = "- layers keras tf convolutional pooling";

constexpr std::array kFunctions{
    KnownFunction{"Conv2D", kModules, read_conv},
    KnownFunction{"Conv1D", kModules, read_conv},
    KnownFunction{"Convolution2D", kModules, read_conv},
    KnownFunction{"Convolution1D", kModules, read_conv},
    KnownFunction{"Conv2DTranspose", kModules, read_conv},
    KnownFunction{"Conv1DTranspose", kModules, read_conv},
    KnownFunction{"DepthwiseConv2D", kModules, read_depthwise},
    KnownFunction{"DepthwiseConv1D", kModules, read_depthwise},
    KnownFunction{"MaxPooling2D", kModules, read_pool},
    KnownFunction{"MaxPooling1D", kModules, read_pool},
    KnownFunction{"MaxPool2D", kModules, read_pool},
    KnownFunction{"MaxPool1D", kModules, read_pool},
    KnownFunction{"AveragePooling2D", kModules, read_pool},
    KnownFunction{"AveragePooling1D", kModules, read_pool},
    KnownFunction{"AvgPool2D", kModules, read_pool},
    KnownFunction{"AvgPool1D", kModules, read_pool},
};

}  // namespace

std::span<const KnownFunction> keras_functions() { return kFunctions; }

}  // namespace convlens::pasted
