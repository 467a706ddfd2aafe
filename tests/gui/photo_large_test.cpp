// A photo that takes longer than a frame: what is seen meanwhile, what is told of it, and that the window goes on.
#include <ctime>

#include <fmt/format.h>

#include "core/engine/filter/pixel_sum.h"
#include "tests/gui/photo_app.h"

namespace convlens {
namespace {

// `run`: so many samples in a row are the same.
Image large_picture(std::int64_t width, std::int64_t height, std::size_t run = 1) {
    Image large(width, height, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i / run * 7);
    return large;
}

// The path of its file.
std::string saved(const PhotoApp& driven, const Image& picture) {
    const std::string path = driven.file("large.bmp").string();
    save_image(picture, path);
    return path;
}

// The first result may come seconds after the picture.
TEST(Photo, TheZoomStaysWhenTheFirstResultComes) {
    PhotoApp driven;
    driven.ui().edit(msg("chain"), {}, [](Document& document) {
        document.photo.chain = {named("unsharp:size=9,sigma=2"), named("unsharp:size=9,sigma=2")};
        document.photo.backend = Backend::cpu;
    });
    driven.app().drop({saved(driven, large_picture(4000, 3000))});
    for (int i = 0; i < 2000 && !driven.work().before(); ++i) {
        driven.frames(1);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_EQ(driven.work().result(), nullptr);
    const PhotoCamera near{1000, 800, 2};
    driven.state().camera = near;
    driven.ui().pinned = MarkId{.part = Part::photo_before, .y = 800, .x = 1000};
    driven.wait();
    ASSERT_NE(driven.work().result(), nullptr);
    ASSERT_TRUE(driven.state().camera);
    EXPECT_EQ(driven.state().camera->scale, near.scale);
    EXPECT_TRUE(driven.ui().pinned);
    // Another picture is shown whole, and none of its pixels was clicked.
    driven.open(driven.picture_path);
    EXPECT_FALSE(driven.state().camera);
    EXPECT_FALSE(driven.ui().pinned);
}

// Milliseconds that the window's own thread has worked: unlike a clock on the wall, none that it waited for others' work.
double own_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TEST(Photo, ALargePictureLeavesTheWindowResponsive) {
    PhotoApp driven;
    driven.open(saved(driven, large_picture(6000, 4000)));
    ASSERT_TRUE(driven.work().before());
    driven.frames(2);
    driven.ui().edit(msg("unsharp"), {}, [](Document& document) { document.photo.chain = {named("unsharp")}; });
    double slowest = 0;
    int meanwhile = 0;
    driven.frames(2);
    while (driven.work().busy()) {
        ++meanwhile;
        EXPECT_EQ(driven.work().after(), driven.work().before());  // the last result, until there is another
        EXPECT_TRUE(driven.work().stale());
        const double before = own_ms();
        driven.frames(1);
        slowest = std::max(slowest, own_ms() - before);
    }
    EXPECT_GT(meanwhile, 1);
    EXPECT_LT(slowest, 100);
    EXPECT_FALSE(driven.work().stale());
    EXPECT_EQ(driven.work().after()->width(), 6000);
}

// Of a large picture what is visible is there first, and is what the whole will have there.
TEST(Photo, TheVisibleRegionIsFilteredFirst) {
    PhotoApp driven;
    driven.open(saved(driven, large_picture(6000, 4000, 5)));
    driven.state().wants_full_size = true;
    driven.frames(3);
    EXPECT_FALSE(driven.work().visible_result().image);
    driven.ui().edit(msg("chain"), {}, [](Document& document) {
        document.photo.backend = Backend::cpu;
        document.photo.chain = {named("unsharp"), named("gaussian:size=31"), named("sharpen"), named("unsharp")};
    });
    VisibleResult seen;
    for (driven.frames(2); driven.work().busy(); driven.frames(1)) {
        if (seen.image || !driven.work().visible_result().image) continue;
        seen = driven.work().visible_result();
        driven.screenshot("photo_visible_result");
    }
    ASSERT_TRUE(seen.image);
    EXPECT_FALSE(driven.work().visible_result().image);
    EXPECT_LT(seen.part.w * seen.part.h, 6000 * 4000 / 3);
    EXPECT_LE(largest_difference(*seen.image, crop(*driven.work().after(), seen.part)), 1);
}

// The inspector's row of a channel: its name, then the sample before and after.
std::string red_row(const Image& before, std::int64_t x, std::int64_t y, double after) {
    return fmt::format("R {:.0f} {:.0f}", before.sample(x, y, 0), after);
}

float widest_outline(const Scene& scene) {
    float widest = 0;
    for (const Mark& mark : scene.marks)
        if (const auto* rect = std::get_if<RectMark>(&mark)) widest = std::max(widest, rect->rect.w);
    return widest;
}

// While the rest is under way the readout and the frame on the picture before are of what is seen: the newer result in
// the visible part, the last one beside it, which says so.
TEST(Photo, ThePointersReadoutIsOfTheVisiblePartThatIsSeen) {
    PhotoApp driven;
    const Image large = large_picture(6000, 4000, 5);
    driven.open(saved(driven, large));
    driven.state().wants_full_size = true;
    const auto set_chain = [&](const std::vector<FilterStep>& chain) {
        driven.ui().edit(msg("chain"), {}, [chain](Document& document) {
            document.photo.backend = Backend::cpu;
            document.photo.chain = chain;
        });
    };
    set_chain({named("box")});
    driven.wait();
    const ImageRef last = driven.work().after();
    ASSERT_NE(last, driven.work().before());
    set_chain({named("unsharp"), named("gaussian:size=31"), named("sharpen"), named("laplacian")});
    const MarkId inside{.part = Part::photo_before, .y = 2000, .x = 3000};
    const MarkId beside{.part = Part::photo_before, .y = 20, .x = 30};
    driven.frames(2);
    driven.state().step = 1;
    std::string seen, outdated;
    while (seen.empty() || outdated.empty()) {
        const bool in = seen.empty();
        driven.ui().pinned = in ? inside : beside;
        const std::string words = driven.words_of_a_frame();
        ASSERT_TRUE(driven.work().busy()) << "with " << (in ? "neither" : "the visible part alone");
        const VisibleResult& visible = driven.work().visible_result();
        if (!visible.image) continue;  // not yet
        const std::int64_t x = driven.ui().pinned->x, y = driven.ui().pinned->y;
        const double old = last->sample(x, y, 0);
        (in ? seen : outdated) = words;
        if (in) {
            const double value = visible.image->sample(x - visible.part.x, y - visible.part.y, 0);
            ASSERT_NE(value, old);
            EXPECT_NE(words.find(red_row(large, x, y, value)), std::string::npos) << words;
            EXPECT_NE(words.find("The sum follows"), std::string::npos) << words;
            EXPECT_EQ(words.find("last result"), std::string::npos) << words;
            EXPECT_FALSE(driven.state().sum);
            EXPECT_NEAR(widest_outline(*driven.state().before), 31, 5);
        } else {
            EXPECT_NE(words.find(red_row(large, x, y, old)), std::string::npos) << words;
            EXPECT_NE(words.find("after: last result"), std::string::npos) << words;
            ASSERT_TRUE(driven.state().sum);
            EXPECT_EQ(driven.state().sum->result, last);
        }
    }
}

}  // namespace
}  // namespace convlens
