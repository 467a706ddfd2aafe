// Each row of the table of panels is a whole panel: it has its workspace, and a place of its own in the first arrangement.
#include "app/window/panel_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include "app/document/presets.h"
#include "app/session/settings.h"
#include "app/window/docking.h"

namespace convlens {
namespace {

Session session_of(Workspace workspace) {
    Document document = *preset_document("padding_strides");
    document.workspace = workspace;
    return Session(std::move(document));
}

// The dock node of each panel in the first arrangement of a window.
std::map<std::string_view, ImGuiID> first_places() {
    ImGuiContext* context = ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.DisplaySize = {1280, 720};
    std::map<std::string_view, ImGuiID> places;
    Docking docking;
    for (int frame = 0; frame < 3; ++frame) {
        ImGui::NewFrame();
        docking.begin_frame(16, ImGui::GetFont());
        for (const Panel& panel : panels()) {
            ImGui::Begin(panel.name.data());
            places[panel.name] = ImGui::GetWindowDockID();
            ImGui::End();
        }
        ImGui::EndFrame();
    }
    ImGui::DestroyContext(context);
    return places;
}

TEST(PanelTable, EveryPanelIsDockedWhereItsRowSays) {
    std::map<std::string_view, ImGuiID> nodes = first_places();
    for (const Panel& a : panels()) {
        EXPECT_NE(nodes[a.name], 0U) << a.name << " floats";
        for (const Panel& b : panels())
            EXPECT_EQ(nodes[a.name] == nodes[b.name], a.place == b.place) << a.name << ", " << b.name;
    }
}

TEST(PanelTable, NamesAreUniqueAndEachWorkspaceHasOnePicture) {
    std::set<std::string_view> seen;
    std::map<Workspace, int> pictures;
    for (const Panel& panel : panels()) {
        EXPECT_TRUE(seen.insert(panel.name).second) << panel.name;
        if (panel.place == PanelPlace::middle) ++pictures[panel.workspace];
    }
    for (const std::string_view word : names<Workspace>()) EXPECT_EQ(pictures[*from_name<Workspace>(word)], 1) << word;
}

TEST(PanelTable, APanelIsOpenInItsOwnWorkspaceOnly) {
    for (const std::string_view word : names<Workspace>()) {
        const Workspace workspace = *from_name<Workspace>(word);
        const Session session = session_of(workspace);
        EXPECT_EQ(picture_panel(session).workspace, workspace);
        for (const Panel& panel : panels())
            EXPECT_EQ(is_open(panel, session), panel.workspace == workspace && panel.tells == nullptr)
                << panel.name << " in " << word;
    }
}

// The size ruler comes up by itself where something is not read, and stays as whoever opens or closes it wants it.
TEST(PanelTable, TheRulerIsOpenWhereItHasSomethingToSayOrIsAsked) {
    const auto ruler = std::ranges::find(panels(), std::string_view("Size ruler"), &Panel::name);
    ASSERT_NE(ruler, panels().end());
    const auto open = [&](const char* preset) {
        Session session(*preset_document(preset));
        update_panels(session);
        return is_open(*ruler, session);
    };
    EXPECT_FALSE(open("padding_strides")) << "windows of three fill seven rows";
    EXPECT_TRUE(open("padding_strides_odd")) << "a row of padding is left over";
    Session session = session_of(Workspace::grid);
    update_panels(session);
    set_closed(session.ui.settings, ruler->name, false);
    EXPECT_TRUE(is_open(*ruler, session));
    session.ui.panels.diagram.ruler_tells = true;
    set_closed(session.ui.settings, ruler->name, true);
    EXPECT_FALSE(is_open(*ruler, session));
}

TEST(PanelTable, PresenterModeLeavesWhatIsPresented) {
    Session session = session_of(Workspace::grid);
    session.ui.presenter = true;
    for (const Panel& panel : panels())
        EXPECT_EQ(is_open(panel, session), panel.presented && panel.workspace == Workspace::grid) << panel.name;
}

}  // namespace
}  // namespace convlens
