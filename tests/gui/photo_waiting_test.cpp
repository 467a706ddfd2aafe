// A photo whose file is given a name before it is computed, and where messages stand meanwhile.
#include "tests/gui/photo_to_save.h"

namespace convlens {
namespace {

// The dialog was quicker than the filter.
TEST(PhotoSaving, APhotoThatIsBeingFilteredIsSavedAfterIt) {
    PhotoToSave driven(1500, 1000, "box");
    driven.ui().edit(msg("filter"), {}, [](Document& document) {
        document.photo.chain = {named("gaussian:size=31"), named("unsharp")};
    });
    driven.frames(2);
    const fs::path target = driven.folder() / "x.png";
    driven.app().saving().photo(driven.session().document().photo, target.string());
    driven.wait();
    ASSERT_TRUE(fs::exists(target));
    EXPECT_EQ(driven.app().photo().result()->steps.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(load_image(target).bytes(), driven.app().photo().after()->bytes()));
}

// 11×11 weights that no two passes give.
std::string slow_kernel() {
    std::string text;
    for (int row = 0; row < 11; ++row) {
        for (int col = 0; col < 11; ++col) text += std::to_string((row * col * 7 + row + 3 * col) % 13) + " ";
        text += "; ";
    }
    return text.substr(0, text.size() - 2) + "/ 700";
}

// Who has given the name sees that the file is still to come, and can take that back.
// So many filters take some seconds on a quick machine, and end with the window.
TEST(PhotoSaving, AFileThatWaitsForItsPhotoIsTold) {
    PhotoToSave driven(1500, 1000, "box");
    driven.drive([&](ImGuiTestContext* ctx) {
        driven.ui().edit(msg("filter"), {},
                         [](Document& document) { document.photo.chain.assign(150, named(slow_kernel())); });
        ctx->Yield(2);
        ASSERT_TRUE(driven.app().photo().busy());
        driven.save(ctx);
        const auto state = driven.app().saving().state();
        ASSERT_TRUE(state);
        EXPECT_TRUE(state->computing);
        for (int i = 0; i < 2000 && driven.app().photo().busy() && !is_shown("###saving"); ++i) rest(ctx);
        EXPECT_TRUE(is_shown("###saving"));
        driven.screenshot("photo_waits");
        if (is_shown("###saving")) {  // the name is long
            const ImGuiWindow& told = window("###saving");
            EXPECT_GE(told.Pos.x, window("Photo").Pos.x);
            EXPECT_LE(told.Pos.x + told.Size.x, window("Photo").Pos.x + window("Photo").Size.x);
        }
        driven.app().saving().cancel();  // as its button does
        ctx->Yield(2);
        EXPECT_FALSE(driven.app().saving().busy());
        EXPECT_TRUE(tells(driven.ui(), "was cancelled; nothing was written."));
    });
    EXPECT_EQ(std::distance(fs::directory_iterator(driven.folder()), fs::directory_iterator()), 1);
}

TEST(PhotoSaving, SeveralNamesGivenWhileThePhotoIsComputedAreAllWritten) {
    PhotoToSave driven(1500, 1000, "box");
    driven.ui().edit(msg("filter"), {}, [](Document& document) {
        document.photo.chain = {named("gaussian:size=31"), named("unsharp")};
    });
    driven.frames(2);
    for (const char* name : {"x.png", "y.jpg"})
        driven.app().saving().photo(driven.session().document().photo, (driven.folder() / name).string());
    driven.wait();
    EXPECT_TRUE(fs::exists(driven.folder() / "x.png"));
    EXPECT_TRUE(fs::exists(driven.folder() / "y.jpg"));
}

TEST(Messages, HideNoNumberOfThePixelInspector) {
    WindowOptions options;
    options.width = 1280;
    options.height = 720;
    for (const bool presenter : {false, true}) {
        DrivenApp driven(options);
        driven.ui().show_start_bar = false;
        driven.ui().presenter = presenter;
        driven.ui().edit(msg("photo"), {}, [](Document& document) { document.workspace = Workspace::photo; });
        for (int i = 0; i < 2000 && (i < 3 || driven.app().photo().busy()); ++i) driven.frames(1);
        driven.drive([&](ImGuiTestContext* ctx) {
            complain(driven.ui(),
                     verbatim("The kernel that you typed is not in use: the second row has 1 number, the first 2."));
            say(driven.ui(), verbatim("Saved a.png in ~/pictures, 8 bits a sample."));
            ctx->Yield(4);
            const float below = driven.ui().panels.photo.below_pictures;
            const ImGuiWindow* photo = ctx->GetWindowByRef("//Photo");
            EXPECT_GT(below, 0);
            for (const char* message : {"//###message0", "//###message1"}) {
                const ImGuiWindow* told = ctx->GetWindowByRef(message);
                ASSERT_NE(told, nullptr);
                EXPECT_LE(told->Pos.y + told->Size.y, photo->Pos.y + photo->Size.y - below);
                EXPECT_GE(told->Pos.y, photo->Pos.y);
            }
            driven.screenshot(presenter ? "messages_photo_presenter" : "messages_photo");
        });
    }
}

}  // namespace
}  // namespace convlens
