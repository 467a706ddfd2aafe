// The picture has the room: how much of the window is its own, in windows of several sizes, with panels and without.
#include <algorithm>
#include <string>
#include <utility>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <fmt/format.h>

#include "app/document/presets.h"
#include "app/session/files.h"
#include "app/window/first_arrangement.h"
#include "tests/gui/panels_driver.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

WindowOptions sized(int width, int height) {
    WindowOptions options;
    options.width = width;
    options.height = height;
    return options;
}

float share_of_picture() {
    const ImVec2 all = ImGui::GetIO().DisplaySize;
    const ImGuiWindow& diagram = window("Diagram");
    return diagram.Size.x * diagram.Size.y / (all.x * all.y);
}

void resize(DrivenApp& driven, int width, int height) {
    glfwSetWindowSize(driven.app().window().handle(), width, height);
}

bool in_front(const char* panel) { return is_shown(panel) && !window(panel).Hidden; }

TEST(Room, ThePictureHasHalfOfTheWindowAtLeast) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1920, 1080)}) {
        DrivenApp driven(sized(width, height));
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->Yield(3);
            const auto expect_room = [&](const char* when) {
                for (const char* panel : {"Layer", "Explanation"})
                    EXPECT_TRUE(in_front(panel)) << panel << " " << when << " at " << width;
                EXPECT_GE(share_of_picture(), 0.5F) << when << " at " << width;
            };
            expect_room("at the first start");
            driven.screenshot(fmt::format("room_{}", width));
            choose(ctx, "View/Panels/Size ruler");
            choose(ctx, "View/Panels/Explanation");
            choose(ctx, "View/###layout.reset");
            ctx->Yield(3);
            expect_room("after Reset layout");
        });
    }
}

// The formula of the size and the sum behind the output, without scrolling.
TEST(Room, FormulaAndSumAreInSight) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->Yield(4);
        const ImGuiWindow& panel = window("Explanation");
        EXPECT_TRUE(in_front("Explanation"));
        EXPECT_EQ(panel.Scroll.y, 0) << "the formula stands at the top";
        bool term = false;
        for (float y = panel.InnerRect.Min.y; y < panel.InnerRect.Max.y && !term; y += 7) {
            ctx->MouseMoveToPos({panel.InnerRect.Min.x + 30, y});
            ctx->Yield(2);
            term = driven.ui().hover && driven.ui().hover->part == Part::products;
        }
        EXPECT_TRUE(term) << "a term of the sum is pointed at";
        driven.screenshot("room_explanation");
    });
}

// What the page of a test of pictures is taken for is what the window has.
TEST(Room, ThePictureIsAsLargeAsTheTestsOfPicturesSay) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1920, 1080)}) {
        DrivenApp driven(sized(width, height));
        driven.ui().show_start_bar = false;
        driven.drive([&](ImGuiTestContext* ctx) {
            for (const bool presenter : {false, true}) {
                driven.ui().presenter = presenter;
                ctx->Yield(5);
                const ImVec2 found = ctx->ItemInfo("//Diagram/##picture").RectFull.GetSize();
                const Page page = picture_page(static_cast<float>(width), static_cast<float>(height),
                                               ImGui::GetStyle().FontSizeBase, presenter);
                EXPECT_NEAR(found.x, page.width, 4) << presenter << " at " << width;
                EXPECT_NEAR(found.y, page.height, 6) << presenter << " at " << width;
            }
        });
    }
}

TEST(Room, InPresenterModeMenuAndTimelineAreOneRow) {
    for (const auto& [width, height] : {std::pair(1280, 720), std::pair(1024, 768), std::pair(1920, 1080)}) {
        DrivenApp driven(sized(width, height));
        driven.drive([&](ImGuiTestContext* ctx) {
            ctx->KeyPress(ImGuiKey_P);
            ctx->Yield(5);
            const ImGuiWindow& diagram = window("Diagram");
            EXPECT_LE(ImGui::GetIO().DisplaySize.y - diagram.Size.y, 2.2F * ImGui::GetStyle().FontSizeBase) << width;
            EXPECT_EQ(diagram.Size.x, ImGui::GetIO().DisplaySize.x) << width;
            EXPECT_FALSE(is_shown("##MainMenuBar"));
            const ImGuiWindow& line = window("Timeline");
            for (const char* item : {"###Menu", "##play", "##scrub", "##by", "##speed", "##loop"})
                EXPECT_TRUE(line.Rect().Contains(ctx->ItemInfo((std::string("//Timeline/") + item).c_str()).RectFull))
                    << item << " at " << width;
            driven.screenshot(fmt::format("room_presenter_{}", width));
            ctx->ItemClick("//Timeline/###Menu");
            driven.screenshot(fmt::format("room_presenter_menu_{}", width));
            ctx->SetRef("//$FOCUSED");
            ctx->MenuClick("View/###presenter");
            ctx->Yield(4);
            EXPECT_FALSE(driven.ui().presenter);
            EXPECT_TRUE(is_shown("##MainMenuBar"));
        });
    }
}

