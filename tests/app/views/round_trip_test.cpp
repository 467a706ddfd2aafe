// The strip of a convolution and its way back.
#include "app/views/round_trip.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/render/type/fonts.h"
#include "app/scene/query.h"

namespace convlens {
namespace {

const FontMetrics& fonts() {
    static const std::unique_ptr<FontMetrics> metrics = make_font_metrics();
    return *metrics;
}

ConvSpec layer(Op op, std::int64_t stride) {
    ConvSpec spec;
    spec.op = op;
    spec.stride = {stride, stride};
    spec.pads = Pads::all(1);
    return spec;
}

Scene strip(const ConvSpec& spec, std::int64_t length, float width = 345, float text = 15, Lang lang = Lang::english) {
    Page page;
    page.width = width;
    page.text_size = text;
    page.lang = lang;
    const auto trip = size_ambiguity(spec, {length, length}, Axis::h);
    EXPECT_TRUE(trip);
    return build_round_trip(*trip, spec.op == Op::conv_transpose, Axis::h, light_theme(), page, fonts());
}

std::vector<std::string> texts(const Scene& scene) {
    std::vector<std::string> all;
    for (const Mark& mark : scene.marks)
        if (const auto* text = std::get_if<TextMark>(&mark)) all.push_back(text->text);
    return all;
}
bool says(const Scene& scene, const std::string& text) { return std::ranges::count(texts(scene), text) > 0; }

// Arrows from and to the bar of a length.
int arrows(const Scene& scene, std::int64_t length) {
    return static_cast<int>(std::ranges::count_if(scene.marks, [length](const Mark& mark) {
        const auto* line = std::get_if<LineMark>(&mark);
        return line != nullptr && line->arrow && line->id.y == length;
    }));
}

TEST(RoundTripStrip, SaysWhereBothArriveAndHowEachComesBack) {
    const Scene scene = strip(layer(Op::conv, 2), 27);
    for (const char* text :
         {"27: now", "28", "14", "output padding 0", "output padding 1", "input rows", "output rows"})
        EXPECT_TRUE(says(scene, text)) << text;
    EXPECT_EQ(arrows(scene, 27), 2);
    EXPECT_EQ(arrows(scene, 28), 2);
}

TEST(RoundTripStrip, ReadsTheSameFromTheOtherSide) {
    ConvSpec spec = layer(Op::conv_transpose, 2);
    spec.output_padding = {1, 1};
    const Scene scene = strip(spec, 14);
    for (const char* text : {"27", "28: now", "14", "output padding 0", "output padding 1"})
        EXPECT_TRUE(says(scene, text)) << text;
}

TEST(RoundTripStrip, OfManyLengthsItDrawsTheFirstTheLastAndTheLayersOwn) {
    const Scene scene = strip(layer(Op::conv, 16), 40);  // kernel 3, padding 1: 33 to 48 give 3
    for (const char* text : {"33", "34", "40: now", "48"}) EXPECT_TRUE(says(scene, text)) << text;
    EXPECT_TRUE(says(scene, "… 16 lengths in all"));
    EXPECT_LT(scene.height, 15 * 16);
}

TEST(RoundTripStrip, ALengthThatNoInputGivesGoesElsewhere) {
    ConvSpec spec = layer(Op::conv_transpose, 2);
    spec.dilation = {4, 4};
    spec.output_padding = {3, 3};
    const Scene scene = strip(spec, 5);
    EXPECT_TRUE(says(scene, "shrinks to 6"));
    EXPECT_TRUE(says(scene, "18: now"));
    EXPECT_EQ(arrows(scene, 18), 1) << "no way there, only back";
}

TEST(RoundTripStrip, PoolingHasOnlyTheWayThere) {
    ConvSpec spec = layer(Op::max_pool, 2);
    const Scene scene = strip(spec, 7);
    EXPECT_TRUE(says(scene, "7: now"));
    EXPECT_EQ(arrows(scene, 7), 1);
}

TEST(RoundTripStrip, NoTextIsCutOrHidden) {
    const auto expect_whole = [](const ConvSpec& spec, std::int64_t length, float width, float text) {
        for (const Lang lang : {Lang::english, Lang::chinese})
            EXPECT_EQ(text_faults(strip(spec, length, width, text, lang), fonts()), std::vector<std::string>{})
                << width << ' ' << text << ' ' << spec.stride.h;
    };
    for (const float width : {300.0F, 345.0F, 520.0F})
        for (const float text : {13.0F, 15.0F, 20.0F}) {
            if (width < text * 16) continue;
            for (const std::int64_t stride : {2, 3, 5, 16}) {
                expect_whole(layer(Op::conv, stride), 223, width, text);
                ConvSpec back = layer(Op::conv_transpose, stride);
                back.dilation = {20, 20};
                back.output_padding = {stride + 1, stride + 1};
                expect_whole(back, 100, width, text);
            }
        }
}

}  // namespace
}  // namespace convlens
