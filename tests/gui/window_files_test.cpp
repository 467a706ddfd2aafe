// Files dropped, opened, saved and exported; what is there after a restart; what the window says about all that.
#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/export/png.h"
#include "app/render/cairo/figure.h"
#include "app/session/files.h"
#include "core/io/tensor/npy.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

fs::path write_picture(const fs::path& path) {
    Bitmap bitmap{8, 6, std::vector<std::uint8_t>(8 * 6 * 4, 200)};
    save_png(bitmap, path);
    return path;
}

// A frame, and a moment for what works in the background.
void rest(ImGuiTestContext* ctx) {
    ctx->Yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

TEST(Window, WorkIsThereAfterARestart) {
    UserFolders folders;
    bool flipped = false;
    {
        DrivenApp driven({}, &folders);
        driven.drive([&](ImGuiTestContext* ctx) {
            choose(ctx, "Presets/###no_padding_no_strides");
            ctx->KeyPress(ImGuiKey_T);
            ctx->KeyPress(ImGuiKey_D);
            ctx->Yield(2);
        });
        driven.ui().settings.speed = 4;
        driven.ui().settings.loop = false;
        flipped = spec(driven).flip_kernel;
    }
    {
        DrivenApp driven({}, &folders);
        EXPECT_EQ(driven.session().document().layers.front().input,
                  preset_document("no_padding_no_strides")->layers.front().input);
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        EXPECT_FALSE(driven.ui().show_start_bar);
        EXPECT_FALSE(driven.ui().settings.dark) << "settings are kept, too";
    }
    WindowOptions fresh;
    fresh.fresh = true;
    {
        DrivenApp driven(fresh, &folders);
        EXPECT_EQ(driven.session().document(), first_document());
        EXPECT_TRUE(driven.ui().show_start_bar);
        EXPECT_EQ(driven.ui().settings, Settings()) << "as for the first time";
        driven.ui().settings.motion = false;
    }
    DrivenApp driven({}, &folders);
    Settings kept;
    kept.dark = kept.loop = kept.motion = false;
    kept.speed = 4;
    EXPECT_EQ(driven.ui().settings, kept) << "the fresh start took nothing away, and added what was changed there";
}

TEST(Window, WorkThatCannotBeReadIsPutAsideAndSaid) {
    UserFolders folders;
    fs::create_directories(folders.root() / "state" / "convlens");
    std::ofstream(folders.root() / "state" / "convlens" / "work.convlens") << "{ not JSON";
    DrivenApp driven({}, &folders);
    EXPECT_EQ(driven.session().document(), first_document());
    EXPECT_TRUE(tells(driven.ui(), "could not be opened"));
    EXPECT_TRUE(fs::exists(folders.root() / "state" / "convlens" / "work-unreadable.convlens"));
}

// Started from two different folders, the second one read-only: one configuration, none in the folder itself.
TEST(Window, LayoutIsKeptInTheUsersFolderAndNotInTheCurrentOne) {
    UserFolders folders, elsewhere;
    const fs::path before = fs::current_path();
    fs::current_path(elsewhere.root());
    float width = 0;
    {
        DrivenApp driven({}, &folders);
        driven.drive([&](ImGuiTestContext* ctx) {
            const ImGuiWindow& panel = window("Layer");
            ctx->MouseMoveToPos({panel.Pos.x + panel.Size.x + 0.5F, panel.Pos.y + panel.Size.y / 2});
            ctx->MouseDragWithDelta({60, 0});
            ctx->Yield(3);
            width = panel.Size.x;
        });
    }
    EXPECT_TRUE(fs::is_empty(elsewhere.root()));
    fs::current_path(before);
    DrivenApp driven({}, &folders);
    driven.drive([&](ImGuiTestContext* ctx) {
        EXPECT_NEAR(window("Layer").Size.x, width, 1);
        choose(ctx, "View/###layout.reset");
        ctx->Yield(3);
        EXPECT_LT(window("Layer").Size.x, width - 30);
    });
}

TEST(Files, NamedAtTheStartThatAreNotThereAreSaidAndTheOthersOpen) {
    UserFolders files;
    const fs::path picture = write_picture(files.root() / "mid.png");
    WindowOptions options;
    options.files = {picture.string(), (files.root() / "grey.jpg").string(), (files.root() / "nope.png").string()};
    DrivenApp driven(options);
    EXPECT_EQ(driven.session().document().photo.path, picture.string());
    EXPECT_TRUE(tells(driven.ui(), "grey.jpg and nope.png: there are no such files."));
    driven.screenshot("window_missing_files");
}

TEST(Drop, ADocumentTakesThePlaceOfThePresentOne) {
    UserFolders files;
    const fs::path path = files.root() / "卷积 ы ü.convlens";
    save_document(*preset_document("no_padding_no_strides"), path);
    DrivenApp driven;
    driven.app().drop({path.string()});
    driven.frames(2);
    EXPECT_EQ(driven.session().document(), *preset_document("no_padding_no_strides"));
    EXPECT_EQ(work_name(driven.session()), "卷积 ы ü.convlens");
    EXPECT_FALSE(driven.ui().show_start_bar);
    driven.drive([&](ImGuiTestContext* ctx) { ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z); });
    EXPECT_EQ(driven.session().document(), first_document()) << "opening can be undone";
}

