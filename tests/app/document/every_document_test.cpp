// Everything that can get into a document is written and read again, bit by bit.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "app/document/chain.h"
#include "app/document/compare.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/document/titles.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/image/kernel_choice.h"
#include "core/io/error.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

using nlohmann::json;

// For each field by its name, whether it has been seen with another value than its default.
using Seen = std::map<std::string, bool>;

// A struct with one more field does not compile here until the field has its line: then the documents below must set it.
void see(const ConvSpec& spec, Seen& seen) {
    const ConvSpec normal;
    const auto& [op, kernel, stride, dilation, output_padding, pads, pad_rule, pad_mode, pad_value, output_size, anchor,
                 groups, out_channels, flip_kernel, ceil_mode, count_include_pad, divisor_override, dialect] = spec;
    seen["spec.op"] |= op != normal.op;
    seen["spec.kernel"] |= kernel.h != normal.kernel.h && kernel.w != normal.kernel.w && kernel.h != kernel.w;
    seen["spec.stride"] |= stride.h != stride.w && stride.h != 1;
    seen["spec.dilation"] |= dilation.h != dilation.w && dilation.h != 1;
    seen["spec.output_padding"] |= output_padding.h != output_padding.w;
    seen["spec.pads"] |= std::set{pads.top, pads.bottom, pads.left, pads.right}.size() == 4;
    seen["spec.pad_rule"] |= pad_rule != normal.pad_rule;
    seen["spec.pad_mode"] |= pad_mode != normal.pad_mode;
    seen["spec.pad_value"] |= pad_value != normal.pad_value;
    seen["spec.output_size"] |= output_size && output_size->h != output_size->w;
    seen["spec.anchor"] |= anchor && anchor->h != anchor->w;
    seen["spec.groups"] |= groups != normal.groups;
    seen["spec.out_channels"] |= out_channels != normal.out_channels;
    seen["spec.flip_kernel"] |= flip_kernel != normal.flip_kernel;
    seen["spec.ceil_mode"] |= ceil_mode != normal.ceil_mode;
    seen["spec.count_include_pad"] |= count_include_pad != normal.count_include_pad;
    seen["spec.divisor_override"] |= divisor_override.has_value();
    seen["spec.dialect"] |= dialect != normal.dialect;
}

void see(const FilterStep& step, Seen& seen) {
    const auto& [name, kernel, border, border_value, flip, stride, dilation] = step;
    const auto& [rows, cols, weights, divisor, offset] = kernel;
    seen["step.name"] |= name != FilterStep{}.name;
    seen["step.border"] |= border != FilterStep{}.border;
    seen["step.border_value"] |= border_value != 0;
    seen["step.flip"] |= flip;
    seen["step.stride"] |= stride != 1 && stride != dilation;
    seen["step.dilation"] |= dilation != 1;
    seen["kernel.rows"] |= rows != cols && weights.size() > 1;
    seen["kernel.divisor"] |= divisor != 1;
    seen["kernel.offset"] |= offset != 0;
}

void see(const Document& document, Seen& seen) {
    const auto& [title, workspace, layers, panes, step_by, edit_together, photo] = document;
    const auto& [path, content, chain, backend] = photo;
    seen["title"] |= !title.empty();
    seen["workspace"] |= workspace != Workspace::grid;
    seen["step_by"] |= step_by != StepBy::output;
    seen["edit_together"] |= !edit_together;
    seen["photo.path"] |= !path.empty();
    seen["photo.content"] |= !content.empty();
    seen["photo.backend"] |= backend != Backend::automatic;
    for (const Layer& layer : layers) {
        const auto& [name, spec, input, weight, bias] = layer;
        seen["layer.name"] |= !name.empty();
        seen["layer.source"] |= source_of(layer).value_or(0) > 0;
        seen["layer.tensors"] |= own_input(layer) && weight && bias;
        see(spec, seen);
    }
    for (const Pane& pane : panes) {
        const auto& [layer, view, reading, slice, pane_title] = pane;
        const auto& [n, c_out, c_in] = slice;
        seen["pane.layer"] |= layer != 0;
        seen["pane.view"] |= view != kPlanesView;
        seen["pane.reading"] |= reading == Reading::gather || reading == Reading::zero_inserted;
        seen["pane.title"] |= !pane_title.empty();
        seen["slice.n"] |= n != 0;
        seen["slice.c"] |= c_out > 0 && c_in > 0 && c_out != c_in;
    }
    for (const FilterStep& step : chain) see(step, seen);
}

