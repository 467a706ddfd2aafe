#include "app/document/chain.h"

#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "app/document/compare.h"
#include "app/document/file.h"
#include "app/document/history.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/io/error.h"
#include "tests/app/chain_layers.h"
#include "tests/core/random_layer.h"

namespace convlens {
namespace {

std::string title_of(const Document& document, std::size_t pane) { return english(pane_title(document, pane)); }

using nlohmann::json;

// Every layer has what it needs for what it reads.
void expect_fits(const Document& document) {
    for (std::size_t i = 0; i < document.layers.size(); ++i) {
        const Layer& layer = document.layers[i];
        if (const auto source = source_of(layer)) {
            ASSERT_LT(*source, static_cast<int>(i));
            const Layer& read = document.layers[static_cast<std::size_t>(*source)];
            EXPECT_EQ(input_shape(layer), output_shape(read.spec, input_shape(read))) << "layer " << i;
        }
        LayerShape shape = layer_shape(layer);
        if (!is_pooling(layer.spec.op)) shape.weight = layer.weight->shape();
        if (layer.bias) shape.bias_length = layer.bias->size();
        EXPECT_TRUE(validate(shape).empty()) << "layer " << i;
    }
}

LayerShape shape_of(const Document& document, int layer) {
    return layer_shape(document.layers[static_cast<std::size_t>(layer)]);
}

TEST(Chain, AnEditThatChangesTheOutputsShapeCarriesOn) {
    Document document = chain_of_three();
    const Layer second = document.layers[1];
    LayerShape wanted = shape_of(document, 0);
    wanted.spec.out_channels = 8;
    wanted.spec.pads = Pads::all(1);
    ASSERT_TRUE(chain_problems(document, 0, wanted).empty());
    change_layer(document, 0, wanted);
    expect_fits(document);
    EXPECT_EQ(input_shape(document.layers[1]), (Shape4{1, 8, 8, 9}));
    EXPECT_EQ(document.layers[1].weight->shape(), (Shape4{6, 4, 2, 2}));
    EXPECT_EQ(input_shape(document.layers[2]), (Shape4{1, 6, 7, 8}));
    for (std::int64_t c = 0; c < 2; ++c)
        EXPECT_EQ(document.layers[1].weight->at(3, c, 1, 0), second.weight->at(3, c, 1, 0)) << "kept where it was";
    EXPECT_EQ(document.layers[1].bias, second.bias);
}

TEST(Chain, SettleFollowsAnEditThatKnewNothingOfTheChain) {
    Document document = chain_of_three();
    document.layers[0].spec.stride = {2, 2};
    settle(document);
    expect_fits(document);
    EXPECT_EQ(input_shape(document.layers[1]), (Shape4{1, 4, 3, 4}));
    document.panes[2].slice.c_out = 5;
    document.layers[1] = reading(document, 0, conv(2, 2));
    settle(document);
    EXPECT_EQ(document.panes[2].slice.c_out, 1) << "pooling has as many channels as it reads";
}

TEST(Chain, SettleThrowsWhereALayerCannotReadWhatItWouldGet) {
    Document document = chain_of_three();
    document.layers[1].name = "middle";
    document.layers[0].spec.out_channels = 3;
    document.layers[0].weight = new_weight(layer_shape(document.layers[0]));
    try {
        settle(document);
        FAIL() << "3 channels do not divide into 2 groups";
    } catch (const ChainError& error) {
        const std::string said = error.what();
        EXPECT_TRUE(said.starts_with("“middle” cannot read the output of layer 1, which would be [1, 3, 6, 7]: "))
            << said;
        EXPECT_NE(said.find("group"), std::string::npos) << said;
    }
}

TEST(Chain, ALaterLayerThatCannotBeComputedIsNamedWithFixesThatMakeTheWholePossible) {
    const Document document = chain_of_three();
    LayerShape wanted = shape_of(document, 0);
    wanted.spec.out_channels = 7;
    const auto problems = chain_problems(document, 0, wanted);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].field, Field::out_channels);
    EXPECT_TRUE(english(problems[0].message).starts_with("Layer 2 cannot read the output of layer 1, which would be "))
        << english(problems[0].message);
    ASSERT_EQ(problems[0].fixes.size(), 2U);
    EXPECT_EQ(problems[0].fixes[0].after.spec.out_channels, 6) << "the nearest on either side";
    EXPECT_EQ(problems[0].fixes[1].after.spec.out_channels, 8);
    EXPECT_EQ(english(problems[0].fixes[0].text), "set output channels to 6");
}

