// The window as a whole: starting, doors, menus, keys, themes, presenter mode, dropped files, and being quiet.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <imgui_internal.h>

#include "app/document/file.h"
#include "app/document/presets.h"
#include "app/render/figure.h"
#include "app/window/actions.h"
#include "app/window/files.h"
#include "core/io/npy.h"
#include "tests/gui/harness/driven_app.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMenu = "##MainMenuBar";

const ConvSpec& spec(DrivenApp& driven) { return driven.session().document().layers.front().spec; }

void choose(ImGuiTestContext* ctx, const char* item) {
    ctx->SetRef(kMenu);
    ctx->MenuClick(item);
    ctx->Yield(2);
}

void enter_door(ImGuiTestContext* ctx, const char* door) {
    ctx->SetRef("Doors");
    ctx->ItemClick(door);
    ctx->Yield(3);
}

ImGuiWindow& window(const char* name) {
    ImGuiWindow* found = ImGui::FindWindowByName(name);
    if (found == nullptr) throw std::runtime_error(std::string("there is no window ") + name);
    return *found;
}

// In the frame before the script went on.
bool is_shown(const char* name) {
    const ImGuiWindow* found = ImGui::FindWindowByName(name);
    return found != nullptr && found->WasActive;
}

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

bool tells(const UiState& ui, const std::string& words) {
    return std::ranges::any_of(ui.messages, [&](const Message& m) { return m.text.find(words) != std::string::npos; });
}

TEST(Window, FirstStartRestsAtTheFirstOutputWithFiveDoors) {
    DrivenApp driven;
    EXPECT_EQ(driven.session().document(), first_document());
    EXPECT_EQ(driven.ui().playhead.step, 1);
    EXPECT_FALSE(driven.ui().playing);
    EXPECT_TRUE(driven.ui().show_doors);
    driven.screenshot("window_first_start");
}

TEST(Window, FirstFrameIsThereWithinHalfASecond) {
    const double before = ImGui::GetCurrentContext() == nullptr ? 0 : -1;
    ASSERT_EQ(before, 0);
    const auto start = std::chrono::steady_clock::now();
    UserFolders folders;
    DrivenApp driven({}, &folders);  // draws three frames
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    RecordProperty("seconds", std::to_string(seconds.count()));
    EXPECT_LT(seconds.count(), 1.0) << "three frames and the test engine";
}

TEST(Window, DoorSlideAKernelPlays) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        enter_door(ctx, "Slide a kernel");
        EXPECT_EQ(driven.session().document().layers, preset_document("no_padding_no_strides")->layers);
        EXPECT_TRUE(driven.ui().playing);
        EXPECT_FALSE(driven.ui().show_doors);
        ctx->MouseMoveToPos({2, 2});
        ctx->Yield(200);
        EXPECT_GT(driven.ui().playhead.step, 1);
    });
}

TEST(Window, DoorTransposedShowsATransposedLayer) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { enter_door(ctx, "Transposed"); });
    EXPECT_EQ(spec(driven).op, Op::conv_transpose);
    driven.screenshot("window_transposed");
}

TEST(Window, DoorWhyThisSizeLeavesARemainder) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { enter_door(ctx, "Why this size?"); });
    const AxisShape& rows = driven.session().derived.layers.front()->h;
    EXPECT_NE(rows.numerator % rows.stride, 0);
    EXPECT_FALSE(driven.ui().playing);
    driven.screenshot("window_why_this_size");
}

TEST(Window, DoorOpenAPhotoShowsTheSampleAndAsksForAFile) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        enter_door(ctx, "Open a photo");
        EXPECT_EQ(driven.session().document().mode, Mode::photo);
        EXPECT_TRUE(driven.session().document().photo.path.empty());
        IM_CHECK(ctx->ItemExists("//$FOCUSED/Cancel"));
        ctx->ItemClick("//$FOCUSED/Cancel");
        ctx->Yield(60);
        driven.screenshot("window_photo");
    });
}

