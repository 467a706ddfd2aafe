// Every refusal comes with a way out, whatever was typed: settings drawn at random, seeded, most of them impossible.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <random>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/names.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/forward.h"

namespace convlens {
namespace {

constexpr int kSettings = 20'000;
constexpr int kWildSettings = 250;  // many faults each, so they take longer

class Draw {
public:
    explicit Draw(std::uint32_t seed) : random_(seed) {}

    std::int64_t between(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
    }
    bool one_in(int n) { return between(1, n) == 1; }
    Size2 size(std::int64_t least, std::int64_t most) {
        if (one_in(2)) return {between(least, most), between(least, most)};
        const std::int64_t both = between(least, most);
        return {both, both};
    }
    template <typename Enum>
    Enum any() {
        return static_cast<Enum>(between(0, static_cast<std::int64_t>(names<Enum>().size()) - 1));
    }

private:
    std::mt19937 random_;
};

Pads pads(Draw& draw, std::int64_t least, std::int64_t most) {
    if (draw.one_in(3)) {
        return {draw.between(least, most), draw.between(least, most), draw.between(least, most),
                draw.between(least, most)};
    }
    const Size2 p = draw.size(least, most);
    return {p.h, p.h, p.w, p.w};
}

// Settings as people type them: small numbers, now and then a wrong one.
LayerShape small_layer(Draw& draw) {
    LayerShape layer;
    ConvSpec& spec = layer.spec;
    spec.op = draw.any<Op>();
    spec.ceil_mode = draw.one_in(2);
    spec.count_include_pad = draw.one_in(2);
    if (draw.one_in(4)) spec.divisor_override = draw.between(0, 3);
    spec.flip_kernel = draw.one_in(3);
    spec.dialect = draw.one_in(2) ? Dialect::convlens : draw.any<Dialect>();
    spec.pad_rule = draw.one_in(2) ? PadRule::explicit_ : draw.any<PadRule>();
    spec.pad_mode = draw.one_in(3) ? draw.any<PadMode>() : PadMode::zeros;
    const Size2 plane = draw.size(draw.one_in(8) ? 0 : 1, 9);
    layer.input = {draw.between(draw.one_in(20) ? 0 : 1, 2), draw.between(draw.one_in(20) ? 0 : 1, 6), plane.h,
                   plane.w};
    spec.kernel = draw.size(draw.one_in(8) ? 0 : 1, 6);
    spec.stride = draw.size(draw.one_in(8) ? -1 : 1, 3);
    spec.dilation = draw.size(draw.one_in(8) ? 0 : 1, 3);
    spec.pads = pads(draw, draw.one_in(4) ? -3 : 0, 4);
    spec.output_padding = draw.size(draw.one_in(8) ? -1 : 0, draw.one_in(2) ? 0 : 3);
    if (draw.one_in(5)) spec.output_size = draw.size(draw.one_in(8) ? 0 : 1, 14);
    if (draw.one_in(5)) spec.anchor = draw.size(draw.one_in(4) ? -1 : 0, 3);
    spec.groups = draw.one_in(3) ? draw.between(0, 4) : 1;
    spec.out_channels = draw.between(draw.one_in(20) ? 0 : 1, 6);
    if (draw.one_in(5))
        layer.weight = Shape4{draw.between(1, 4), draw.between(1, 3), spec.kernel.h, draw.between(1, 4)};
    if (draw.one_in(5)) layer.bias_length = draw.between(1, 4);
    return layer;
}

// Numbers of any size in any field.
LayerShape wild_layer(Draw& draw) {
    LayerShape layer = small_layer(draw);
    ConvSpec& spec = layer.spec;
    layer.weight.reset();
    const auto wild = [&draw](std::int64_t& field) {
        if (!draw.one_in(4)) return;
        const std::int64_t value = std::int64_t{1} << draw.between(3, 62);
        field = draw.one_in(4) ? -value : value;
    };
    for (std::int64_t* field : {&layer.input.n, &layer.input.c, &layer.input.h, &layer.input.w, &spec.kernel.h,
                                &spec.kernel.w, &spec.stride.h, &spec.stride.w, &spec.dilation.h, &spec.dilation.w,
                                &spec.pads.top, &spec.pads.bottom, &spec.pads.left, &spec.pads.right,
                                &spec.output_padding.h, &spec.output_padding.w, &spec.groups, &spec.out_channels}) {
        wild(*field);
    }
    return layer;
}

std::string described(const LayerShape& layer) {
    std::string text;
    for (const Change& change : changes(LayerShape{}, layer))
        text += english(change.name) + " " + english(change.value) + ", ";
    return text + std::string(name(layer.spec.dialect));
}

void for_each_setting(int count, LayerShape (*draw_layer)(Draw&), const std::function<void(const LayerShape&)>& check) {
    Draw draw(20240607);
    for (int i = 0; i < count; ++i) {
        const LayerShape layer = draw_layer(draw);
        SCOPED_TRACE(described(layer));
        check(layer);
        if (testing::Test::HasFailure()) return;  // one is enough to look at
    }
}

// The numbers that a fix has changed, each as the adjustment that turns it back.
struct Turned {
    Adjustment adjustment;
    Axes axes;
    std::int64_t from;
    std::int64_t to;
};

std::vector<Turned> turned(const LayerShape& before, const LayerShape& after) {
    using Way = Adjustment::Way;
    const auto numbers = std::to_array<Adjustment>({Field::batch,
                                                    Field::in_channels,
                                                    Field::input,
                                                    Field::kernel,
                                                    Field::stride,
                                                    Field::dilation,
                                                    Field::padding,
                                                    {Field::padding, Way::before},
                                                    {Field::padding, Way::after},
                                                    Field::output_padding,
                                                    Field::output_size,
                                                    Field::groups,
                                                    Field::out_channels,
                                                    Field::anchor});
    constexpr Axes kRows{true, false};
    constexpr Axes kColumns{false, true};
    std::vector<Turned> all;
    const auto note = [&](const Adjustment& adjustment, Axes axes) {
        const auto from = value_of(before, adjustment, axes);
        const auto to = value_of(after, adjustment, axes);
        if (adjustment.one_end() && !ends_differ(before, axes)) return;  // they are turned together
        if (from && to && *from != *to) all.push_back({adjustment, axes, *from, *to});
    };
    for (const Adjustment& adjustment : numbers) {
        const auto alike = [&](const LayerShape& l) {
            return value_of(l, adjustment, kRows) == value_of(l, adjustment, kColumns);
        };
        if (!per_axis(adjustment) || (alike(before) && alike(after))) {
            note(adjustment, {});
        } else {
            note(adjustment, kRows);
            note(adjustment, kColumns);
        }
    }
    return all;
}

TEST(Fixes, EveryRefusalOfASmallLayerHasSomeThatValidateCleanTheSmallestChangeFirst) {
    for_each_setting(kSettings, small_layer, [](const LayerShape& layer) {
        for (const Problem& problem : validate(layer)) {
            EXPECT_FALSE(problem.message.empty()) << name(problem.kind);
            EXPECT_FALSE(problem.fixes.empty()) << english(problem.message);
            double before = 0;
            for (const Fix& fix : problem.fixes) {
                const double size = size_of_change(layer, fix.after);
                EXPECT_GE(size, before) << english(fix.text);
                before = size;
                EXPECT_TRUE(validate(fix.after).empty()) << english(problem.message) << ": " << english(fix.text);
                EXPECT_NE(fix.after, layer);
                EXPECT_FALSE(fix.text.empty());
            }
        }
    });
}

// A fix once took the flip of the kernel off, and did not say so.
TEST(Fixes, LeaveWhatNoRuleRefuses) {
    for_each_setting(kSettings, small_layer, [](const LayerShape& drawn) {
        LayerShape layer = drawn;
        layer.spec.pad_value = 0.5;
        for (const Problem& problem : validate(layer)) {
            for (const Fix& fix : problem.fixes) {
                EXPECT_EQ(fix.after.spec.flip_kernel, layer.spec.flip_kernel) << english(fix.text);
                EXPECT_EQ(fix.after.spec.pad_value, layer.spec.pad_value) << english(fix.text);
                EXPECT_EQ(fix.after.spec.dialect, layer.spec.dialect) << english(fix.text);
            }
        }
    });
}

TEST(Fixes, EveryRefusalOfAWildLayerHasSomeThatValidateClean) {
    for_each_setting(kWildSettings, wild_layer, [](const LayerShape& layer) {
        for (const Problem& problem : validate(layer)) {
            EXPECT_FALSE(problem.message.empty()) << name(problem.kind);
            EXPECT_FALSE(problem.fixes.empty()) << english(problem.message);
            for (const Fix& fix : problem.fixes) EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
        }
    });
}

// Where sizes alone are asked for, an input of 16 EiB was proposed for a kernel that does not fit.
TEST(Fixes, OfSizesAloneNeedNoMoreMemoryThanThereIsOrThanTheInputNeeded) {
    for_each_setting(kWildSettings, wild_layer, [](const LayerShape& drawn) {
        LayerShape layer = drawn;
        layer.held = false;
        for (const Problem& problem : validate(layer)) {
            EXPECT_FALSE(problem.fixes.empty()) << english(problem.message);
            for (const Fix& fix : problem.fixes) {
                EXPECT_TRUE(validate(fix.after).empty()) << english(fix.text);
                const std::int64_t most =
                    std::max(kMaxCells, element_count(layer.input).value_or(std::numeric_limits<std::int64_t>::max()));
                for (const HeldTensor& tensor : held_tensors(fix.after)) {
                    double cells = 1;
                    for (const Wide length : tensor.lengths) cells *= static_cast<double>(length);
                    EXPECT_LE(cells, static_cast<double>(most)) << english(problem.message) << english(fix.text);
                }
            }
        }
    });
    LayerShape layer;
    layer.held = false;
    layer.spec.kernel = {std::int64_t{1} << 31, std::int64_t{1} << 31};
    for (const Problem& problem : validate(layer)) {
        for (const Fix& fix : problem.fixes) EXPECT_EQ(english(fix.text), "set kernel to 5");
    }
}

TEST(Fixes, NoSmallerChangeOfANumberWorks) {
    for_each_setting(kSettings, small_layer, [](const LayerShape& layer) {
        if (layer.weight) return;  // turning a number back would change the weight as well
        for (const Problem& problem : validate(layer)) {
            for (const Fix& fix : problem.fixes) {
                for (const Turned& t : turned(layer, fix.after)) {
                    const std::int64_t moved = std::abs(t.to - t.from);
                    for (std::int64_t v = t.from - moved + 1; v < t.from + moved; ++v) {
                        const LayerShape nearer = adjusted(fix.after, t.adjustment, t.axes, v);
                        EXPECT_FALSE(find_faults(nearer).empty())
                            << english(problem.message) << ": " << english(fix.text) << " (" << v << ")";
                    }
                }
            }
        }
    });
}

// The shape of a layer that is not refused can be held; one that cannot is refused.
TEST(Fixes, AreForEveryLayerWithoutAnOutputAndForNoneThatCanBeComputed) {
    for (auto* const draw_layer : {small_layer, wild_layer}) {
        for_each_setting(kSettings, draw_layer, [](const LayerShape& layer) {
            const bool refused = !find_faults(layer).empty();
            const Size2 k = layer.spec.kernel;
            const std::int64_t groups = is_pooling(layer.spec.op) ? 1 : layer.spec.groups;
            if (std::min({groups, k.h, k.w}) < 1) {
                EXPECT_TRUE(refused);
                return;
            }
            const Shape4 out = output_shape(layer.spec, layer.input);
            const bool empty = std::min({out.n, out.c, out.h, out.w}) < 1;
            const bool held = !empty && element_count(out).value_or(kMaxCells + 1) <= kMaxCells;
            if (!refused) {
                EXPECT_TRUE(held) << to_string(out);
            }
            if (!held) {
                EXPECT_TRUE(refused) << to_string(out);
            }
        });
    }
}

Tensor<double> numbers(Draw& draw, const Shape4& shape) {
    Tensor<double> values(shape);
    for (double& value : values.span()) value = static_cast<double>(draw.between(-9, 9));
    return values;
}

// What is accepted computes, in both engines, and has the shape that was predicted.
TEST(Settings, ThatAreAcceptedComputeWithThePredictedShape) {
    Draw values(3);
    int accepted = 0;
    for_each_setting(kSettings, small_layer, [&](const LayerShape& layer) {
        if (!validate(layer).empty()) return;
        ++accepted;
        const Tensor<double> input = numbers(values, layer.input);
        const Tensor<double> weight =
            is_pooling(layer.spec.op) ? Tensor<double>() : numbers(values, weight_shape(layer.spec, layer.input.c));
        const LayerData data{input, weight, {}};
        const Tensor<double> out = forward(layer.spec, data);
        EXPECT_EQ(out.shape(), output_shape(layer.spec, layer.input));
        EXPECT_EQ(out, reference_forward(layer.spec, data)) << "whole numbers leave nothing to round";
    });
    EXPECT_GT(accepted, kSettings / 20);
}

// The other way round, where nothing but the size can be wrong.
TEST(Fixes, AreForPlainLayersExactlyWhereTheOutputHasNoRowOrColumn) {
    for_each_setting(kSettings, small_layer, [](const LayerShape& drawn) {
        if (is_pooling(drawn.spec.op)) return;  // its padding can be wrong as well
        LayerShape layer;
        layer.input.h = std::max<std::int64_t>(drawn.input.h, 1);
        layer.input.w = std::max<std::int64_t>(drawn.input.w, 1);
        layer.spec.op = drawn.spec.op;
        layer.spec.kernel = {std::max<std::int64_t>(drawn.spec.kernel.h, 1),
                             std::max<std::int64_t>(drawn.spec.kernel.w, 1)};
        layer.spec.stride = {std::max<std::int64_t>(drawn.spec.stride.h, 1),
                             std::max<std::int64_t>(drawn.spec.stride.w, 1)};
        layer.spec.dilation = {std::max<std::int64_t>(drawn.spec.dilation.h, 1),
                               std::max<std::int64_t>(drawn.spec.dilation.w, 1)};
        const Pads& p = drawn.spec.pads;
        layer.spec.pads = {std::abs(p.top), std::abs(p.bottom), std::abs(p.left), std::abs(p.right)};
        const Size2 out = output_shape(layer.spec, layer.input).plane();
        EXPECT_EQ(validate(layer).empty(), out.h >= 1 && out.w >= 1) << out.h << " by " << out.w;
    });
}

}  // namespace
}  // namespace convlens
