// Photo mode, driven: pictures are opened, filtered on either side, looked at closely and saved.
#include <cmath>
#include <cstring>
#include <ctime>
#include <fstream>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "app/document/sample_picture.h"
#include "app/gpu/gl_context.h"
#include "app/photo/worker.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/pixel_sum.h"
#include "core/io/image/image_file.h"
#include "tests/gui/harness/driven_app.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

// 32×24 RGB, every pixel another colour.
Image small_picture() {
    Image image(32, 24, 3, Depth::u8);
    for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<std::uint8_t>(y);
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = static_cast<std::uint8_t>((i * 37 + static_cast<std::size_t>(y) * 91) % 256);
    }
    return image;
}

FilterStep named(const std::string& name) {
    FilterStep step;
    step.name = name;
    step.kernel = parse_kernel(name);
    return step;
}

bool same(const Image& a, const Image& b) {
    return a.width() == b.width() && a.height() == b.height() && a.channels() == b.channels() &&
           std::ranges::equal(a.bytes(), b.bytes());
}

int largest_difference(const Image& a, const Image& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i)
        largest = std::max(largest, std::abs(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i])));
    return largest;
}

class PhotoApp : public DrivenApp {
public:
    explicit PhotoApp(WindowOptions options = {}) : DrivenApp(std::move(options)) {
        ui().show_start_bar = false;
        picture_path = (folders_.root() / "small.png").string();
        save_image(small_picture(), picture_path);
    }

    void open(const std::string& path) {
        app().drop({path});
        wait();
    }
    void show_sample() {
        ui().edit("photo", {}, [](Document& document) { document.workspace = Workspace::photo; });
        wait();
    }
    // Until nothing is loaded or computed any more.
    void wait() {
        for (int i = 0; i < 3 || (app().photo().busy() && i < 2000); ++i) {
            frames(1);
            if (app().photo().busy()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_FALSE(app().photo().busy());
    }
    static void wait(ImGuiTestContext* ctx, App& app) {
        for (int i = 0; i < 3 || (app.photo().busy() && i < 2000); ++i) {
            ctx->Yield();
            if (app.photo().busy()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_FALSE(app.photo().busy());
    }

    const Photo& photo() { return session().document().photo; }
    PhotoWork& work() { return app().photo(); }
    PhotoState& state() { return ui().panels.photo; }
    fs::path file(const std::string& name) const { return folders_.root() / name; }

    std::string picture_path;

private:
    UserFolders folders_;
};

TEST(Photo, OpensADroppedPictureAndFiltersIt) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    EXPECT_EQ(driven.session().document().workspace, Workspace::photo);
    ASSERT_TRUE(driven.work().before());
    EXPECT_TRUE(same(*driven.work().before(), small_picture()));
    EXPECT_EQ(driven.work().after(), driven.work().before());  // no filter yet
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Box blur");
        PhotoApp::wait(ctx, driven.app());
        ASSERT_EQ(driven.photo().chain.size(), 1U);
        EXPECT_EQ(driven.photo().chain[0], named("box"));
        EXPECT_TRUE(same(*driven.work().after(), *filter(small_picture(), named("box"))));
        ctx->ItemClick("**/Sobel, x");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("sobel_x")});
        EXPECT_TRUE(same(*driven.work().after(), *filter(small_picture(), named("sobel_x"))));
    });
    driven.screenshot("photo_small");
}

TEST(Photo, LeavesTheGridUntouched) {
    PhotoApp driven;
    const Document before = driven.session().document();
    driven.open(driven.picture_path);
    EXPECT_EQ(driven.session().document().layers, before.layers);
    EXPECT_EQ(driven.session().document().panes, before.panes);
}

