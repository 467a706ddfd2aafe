// Which moments an animation shows, and how long each rests, as the file tells a viewer.
#include "app/export/animation.h"

#include <gif_lib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/document/presets.h"
#include "app/export/order.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

// Hundredths of a second, a frame each.
std::vector<int> delays(const std::string& path) {
    int error = 0;
    const std::unique_ptr<GifFileType, void (*)(GifFileType*)> gif(DGifOpenFileName(path.c_str(), &error),
                                                                   [](GifFileType* g) { DGifCloseFile(g, nullptr); });
    if (!gif || DGifSlurp(gif.get()) != GIF_OK) return {};
    std::vector<int> all;
    for (int i = 0; i < gif->ImageCount; ++i) {
        GraphicsControlBlock control;
        EXPECT_EQ(DGifSavedExtensionToGCB(gif.get(), i, &control), GIF_OK);
        all.push_back(control.DelayTime);
    }
    return all;
}

struct Timing {
    const char* pause;
    const char* fps;
    int end;  // hundredths of a second
};

// Four steps of a pause and 0.4 s of gliding each.
TEST(Animation, TheEndRestsLongerThanAStep) {
    const TempFolder folder;
    for (const Timing& t : {Timing{"0", "2", 200}, Timing{"0.3", "1", 200}, Timing{"0.7", "6", 220},
                            Timing{"1.7", "3", 420}, Timing{"5", "2", 1080}, Timing{"300", "1", 60080}}) {
        const std::string path = folder / "a.gif";
        ASSERT_EQ(run({"render", "no_padding_no_strides", "-o", path, "--size", "200x160", "--pause", t.pause, "--fps",
                       t.fps})
                      .code,
                  kDone);
        const std::vector<int> read = delays(path);
        ASSERT_GE(read.size(), 5U);
        EXPECT_NEAR(read.back(), t.end, t.end == 200 ? 10 : 1) << t.pause;  // no delay is less than 2
        const int longest = *std::max_element(read.begin(), read.end() - 1);
        EXPECT_GT(read.back(), longest + 40) << t.pause;
        EXPECT_NEAR(read.front(), std::max(std::stod(t.pause) * 100, 2.0), 1) << t.pause;
    }
}

TEST(Animation, APauseThatNoGifCanDoubleIsRefused) {
    const TempFolder folder;
    for (const char* pause : {"300.5", "700", "1e9", "inf"}) {
        const Ran ran = run({"render", "no_padding_no_strides", "-o", folder / "a.gif", "--pause", pause});
        EXPECT_EQ(ran.code, kWrongUse) << pause;
        EXPECT_NE(ran.err.find("at most 300 seconds"), std::string::npos) << ran.err;
    }
}

TEST(Animation, AStoppedOneWritesNothing) {
    const TempFolder folder;
    FigureOrder order;
    order.derived = derive_all(*preset_document("no_padding_no_strides"));
    order.scene.page.width = 200;
    order.scene.page.height = 160;
    std::stop_source stop;
    std::vector<double> shares;
    const Progress progress{stop.get_token(), [&](double share) {
                                shares.push_back(share);
                                if (share > 0.6) stop.request_stop();
                            }};
    EXPECT_FALSE(write_figure(order, *find_figure_format("a.gif"), folder / "a.gif", progress));
    EXPECT_FALSE(std::filesystem::exists(folder / "a.gif"));
    ASSERT_GT(shares.size(), 3U);
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_EQ(shares.front(), 0);
    EXPECT_LT(shares.back(), 0.7);
}

// The kernel of a true convolution turns in the first step, which takes three times as long.
TEST(Animation, ShowsEveryStepInTurn) {
    for (const bool flip : {false, true}) {
        Document document = *preset_document("no_padding_no_strides");
        document.layers.front().spec.flip_kernel = flip;
        settle(document);
        const Derived derived = derive_all(document);
        AnimationOptions options;
        options.fps = 10;
        options.glide = 0.5;
        const std::vector<AnimationFrame> frames = plan_animation(derived, options);
        EXPECT_EQ(static_cast<std::int64_t>(frames.size()), frame_count(derived, options));
        ASSERT_EQ(frames.size(), 1U + (flip ? 15 : 5) + 3 * 5);
        for (std::size_t i = 1; i < frames.size(); ++i) {
            const auto at = [&](std::size_t k) {
                return static_cast<double>(frames[k].playhead.step) + static_cast<double>(frames[k].playhead.phase);
            };
            const double step = flip && i <= 15 ? 1.0 / 15 : 1.0 / 5;
            EXPECT_NEAR(at(i) - at(i - 1), step, 1e-6) << i;
        }
        EXPECT_EQ(frames.back().playhead.step, 4);
    }
}

}  // namespace
}  // namespace convlens