// Of a random chain and a random change of one of its settings: refused or not, every fix leaves a document whose layers
// can all be computed, and what is not refused does so itself.
TEST(Chain, EveryFixMakesTheWholePossible) {
    Random random(7);
    int refused = 0, later = 0;
    for (int round = 0; round < 600; ++round) {
        Document document = chain_of_three();
        const int layer = static_cast<int>(random.from(0, 2));
        LayerShape wanted = shape_of(document, layer);
        ConvSpec& spec = wanted.spec;
        switch (random.from(0, 6)) {
            case 0: spec.kernel = random.size(1, 9); break;
            case 1: spec.stride = random.size(1, 9); break;
            case 2: spec.dilation = random.size(1, 5); break;
            case 3: spec.out_channels = random.from(0, 9); break;
            case 4: spec.groups = random.from(1, 4); break;
            case 5: spec.op = static_cast<Op>(random.from(0, 3)); break;
            default: wanted.input = {1, random.from(1, 5), random.from(1, 9), random.from(1, 9)}; break;
        }
        const auto problems = chain_problems(document, layer, wanted);
        refused += problems.empty() ? 0 : 1;
        for (const Problem& problem : problems) {
            EXPECT_FALSE(problem.message.empty());
            EXPECT_FALSE(problem.fixes.empty()) << english(problem.message);
            later += english(problem.message).find("cannot read the output") != std::string::npos ? 1 : 0;
            for (const Fix& fix : problem.fixes) {
                EXPECT_FALSE(fix.text.empty()) << english(problem.message);
                Document fixed = document;
                EXPECT_TRUE(chain_problems(fixed, layer, fix.after).empty()) << english(problem.message) << "\n"
                                                                             << english(fix.text);
                change_layer(fixed, layer, fix.after);
                expect_fits(fixed);
            }
        }
        if (problems.empty()) {
            change_layer(document, layer, wanted);
            expect_fits(document);
        }
        if (HasFailure()) return;
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(later, 30);
}

TEST(Chain, TheSizeOfAComputedInputIsNotSet) {
    const Document document = chain_of_three();
    LayerShape wanted = shape_of(document, 1);
    wanted.input.h += 1;
    const auto problems = chain_problems(document, 1, wanted);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(english(problems[0].message),
              "The input of layer 2 is the output of layer 1, [1, 4, 6, 7]: its size is set by the settings of that "
              "layer.");
    ASSERT_FALSE(problems[0].fixes.empty());
    EXPECT_EQ(problems[0].fixes[0].after, shape_of(document, 1));
}

TEST(Chain, WhatALaterLayersWeightsWouldNeedCountsToTheDocumentsNumbers) {
    Document document;
    document.layers.push_back(new_layer({conv(1, 2), {1, 1, 2, 2}, {}, {}}, false));
    document.layers.push_back(reading(document, 0, conv(1, 8192)));
    document.panes = {Pane{}};
    LayerShape wanted = shape_of(document, 0);
    wanted.spec.out_channels = 8192;  // 8192 × 8192 weights in the second layer
    const auto problems = chain_problems(document, 0, wanted);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, ErrorKind::too_large);
    for (const Fix& fix : problems[0].fixes)
        EXPECT_TRUE(chain_problems(document, 0, fix.after).empty()) << english(fix.text);
    wanted.spec.out_channels = 1024;
    EXPECT_TRUE(chain_problems(document, 0, wanted).empty());
}

TEST(Chain, ComparedInputsChangeTogetherAsFarAsTheLayersThatReadThemAllow) {
    Document document;
    document.layers.push_back(new_layer({conv(1, 1), {1, 1, 5, 5}, {}, {}}, false));
    document.layers.push_back(document.layers[0]);
    document.layers.push_back(reading(document, 1, conv(4, 1)));  // needs 4 rows of the second
    document.panes = {pane_of(0), pane_of(1), pane_of(2)};
    LayerShape wanted = shape_of(document, 0);
    wanted.input = {1, 1, 4, 6};
    Document changed = document;
    change_layer(changed, 0, wanted);
    EXPECT_EQ(own_input(changed.layers[1]), own_input(changed.layers[0]));
    EXPECT_EQ(input_shape(changed.layers[2]), wanted.input);
    wanted.input = {1, 1, 3, 6};
    changed = document;
    change_layer(changed, 0, wanted);
    EXPECT_EQ(input_shape(changed.layers[0]), wanted.input);
    EXPECT_EQ(input_shape(changed.layers[1]), (Shape4{1, 1, 5, 5})) << "a kernel of 4 does not fit on 3 rows";
    expect_fits(changed);
}