TEST(Photo, CellsOfTheKernelAreTyped) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        ctx->ItemInputValue("**/##w 1,1", "6");
        PhotoApp::wait(ctx, driven.app());
        const FilterStep& step = driven.photo().chain[0];
        EXPECT_EQ(step.name, "custom");
        EXPECT_EQ(step.kernel.at(1, 1), 6);
        EXPECT_TRUE(same(*driven.work().after(), *filter(small_picture(), step)));

        // What is no number stays where it was typed, with the reason; the kernel stays as it was.
        ctx->ItemInputValue("**/##w 0,0", "six");
        EXPECT_EQ(driven.photo().chain[0].kernel.at(0, 0), 0);
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        EXPECT_EQ(driven.ui().panels.typed[0].text, "six");
        EXPECT_FALSE(driven.ui().panels.typed[0].reason.empty());
        driven.screenshot("photo_refused");
        ctx->ItemClick("**/##keep 0");
        EXPECT_TRUE(driven.ui().panels.typed.empty());

        ctx->ItemInputValue("**/##cols", "4");
        EXPECT_EQ(driven.photo().chain[0].kernel.cols, 4);
        EXPECT_EQ(driven.photo().chain[0].kernel.at(1, 1), 6);
        ctx->ItemInputValue("**/##divisor", "0");
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 1);
        ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
        ctx->ItemInputValue("**/##divisor", "4");
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 4);
        ctx->ItemClick("**/##Normalise");
        EXPECT_EQ(driven.photo().chain[0].kernel.sum(), 1);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain[0].kernel.divisor, 4);
    });
}

// Two clicks on one spot are two clicks on one kernel.
TEST(Photo, TheFirstFilterMovesNoKernelUnderTheMouse) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        const auto place = [&](const char* kernel) { return ctx->ItemInfo(kernel).RectFull; };
        const ImRect box = place("**/Box blur"), gaussian = place("**/Gaussian blur");
        ASSERT_NE(box.Min.y, gaussian.Min.y);
        ctx->ItemClick("**/Box blur");
        PhotoApp::wait(ctx, driven.app());
        ASSERT_EQ(driven.photo().chain.size(), 1U);
        EXPECT_EQ(place("**/Box blur").Min.y, box.Min.y);
        EXPECT_EQ(place("**/Gaussian blur").Max.y, gaussian.Max.y);
        ctx->MouseClick();
        ctx->Yield(2);
        ASSERT_EQ(driven.photo().chain.size(), 1U);
        EXPECT_EQ(driven.photo().chain[0].name, "box");
    });
}

TEST(Photo, KernelTextIsTakenAndRefusedWithItsReason) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Identity");
        ctx->ItemInputValue("**/##text", "gaussian:sigma=2");
        EXPECT_EQ(driven.photo().chain[0], named("gaussian:sigma=2"));
        ImGui::SetClipboardText("1/9 * [[1, 1, 1],\n [1, 1, 1],\n [1, 1, 1]]");
        ctx->ItemClick("**/Paste");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("1 1 1; 1 1 1; 1 1 1 / 9"));
        ctx->ItemInputValue("**/##text", "1 2; 3");
        EXPECT_FALSE(driven.state().kernel_text_reason.empty());
        EXPECT_EQ(driven.photo().chain[0].kernel.rows, 3);
        driven.screenshot("photo_text_refused");
    });
}

// What was typed for a kernel goes with it, however another one comes.
TEST(Photo, ARefusedTextGoesWithItsKernel) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        const auto refuse = [&] {
            ctx->ItemInputValue("**/##text", "1 2; 3");
            ctx->ItemInputValue("**/##divisor", "none");
            EXPECT_FALSE(driven.state().kernel_text_reason.empty());
            EXPECT_EQ(driven.ui().panels.typed.size(), 1U);
        };
        const auto forgotten = [&] {
            return driven.state().kernel_text_reason.empty() && driven.ui().panels.typed.empty();
        };
        refuse();
        ctx->ItemClick("**/Emboss");
        ctx->Yield();
        EXPECT_TRUE(forgotten()) << "another kernel of the list";
        refuse();
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("sharpen")});
        EXPECT_TRUE(forgotten()) << "undone";
        refuse();
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("emboss")});
        EXPECT_TRUE(forgotten()) << "redone";
        refuse();
        ctx->ItemInputValue("**/##w 1,1", "7");
        EXPECT_TRUE(forgotten()) << "a weight of its own";
        refuse();
        ctx->ItemClick("**/+ Add");
        ctx->Yield();
        EXPECT_TRUE(forgotten()) << "another filter";
    });
}