TEST(Window, DoorCompareShowsThePanesSideBySide) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { enter_door(ctx, "Compare conv2 \\/ xcorr2"); });
    EXPECT_EQ(driven.session().document().panes.size(), 3U);
    driven.screenshot("window_compare");
}

// Beside the side panels three panes would have no room for numbers.
TEST(Window, SeveralPanesTakeTheRoomOfTheSidePanelsInANarrowWindow) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        enter_door(ctx, "Compare conv2 \\/ xcorr2");
        EXPECT_FALSE(is_shown("Parameters"));
        ctx->KeyPress(ImGuiKey_S);
        ctx->Yield(2);
        EXPECT_TRUE(is_shown("Parameters"));
        choose(ctx, "View/###wide");
        EXPECT_FALSE(is_shown("Parameters"));
    });
}

TEST(Window, SeveralPanesStandBesideTheSidePanelsInAWideWindow) {
    WindowOptions options;
    options.width = 1920;
    options.height = 1080;
    DrivenApp driven(options);
    driven.drive([&](ImGuiTestContext* ctx) {
        enter_door(ctx, "Compare conv2 \\/ xcorr2");
        EXPECT_TRUE(is_shown("Parameters"));
        EXPECT_EQ(driven.ui().pane, 0);
        ctx->KeyPress(ImGuiKey_Tab);
        EXPECT_EQ(driven.ui().pane, 1);
        ctx->KeyPress(ImGuiMod_Shift | ImGuiKey_Tab);
        EXPECT_EQ(driven.ui().pane, 0);
    });
    driven.screenshot("window_compare_1080");
}

TEST(Window, ScaleChangesTypeAndPanelsTogether) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const float width = window("Parameters").Size.x;
        for (int i = 0; i < 5; ++i) ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Equal);
        ctx->Yield(3);
        EXPECT_NEAR(ImGui::GetStyle().FontSizeBase, 24, 0.5F);
        EXPECT_NEAR(window("Parameters").Size.x, width * 1.5F, 3);
        driven.screenshot("window_scale_150");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_0);
        ctx->Yield(3);
        EXPECT_NEAR(window("Parameters").Size.x, width, 3);
    });
}

TEST(Window, TheStripOfDoorsCanBeClosedAndBroughtBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->SetRef("Doors");
        ctx->ItemClick("###close doors");
        EXPECT_FALSE(driven.ui().show_doors);
        choose(ctx, "Help/The five doors");
        EXPECT_TRUE(driven.ui().show_doors);
    });
}

TEST(Window, UndoAndRedoGoBackAndForth) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const bool flipped = spec(driven).flip_kernel;
        ctx->KeyPress(ImGuiKey_T);
        ctx->Yield();
        EXPECT_NE(spec(driven).flip_kernel, flipped);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
        ctx->Yield();
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
        ctx->Yield();
        EXPECT_NE(spec(driven).flip_kernel, flipped);
        choose(ctx, "Edit/###undo");
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        choose(ctx, "Edit/###redo");
        EXPECT_NE(spec(driven).flip_kernel, flipped);
    });
}

TEST(Window, DerivedIsOfTheDocumentInEveryFrame) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (int i = 0; i < 20; ++i) {
            ctx->KeyPress(i % 3 == 2 ? ImGuiMod_Ctrl | ImGuiKey_Z : ImGuiKey_T);
            EXPECT_EQ(driven.session().derived.document, driven.session().document());
        }
    });
}

TEST(Window, ThemeSwitchChangesColours) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ASSERT_TRUE(driven.ui().settings.dark);
        const float dark = ImGui::GetStyle().Colors[ImGuiCol_WindowBg].x;
        ctx->KeyPress(ImGuiKey_D);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().settings.dark);
        EXPECT_GT(ImGui::GetStyle().Colors[ImGuiCol_WindowBg].x, dark + 0.5F);
        driven.screenshot("window_light");
        ctx->SetRef(kMenu);
        ctx->ItemClick("##MenuBar/###theme");
        EXPECT_TRUE(driven.ui().settings.dark);
    });
}

