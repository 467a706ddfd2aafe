#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/export/animation.h"
#include "app/views/views.h"
#include "core/io/image/image_file.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

TEST(RenderCommand, DrawsAPresetAsPng) {
    const TempFolder folder;
    const Ran ran = run({"render", "conv2-xcorr2-conv2d", "-o", folder / "a.png", "--size", "640x360"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    const ImageInfo info = image_info(folder / "a.png");
    EXPECT_EQ(info.width, 640);
    EXPECT_EQ(info.height, 360);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find("a.png"), std::string::npos);
}

TEST(RenderCommand, StepsThemesAndGroundsDiffer) {
    const TempFolder folder;
    const auto draw = [&](const std::string& name, std::vector<std::string> options) {
        options.insert(options.begin(), {"render", "dilation", "-o", folder / name, "--size", "480x270"});
        EXPECT_EQ(run(options).code, kDone);
        return folder.read(name);
    };
    const std::string last = draw("last.png", {});
    EXPECT_EQ(draw("nine.png", {"--step", "9"}), last);
    EXPECT_NE(draw("none.png", {"--step", "0"}), last);
    EXPECT_NE(draw("dark.png", {"--theme", "dark"}), last);
    draw("clear.png", {"--transparent"});
    EXPECT_EQ(image_info(folder / "clear.png").channels, 4);
    EXPECT_EQ(load_image(folder / "clear.png").sample(0, 0, 3), 0);
}

TEST(RenderCommand, LettersOfVectorsArePathsOrText) {
    const TempFolder folder;
    const auto draw = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"render", "dilation", "-o", folder / "a.svg", "--step", "3"});
        const Ran ran = run(options);
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return folder.read("a.svg");
    };
    const std::string paths = draw({});
    EXPECT_EQ(paths.find("<text"), std::string::npos);
    EXPECT_EQ(draw({"--text", "paths"}), paths);
    const std::string text = draw({"--text", "selectable"});
    EXPECT_NE(text.find(">output</text>"), std::string::npos);
    const std::string clear = draw({"--transparent"});
    EXPECT_LT(clear.size(), paths.size());  // by the ground
}

TEST(RenderCommand, FiguresSpeakTheLanguageOfTheCommandLine) {
    const TempFolder folder;
    const auto drawn = [&](const std::string& lang) {
        const std::string path = folder / (lang + ".svg");
        const Ran ran = run({"--lang", lang, "render", "no_padding_strides", "-o", path, "--text", "selectable"});
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return folder.read(lang + ".svg");
    };
    EXPECT_NE(drawn("en").find(">output</text>"), std::string::npos);
    EXPECT_EQ(drawn("en").find("\u8F93\u5165"), std::string::npos);
    EXPECT_NE(drawn("zh").find("\u8F93\u5165"), std::string::npos) << "input";
}