TEST(Drop, APictureIsShownAndLeavesTheGridUntouched) {
    UserFolders files;
    const fs::path path = write_picture(files.root() / "ы.png");
    DrivenApp driven;
    const std::vector<Layer> layers = driven.session().document().layers;
    driven.app().drop({path.string()});
    driven.frames(2);
    EXPECT_EQ(driven.session().document().workspace, Workspace::photo);
    EXPECT_EQ(driven.session().document().photo.path, path.string());
    EXPECT_EQ(driven.session().document().layers, layers);
}

TEST(Drop, AnArrayBecomesTheInput) {
    UserFolders files;
    const fs::path path = files.root() / "input.npy";
    Tensor<double> values({1, 1, 6, 7});
    for (std::size_t i = 0; i < values.span().size(); ++i) values.span()[i] = static_cast<double>(i);
    write_npy(path, values);
    DrivenApp driven;
    driven.app().drop({path.string()});
    driven.frames(2);
    EXPECT_EQ(*own_input(driven.session().document().layers.front()), values);
}

TEST(Drop, AFileThatCannotBeReadIsNamedWithReasonAndWhatWorks) {
    UserFolders files;
    std::ofstream(files.root() / "notes.txt") << "not a picture";
    std::ofstream(files.root() / "broken.convlens") << "{\"convlens\": 1";
    DrivenApp driven;
    const Document before = driven.session().document();
    driven.app().drop({(files.root() / "notes.txt").string(), (files.root() / "broken.convlens").string(),
                       (files.root() / "gone.png").string(), files.root().string()});
    driven.frames(2);
    EXPECT_EQ(driven.session().document(), before);
    EXPECT_TRUE(tells(driven.ui(), "notes.txt"));
    EXPECT_TRUE(tells(driven.ui(), "broken.convlens"));
    EXPECT_TRUE(tells(driven.ui(), "there is no such file"));
    EXPECT_TRUE(tells(driven.ui(), ".convlens"));
    for (const Notice& message : driven.ui().messages) EXPECT_TRUE(message.problem) << message.text();
    driven.screenshot("window_messages");
}

TEST(Messages, AreClickedAwayAndFade) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        say(driven.ui(), verbatim("one"));
        complain(driven.ui(), verbatim("two"));
        ctx->Yield(3);
        ctx->ItemClick("//###message1/×");
        ctx->Yield();
        ASSERT_EQ(driven.ui().messages.size(), 1U);
        EXPECT_EQ(driven.ui().messages.front().text(), "one");
        ctx->SleepNoSkip(4, 1.0F / 60);
        EXPECT_TRUE(driven.ui().messages.empty());
    });
}

TEST(Messages, HideNoLineOfSums) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_RightArrow);
        say(driven.ui(), verbatim("saved"));
        ctx->Yield(3);
        const ImRect canvas = ctx->ItemInfo("//Diagram/##picture").RectFull;
        const float top = ctx->GetWindowByRef("//###message0")->Pos.y;
        ASSERT_TRUE(driven.ui().panels.diagram.scene);
        int sums = 0;
        for (const Mark& mark : driven.ui().panels.diagram.scene->marks) {
            const auto* text = std::get_if<TextMark>(&mark);
            if (text == nullptr || text->id.part != Part::sum) continue;
            EXPECT_LE(canvas.Min.y + text->at.y + text->size, top);
            ++sums;
        }
        EXPECT_GT(sums, 0);
    });
}