// The photo that would be saved is not the one that was asked for.
TEST(Photo, SavingSaysFirstThatAKernelWasRefused) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sharpen");
        ctx->ItemInputValue("**/##text", "1 2; 3");
        PhotoApp::wait(ctx, driven.app());
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(4);
        EXPECT_EQ(ImGui::GetTopMostPopupModal(), nullptr);
        ASSERT_FALSE(driven.ui().messages.empty());
        EXPECT_EQ(driven.ui().messages.back().text().find("The kernel that you typed is not in use: "), 0U);
        driven.screenshot("photo_save_refused_kernel");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(4);
        EXPECT_NE(ImGui::GetTopMostPopupModal(), nullptr) << "said once, then done";
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(2);
    });
}

// The first result may come seconds after the picture.
TEST(Photo, TheZoomStaysWhenTheFirstResultComes) {
    PhotoApp driven;
    driven.ui().edit("chain", {}, [](Document& document) {
        document.photo.chain = {named("unsharp:size=9,sigma=2"), named("unsharp:size=9,sigma=2")};
        document.photo.backend = Backend::cpu;
    });
    Image large(4000, 3000, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i * 7);
    const fs::path path = driven.file("large.bmp");
    save_image(large, path);
    driven.app().drop({path.string()});
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

TEST(Photo, DecimalCommasAreAskedFor) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Identity");
        ctx->ItemInputValue("**/##text", "0,25;0,5;0,75");
        EXPECT_EQ(driven.photo().chain[0].kernel.rows, 1);  // nothing is guessed
        driven.screenshot("photo_text_two_readings");
        ctx->ItemClick("**/##Decimal commas: 3×1");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("0.25; 0.5; 0.75"));
        EXPECT_TRUE(driven.state().kernel_text_reason.empty());
        ctx->ItemInputValue("**/##text", "0,25;0,5;0,75");
        ctx->ItemClick("**/##Commas separate: 3×2");
        EXPECT_EQ(driven.photo().chain[0].kernel, parse_kernel_text("0 25; 0 5; 0 75"));
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        EXPECT_EQ(driven.photo().chain[0].kernel.cols, 1);
    });
}

TEST(Photo, FiltersAreAddedMovedAndRemoved) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Box blur");
        ctx->ItemClick("**/+ Add");
        ctx->ItemClick("**/Sobel, y");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_EQ(driven.photo().chain, (std::vector<FilterStep>{named("box"), named("sobel_y")}));
        const Image before = small_picture();
        const Image blurred = *filter(before, named("box"), step_options({}, before.depth(), 0, 2));
        EXPECT_EQ(blurred.depth(), Depth::f32);
        EXPECT_TRUE(same(*driven.work().after(), filter_chain(before, driven.photo().chain).value()));
        EXPECT_TRUE(same(*driven.work().result()->steps[0].picture, blurred));
        ctx->ItemClick("**/Up");
        EXPECT_EQ(driven.photo().chain, (std::vector<FilterStep>{named("sobel_y"), named("box")}));
        EXPECT_EQ(driven.state().step, 0);
        ctx->ItemClick("**/Remove");
        EXPECT_EQ(driven.photo().chain, std::vector<FilterStep>{named("box")});
        ctx->ItemClick("**/Remove");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_TRUE(driven.photo().chain.empty());
        EXPECT_EQ(driven.work().after(), driven.work().before());
    });
}

TEST(Photo, BothSidesGiveTheSameResult) {
    PhotoApp driven;
    driven.show_sample();
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Gaussian blur");
        ctx->ItemClick("**/+ Add");
        ctx->ItemClick("**/Sharpen");
        ctx->ItemClick("**/CPU");
        PhotoApp::wait(ctx, driven.app());
        const ImageRef cpu = driven.work().after();
        EXPECT_TRUE(driven.work().where().starts_with("CPU, ")) << driven.work().where();
        ctx->ItemClick("**/GPU");
        PhotoApp::wait(ctx, driven.app());
        const ImageRef gpu = driven.work().after();
        ASSERT_TRUE(driven.work().where().starts_with("GPU (")) << driven.work().gpu_reason();
        EXPECT_NE(cpu, gpu);
        EXPECT_LE(largest_difference(*cpu, *gpu), 1);  // sums that are near to a half may go either way
    });
    driven.screenshot("photo_gpu");
}