// The line goes while the play runs, the picture stays where it is, and a key brings the line back.
TEST(Room, InPresenterModeTheLineFadesWhileThePlayRuns) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->MouseMoveToPos({3, 3});
        ctx->KeyPress(ImGuiKey_P);
        ctx->KeyPress(ImGuiKey_Space);
        ctx->Yield(3);
        const ImVec2 before = window("Diagram").Size;
        EXPECT_EQ(driven.app().docking().line_alpha(), 1);
        ctx->SleepNoSkip(3, 0.1F);
        ASSERT_TRUE(driven.ui().playing);
        EXPECT_EQ(driven.app().docking().line_alpha(), 0);
        driven.screenshot("room_presenter_playing");
        EXPECT_EQ(window("Diagram").Size.y, before.y);
        ctx->KeyPress(ImGuiKey_L);
        EXPECT_EQ(driven.app().docking().line_alpha(), 1);
        ctx->SleepNoSkip(3, 0.1F);
        ctx->MouseMoveToPos({300, 300});
        EXPECT_EQ(driven.app().docking().line_alpha(), 1);
        ctx->KeyPress(ImGuiKey_Space);
    });
}

TEST(Room, SidePanelsMakeRoomInSmallWindowsAndComeBack) {
    DrivenApp driven(sized(900, 600));
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->Yield(3);
        EXPECT_FALSE(is_shown("Layer"));
        driven.screenshot("room_900");
        for (int i = 0; i < 2; ++i) ctx->KeyPress(ImGuiKey_P);
        resize(driven, 1280, 720);
        ctx->Yield(5);
        EXPECT_TRUE(is_shown("Layer"));
        EXPECT_TRUE(is_shown("Explanation"));
        resize(driven, 1024, 768);
        ctx->Yield(5);
        EXPECT_FALSE(is_shown("Layer"));
    });
}

TEST(Room, TypeGrowsInPresenterModeToo) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->KeyPress(ImGuiKey_P);
        ctx->Yield(4);
        const float before = ImGui::GetStyle().FontSizeBase;
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Equal);
        ctx->Yield(3);
        EXPECT_GT(ImGui::GetStyle().FontSizeBase, before);
        ctx->KeyPress(ImGuiMod_Ctrl | ImGuiKey_Minus);
        ctx->Yield(3);
        EXPECT_EQ(ImGui::GetStyle().FontSizeBase, before);
    });
}

// Digits go where the pointer was moved to, not where it was left while keys made steps; a tip never lies over the plane
// that it speaks of.
TEST(Room, NothingComesUnasked) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        UiState& ui = driven.ui();
        point_at(ctx, driven, Part::input, 1, 1);
        ctx->KeyPress(ImGuiKey_RightArrow);
        ctx->KeyChars("5");
        ctx->Yield(3);
        EXPECT_FALSE(ui.panels.diagram.cell_edit) << "the pointer only rests there";
        point_at(ctx, driven, Part::input, 1, 2);
        ctx->KeyChars("5");
        ctx->Yield(3);
        EXPECT_TRUE(ui.panels.diagram.cell_edit);
        ctx->KeyPress(ImGuiKey_Escape);
        for (const Part part : {Part::input, Part::kernel, Part::output}) {
            point_at(ctx, driven, part, 0, 1);
            ctx->SleepNoSkip(1, 0.1F);
            const ImGuiWindow* tip = ImGui::FindWindowByName("##Tooltip_00");
            ASSERT_TRUE(tip != nullptr && tip->WasActive && !tip->Hidden);
            const ImVec2 corner = ctx->ItemInfo("//Diagram/##picture").RectFull.Min;
            for (const Mark& mark : picture(driven).marks) {
                const auto* grid = std::get_if<GridMark>(&mark);
                if (grid == nullptr || grid->id.part != part) continue;
                const Rect plane = grid->frame();
                const ImRect on_screen(corner.x + plane.x, corner.y + plane.y, corner.x + plane.right(),
                                       corner.y + plane.bottom());
                EXPECT_FALSE(tip->Rect().Overlaps(on_screen)) << static_cast<int>(part);
            }
        }
        driven.screenshot("room_tip");
    });
}

// What was scrolled to belongs to the document that was there.
TEST(Room, AnotherDocumentIsShownFromItsBeginning) {
    DrivenApp driven(sized(1280, 480));
    driven.drive([&](ImGuiTestContext* ctx) {
        ctx->Yield(3);
        ctx->ScrollToY("//Explanation", 400);
        ctx->Yield(3);
        ASSERT_GT(window("Explanation").Scroll.y, 20);
        choose(ctx, "File/###new");
        open_preset(driven.session(), "padding_strides", msg("preset"));
        ctx->Yield(4);
        EXPECT_EQ(window("Explanation").Scroll.y, 0);
    });
}

}  // namespace
}  // namespace convlens