TEST(Messages, LeaveThePictureMostOfItsRoomHoweverMany) {
    WindowOptions options;
    options.width = 1280;
    options.height = 720;
    DrivenApp driven(options);
    driven.drive([&](ImGuiTestContext* ctx) {
        const float before = ctx->ItemInfo("//Diagram/##picture").RectFull.GetHeight();
        for (const char* name : {"one.txt", "two.txt", "three.txt", "four.txt", "five.txt"})
            complain(driven.ui(),
                     verbatim(std::string(name) + " is none of the files that open here, of which there are "
                                                  "documents, cases, pasted code and images"));
        ctx->Yield(4);
        EXPECT_GE(ctx->ItemInfo("//Diagram/##picture").RectFull.GetHeight(), 0.7F * before);
    });
}

// A class looks at the picture: it stays as it is while something is said over it.
TEST(Messages, HideNoLineOfSumsInPresenterModeAndMoveNothing) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1920, 1080)}) {
        WindowOptions options;
        options.width = width;
        options.height = height;
        DrivenApp driven(options);
        for (const bool compared : {false, true}) {
            driven.drive([&](ImGuiTestContext* ctx) {
                ctx->KeyPress(ImGuiKey_RightArrow);
                if (compared) ctx->KeyPress(ImGuiKey_C);
                if (!driven.ui().presenter) ctx->KeyPress(ImGuiKey_P);
                ctx->Yield(4);
                const ImRect canvas = ctx->ItemInfo("//Diagram/##picture").RectFull;
                const std::shared_ptr<const Scene> before = driven.ui().panels.diagram.scene;
                float highest = canvas.Max.y;
                for (const Mark& mark : before->marks) {
                    const auto* text = std::get_if<TextMark>(&mark);
                    if (text != nullptr && text->id.part == Part::sum)
                        highest = std::min(highest, canvas.Min.y + text->at.y);
                }
                EXPECT_LT(highest, canvas.Max.y);
                say(driven.ui(), verbatim("Pasted a layer of PyTorch: the input's size is not told; 5×5 was taken"));
                ctx->Yield(4);
                const ImGuiWindow* told = ctx->GetWindowByRef("//###message0");
                EXPECT_LE(told->Pos.y + told->Size.y, highest);
                EXPECT_GE(told->Pos.y, canvas.Min.y);
                EXPECT_EQ(driven.ui().panels.diagram.scene, before) << "the picture did not change";
                const ImRect there = ctx->ItemInfo("//Diagram/##picture").RectFull;
                EXPECT_EQ(there.Min.y, canvas.Min.y);
                EXPECT_EQ(there.Max.y, canvas.Max.y);
                driven.screenshot(fmt::format("messages_presenter_{}{}", height, compared ? "_compared" : ""));
                driven.ui().messages.clear();
                ctx->Yield(2);
                EXPECT_EQ(driven.ui().panels.diagram.scene, before);
            });
        }
    }
}

TEST(Files, AreSavedAndOpenedWithTheBrowserInTheWindow) {
    UserFolders files;
    const fs::path path = files.root() / "my layer.convlens";
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(20);
        ctx->ItemInputValue("//###file browser/##folder", files.root().c_str());
        ctx->Yield(2);
        ctx->ItemClick("//###file browser/##name");
        ctx->KeyCharsReplaceEnter("my layer");
        for (int i = 0; i < 400 && driven.session().file.empty(); ++i) {
            rest(ctx);
            driven.app().keep();
        }
        ASSERT_TRUE(fs::exists(path));
        EXPECT_EQ(driven.session().file, path.string());
        EXPECT_EQ(load_document(path), driven.session().document());

        choose(ctx, "Presets/###no_padding_no_strides");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(20);
        ctx->ItemInputValue("//###file browser/##folder", path.c_str());
        ctx->Yield(4);
        EXPECT_EQ(driven.session().document(), first_document());
    });
}