TEST(Photo, WhatWouldKeepTheWindowStillIsLeftToTheProcessorWithTheReason) {
    PhotoApp driven;
    if (!read_gpu_caps().software) GTEST_SKIP() << "a GPU is quick enough";
    driven.show_sample();
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Identity");
        ctx->ItemClick("**/GPU");
        ctx->ItemInputValue("**/##text", "unsharp:size=61,sigma=3");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_TRUE(driven.work().where().starts_with("CPU, ")) << driven.work().where();
        EXPECT_NE(driven.work().gpu_reason().find("freeze the window"), std::string::npos)
            << driven.work().gpu_reason();
        driven.screenshot("photo_fallback");
    });
}

std::vector<std::string> numbers_in(const Scene& scene, std::int64_t x, std::int64_t y) {
    std::vector<std::string> found;
    for (const Mark& mark : scene.marks)
        if (const auto* text = std::get_if<TextMark>(&mark); text != nullptr && text->id.x == x && text->id.y == y)
            found.push_back(text->text);
    return found;
}

TEST(Photo, ZoomedInPixelsShowTheirNumbersAndTheInspectorTheirSum) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("//Photo filter");
        ctx->ItemClick("**/Sobel, x");
        PhotoApp::wait(ctx, driven.app());
        ctx->MouseMove("//Photo/##before");
        for (int i = 0; i < 14; ++i) ctx->MouseWheelY(1);
        ctx->Yield(2);
        ASSERT_TRUE(driven.state().camera);
        EXPECT_GE(driven.state().camera->scale, 44);
        ASSERT_TRUE(driven.state().last);
        const std::int64_t x = driven.state().last->x, y = driven.state().last->y;
        const Image before = small_picture(), after = *filter(before, named("sobel_x"));
        const auto numbers = numbers_in(*driven.state().before, x, y);
        ASSERT_EQ(numbers.size(), 3U);
        EXPECT_TRUE(numbers[0].ends_with(std::to_string(static_cast<int>(before.sample(x, y, 0)))));
        EXPECT_TRUE(numbers[2].ends_with(std::to_string(static_cast<int>(before.sample(x, y, 2)))));
        EXPECT_TRUE(numbers_in(*driven.state().after, x, y)[1].ends_with(
            std::to_string(static_cast<int>(after.sample(x, y, 1)))));
        const PixelSum& sum = *driven.state().sum;
        EXPECT_EQ(sum.x, x);
        EXPECT_EQ(sum.y, y);
        EXPECT_EQ(sum.taps.size(), 9U);
        EXPECT_EQ(sum.stored, after.sample(x, y, 0));
        driven.screenshot("photo_pixels");

        // A click pins; the pointer may then go elsewhere.
        ctx->MouseClick();
        ctx->MouseMove("//Photo/Fit");
        ASSERT_TRUE(driven.ui().pinned);
        EXPECT_EQ(driven.state().sum->x, x);
        ctx->KeyPress(ImGuiKey_Escape);
        EXPECT_FALSE(driven.ui().pinned);

        ctx->KeyPress(ImGuiKey_1);
        EXPECT_EQ(driven.state().camera->scale, 1);
        ctx->KeyPress(ImGuiKey_F);
        EXPECT_FALSE(driven.state().camera);
    });
}

TEST(Photo, DraggingMovesBothPicturesAndPinsNothing) {
    PhotoApp driven;
    driven.show_sample();
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMove("//Photo/##after");
        ctx->MouseWheelY(8);
        ctx->Yield();
        const PhotoCamera before = *driven.state().camera;
        ctx->MouseDragWithDelta({-60, -20});
        const PhotoCamera after = *driven.state().camera;
        EXPECT_NEAR(after.x, before.x + 60 / before.scale, 1);
        EXPECT_NEAR(after.y, before.y + 20 / before.scale, 1);
        EXPECT_FALSE(driven.ui().pinned);
    });
}

TEST(Photo, ATruncatedFileIsToldOfAndThePictureStays) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    const ImageRef before = driven.work().before();
    std::ifstream whole(driven.picture_path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(whole)), {});
    bytes.resize(bytes.size() / 2);
    const fs::path broken = driven.file("broken.png");
    std::ofstream(broken, std::ios::binary) << bytes;
    driven.open(broken.string());
    EXPECT_FALSE(driven.work().problem().empty() && driven.ui().messages.empty());
    EXPECT_EQ(driven.work().before(), before);
    // What kinds of files open is another question.
    for (const Notice& message : driven.ui().messages)
        EXPECT_EQ(message.text().find("open here"), std::string::npos) << message.text();
    driven.screenshot("photo_broken");

    // Repaired, it can be read again.
    if (driven.photo().path != broken.string()) return;  // it was refused before it became the document's
    fs::copy_file(driven.picture_path, broken, fs::copy_options::overwrite_existing);
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Photo/Try again");
        PhotoApp::wait(ctx, driven.app());
        EXPECT_EQ(driven.work().problem(), "");
        EXPECT_TRUE(same(*driven.work().before(), small_picture()));
    });
}