TEST(Chain, ClosingAPaneKeepsWhatOtherLayersRead) {
    Document document = chain_of_three();
    close_pane(document, 0);
    ASSERT_EQ(document.layers.size(), 3U);
    expect_fits(document);
    close_pane(document, 0);
    ASSERT_EQ(document.layers.size(), 3U) << "the pooling reads it";

    document = chain_of_three();
    ConvSpec apart = conv(2, 6, 2);
    apart.stride = {2, 2};
    add_comparison(document, 1, apart);  // a fourth layer that reads the first
    EXPECT_EQ(source_of(document.layers[3]), 0);
    close_pane(document, 3);  // the pooling, which nobody reads
    ASSERT_EQ(document.layers.size(), 3U);
    EXPECT_EQ(source_of(document.layers[2]), 0) << "counted anew";
    EXPECT_EQ(document.panes[2].layer, 2);
    expect_fits(document);
    close_pane(document, 0);
    close_pane(document, 0);
    ASSERT_EQ(document.layers.size(), 2U);
    EXPECT_EQ(source_of(document.layers[1]), 0);
    EXPECT_EQ(document.panes[0].layer, 1);
    settle(document);
    expect_fits(document);
}

TEST(Chain, PanesOfANetworkAreCalledAfterTheirLayers) {
    Document document = chain_of_three();
    document.layers[1].name = "second";
    EXPECT_EQ(title_of(document, 1), "2: second");
    EXPECT_NE(title_of(document, 0), "1: ") << "the settings, where there is no name";
    document.panes[1].title = "my own";
    EXPECT_EQ(title_of(document, 1), "2: my own");
    // Two panes of one layer are told apart by what they show of it.
    document.panes[1].title.clear();
    document.panes[0] = document.panes[1];
    document.panes[0].slice.c_out = 1;
    EXPECT_EQ(title_of(document, 1).find("second"), std::string::npos);
}

TEST(Chain, ALayerGoesOnReadingTheSameOneWhenOneBeforeItIsTakenAway) {
    Document document;
    document.layers.push_back(new_layer({}, false));
    document.layers.push_back(new_layer({conv(3, 4), {1, 2, 8, 9}, {}, {}}, true));
    document.layers.push_back(reading(document, 1, conv(2, 6, 2)));
    document.panes = {pane_of(0), pane_of(1), pane_of(2)};
    close_pane(document, 0);
    ASSERT_EQ(document.layers.size(), 2U);
    EXPECT_EQ(source_of(document.layers[1]), 0);
    settle(document);
    expect_fits(document);
}

TEST(Chain, ClosingTheLastReadersPaneTakesTheUnseenLayersAlong) {
    Document document = chain_of_three();
    document.panes.insert(document.panes.begin(), pane_of(3));
    document.layers.push_back(new_layer({}, false));
    document.panes.erase(document.panes.begin() + 1, document.panes.begin() + 3);  // the pooling and the last layer
    close_pane(document, 1);
    ASSERT_EQ(document.layers.size(), 1U);
    EXPECT_EQ(document.panes[0].layer, 0);
}

TEST(Chain, AJsonDocumentSaysWhichLayerIsRead) {
    const Document document = chain_of_three();
    const json written = to_json(document);
    EXPECT_EQ(written.at("convlens"), 1);
    EXPECT_EQ(written.at("layers").at(1).at("input"), json({{"layer", 0}}));
    EXPECT_EQ(written.at("layers").at(2).at("input"), json({{"layer", 1}}));
    EXPECT_EQ(document_from_json(written, {}), document);
    json partial = written;
    partial["layers"][1].erase("weight");
    partial["layers"][1].erase("bias");
    const Document made = document_from_json(partial, {});
    EXPECT_EQ(made.layers[1].weight->shape(), (Shape4{6, 2, 2, 2}));
}