// At two sizes: no text is smaller than a fortieth of the window's height, menu and timeline included.
TEST(Window, PresenterModeHasLargeTypeOnly) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1920, 1080)}) {
        WindowOptions options;
        options.width = width;
        options.height = height;
        DrivenApp driven(options);
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
            EXPECT_GE(driven.smallest_text(), static_cast<float>(height) / 40);
            EXPECT_FALSE(is_shown("Parameters"));
            driven.screenshot("window_presenter_" + std::to_string(height));
            choose(ctx, "View/###presenter");
            EXPECT_FALSE(driven.ui().presenter);
            EXPECT_TRUE(is_shown("Parameters"));
        });
    }
}

TEST(Window, PresenterModeAndBackLeavesTheLayoutAsItWas) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const ImVec2 before = window("Parameters").Size;
        for (int i = 0; i < 4; ++i) {
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(4);
        }
        const ImVec2 after = window("Parameters").Size;
        EXPECT_NEAR(after.x, before.x, 2);
        EXPECT_NEAR(after.y, before.y, 2);
    });
}

TEST(Window, F1ShowsEveryKey) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_F1);
        ctx->Yield(20);
        ASSERT_TRUE(is_shown("Keys"));
        EXPECT_EQ(window("Keys").ScrollMax.y, 0) << "it fits";
        driven.screenshot("window_keys");
        ctx->KeyPress(ImGuiKey_Escape);
        ctx->Yield(2);
        EXPECT_FALSE(driven.ui().show_keys);
        EXPECT_FALSE(is_shown("Keys"));
    });
}

TEST(Window, KeysStepThroughTheTimeline) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        const auto step = [&] { return driven.ui().playhead.step; };
        const std::int64_t width = driven.session().derived.layers.front()->output.shape().w;
        ctx->KeyPress(ImGuiKey_RightArrow);
        EXPECT_EQ(step(), 2);
        ctx->KeyPress(ImGuiKey_LeftArrow);
        EXPECT_EQ(step(), 1);
        ctx->KeyPress(ImGuiKey_DownArrow);
        EXPECT_EQ(step(), 1 + width);
        ctx->KeyPress(ImGuiKey_UpArrow);
        EXPECT_EQ(step(), 1);
        ctx->KeyPress(ImGuiKey_End);
        EXPECT_EQ(step(), step_count(driven.session().derived));
        ctx->KeyPress(ImGuiKey_Home);
        EXPECT_EQ(step(), 0);
        ctx->KeyPress(ImGuiKey_LeftArrow);
        EXPECT_EQ(step(), 0);
    });
}

TEST(Window, SpacePlaysAndPauses) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_Space);
        ctx->Yield(120);  // two seconds: two and a half steps
        EXPECT_TRUE(driven.ui().playing);
        EXPECT_EQ(driven.ui().playhead.step, 3);
        ctx->KeyPress(ImGuiKey_Space);
        EXPECT_FALSE(driven.ui().playing);
        EXPECT_EQ(driven.ui().playhead.phase, 0);
    });
}

TEST(Window, WithoutMotionNothingGlides) {
    DrivenApp driven;
    driven.ui().settings.motion = false;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({2, 2});
        ctx->KeyPress(ImGuiKey_Space);
        for (int i = 0; i < 100; ++i) {
            ctx->Yield();
            ASSERT_EQ(driven.ui().playhead.phase, 0);
        }
        EXPECT_GT(driven.ui().playhead.step, 1);
    });
}