// Any bit pattern now and then; else numbers with 17 digits, whole ones, the ends of the range.
double odd_number(Random& random) {
    constexpr std::array kEnds{0.0,
                               -0.0,
                               5e-324,
                               -2.2250738585072011e-308,
                               std::numeric_limits<double>::max(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN(),
                               9007199254740993.0,
                               -1e15};
    switch (random.from(0, 4)) {
        case 0: return kEnds[static_cast<std::size_t>(random.from(0, std::ssize(kEnds) - 1))];
        case 1:
            return std::bit_cast<double>(static_cast<std::uint64_t>(random.from(0, 0xffffffff)) << 32 |
                                         static_cast<std::uint64_t>(random.from(0, 0xffffffff)));
        case 2: return static_cast<double>(random.from(-9, 9));
        default: return random.real() / 3;
    }
}

double finite_number(Random& random) {
    while (true) {
        const double value = odd_number(random);
        if (std::abs(value) < 1e30) return value;
    }
}

std::string odd_text(Random& random) {
    constexpr std::array<std::string_view, 7> kTexts{
        "", "plain", "ü 中文 \"quoted\" \\", "a\nb\tc\x01", "\xff\xfe no UTF-8", "\xc3", "🙂"};
    std::string text(kTexts[static_cast<std::size_t>(random.from(0, 6))]);
    if (random.from(0, 9) == 0) text += '\0';
    return text;
}

template <typename Enum>
Enum any_of_names(Random& random) {
    const auto all = names<Enum>();
    return *from_name<Enum>(all[static_cast<std::size_t>(random.from(0, std::ssize(all) - 1))]);
}

std::optional<Size2> maybe_size(Random& random, std::int64_t low, std::int64_t high) {
    if (random.from(0, 3) != 0) return std::nullopt;
    return random.size(low, high);
}

// Settings and sizes that validate, whatever they are.
LayerShape any_shape(Random& random) {
    while (true) {
        LayerShape shape;
        ConvSpec& spec = shape.spec;
        spec.op = any_of_names<Op>(random);
        spec.kernel = random.size(1, 4);
        spec.stride = random.size(1, 3);
        spec.dilation = random.size(1, 3);
        if (random.coin()) spec.output_padding = random.size(0, 2);
        spec.pads = {random.from(-1, 4), random.from(-1, 4), random.from(-1, 4), random.from(-1, 4)};
        if (random.coin()) spec.pad_rule = any_of_names<PadRule>(random);
        if (random.coin()) spec.pad_mode = any_of_names<PadMode>(random);
        if (random.coin()) spec.pad_value = odd_number(random);
        spec.output_size = maybe_size(random, 3, 20);
        spec.anchor = maybe_size(random, 0, 2);
        const bool pooling = is_pooling(spec.op);
        spec.groups = pooling ? 1 : random.from(1, 3);
        spec.out_channels = pooling ? 1 : spec.groups * random.from(1, 4);
        spec.flip_kernel = random.coin();
        spec.ceil_mode = random.coin();
        spec.count_include_pad = random.coin();
        if (random.from(0, 3) == 0) spec.divisor_override = random.from(1, 7);
        if (random.coin()) spec.dialect = any_of_names<Dialect>(random);
        shape.input = {random.from(1, 2), spec.groups * random.from(1, 3), random.from(3, 9), random.from(3, 9)};
        if (validate(shape).empty()) return shape;
    }
}

TensorRef odd_tensor(Random& random, const Shape4& shape) {
    Tensor<double> values(shape);
    for (double& value : values.span()) value = odd_number(random);
    return TensorRef(std::move(values));
}

Layer& any_layer(Document& d, Random& r) {
    return d.layers[static_cast<std::size_t>(r.from(0, std::ssize(d.layers) - 1))];
}
Pane& any_pane(Document& d, Random& r) { return d.panes[static_cast<std::size_t>(r.from(0, std::ssize(d.panes) - 1))]; }

FilterStep any_step(Random& random) {
    FilterStep step;
    const auto& families = kernel_families();
    const KernelFamily& family = families[static_cast<std::size_t>(random.from(0, std::ssize(families) - 1))];
    KernelChoice choice{&family, {}};
    for (const KernelParameter& p : family.parameters) {
        const double most = std::min(p.most, 9.0);
        choice.values.push_back(p.integer ? static_cast<double>(random.from(static_cast<std::int64_t>(p.least),
                                                                            static_cast<std::int64_t>(most)))
                                          : p.least + std::abs(random.real()) / 4 * (most - p.least));
    }
    step = with_choice(step, choice, false);
    if (random.coin()) step = with_size(step, random.from(1, 5), random.from(1, 5));
    if (random.coin()) {
        Kernel kernel = step.kernel;
        for (double& weight : kernel.weights) weight = finite_number(random);
        kernel.divisor = static_cast<double>(random.from(1, 9)) / 7;
        kernel.offset = finite_number(random);
        step = with_kernel(step, kernel);
    }
    step.border = any_of_names<PadMode>(random);
    if (random.coin()) step.border_value = odd_number(random);
    step.flip = random.coin();
    step.stride = random.from(1, 9);
    step.dilation = random.from(1, 9);
    return step;
}

using DocumentEdit = std::function<void(Document&, Random&)>;

// What panels, menus and dropped files do to a document.
const std::vector<DocumentEdit>& edits() {
    static const std::vector<DocumentEdit> all{
        [](Document& d, Random& r) { any_layer(d, r) = new_layer(any_shape(r), r.coin()); },
        [](Document& d, Random& r) {
            Layer& layer = any_layer(d, r);
            layer = reshaped(layer, any_shape(r));
        },
        [](Document& d, Random& r) {
            Layer& layer = any_layer(d, r);
            layer.input = odd_tensor(r, input_shape(layer));
        },
        [](Document& d, Random& r) {
            Layer& layer = any_layer(d, r);
            layer.weight = odd_tensor(r, layer.weight->shape());
        },
        [](Document& d, Random& r) {
            Layer& layer = any_layer(d, r);
            if (!is_pooling(layer.spec.op)) layer.bias = odd_tensor(r, {1, layer.spec.out_channels, 1, 1});
        },
        [](Document& d, Random& r) {
            constexpr std::array kNames{"random", "ramp", "impulse", "ones", "zeros"};
            Layer& layer = any_layer(d, r);
            const auto seed = std::bit_cast<std::uint64_t>(odd_number(r));
            layer.input = generate({kNames[static_cast<std::size_t>(r.from(0, 4))], seed, r.from(-9, 0), r.from(0, 9)},
                                   input_shape(layer));
        },
        [](Document& d, Random& r) {
            if (can_compare(d)) add_comparison(d, 0, d.layers[static_cast<std::size_t>(d.panes[0].layer)].spec);
            (void)r;
        },
        [](Document& d, Random& r) {
            if (d.panes.size() > 1 && r.coin()) close_pane(d, d.panes.size() - 1);
        },
        [](Document& d, Random& r) {  // reads an earlier layer, from now on
            const auto last = std::ssize(d.layers) - 1;
            const auto source = static_cast<int>(r.from(0, last));
            const Layer& read = d.layers[static_cast<std::size_t>(source)];
            LayerShape shape = any_shape(r);
            shape.input = output_shape(read.spec, input_shape(read));
            if (!validate(shape).empty()) return;
            Layer layer = new_layer(shape, r.coin());
            layer.input = LayerOutput{source, shape.input};
            d.layers.push_back(std::move(layer));
            Pane pane;
            pane.layer = static_cast<int>(last + 1);
            d.panes.push_back(pane);
        },
        [](Document& d, Random& r) { any_layer(d, r).name = odd_text(r); },
        [](Document& d, Random& r) { any_pane(d, r).title = odd_text(r); },
        [](Document& d, Random& r) { any_pane(d, r).view = r.coin() ? "sweep" : odd_text(r); },
        [](Document& d, Random& r) { any_pane(d, r).reading = any_of_names<Reading>(r); },
        [](Document& d, Random& r) {
            any_pane(d, r).slice = {r.from(0, 2), r.from(0, 5), r.from(0, 5)};
        },
        [](Document& d, Random& r) { d.title = odd_text(r); },
        [](Document& d, Random& r) { d.workspace = any_of_names<Workspace>(r); },
        [](Document& d, Random& r) { d.step_by = any_of_names<StepBy>(r); },
        [](Document& d, Random& r) { d.edit_together = r.coin(); },
        [](Document& d, Random& r) { d.photo.path = odd_text(r); },
        [](Document& d, Random& r) { d.photo.content = r.coin() ? odd_text(r) : std::string(64, 'a'); },
        [](Document& d, Random& r) { d.photo.backend = any_of_names<Backend>(r); },
        [](Document& d, Random& r) { d.photo.chain.push_back(any_step(r)); },
        [](Document& d, Random& r) {
            if (d.photo.chain.size() > 3) d.photo.chain.erase(d.photo.chain.begin() + r.from(0, 2));
        },
    };
    return all;
}

Document any_document(std::uint64_t seed) {
    Random random(seed);
    Document document = first_document();
    for (std::int64_t count = random.from(5, 60); count > 0; --count) {
        const Document before = document;
        edits()[static_cast<std::size_t>(random.from(0, std::ssize(edits()) - 1))](document, random);
        try {
            settle(document);
            drop_changed_titles(before, document);
        } catch (const ChainError&) {
            document = before;  // all three as apply_edits() of the session does
        }
    }
    return document;
}

TEST(EveryDocument, ComesBackBitByBit) {
    Seen seen;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const Document document = any_document(seed);
        see(document, seen);
        const std::string text = to_json(document).dump();
        try {
            EXPECT_TRUE(document_from_json(json::parse(text), {}) == document) << "seed " << seed << "\n" << text;
        } catch (const FileError& error) {
            ADD_FAILURE() << "seed " << seed << ": " << error.what();
        }
        if (HasFailure()) break;
    }
    for (const auto& [field, was] : seen) EXPECT_TRUE(was) << field << " always stood at its default";
}