TEST(RenderCommand, TheExperimentAsGifIsSmallEnoughToSend) {
    const TempFolder folder;
    const Ran ran = run({"render", "conv2-xcorr2-conv2d", "-o", folder / "a.gif"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
    EXPECT_EQ(folder.read("a.gif").substr(0, 6), "GIF89a");
    EXPECT_NE(folder.read("a.gif").find("NETSCAPE2.0"), std::string::npos);
    EXPECT_LT(std::filesystem::file_size(folder / "a.gif"), 2'000'000U);
    ASSERT_EQ(
        run({"render", "no_padding_no_strides", "-o", folder / "once.gif", "--loop", "1", "--size", "320x180"}).code,
        kDone);
    EXPECT_EQ(folder.read("once.gif").find("NETSCAPE2.0"), std::string::npos);
}

TEST(RenderCommand, DrawsDocumentFiles) {
    const TempFolder folder;
    save_document(first_document(), folder / "work.convlens");
    EXPECT_EQ(run({"render", folder / "work.convlens", "-o", folder / "a.png"}).code, kDone);
    const Ran broken = run({"render", folder.write("broken.convlens", "{"), "-o", folder / "b.png"});
    EXPECT_EQ(broken.code, kRefused);
    EXPECT_TRUE(broken.says("broken.convlens"));
    const Ran warned =
        run({"render", folder.write("odd.convlens", R"({"convlens": 1, "colour": 3})"), "-o", folder / "c.png"});
    EXPECT_EQ(warned.code, kDone);
    EXPECT_TRUE(warned.says("colour: unknown, ignored"));
}

TEST(RenderCommand, NeverReplacesTheDocumentThatItDraws) {
    const TempFolder folder;
    for (const char* name : {"work.png", "work.convlens"}) save_document(first_document(), folder / name);
    const std::string text = folder.read("work.convlens");
    std::filesystem::create_symlink("work.convlens", folder / "link.svg");
    for (const auto& [document, out] : {std::pair("work.png", "work.png"), std::pair("work.convlens", "link.svg")}) {
        const Ran ran = run({"render", folder / document, "-o", folder / out});
        EXPECT_EQ(ran.code, kRefused);
        EXPECT_TRUE(ran.says("would replace the document")) << ran.err;
        EXPECT_EQ(folder.read(document), text);
    }
    EXPECT_EQ(run({"render", folder / "work.convlens", "-o", folder / "other.png"}).code, kDone);
}

TEST(RenderCommand, SlicesChooseWhatIsShown) {
    const TempFolder folder;
    LayerShape shape;
    shape.spec.out_channels = 2;
    shape.input = {2, 3, 5, 5};
    Document document;
    document.layers.push_back(new_layer(shape, false));
    settle(document);
    save_document(document, folder / "deep.convlens");
    const auto draw = [&](const std::string& name, const std::string& slice) {
        const Ran ran = run({"render", folder / "deep.convlens", "-o", folder / name, "--slice", slice});
        EXPECT_EQ(ran.code, kDone) << ran.err;
        return folder.read(name);
    };
    EXPECT_NE(draw("a.png", "0,0"), draw("b.png", "1,1"));
    EXPECT_NE(draw("c.png", "0,0,2"), folder.read("a.png"));
    for (const char* slice : {"2", "0,2", "0,0,3", "-1"}) {
        const Ran ran = run({"render", folder / "deep.convlens", "-o", folder / "no.png", "--slice", slice});
        EXPECT_EQ(ran.code, kRefused) << slice;
        EXPECT_TRUE(ran.says("it goes from 0 to")) << ran.err;
    }
}

// An output of 4×6 cells; each sums two channels of 2×3 products.
TEST(RenderCommand, StepsAreWhatByAsksFor) {
    const TempFolder folder;
    LayerShape shape;
    shape.spec.kernel = {2, 3};
    shape.input = {1, 2, 5, 8};
    Document document;
    document.layers.push_back(new_layer(shape, false));
    settle(document);
    save_document(document, folder / "a.convlens");
    const auto draw = [&](const std::vector<std::string>& by, const std::string& step) {
        std::vector<std::string> options{"render", folder / "a.convlens", "-o", folder / "a.png", "--size", "480x270"};
        options.insert(options.end(), by.begin(), by.end());
        options.insert(options.end(), {"--step", step});
        return run(options);
    };
    EXPECT_TRUE(draw({}, "1000").says("there are 24 steps"));
    EXPECT_TRUE(draw({"--by", "output"}, "1000").says("there are 24 steps"));
    EXPECT_TRUE(draw({"--by", "channel"}, "1000").says("there are 48 steps"));
    EXPECT_TRUE(draw({"--by", "product"}, "1000").says("there are 288 steps"));
    EXPECT_EQ(draw({"--by", "product"}, "288").code, kDone);
    EXPECT_EQ(run({"render", folder / "a.convlens", "-o", folder / "b.png", "--by", "pixel"}).code, kWrongUse);
}

TEST(RenderCommand, DrawsInEveryViewOfTheTable) {
    const TempFolder folder;
    ASSERT_EQ(run({"render", "dilation", "-o", folder / "plain.svg", "--step", "3"}).code, kDone);
    const std::string plain = folder.read("plain.svg");
    std::set<std::string> pictures;
    for (const ViewInfo& view : views()) {
        const std::string path = folder / (std::string(view.name) + ".svg");
        ASSERT_EQ(run({"render", "dilation", "-o", path, "--step", "3", "--view", std::string(view.name)}).code, kDone);
        EXPECT_EQ(folder.read(std::string(view.name) + ".svg") == plain, view.name == kPlanesView) << view.name;
        EXPECT_TRUE(pictures.insert(folder.read(std::string(view.name) + ".svg")).second)
            << view.name << " is drawn as another view";
    }
    const Ran help = run({"render", "--help"});
    for (const ViewInfo& view : views()) EXPECT_NE(help.out.find(view.name), std::string::npos) << view.name;
}

TEST(RenderCommand, DrawsInTheViewThatTheDocumentSays) {
    const TempFolder folder;
    Document document = *preset_document("dilation");
    document.panes[0].view = "sweep";
    save_document(document, folder / "a.convlens");
    const Ran unknown = run({"render", folder / "a.convlens", "-o", folder / "a.svg", "--text", "selectable"});
    ASSERT_EQ(unknown.code, kDone);
    EXPECT_NE(folder.read("a.svg").find("no view"), std::string::npos);
    EXPECT_NE(unknown.err.find("no view \"sweep\""), std::string::npos) << unknown.err;
    EXPECT_NE(unknown.err.find("is shown in planes"), std::string::npos) << unknown.err;
    const Ran named =
        run({"render", folder / "a.convlens", "-o", folder / "b.svg", "--text", "selectable", "--view", "planes"});
    ASSERT_EQ(named.code, kDone);
    EXPECT_EQ(folder.read("b.svg").find("no view"), std::string::npos);
    EXPECT_FALSE(named.says("no view")) << named.err;
}

TEST(RenderCommand, RefusesWithReasonAndFix) {
    const TempFolder folder;
    const std::string png = folder / "a.png";
    const Ran misspelt = run({"render", "dilatoin", "-o", png});
    EXPECT_EQ(misspelt.code, kRefused);
    EXPECT_TRUE(misspelt.says("did you mean dilation?"));
    EXPECT_TRUE(run({"render", "dilation", "-o", png, "--step", "10"}).says("there are 9 steps"));
    EXPECT_EQ(run({"render", "dilation", "-o", png, "--step", "-1"}).code, kWrongUse);
    const Ran view = run({"render", "dilation", "-o", png, "--view", "plane"});
    EXPECT_EQ(view.code, kWrongUse);
    EXPECT_TRUE(view.says("; it is plane. Did you mean planes?")) << view.err;
    EXPECT_EQ(run({"render", "dilation", "-o", png, "--size", "10x10"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", png, "--size", "big"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.bmp"}).code, kWrongUse);
    const Ran pixels = run({"render", "dilation", "-o", png, "--text", "paths"});
    EXPECT_EQ(pixels.code, kWrongUse);
    EXPECT_TRUE(pixels.says("--text: letters are pixels in PNG; use it with .svg or .pdf")) << pixels.err;
    EXPECT_TRUE(run({"render", "--all", "-o", folder / "all", "--text", "selectable"}).says("pixels in PNG, GIF"));
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.svg", "--text", "blue"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.svg", "--fps", "5"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--step", "1"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--transparent"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--fps", "0"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--pause", "nan"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--loop", "-1"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "a.gif", "--loop", "70000"}).code, kWrongUse);
    for (const char* option : {"--fps", "--pause", "--loop"}) {
        const Ran still = run({"render", "dilation", "-o", png, option, "3"});
        EXPECT_EQ(still.code, kWrongUse) << option;
        EXPECT_TRUE(still.says(std::string(option) + ": PNG shows one step")) << still.err;
        EXPECT_TRUE(still.says("use it with .gif")) << still.err;
    }
    EXPECT_EQ(run({"render", "dilation"}).code, kWrongUse);
    EXPECT_EQ(run({"render", "-o", png}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "--all", "-o", png}).code, kWrongUse);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "no/such/a.png"}).code, kRefused);
    EXPECT_EQ(run({"render", "dilation", "-o", folder / "no/such/a.gif", "--size", "320x180"}).code, kRefused);
    EXPECT_EQ(folder.entries(), 0);
}