// Letters and digits belong to the field while somebody types in it.
TEST(Window, KeysAreNotTakenFromATextField) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(20);
        ctx->ItemClick("//$FOCUSED/##folder");
        ctx->KeyChars("dgtp");
        ctx->KeyPress(ImGuiKey_D);
        ctx->KeyPress(ImGuiKey_Space);
        ctx->Yield(2);
        EXPECT_TRUE(driven.ui().settings.dark);
        EXPECT_FALSE(driven.ui().playing);
        EXPECT_FALSE(driven.ui().presenter);
    });
}

TEST(Window, EveryLayerPresetOpensFromTheMenu) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const PresetInfo& preset : presets()) {
            if (preset.kind != "layer") continue;
            choose(ctx, ("Presets/###" + preset.name).c_str());
            EXPECT_EQ(driven.session().document().layers, preset_document(preset.name)->layers) << preset.name;
        }
    });
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
        flipped = spec(driven).flip_kernel;
    }
    {
        DrivenApp driven({}, &folders);
        EXPECT_EQ(driven.session().document().layers.front().input,
                  preset_document("no_padding_no_strides")->layers.front().input);
        EXPECT_EQ(spec(driven).flip_kernel, flipped);
        EXPECT_FALSE(driven.ui().show_doors);
        EXPECT_FALSE(driven.ui().settings.dark) << "settings are kept, too";
    }
    WindowOptions fresh;
    fresh.fresh = true;
    DrivenApp driven(fresh, &folders);
    EXPECT_EQ(driven.session().document(), first_document());
    EXPECT_TRUE(driven.ui().show_doors);
}

TEST(Window, WorkThatCannotBeReadIsPutAsideAndSaid) {
    UserFolders folders;
    fs::create_directories(folders.root() / "state" / "convlens");
    std::ofstream(folders.root() / "state" / "convlens" / "work.convlens") << "{ not JSON";
    DrivenApp driven({}, &folders);
    EXPECT_EQ(driven.session().document(), first_document());
    EXPECT_TRUE(tells(driven.ui(), "cannot be read"));
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
            const ImGuiWindow& panel = window("Parameters");
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
        EXPECT_NEAR(window("Parameters").Size.x, width, 1);
        choose(ctx, "View/###layout.reset");
        ctx->Yield(3);
        EXPECT_LT(window("Parameters").Size.x, width - 30);
    });
}

TEST(Window, PanelsCloseAndComeBackFromTheViewMenu) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        choose(ctx, "View/Panels/Size ruler");
        EXPECT_FALSE(is_shown("Size ruler"));
        driven.screenshot("window_without_ruler");
        choose(ctx, "View/Panels/Size ruler");
        EXPECT_TRUE(is_shown("Size ruler"));
    });
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
    EXPECT_FALSE(driven.ui().show_doors);
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
    EXPECT_EQ(driven.session().document().mode, Mode::photo);
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
    EXPECT_EQ(*driven.session().document().layers.front().input, values);
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
    for (const Message& message : driven.ui().messages) EXPECT_TRUE(message.problem) << message.text;
    driven.screenshot("window_messages");
}

TEST(Messages, AreClickedAwayAndFade) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        say(driven.ui(), "one");
        complain(driven.ui(), "two");
        ctx->Yield(3);
        ctx->ItemClick("//###message1/×");
        ctx->Yield();
        ASSERT_EQ(driven.ui().messages.size(), 1U);
        EXPECT_EQ(driven.ui().messages.front().text, "one");
        ctx->SleepNoSkip(4, 1.0F / 60);
        EXPECT_TRUE(driven.ui().messages.empty());
    });
}