TEST(EveryDocument, IsTheSameAsItselfAndDiffersInEveryBit) {
    Document document = first_document();
    document.layers[0].spec.pad_value = std::nan("");
    document.photo.chain = {FilterStep{}};
    document.photo.chain[0].border_value = std::nan("");
    EXPECT_TRUE(document == Document(document));
    Document other = document;
    other.photo.chain[0].kernel.weights[0] = -0.0;
    document.photo.chain[0].kernel.weights[0] = 0.0;
    EXPECT_FALSE(other == document);
    Document third = document;
    document.layers[0].spec.pad_value = 0.0;
    third.layers[0].spec.pad_value = -0.0;
    EXPECT_FALSE(third == document);
}

// The words in files are promises to files of earlier versions: written here by hand, not by to_json().
TEST(EveryDocument, FilesHaveTheirWordsForGood) {
    const auto pane = [](const char* text) {
        const json value = json::parse(std::string(R"({"convlens": 1, "layers": [{"spec": {"op": "conv_transpose",
            "kernel": [2, 3], "groups": 2, "out_channels": 8}, "input": {"shape": [3, 6, 4, 5], "generator": {"name":
            "ramp"}}}], "panes": [)") + text +
                                       "]}");
        return document_from_json(value, {}).panes.at(0);
    };
    EXPECT_EQ(pane(R"({"slice": {"n": 2, "c_out": 5, "c_in": 1}})").slice, (Slice{2, 5, 1}));
    EXPECT_EQ(pane(R"({})").view, "planes");
    EXPECT_EQ(pane(R"({"view": "planes"})").view, "planes");
    EXPECT_EQ(pane(R"({"view": "of a later version"})").view, "of a later version");
    EXPECT_EQ(pane(R"({"view": ""})").view, "planes");
    EXPECT_EQ(pane(R"({"reading": "stamp"})").reading, Reading::stamp);
    EXPECT_EQ(pane(R"({"reading": "gather"})").reading, Reading::gather);
    EXPECT_EQ(pane(R"({"reading": "zero_inserted"})").reading, Reading::zero_inserted);
    const json written = to_json(document_from_json(json{{"convlens", 1}}, {}));
    EXPECT_FALSE(written["panes"][0].contains("view")) << "the first view is not written";
    for (const char* key : {"op", "kernel", "stride", "dilation", "output_padding", "pads", "pad_rule", "pad_mode",
                            "pad_value", "output_size", "anchor", "groups", "out_channels", "flip_kernel", "ceil_mode",
                            "count_include_pad", "divisor_override", "dialect"})
        EXPECT_TRUE(written["layers"][0]["spec"].contains(key)) << key;
}

