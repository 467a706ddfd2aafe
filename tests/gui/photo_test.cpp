// Photo mode, driven: pictures are opened, filtered on either side, looked at closely and saved.
#include <fstream>

#include <imgui_internal.h>

#include "app/gpu/gl_context.h"
#include "core/engine/filter/filter_chain.h"
#include "core/engine/filter/pixel_sum.h"
#include "tests/gui/photo_app.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

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
        EXPECT_TRUE(english(driven.work().where()).starts_with("CPU, ")) << english(driven.work().where());
        ctx->ItemClick("**/GPU");
        PhotoApp::wait(ctx, driven.app());
        const ImageRef gpu = driven.work().after();
        ASSERT_TRUE(english(driven.work().where()).starts_with("GPU (")) << english(driven.work().gpu_reason());
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
        EXPECT_TRUE(english(driven.work().where()).starts_with("CPU, ")) << english(driven.work().where());
        EXPECT_NE(english(driven.work().gpu_reason()).find("freeze the window"), std::string::npos)
            << english(driven.work().gpu_reason());
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
        EXPECT_EQ(english(driven.work().problem()), "");
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

}  // namespace
}  // namespace convlens