TEST(Chain, AnIndexThatIsNoEarlierLayerIsRefusedWithWhatWouldWork) {
    const json good = to_json(chain_of_three());
    const auto refusal = [&](int layer, const json& input) -> std::string {
        json bad = good;
        bad["layers"][static_cast<std::size_t>(layer)]["input"] = input;
        try {
            document_from_json(bad, {});
        } catch (const FileError& error) {
            return error.reason();
        }
        return "accepted";
    };
    EXPECT_EQ(refusal(2, {{"layer", 2}}),
              "layers[2].input.layer: must be from 0 to 1, an earlier layer that layers[2] can read; 2 is this layer "
              "itself");
    EXPECT_EQ(refusal(1, {{"layer", 2}}),
              "layers[1].input.layer: must be 0, an earlier layer that layers[1] can read; 2 is a later one");
    EXPECT_EQ(refusal(1, {{"layer", -1}}),
              "layers[1].input.layer: must be 0, an earlier layer that layers[1] can read; -1 is negative");
    EXPECT_EQ(refusal(2, {{"layer", 7}}),
              "layers[2].input.layer: must be from 0 to 1, an earlier layer that layers[2] can read; 7 is not there");
    EXPECT_EQ(refusal(0, {{"layer", 0}}),
              "layers[0].input.layer: the first layer has no earlier layer to read. Its input must be a tensor: a "
              "\"shape\" with \"data\", \"generator\" or \"sha256\"");
    EXPECT_TRUE(refusal(1, {{"layer", "first"}}).starts_with("layers[1].input.layer: ")) << "no number";
    EXPECT_TRUE(refusal(1, {{"layer", 0.5}}).starts_with("layers[1].input.layer: "));
    EXPECT_TRUE(refusal(1, {{"layer", nullptr}}).find("layer") != std::string::npos);
    EXPECT_EQ(refusal(1, {{"layer", 0}, {"shape", {1, 4, 6, 7}}}),
              "layers[1].input: must be a layer's output (\"layer\") or a tensor (\"shape\"), not both");
    // The weights do not fit what the earlier layer puts out.
    json bad = good;
    bad["layers"][0]["spec"]["out_channels"] = 2;
    bad["layers"][0].erase("weight");
    bad["layers"][0].erase("bias");
    try {
        document_from_json(bad, {});
        FAIL() << "weights for 4 channels read 2";
    } catch (const FileError& error) {
        EXPECT_TRUE(error.reason().starts_with("layers[1]: ")) << error.reason();
    }
}

// The channels that a layer reads are not its own setting: its weight is, and the other layer's output.
TEST(Chain, AWeightThatDoesNotFitWhatIsReadIsAnsweredWithWhatCanBeSet) {
    const auto reason = [](const json& weight, int kernel) -> std::string {
        json second = {{"spec", {{"op", "conv"}, {"kernel", kernel}, {"out_channels", 2}}}, {"input", {{"layer", 0}}}};
        if (!weight.is_null()) second["weight"] = {{"shape", weight}, {"generator", {{"name", "random"}}}};
        const json first = {{"spec", {{"op", "conv"}, {"kernel", 3}, {"out_channels", 4}}},
                            {"input", {{"shape", {1, 1, 8, 8}}, {"generator", {{"name", "random"}}}}}};
        try {
            document_from_json({{"convlens", 1}, {"layers", {first, second}}}, {});
        } catch (const FileError& error) {
            return error.reason();
        }
        return "accepted";
    };
    EXPECT_EQ(reason({2, 3, 3, 3}, 3),
              "layers[1]: The weight [2, 3, 3, 3] with groups = 1 needs C_in = 3, but the input has C_in = 4. Try: set "
              "weight shape to [2, 4, 3, 3], or let layers[0], whose output is the input, give [1, 3, 6, 6]");
    EXPECT_EQ(reason(nullptr, 9).find("input"), reason(nullptr, 9).rfind("input")) << reason(nullptr, 9);
    EXPECT_TRUE(reason(nullptr, 9).ends_with("Try: set padding to 2")) << reason(nullptr, 9);
}

TEST(Chain, AnEditUpstreamIsUndoneWithAllThatFollowed) {
    History history(chain_of_three());
    const Document before = history.document();
    history.apply({verbatim("more channels"), {}, [](Document& document) {
                       LayerShape wanted = shape_of(document, 0);
                       wanted.spec.out_channels = 2;
                       change_layer(document, 0, wanted);
                       settle(document);
                   }});
    EXPECT_EQ(history.document().layers[1].weight->shape(), (Shape4{6, 1, 2, 2}));
    history.undo();
    EXPECT_EQ(history.document(), before);
    history.redo();
    expect_fits(history.document());
}

}  // namespace
}  // namespace convlens