TEST(EveryDocument, NanKernelsOfFormerVersionsOpenWithAWordAboutThem) {
    const auto read = [](const json& step, std::vector<Message>& warnings) {
        return document_from_json({{"convlens", 1}, {"photo", {{"path", "kept.png"}, {"chain", json::array({step})}}}},
                                  {}, &warnings);
    };
    json kernel{{"rows", 1}, {"cols", 3}, {"weights", {0.5, "nan", 2}}};
    std::vector<Message> warnings;
    Document document = read({{"name", "gaussian:sigma=1e-300"}, {"kernel", kernel}}, warnings);
    EXPECT_EQ(document.photo.path, "kept.png");
    EXPECT_EQ(document.photo.chain.at(0).kernel, make_kernel("gaussian", {{"sigma", 1e-300}}));
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_TRUE(english(warnings[0]).starts_with("photo.chain[0].kernel: ")) << english(warnings[0]);
    EXPECT_NE(english(warnings[0]).find("row 1, column 2"), std::string::npos) << english(warnings[0]);
    document = read({{"name", "custom"}, {"kernel", kernel}}, warnings);
    EXPECT_EQ(document.photo.chain.at(0), FilterStep{});

    warnings.clear();
    document = read({{"name", "gaussian:sigma=1e-300"}}, warnings);
    EXPECT_TRUE(warnings.empty());
    EXPECT_EQ(not_finite(document.photo.chain.at(0).kernel), std::nullopt);
}

}  // namespace
}  // namespace convlens