TEST(Photo, TheResultIsSaved) {
    PhotoApp driven;
    driven.open(driven.picture_path);
    const fs::path target = driven.file("result.png");
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemClick("//Photo filter/**/Laplacian");
        PhotoApp::wait(ctx, driven.app());
        ctx->ItemClick("//Photo/Save…");
        ctx->Yield(2);
        ctx->ItemInputValue("//###file browser/##folder", target.parent_path().c_str());
        ctx->ItemInputValue("//###file browser/##name", "result.png");
        for (int i = 0; i < 60 && !fs::exists(target); ++i) ctx->Yield();
    });
    ASSERT_TRUE(fs::exists(target));
    EXPECT_TRUE(same(load_image(target), *filter(small_picture(), named("laplacian"))));
}

// Milliseconds that the window's own thread has worked: unlike a clock on the wall, none that it waited for others' work.
double own_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TEST(Photo, ALargePictureLeavesTheWindowResponsive) {
    PhotoApp driven;
    Image large(6000, 4000, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i * 7);
    const fs::path path = driven.file("large.bmp");
    save_image(large, path);
    driven.open(path.string());
    ASSERT_TRUE(driven.work().before());
    driven.frames(2);
    driven.ui().edit("unsharp", {}, [](Document& document) { document.photo.chain = {named("unsharp")}; });
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
    Image large(6000, 4000, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i / 5 * 7);
    const fs::path path = driven.file("large.bmp");
    save_image(large, path);
    driven.open(path.string());
    driven.state().wants_full_size = true;
    driven.frames(3);
    EXPECT_FALSE(driven.work().visible_result().picture);
    driven.ui().edit("chain", {}, [](Document& document) {
        document.photo.backend = Backend::cpu;
        document.photo.chain = {named("unsharp"), named("gaussian:size=31"), named("sharpen"), named("unsharp")};
    });
    VisibleResult seen;
    for (driven.frames(2); driven.work().busy(); driven.frames(1)) {
        if (seen.picture || !driven.work().visible_result().picture) continue;
        seen = driven.work().visible_result();
        driven.screenshot("photo_visible_result");
    }
    ASSERT_TRUE(seen.picture);
    EXPECT_FALSE(driven.work().visible_result().picture);
    EXPECT_LT(seen.part.w * seen.part.h, 6000 * 4000 / 3);
    EXPECT_LE(largest_difference(*seen.picture, crop(*driven.work().after(), seen.part)), 1);
}

// Every text of a frame, in the order in which it is drawn.
std::string words_of_a_frame(PhotoApp& driven) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    g.LogBuffer.clear();
    g.LogFlags = ImGuiLogFlags_OutputBuffer;
    g.LogWindow = nullptr;
    g.LogEnabled = true;
    driven.frames(1);
    g.LogEnabled = false;
    g.LogFlags = ImGuiLogFlags_None;
    std::string words = g.LogBuffer.c_str();
    g.LogBuffer.clear();
    return words;
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
    Image large(6000, 4000, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i / 5 * 7);
    const fs::path path = driven.file("large.bmp");
    save_image(large, path);
    driven.open(path.string());
    driven.state().wants_full_size = true;
    const auto set_chain = [&](const std::vector<FilterStep>& chain) {
        driven.ui().edit("chain", {}, [chain](Document& document) {
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
        const std::string words = words_of_a_frame(driven);
        ASSERT_TRUE(driven.work().busy()) << "with " << (in ? "neither" : "the visible part alone");
        const VisibleResult& visible = driven.work().visible_result();
        if (!visible.picture) continue;  // not yet
        const std::int64_t x = driven.ui().pinned->x, y = driven.ui().pinned->y;
        const double old = last->sample(x, y, 0);
        (in ? seen : outdated) = words;
        if (in) {
            const double value = visible.picture->sample(x - visible.part.x, y - visible.part.y, 0);
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
