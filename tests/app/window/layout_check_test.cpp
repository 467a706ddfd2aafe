// A damaged layout is refused before Dear ImGui builds panels of it, and no layout that is let through ends the program.
#include "app/window/layout_check.h"

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include "app/window/docking.h"

namespace convlens {
namespace {

// The panels of the window, empty, in a Dear ImGui of their own that draws nothing.
class Panels {
public:
    explicit Panels(const std::string& layout = {}) : context_(ImGui::CreateContext()) {
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
        io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
        io.DisplaySize = {1280, 720};
        if (!layout.empty()) ImGui::LoadIniSettingsFromMemory(layout.c_str(), layout.size());
    }
    ~Panels() { ImGui::DestroyContext(context_); }
    Panels(const Panels&) = delete;
    Panels& operator=(const Panels&) = delete;

    void draw(int frames) {
        for (int i = 0; i < frames; ++i) {
            ImGui::NewFrame();
            docking_.begin_frame(16, ImGui::GetFont());
            space_ = ImGui::GetID(kDockSpace);
            for (const Panel& panel : panels()) {
                ImGui::Begin(panel.name.data());
                ImGui::TextUnformatted(panel.name.data());
                ImGui::End();
            }
            ImGui::EndFrame();
        }
    }
    static std::string layout() { return ImGui::SaveIniSettingsToMemory(); }
    ImGuiID space() const { return space_; }

private:
    ImGuiContext* context_;
    Docking docking_;
    ImGuiID space_ = 0;
};

std::string first_layout() {
    Panels panels;
    panels.draw(3);
    return Panels::layout();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The whole line that begins with, or after blanks, `start`.
std::string line_with(const std::string& text, const std::string& part) {
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    const std::size_t begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) + 1 - begin);
}

TEST(Layout, KnowsTheIdOfTheDockSpace) {
    Panels panels;
    panels.draw(1);
    EXPECT_EQ(dock_space_id(), panels.space());
}

TEST(Layout, AcceptsWhatTheProgramWrites) {
    EXPECT_EQ(layout_fault(""), std::nullopt);
    Panels panels;
    panels.draw(3);
    EXPECT_EQ(layout_fault(Panels::layout()), std::nullopt);
    // One panel pulled out, one put in front of another, one put beside another.
    ImGui::DockContextProcessUndockWindow(ImGui::GetCurrentContext(), ImGui::FindWindowByName("Output"));
    panels.draw(3);
    EXPECT_EQ(layout_fault(Panels::layout()), std::nullopt);
    ImGui::DockBuilderDockWindow("Size ruler", ImGui::FindWindowByName("Explanation")->DockId);
    panels.draw(3);
    EXPECT_EQ(layout_fault(Panels::layout()), std::nullopt);
    ImGuiID below = 0, above = 0;
    ImGui::DockBuilderSplitNode(ImGui::FindWindowByName("Layer")->DockId, ImGuiDir_Down, 0.3F, &below, &above);
    ImGui::DockBuilderDockWindow("Explanation", below);
    panels.draw(3);
    EXPECT_EQ(layout_fault(Panels::layout()), std::nullopt);
    EXPECT_EQ(layout_fault(first_layout()), std::nullopt);
}

TEST(Layout, ADockIdThatIsThereTwiceIsRefused) {
    std::ifstream file(CONVLENS_FIXTURES "/layout_dup_id.ini");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(english(layout_fault(text).value()), "line 70 has the dock id 0x00000001 for the second time");
    EXPECT_EQ(layout_fault(replaced(text, "  DockNode  ID=0x00000001 Parent=0x00000005",
                                    "  DockNode  ID=0x00000008 Parent=0x00000005")),
              std::nullopt)
        << "it was the only fault";
}

TEST(Layout, EachKindOfDamageIsRefused) {
    const std::string good = first_layout();
    ASSERT_EQ(layout_fault(good), std::nullopt);
    const std::string inner = line_with(good, "ID=0x00000007"), last = line_with(good, "ID=0x0000000A");
    const std::string side = line_with(good, "ID=0x00000008");
    const std::vector<std::pair<std::string, std::string>> damaged = {
        {replaced(good, "ID=0x00000007", "ID=0x00000013"), "names the parent"},
        {replaced(good, "ID=0x00000007", "ID=0x00000000"), "none that this program writes"},
        {replaced(good, "ID=0x00000007", "ID=0x0000000G"), "none that this program writes"},
        {replaced(good, "Parent=0x00000007", "Parent=0x0000000A"), "names the parent"},
        {replaced(good, "Parent=0x00000007", "Parent=0x00000003"), "parts"},
        {replaced(good, last, ""), "is split and has 1 parts"},
        {replaced(good, last, last + replaced(last, "ID=0x0000000A", "ID=0x0000001A")), "is split and has 3 parts"},
        {replaced(good, side, replaced(side, "Selected", "Split=X Selected")), "is split and has 0 parts"},
        {replaced(good, inner, replaced(inner, " Split=Y", "")), "is not split and has 2 parts"},
        {replaced(good, "CentralNode=1 ", ""), "0 middles"},
        {replaced(good, side, replaced(side, "Selected", "CentralNode=1 Selected")), "2 middles"},
        {replaced(good, "DockSpace", "DockNode "), "no dock space"},
        {replaced(good, "[Docking][Data]", "[Docking][Data]\n[Docking][Data]"), "again"},
        {replaced(good, "[Window][Explanation]", "[Window][Output]"), "for the second time"},
        {replaced(good, "[Window][Explanation]", "[Table][0x12345678,3]"), "none that this program writes"},
        {replaced(good, "SizeRef=", "SizeRef=0"), "none that this program writes"},
        {replaced(good, "Size=1280,720", "Size=1280,-720"), "none that this program writes"},
        {replaced(good, "Size=1280,720", "Size=128000,720"), "none that this program writes"},
        {replaced(good, "Collapsed=0", "Collapsed=7"), "none that this program writes"},
        {std::string(1, '\0') + good, "line 1 is none"},
        {"GIF89a", "line 1 is none"},
    };
    for (const auto& [text, why] : damaged) {
        const auto fault = layout_fault(text);
        ASSERT_TRUE(fault) << why;
        EXPECT_NE(english(*fault).find(why), std::string::npos) << english(*fault) << " instead of " << why;
    }
}

// One to three small damages: a byte, a digit, an end cut off, a line gone or there twice, two digits in each other's place.
class Damage {
public:
    explicit Damage(unsigned seed) : random_(seed) {}

