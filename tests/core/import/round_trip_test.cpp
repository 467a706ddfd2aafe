// What emit writes is read back: as a layer that computes the same numbers, or with a note of what was not followed.
#include <array>

#include "core/codegen/emit.h"
#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/reference.h"
#include "tests/core/import/import_testing.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

struct Outcome {
    bool read = false;
    bool same = false;
    std::string why;  // not the same: the notes, or the error
};

// The imported layer's own output, where all of its numbers were told and it is possible.
std::optional<Tensor<double>> output_of(const ImportedLayer& imported) {
    const LayerShape& layer = imported.layer;
    const bool pooling = is_pooling(layer.spec.op);
    if (!imported.input || (!pooling && !imported.weight) || (imported.has_bias == true && !imported.bias)) return {};
    LayerShape ours = layer;
    ours.spec.dialect = Dialect::convlens;
    if (!validate(ours).empty()) return {};
    LayerData data;
    data.input = *imported.input;
    if (!pooling) data.weight = *imported.weight;
    if (imported.has_bias == true) data.bias = *imported.bias;
    return reference_forward(layer.spec, data);
}

Outcome read_back(const RandomLayer& layer, Framework framework) {
    Outcome outcome;
    ImportedLayer imported;
    try {
        imported = import_layer(emit_code(layer.spec, layer.data(), framework).text);
        outcome.read = true;
    } catch (const ImportError& error) {
        outcome.why = error.what();
        return outcome;
    }
    for (const Message& note : imported.notes) outcome.why += english(note) + "; ";
    for (const Problem& problem : validate(imported.layer)) outcome.why += english(problem.message) + "; ";
    const auto output = output_of(imported);
    if (!output) return outcome;
    const Tensor<double> wanted = reference_forward(layer.spec, layer.data());
    outcome.same = output->shape() == wanted.shape() &&
                   difference(*output, wanted, magnitude(layer.spec, layer.data()), 1e-9).empty();
    return outcome;
}

RandomLayer pooled(Random& random) {
    RandomLayer layer = random_layer(random, Op::conv);
    ConvSpec spec;
    spec.op = random.coin() ? Op::max_pool : Op::avg_pool;
    spec.kernel = random.size(1, 3);
    spec.stride = random.size(1, 3);
    spec.ceil_mode = random.coin();
    spec.count_include_pad = random.coin();
    spec.pads = {random.from(0, spec.kernel.h / 2), 0, random.from(0, spec.kernel.w / 2), 0};
    spec.pads.bottom = spec.pads.top;
    spec.pads.right = spec.pads.left;
    if (!validate({spec, layer.input.shape(), {}, {}}).empty()) return pooled(random);
    layer.spec = spec;
    layer.weight = {};
    layer.has_bias = false;
    return layer;
}

// How many of the 300 layers of a program come back with the same numbers, and how many are refused. Of the others:
// PyTorch  pads that crop away all of an input; averages that a kernel of ones sums
// TensorFlow, Keras  transposed layers with groups, which are loops; averages that are written out
// JAX      averages that are divided by a table
// ONNX     transposed layers whose result is padded or cut by other nodes
// MATLAB, SciPy, OpenCV  layers of more than one plane, which are loops, and pooling, which is written out
struct Expected {
    std::string_view program;
    int same, refused;
};
constexpr std::array kExpected{
    Expected{"torch", 294, 0}, Expected{"tf", 203, 14},   Expected{"keras", 199, 14}, Expected{"jax", 274, 0},
    Expected{"onnx", 192, 0},  Expected{"matlab", 3, 26}, Expected{"scipy", 3, 60},   Expected{"opencv", 3, 26},
};

// What a layer that does not come back is told by.
bool is_reason(std::string_view why) {
    static constexpr std::array<std::string_view, 7> kReasons{
        "left out",        "was not followed",        "is not told",   "is not understood",
        "crops the whole", "has no negative padding", "is not a layer"};
    return std::ranges::any_of(kReasons, [&](std::string_view reason) { return why.find(reason) != why.npos; });
}

class EmitAndImport : public testing::TestWithParam<std::string_view> {};

TEST_P(EmitAndImport, GivesTheSameNumbersOrSaysWhatItLeftOut) {
    Random random(11);
    const Framework framework = *from_name<Framework>(GetParam());
    int same = 0, refused = 0;
    constexpr int kLayers = 300;
    for (int i = 0; i < kLayers; ++i) {
        const RandomLayer layer = i % 5 == 4   ? pooled(random)
                                  : i % 2 == 0 ? random_layer(random, Op::conv)
                                               : random_layer(random, Op::conv_transpose);
        const Outcome outcome = read_back(layer, framework);
        same += outcome.same ? 1 : 0;
        refused += outcome.read ? 0 : 1;
        EXPECT_TRUE(!outcome.same || outcome.why.find("not followed") == std::string::npos) << outcome.why;
        ASSERT_TRUE(outcome.same || is_reason(outcome.why)) << layer.describe() << "\n"
                                                            << outcome.why << "\n"
                                                            << emit_code(layer.spec, layer.data(), framework).text;
    }
    const auto* const expected = std::ranges::find(kExpected, GetParam(), &Expected::program);
    ASSERT_NE(expected, kExpected.end());
    EXPECT_EQ(same, expected->same);
    EXPECT_EQ(refused, expected->refused);
}

// One kernel over one plane, as those programs have it: all of them come back.
RandomLayer filtered(Random& random, std::span<const PadRule> rules, bool modes) {
    RandomLayer layer;
    layer.spec.kernel = random.size(1, 4);
    layer.spec.flip_kernel = random.coin();
    layer.spec.pad_rule = rules[static_cast<std::size_t>(random.from(0, static_cast<std::int64_t>(rules.size()) - 1))];
    if (modes && random.coin()) layer.spec.pad_mode = random.coin() ? PadMode::symmetric : PadMode::zeros;
    layer.input = random.tensor({1, 1, random.from(4, 7), random.from(4, 7)});
    layer.weight = random.tensor({1, 1, layer.spec.kernel.h, layer.spec.kernel.w});
    return layer;
}

TEST(EmitAndImportPlanes, OfTheirOwnRulesComeBackExactly) {
    struct Program {
        Framework framework;
        std::vector<PadRule> rules;
    };
    const std::vector<Program> programs{
        {Framework::matlab, {PadRule::full, PadRule::valid, PadRule::octave_same}},
        {Framework::scipy, {PadRule::full, PadRule::valid, PadRule::scipy_convolve2d_same}},
        {Framework::opencv, {PadRule::opencv_anchor}},
    };
    for (const auto& [framework, rules] : programs) {
        Random random(5);
        int same = 0;
        for (int i = 0; i < 100; ++i) {
            const RandomLayer layer = filtered(random, rules, framework == Framework::opencv);
            const Outcome outcome = read_back(layer, framework);
            same += outcome.same ? 1 : 0;
            EXPECT_TRUE(outcome.same || !outcome.why.empty())
                << layer.describe() << "\n"
                << outcome.why << emit_code(layer.spec, layer.data(), framework).text;
        }
        EXPECT_EQ(same, 100) << title(framework);
    }
}

INSTANTIATE_TEST_SUITE_P(Programs, EmitAndImport, testing::ValuesIn(names<Framework>()),
                         [](const auto& framework) { return std::string(framework.param); });

}  // namespace
}  // namespace convlens