TEST(Files, AreSavedAndOpenedWithTheBrowserInTheWindow) {
    UserFolders files;
    const fs::path path = files.root() / "my layer.convlens";
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        ctx->Yield(20);
        ctx->ItemInputValue("//$FOCUSED/##folder", files.root().c_str());
        ctx->Yield(2);
        ctx->ItemClick("//$FOCUSED/##name");
        ctx->KeyCharsReplaceEnter("my layer");
        ctx->Yield(4);
        ASSERT_TRUE(fs::exists(path));
        EXPECT_EQ(driven.session().file, path.string());
        EXPECT_EQ(load_document(path), driven.session().document());

        choose(ctx, "Presets/###no_padding_no_strides");
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
        ctx->Yield(20);
        ctx->ItemInputValue("//$FOCUSED/##folder", path.c_str());
        ctx->Yield(4);
        EXPECT_EQ(driven.session().document(), first_document());
    });
}

TEST(Files, FigureAndAnimationAreExported) {
    UserFolders files;
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        for (const auto& [key, name] : {std::pair(ImGuiMod_Ctrl | ImGuiKey_E, "figure.png"),
                                        std::pair(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_E, "play.gif")}) {
            ctx->KeyPress(key);
            ctx->Yield(20);
            ctx->ItemInputValue("//$FOCUSED/##folder", files.root().c_str());
            ctx->Yield(2);
            ctx->ItemClick("//$FOCUSED/##name");
            ctx->KeyCharsReplaceEnter(name);
            const auto start = std::chrono::steady_clock::now();
            while (!tells(driven.ui(), name) && std::chrono::steady_clock::now() - start < std::chrono::seconds(30))
                rest(ctx);
            EXPECT_TRUE(fs::exists(files.root() / name));
            EXPECT_GT(fs::file_size(files.root() / name), 1000U);
        }
    });
}

// Nothing plays, nobody is there: no frame is due, ever.
TEST(Window, DrawsNothingWhenIdle) {
    DrivenApp driven;
    const auto start = std::chrono::steady_clock::now();
    while (!std::isinf(driven.app().wait_seconds())) {
        driven.frames(1);
        ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << "it never comes to rest";
    }
    driven.frames(1);
    EXPECT_TRUE(std::isinf(driven.app().wait_seconds())) << "a frame without cause does not call for another";
}

TEST(Window, NeedsNoFrameWhileAStepRests) {
    DrivenApp driven;
    driven.frames(40);
    driven.ui().playing = true;
    driven.ui().settings.motion = false;
    driven.ui().step_started = ImGui::GetTime();
    driven.frames(1);
    EXPECT_TRUE(std::isfinite(driven.app().wait_seconds()));
}

TEST(Window, RunsOnOpenGl33AndSaysWhatThatMeans) {
    WindowOptions options;
    options.newest_gl = 33;
    DrivenApp driven(options);
    EXPECT_EQ(driven.app().window().gl_version(), 33);
    driven.screenshot("window_gl33");
}

// 32x32 and 30x30 numbered cells: our own code, up to the finished draw list, is quick.
TEST(Speed, ThousandsOfNumbersAreDrawnQuickly) {
    WindowOptions options;
    options.width = 1920;
    options.height = 1080;
    DrivenApp driven(options);
    Document document = *preset_document("no_padding_no_strides");
    document.layers = {new_layer({document.layers.front().spec, {1, 1, 32, 32}, {}, {}}, false)};
    replace_document(driven.session(), document, "large");
    driven.ui().playhead.step = 900;
    driven.ui().show_doors = false;
    driven.ui().wide = true;
    driven.frames(10);
    driven.screenshot("window_many_cells");
    std::size_t numbers = 0;
    for (const Mark& mark : driven.ui().panels.scene->marks)
        if (const auto* grid = std::get_if<GridMark>(&mark)) numbers += grid->texts.size();
    EXPECT_GE(numbers, 1924U);
    double least = 1e9;
    for (int i = 0; i < 30; ++i) {
        driven.frames(1);
        least = std::min(least, driven.app().build_ms());
    }
    std::printf("%zu numbers: %.2f ms to build a frame\n", numbers, least);
    EXPECT_LT(least, 10);
}

}  // namespace
}  // namespace convlens