    std::string operator()(std::string text) {
        for (std::size_t times = 1 + below(3); times > 0 && text.size() > 100; --times) damage(text);
        return text;
    }

private:
    std::size_t below(std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most - 1)(random_); }
    std::size_t digit_in(const std::string& text) {
        const std::size_t at = text.find_first_of(kDigits, below(text.size()));
        return at == std::string::npos ? 0 : at;
    }
    void damage(std::string& text) {
        const std::size_t at = below(text.size()), back = text.rfind('\n', at);
        const std::size_t begin = back == std::string::npos ? 0 : back;
        const std::string line = text.substr(begin, text.find('\n', at + 1) - begin);
        switch (below(8)) {
            case 0: text[at] = static_cast<char>(below(256)); break;
            case 1: text.resize(at); break;
            case 2: text.erase(begin, line.size()); break;
            case 3: text.insert(begin, line); break;
            case 4: std::swap(text[digit_in(text)], text[digit_in(text)]); break;
            default: text[digit_in(text)] = kDigits[below(kDigits.size())]; break;
        }
    }

    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::mt19937 random_;
};

TEST(Layout, WhatIsLetThroughCanBeDrawnAndKept) {
    constexpr int kTimes = 2000;
    Damage damage(27);
    const std::string good = first_layout();
    int through = 0;
    for (int i = 0; i < kTimes; ++i) {
        const std::string text = damage(good);
        if (layout_fault(text)) continue;
        ++through;
        Panels panels(text);
        panels.draw(3);
        EXPECT_EQ(layout_fault(Panels::layout()), std::nullopt) << text << "\nbecame\n" << Panels::layout();
        if (HasFailure()) return;
    }
    EXPECT_GT(through, kTimes / 20) << "else nothing was tried";
    EXPECT_LT(through, kTimes / 2);
}

}  // namespace
}  // namespace convlens