TEST(RenderCommand, AnAnimationOfTooManyFramesIsRefused) {
    const TempFolder folder;
    LayerShape shape;
    shape.input = {1, 1, 100, 100};
    Document document;
    document.layers.push_back(new_layer(shape, false));
    settle(document);
    save_document(document, folder / "large.convlens");
    const Ran ran = run({"render", folder / "large.convlens", "-o", folder / "a.gif"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("9604 steps"));
    EXPECT_TRUE(ran.says("more than 5000"));
}

TEST(Animation, RestsAtEveryStepAndKeepsTime) {
    const Derived derived = derive_all(*preset_document("no_padding_no_strides"));
    AnimationOptions options;
    options.fps = 30;  // 3 1/3 hundredths a frame
    options.pause = 0.5;
    options.glide = 1;
    options.end_pause = 4;
    const auto frames = plan_animation(derived, options);
    EXPECT_EQ(static_cast<std::int64_t>(frames.size()), frame_count(derived, options));
    ASSERT_EQ(frames.size(), 1U + 4 * 30);
    EXPECT_EQ(frames.front().playhead.step, 0);
    EXPECT_EQ(frames.front().delay_cs, 50);
    EXPECT_EQ(frames[30].playhead.step, 1);
    EXPECT_EQ(frames[30].playhead.phase, 0);
    EXPECT_EQ(frames.back().playhead.step, 4);
    EXPECT_EQ(frames.back().delay_cs, 400);
    int total = 0;
    for (const AnimationFrame& frame : frames) {
        EXPECT_GE(frame.delay_cs, 2);
        total += frame.delay_cs;
    }
    // 4 rests before the last, 4 glides of 29 frames, the end.
    EXPECT_NEAR(total, 4 * 50 + 4 * 29 * 100 / 30.0 + 400, 1);
}

TEST(Animation, NoFrameIsShorterThanViewersPlay) {
    const Derived derived = derive_all(first_document());
    AnimationOptions options;
    options.fps = 1000;
    options.pause = 0;
    for (const AnimationFrame& frame : plan_animation(derived, options)) EXPECT_GE(frame.delay_cs, 2);
}

}  // namespace
}  // namespace convlens