TEST(Files, ThatChangedOnTheDiskAreAskedAboutByKeyboardToo) {
    UserFolders files;
    const fs::path path = files.root() / "doc1.convlens";
    save_document(*preset_document("no_padding_no_strides"), path);
    DrivenApp driven;
    driven.app().drop({path.string()});
    const auto ask = [&](ImGuiTestContext* ctx) {
        driven.ui().edit(msg("title"), {}, [](Document& document) { document.title += "mine"; });
        ctx->Yield();
        save_document(*preset_document("padding_strides"), path);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        for (int i = 0; i < 400 && !driven.session().changed_file; ++i) {
            rest(ctx);
            driven.app().keep();
        }
        ctx->Yield(4);
        EXPECT_TRUE(is_shown("Changed on the disk###changed file"));
    };
    driven.drive([&](ImGuiTestContext* ctx) {
        ask(ctx);
        driven.screenshot("window_changed_file");
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(3);
        EXPECT_FALSE(is_shown("Changed on the disk###changed file"));
        EXPECT_FALSE(driven.session().changed_file);
        ask(ctx);
        ctx->KeyPress(ImGuiKey_Enter);
        ctx->Yield(20);
        EXPECT_TRUE(ctx->ItemExists("//###file browser/##name")) << "Save as… has the keyboard";
        ctx->ItemClick("//###file browser/Cancel");
        ctx->Yield(3);
        EXPECT_EQ(load_document(path), *preset_document("padding_strides"));
        ask(ctx);
        ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->KeyPress(ImGuiKey_Enter);
        for (int i = 0; i < 400 && !driven.session().named_and_saved(); ++i) {
            rest(ctx);
            driven.app().keep();
        }
        EXPECT_EQ(load_document(path), driven.session().document()) << "replaced";
        ask(ctx);
        ctx->ItemClick("//###changed file/Open it");
        ctx->Yield(3);
        EXPECT_EQ(driven.session().document(), *preset_document("padding_strides"));
    });
}

TEST(Files, FigureAndAnimationAreExported) {
    UserFolders files;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const auto& [key, name] :
             {std::pair(ImGuiMod_Ctrl | ImGuiKey_E, "figure.png"), std::pair(ImGuiMod_Ctrl | ImGuiKey_E, "figure.svg"),
              std::pair(ImGuiMod_Ctrl | ImGuiKey_E, "figure.pdf"),
              std::pair(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_E, "play.gif")}) {
            ctx->KeyPress(key);
            ctx->Yield(20);
            ctx->ItemInputValue("//###file browser/##folder", files.root().c_str());
            ctx->Yield(2);
            ctx->ItemClick("//###file browser/##name");
            ctx->KeyCharsReplaceEnter(name);
            const auto start = std::chrono::steady_clock::now();
            while (!tells(driven.ui(), name) && std::chrono::steady_clock::now() - start < std::chrono::seconds(30))
                rest(ctx);
            EXPECT_TRUE(fs::exists(files.root() / name));
            EXPECT_GT(fs::file_size(files.root() / name), 1000U);
            EXPECT_FALSE(tells(driven.ui(), "the last settings that worked"));
        }
    });
}

// While the settings are impossible the picture is of others: whoever exports it is told.
TEST(Files, AFigureOfTheLastSettingsThatWorkedIsSaidToBeThat) {
    UserFolders files;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->ItemInputValue("//Layer/kernel/##h", "9");
        ASSERT_TRUE(driven.ui().draft);
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
        ctx->Yield(20);
        ctx->ItemInputValue("//###file browser/##folder", files.root().c_str());
        ctx->Yield(2);
        ctx->ItemClick("//###file browser/##name");
        ctx->KeyCharsReplaceEnter("figure.png");
        const auto start = std::chrono::steady_clock::now();
        while (!tells(driven.ui(), "figure.png") && std::chrono::steady_clock::now() - start < std::chrono::seconds(30))
            rest(ctx);
        EXPECT_TRUE(tells(driven.ui(), ". It shows the last settings that worked"));
        driven.screenshot("export_impossible");
    });
}

}  // namespace
}  // namespace convlens
