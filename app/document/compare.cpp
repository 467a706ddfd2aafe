#include "app/document/compare.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "app/document/chain.h"
#include "app/document/presets.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"
#include "core/conv/validate.h"

namespace convlens {

namespace {

using Group = Comparison::Group;

// A program's way of padding, and whether it flips the kernel.
struct ProgramRule {
    Key label;
    Key about;
    PadRule rule;
    Dialect dialect;
    enum class Kernel { as_is, flipped } kernel;
    std::optional<PadMode> border = {};  // where the program fills the padding with something else than the layer does
};
constexpr std::array<ProgramRule, 7> kPrograms{{
    {key("PyTorch padding='same'"), key("An odd cell of padding goes to the end; the kernel is not flipped."),
     PadRule::torch_same, Dialect::torch, ProgramRule::Kernel::as_is},
    {key("TensorFlow SAME"),
     key("The output size is input / stride, rounded up; an odd cell of padding goes to the end."), PadRule::tf_SAME,
     Dialect::tensorflow, ProgramRule::Kernel::as_is},
    {key("ONNX SAME_LOWER"), key("As SAME, but an odd cell of padding goes to the start."), PadRule::onnx_SAME_LOWER,
     Dialect::onnx, ProgramRule::Kernel::as_is},
    {key("MATLAB conv2 'same'"), key("The middle of the full convolution; the kernel is flipped."),
     PadRule::octave_same, Dialect::octave, ProgramRule::Kernel::flipped},
    {key("SciPy convolve2d 'same'"), key("As MATLAB's, but an even kernel starts one cell earlier."),
     PadRule::scipy_convolve2d_same, Dialect::scipy, ProgramRule::Kernel::flipped},
    {key("SciPy correlate2d 'same'"),
     key("Not convolve2d with the kernel flipped: an even kernel is anchored at another cell."),
     PadRule::scipy_correlate2d_same, Dialect::scipy, ProgramRule::Kernel::as_is},
    {key("OpenCV filter2D"),
     key("Cross-correlation with the anchor at ⌊k/2⌋; the padding mirrors the input (reflect), its default."),
     PadRule::opencv_anchor, Dialect::opencv, ProgramRule::Kernel::as_is, PadMode::reflect},
}};

struct Border {
    Key about;
    PadMode mode;
};
constexpr std::array<Border, 5> kBorders{{
    {key("0 0 | a b c: zeros around the input."), PadMode::zeros},
    {key("a a | a b c: the edge is repeated."), PadMode::replicate},
    {key("c b | a b c: mirrored, edge not repeated."), PadMode::reflect},
    {key("b a | a b c: mirrored, edge repeated."), PadMode::symmetric},
    {key("b c | a b c: wraps around."), PadMode::circular},
}};

// MATLAB's, SciPy's and OpenCV's functions slide by one cell, over one channel after the other, and pool nothing.
bool has_such_a_layer(const ProgramRule& program, const ConvSpec& spec) {
    if (program.dialect == Dialect::torch || program.dialect == Dialect::tensorflow || program.dialect == Dialect::onnx)
        return true;
    const bool zeros = spec.pad_mode == PadMode::zeros || program.dialect != Dialect::octave;
    const Size2 one{1, 1};
    return spec.op == Op::conv && spec.stride == one && spec.dilation == one && spec.groups == 1 && zeros;
}

bool possible(const Layer& layer, ConvSpec spec, Dialect dialect) {
    const auto valid = [&](Dialect rules) {
        spec.dialect = rules;
        return validate({spec, input_shape(layer), std::nullopt, std::nullopt}).empty();
    };
    return valid(dialect) && valid(layer.spec.dialect);
}

void add_kernels(std::vector<Comparison>& all, const Layer& layer) {
    if (is_pooling(layer.spec.op)) return;
    ConvSpec spec = layer.spec;
    spec.flip_kernel = !spec.flip_kernel;
    Message label = spec.flip_kernel ? msg("kernel flipped") : msg("kernel as is");
    if (spec.op == Op::conv) label = spec.flip_kernel ? msg("conv2: kernel flipped") : msg("xcorr2: kernel as is");
    all.push_back({Group::kernel, std::move(label), msg("The same weights, rotated by 180°."), spec});
}

void add_programs(std::vector<Comparison>& all, const Layer& layer) {
    for (const ProgramRule& program : kPrograms) {
        ConvSpec spec = layer.spec;
        spec.pad_rule = program.rule;
        if (spec.op == Op::conv) spec.pad_mode = program.border.value_or(spec.pad_mode);
        spec.anchor.reset();
        spec.output_size.reset();
        if (!is_pooling(spec.op)) spec.flip_kernel = program.kernel == ProgramRule::Kernel::flipped;
        if (spec == layer.spec || !has_such_a_layer(program, spec)) continue;
        if (!possible(layer, spec, program.dialect)) continue;
        all.push_back({Group::program, program.label, program.about, spec});
    }
}

Message border_text(PadMode mode) { return msg("border {mode}", "mode"_is(title(mode))); }

// Only where something stands around the input at all.
void add_borders(std::vector<Comparison>& all, const Layer& layer) {
    if (layer.spec.op != Op::conv) return;
    const Pads p = resolve_pads(layer.spec, input_shape(layer).plane());
    if (std::max({p.top, p.bottom, p.left, p.right}) <= 0) return;
    for (const Border& border : kBorders) {
        ConvSpec spec = layer.spec;
        spec.pad_mode = border.mode;
        if (spec == layer.spec || !possible(layer, spec, layer.spec.dialect)) continue;
        all.push_back({Group::border, border_text(border.mode), border.about, spec});
    }
}

const Layer& layer_of(const Document& document, const Pane& pane) {
    return document.layers[static_cast<std::size_t>(pane.layer)];
}

// Whether all layers that are shown have one row: then the columns' numbers alone are told.
bool shows_rows(const Document& document) {
    return std::ranges::all_of(document.panes,
                               [&](const Pane& pane) { return one_row(layer_shape(layer_of(document, pane))); });
}

Message pads_text(const Layer& layer, bool columns_alone) {
    if (const auto anchor = layer.spec.pad_rule == PadRule::opencv_anchor ? layer.spec.anchor : std::nullopt)
        return msg("anchor ({row}, {column})", "row"_is(anchor->h), "column"_is(anchor->w));  // on no program's place
    for (const ProgramRule& program : kPrograms)
        if (program.rule == layer.spec.pad_rule && layer.spec.pad_rule != PadRule::explicit_) return program.label;
    const auto padding = [](std::string sides) { return msg("padding {sides}", "sides"_is(std::move(sides))); };
    if (layer.spec.pad_rule != PadRule::explicit_) return padding(std::string(name(layer.spec.pad_rule)));
    const Pads& p = layer.spec.pads;
    if (columns_alone)
        return padding(p.left == p.right ? fmt::format("{}", p.left) : fmt::format("{}|{}", p.left, p.right));
    if (p == Pads::all(p.top)) return padding(fmt::format("{}", p.top));
    if (p.top == p.left && p.bottom == p.right) return padding(fmt::format("{}|{}", p.top, p.bottom));
    return padding(fmt::format("{}|{}, {}|{}", p.top, p.bottom, p.left, p.right));
}

Message op_text(const Layer& layer) { return verbatim(name(layer.spec.op)); }

// What MATLAB's conv2 and xcorr2 are: one plane and one kernel, at every position, and nothing added.
bool is_of_planes(const Layer& layer) {
    const ConvSpec& spec = layer.spec;
    const Shape4 in = input_shape(layer);
    return spec.op == Op::conv && in.n == 1 && in.c == 1 && spec.out_channels == 1 && spec.stride == Size2{1, 1} &&
           spec.dilation == Size2{1, 1} && !layer.bias;
}

Message kernel_text(const Layer& layer) {
    if (is_pooling(layer.spec.op)) return {};
    return layer.spec.flip_kernel ? msg("kernel flipped") : msg("kernel as is");
}

// The same by MATLAB's names, where every layer that is shown is what they mean.
Message kernel_words(const Document& document, const Layer& layer) {
    const bool planes =
        std::ranges::all_of(document.panes, [&](const Pane& pane) { return is_of_planes(layer_of(document, pane)); });
    if (!planes) return kernel_text(layer);
    return verbatim(layer.spec.flip_kernel ? "conv2" : "xcorr2");
}

// A setting as a title tells it, of a layer of one row by its columns' number alone. Layers with the same message are alike
// in it.
Message words_of(const Layer& layer, Field field, bool columns_alone) {
    const ConvSpec& spec = layer.spec;
    switch (field) {
        case Field::op: return op_text(layer);
        case Field::flip_kernel: return kernel_text(layer);
        case Field::padding: return pads_text(layer, columns_alone);
        case Field::pad_mode: return border_text(spec.pad_mode);
        case Field::output_padding:
            if (spec.output_size) return words_of(layer, Field::output_size, columns_alone);
            break;
        case Field::ceil_mode: return spec.ceil_mode ? msg("ceil_mode") : msg("rounded down");
        case Field::pad_value:
            if (spec.pad_mode != PadMode::constant) return {};
            break;
        case Field::divisor_override:
            if (!spec.divisor_override) return msg("no divisor_override");
            break;
        case Field::dialect: return msg("rules of {program}", "program"_is(value_text(layer_shape(layer), field)));
        case Field::bias: return layer.bias ? msg("with bias") : msg("no bias");
        default: break;
    }
    const Parameter& row = parameter(field);
    const LayerShape shape = layer_shape(layer);
    const bool columns = columns_alone && per_axis(row) && field != Field::input;
    return msg(
        "{setting} {value}", "setting"_is(row.name),
        "value"_is(columns ? verbatim(fmt::format("{}", shown_number(shape, field).w)) : value_text(shape, field)));
}

// What titles tell first, in this order. The padding's words are those of its rule and of its anchor, too; the output
// padding's those of the output size.
constexpr std::array kToldFirst{Field::op,     Field::flip_kernel, Field::padding,  Field::pad_mode,
                                Field::kernel, Field::stride,      Field::dilation, Field::output_padding,
                                Field::groups, Field::ceil_mode,   Field::bias,     Field::input};

constexpr std::array kReadings{key("sliding"), key("stamps"), key("gather"), key("zeros between")};

// Told with another setting.
constexpr std::array kToldWithOthers{Field::pad_rule, Field::anchor, Field::output_size};

// What is told where nothing of that differs: every other setting.
std::vector<Field> told_else() {
    std::vector<Field> fields;
    for (const Parameter& row : parameters()) {
        const bool told = std::ranges::find(kToldFirst, row.id) != kToldFirst.end() ||
                          std::ranges::find(kToldWithOthers, row.id) != kToldWithOthers.end();
        if (!told) fields.push_back(row.id);
    }
    return fields;
}

// What the setting line above a pane tells.
constexpr std::array kOnSettingLine{Field::op,       Field::padding,  Field::pad_mode,       Field::kernel,
                                    Field::stride,   Field::dilation, Field::output_padding, Field::groups,
                                    Field::ceil_mode};

bool on_setting_line(const Document& document, Field field) {
    if (field != Field::input) return std::ranges::find(kOnSettingLine, field) != kOnSettingLine.end();
    const auto channels = [&](const Pane& pane) {  // of which it tells nothing; of rows and columns it does
        const Shape4 in = input_shape(layer_of(document, pane));
        return std::pair(in.n, in.c);
    };
    return std::ranges::all_of(document.panes,
                               [&](const Pane& pane) { return channels(pane) == channels(document.panes.front()); });
}

// What tells this pane from the others, a few words each; beside its setting line not what that says.
std::vector<Message> distinctions(const Document& document, std::size_t pane, bool beside_settings) {
    std::vector<Message> found;
    const Layer& own = layer_of(document, document.panes[pane]);
    const bool columns_alone = shows_rows(document);
    const auto alike = [&](Field field) {
        const Message text = words_of(own, field, columns_alone);
        return std::ranges::all_of(document.panes, [&](const Pane& other) {
            return words_of(layer_of(document, other), field, columns_alone) == text;
        });
    };
    const bool same_op = alike(Field::op);  // else the kernel of one has no like in the other
    bool told = false;
    const auto tell = [&](Field field) {
        if (alike(field) || (field == Field::flip_kernel && !same_op)) return;
        told = true;
        if (beside_settings && on_setting_line(document, field)) return;
        const bool flip = field == Field::flip_kernel;
        const Message text = flip ? kernel_words(document, own) : words_of(own, field, columns_alone);
        if (!text.empty()) found.push_back(text);
    };
    for (const Field field : kToldFirst) tell(field);
    if (told) return found;
    for (const Field field : told_else()) tell(field);
    if (told) return found;
    // The settings are the same everywhere: what they work on, or how they are read, is not.
    const auto differ = [&](const auto& of) {
        return std::ranges::any_of(document.panes,
                                   [&](const Pane& other) { return !(of(other) == of(document.panes[pane])); });
    };
    if (differ([](const Pane& p) { return p.view; })) found.push_back(verbatim(document.panes[pane].view));
    if (differ([](const Pane& p) { return p.reading; }))
        found.emplace_back(kReadings[static_cast<std::size_t>(document.panes[pane].reading)]);
    if (differ([&](const Pane& p) { return layer_of(document, p).input; })) {
        const auto source = source_of(own);
        found.push_back(source ? msg("output of {layer} as input", "layer"_is(layer_title(document, *source)))
                               : msg("its own input"));
    }
    if (differ([&](const Pane& p) { return layer_of(document, p).weight; })) found.push_back(msg("its own weights"));
    return found;
}

// Whether a pane shows the layer, or a layer reads its output.
bool is_needed(const Document& document, int layer) {
    return std::ranges::any_of(document.panes, [layer](const Pane& pane) { return pane.layer == layer; }) ||
           std::ranges::any_of(document.layers, [layer](const Layer& other) { return source_of(other) == layer; });
}

// Precondition: nothing needs the layer.
void erase_layer(Document& document, int layer) {
    document.layers.erase(document.layers.begin() + layer);
    for (Pane& pane : document.panes)
        if (pane.layer > layer) --pane.layer;
    for (Layer& other : document.layers) {
        auto* const output = std::get_if<LayerOutput>(&other.input);
        if (output != nullptr && output->layer > layer) --output->layer;
    }
}

}  // namespace

std::vector<Comparison> comparisons(const Layer& layer) {
    std::vector<Comparison> all;
    all.push_back(
        {Group::copy, msg("an identical copy"), msg("The same layer again, to change yourself."), layer.spec});
    add_kernels(all, layer);
    add_programs(all, layer);
    add_borders(all, layer);
    return all;
}

bool can_compare(const Document& document) { return compare_refusal(document).empty(); }

Message compare_refusal(const Document& document) {
    if (document.panes.size() >= kMostPanes)
        return msg(
            "{count} panes are open, as many as stand side by side. Close one with its × or Shift+C, then "
            "compare again.",
            "count"_is(document.panes.size()));
    std::int64_t all = 0, largest = 0;
    for (const Layer& layer : document.layers) {
        const std::int64_t cells = kept_cells(layer);
        all += cells;
        largest = std::max(largest, cells);
    }
    if (all + largest <= kMaxDocumentCells) return {};
    return msg(
        "A copy of the layer would be more than the {limit} numbers that a document holds. Take a smaller input or "
        "fewer channels, then compare again.",
        "limit"_is(kMaxDocumentCells));
}

void add_comparison(Document& document, std::size_t pane, const ConvSpec& spec) {
    Pane& from = document.panes[pane];
    from.title.clear();
    Layer layer = layer_of(document, from);
    layer.spec = spec;
    layer.name.clear();
    Pane beside = from;
    beside.layer = static_cast<int>(document.layers.size());
    document.layers.push_back(std::move(layer));
    document.panes.insert(document.panes.begin() + static_cast<std::ptrdiff_t>(pane) + 1, std::move(beside));
}

void close_pane(Document& document, std::size_t pane) {
    const int layer = document.panes[pane].layer;
    document.panes.erase(document.panes.begin() + static_cast<std::ptrdiff_t>(pane));
    for (std::optional<int> unseen = layer; unseen && !is_needed(document, *unseen);) {
        const std::optional<int> source = source_of(document.layers[static_cast<std::size_t>(*unseen)]);
        erase_layer(document, *unseen);
        unseen = source;  // an earlier layer, whose index is still the same
    }
}

namespace {

// Whether each pane shows another layer, and one of these reads another's output.
bool shows_a_network(const Document& document) {
    std::vector<int> shown;
    for (const Pane& pane : document.panes) shown.push_back(pane.layer);
    std::ranges::sort(shown);
    if (std::ranges::adjacent_find(shown) != shown.end()) return false;
    return std::ranges::any_of(document.panes, [&](const Pane& pane) {
        const auto source = source_of(layer_of(document, pane));
        return source && std::ranges::binary_search(shown, *source);
    });
}

}  // namespace

namespace {

// A pane's own title, its layer's name in a network, or what tells it from the others; nothing where nothing does.
Message told_of_pane(const Document& document, std::size_t pane, bool beside_settings) {
    constexpr std::size_t kMostWords = 2;
    const Pane& shown = document.panes[pane];
    if (!shown.title.empty()) return title_words(shown.title);
    if (document.panes.size() < 2) return {};
    const Layer& layer = layer_of(document, shown);
    if (!layer.name.empty() && shows_a_network(document)) return verbatim(layer.name);
    std::vector<Message> words = distinctions(document, pane, beside_settings);
    if (words.size() > kMostWords) {
        words.resize(kMostWords);
        words.push_back(verbatim("…"));
    }
    return in_a_row(std::move(words));
}

Message numbered(std::size_t pane, Message title) {
    return msg("{number}: {title}", "number"_is(pane + 1), "title"_is(std::move(title)));
}

}  // namespace

Message pane_title(const Document& document, std::size_t pane) {
    Message told = told_of_pane(document, pane, false);
    if (document.panes.size() < 2) return told;
    if (!told.empty()) return numbered(pane, std::move(told));
    const Layer& layer = layer_of(document, document.panes[pane]);
    return numbered(pane, is_of_planes(layer) ? kernel_words(document, layer) : op_text(layer));
}

bool has_heading(const Document& document, std::size_t pane) { return !told_of_pane(document, pane, true).empty(); }

Message pane_heading(const Document& document, std::size_t pane) {
    Message told = told_of_pane(document, pane, true);
    if (document.panes.size() < 2) return told;
    return told.empty() ? verbatim(fmt::format("{}", pane + 1)) : numbered(pane, std::move(told));
}

SharedTensors shared_tensors(const Layer& a, const Layer& b) {
    return {a.input == b.input, a.weight == b.weight && !is_pooling(a.spec.op) && !is_pooling(b.spec.op),
            a.bias && b.bias && a.bias == b.bias};
}

}  // namespace convlens
