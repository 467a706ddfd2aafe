// The language of the window: switched in its menu bar, shown by everything from the same frame on, and kept.
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/window/panel_table.h"
#include "app/words/words.h"
#include "core/conv/names.h"
#include "tests/gui/window_driver.h"

namespace convlens {
namespace {

void click_language(ImGuiTestContext* ctx) {
    const ImGuiWindow* bar = ImGui::FindWindowByName("##MainMenuBar");
    ASSERT_NE(bar, nullptr);
    ctx->ItemClick(ImHashStr("###language", 0, ImHashStr("##MenuBar", 0, bar->ID)));
    ctx->Yield(2);
}

// The English texts that Chinese has other words for, of a letter or more.
const std::set<std::string, std::less<>>& translated() {
    static const auto all = [] {
        std::set<std::string, std::less<>> made;
        for (const Catalogue::Entry& entry : words_of(Lang::chinese).words.entries())
            if (entry.forms.front() != entry.key.text) made.emplace(entry.key.text);
        return made;
    }();
    return all;
}

// The texts of a frame that stand in English though there is Chinese for them.
std::vector<std::string> left_in_english(DrivenApp& driven) {
    std::vector<std::string> left;
    std::istringstream lines(driven.words_of_a_frame());
    for (std::string line; std::getline(lines, line);)
        if (translated().contains(line)) left.push_back(line);
    return left;
}

TEST(Language, AClickShowsAllPanelsInChineseAndAnotherLeadsBack) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { click_language(ctx); });
    EXPECT_EQ(driven.ui().lang, Lang::chinese);
    const std::string chinese = driven.words_of_a_frame();
    for (const Panel& panel : panels()) {
        if (panel.workspace != Workspace::grid || panel.presented || panel.strip()) continue;  // strips have no title
        EXPECT_NE(chinese.find(in(Lang::chinese, panel.title)), std::string::npos) << panel.name;
    }
    for (const char* words : {"文件", "编辑", "视图", "预设", "帮助", "滑动卷积核"})
        EXPECT_NE(chinese.find(words), std::string::npos) << words;
    EXPECT_EQ(left_in_english(driven), std::vector<std::string>());
    driven.screenshot("language_grid");
    driven.drive([&](ImGuiTestContext* ctx) { click_language(ctx); });
    const std::string english = driven.words_of_a_frame();
    for (const char* words : {"File", "Slide a kernel", "Explanation", "operation"})
        EXPECT_NE(english.find(words), std::string::npos) << words;
    for (const char* words : {"文件", "滑动卷积核", "讲解", "运算"})
        EXPECT_EQ(english.find(words), std::string::npos) << words;
}

TEST(Language, ThePhotoItsDialogAndTheKeysAreChineseToo) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) {
        click_language(ctx);
        ctx->KeyPress(ImGuiKey_H);
        ctx->Yield(3);
    });
    EXPECT_EQ(left_in_english(driven), std::vector<std::string>());
    driven.screenshot("language_photo");
    driven.ui().show_keys = true;
    driven.frames(2);
    EXPECT_EQ(left_in_english(driven), std::vector<std::string>());
    driven.screenshot("language_keys");
    driven.ui().show_keys = false;
    driven.frames(2);
    driven.ui().requests.push_back(Request::save_as);
    driven.frames(3);
    EXPECT_NE(driven.words_of_a_frame().find("另存为"), std::string::npos);
    EXPECT_EQ(left_in_english(driven), std::vector<std::string>());
    driven.screenshot("language_dialog");
}

TEST(Language, IsKeptWhereTheUserChoseItAndNotWhereOneStartAskedForIt) {
    const UserFolders folders;
    {
        WindowOptions options;
        options.lang = Lang::chinese;
        DrivenApp asked(options, &folders);
        EXPECT_EQ(asked.ui().lang, Lang::chinese);
    }
    {
        DrivenApp again({}, &folders);
        EXPECT_EQ(again.ui().lang, Lang::english);
        again.drive([&](ImGuiTestContext* ctx) { click_language(ctx); });
    }
    DrivenApp kept({}, &folders);
    EXPECT_EQ(kept.ui().lang, Lang::chinese);
}

TEST(Language, TheReasonOfARefusedNumberFollowsIt) {
    DrivenApp driven;
    driven.drive([&](ImGuiTestContext* ctx) { ctx->ItemInputValue("//Layer/stride/##h", "x"); });
    ASSERT_EQ(driven.ui().panels.typed.size(), 1U);
    const auto shows = [&](Lang lang) {
        // Lines end elsewhere in the panel.
        const auto without_blanks = [](std::string text) {
            std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
            return text;
        };
        const std::string reason = without_blanks(in(lang, driven.ui().panels.typed.front().reason));
        return without_blanks(driven.words_of_a_frame()).find(reason) != std::string::npos;
    };
    EXPECT_TRUE(shows(Lang::english));
    EXPECT_FALSE(shows(Lang::chinese));
    driven.drive([&](ImGuiTestContext* ctx) { click_language(ctx); });
    EXPECT_TRUE(shows(Lang::chinese));
    EXPECT_FALSE(shows(Lang::english));
}

// In a small window; a picture has no margins and looks after itself.
TEST(Language, NoPanelIsWiderThanItsPlaceInAny) {
    for (const Language& language : languages()) {
        WindowOptions options;
        options.width = 1280;
        options.height = 720;
        options.lang = language.lang;
        DrivenApp driven(options);
        const auto expect_room = [&](std::string_view what) {
            driven.frames(4);
            for (const char* bar : {"##MainMenuBar", "Start bar"})
                if (is_shown(bar)) {
                    EXPECT_LE(window(bar).ContentSize.x, window(bar).Size.x) << language.code << ' ' << what;
                }
            for (const Panel& panel : panels()) {
                const ImGuiWindow* found = ImGui::FindWindowByName(panel.name.data());
                if (found == nullptr || !found->WasActive || panel.bare()) continue;
                EXPECT_LE(found->ContentSize.x, found->InnerRect.GetWidth())
                    << language.code << ' ' << what << ": " << panel.name << " is cut off";
            }
            driven.screenshot(fmt::format("room_{}_{}", language.code, what));
        };
        for (const std::string_view op : names<Op>()) {
            LayerShape shape = layer_shape(driven.session().document().layers.front());
            shape.spec.op = *from_name<Op>(op);
            propose(driven.ui(), driven.session().document(), 0, shape, msg("operation"), {});
            expect_room(op);
        }
        driven.drive([](ImGuiTestContext* ctx) { ctx->KeyPress(ImGuiKey_H); });
        expect_room("photo");
    }
}

// The layout calls panels by their names, which are the same in every language.
TEST(Language, LeavesThePanelsWhereTheyStand) {
    DrivenApp driven;
    const auto places = [&] {
        std::string text;
        for (const Panel& panel : panels()) {
            const ImGuiWindow* found = ImGui::FindWindowByName(panel.name.data());
            if (found != nullptr && found->WasActive)
                text += fmt::format("{} {} {} {} {}\n", panel.name, found->Pos.x, found->Pos.y, found->Size.x,
                                    found->Size.y);
        }
        return text;
    };
    const std::string before = places();
    const std::string layout = ImGui::SaveIniSettingsToMemory();
    driven.drive([&](ImGuiTestContext* ctx) { click_language(ctx); });
    EXPECT_EQ(places(), before);
    EXPECT_NE(before.find("Layer"), std::string::npos);
    EXPECT_EQ(std::string(ImGui::SaveIniSettingsToMemory()), layout);
}

}  // namespace
}  // namespace convlens
