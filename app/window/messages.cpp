// Messages and the status line: what the program has to say, at the bottom.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/panels/widgets/widgets.h"
#include "app/window/actions.h"
#include "app/window/chrome.h"
#include "app/window/panel_table.h"
#include "app/window/style.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove |
                                    ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav;

Message hint(const Session& session, bool paused) {
    const UiState& ui = session.ui;
    if (session.document().workspace == Workspace::photo)
        return msg("Drop an image here to filter it · {key} back to the grid · F1 keys",
                   "key"_is(key_text(action("workspace.grid"))));
    if (ui.pinned) return key("Pinned · Esc or a click elsewhere unpins");
    if (paused) return key("Paused while you point at a cell");
    if (ui.playing) return key("Space pauses · + and − change the speed");
    if (ui.panels_hidden) return key("Space plays · ← → one step · S brings the side panels back · F1 keys");
    return key("Space plays · ← → one step · point at a cell to see where it comes from · F1 keys");
}

// Where messages stand: over the lower end of the picture, so that they hide no control. In front of a class above the
// sums, for which the picture makes no way there; of a photo above the numbers of its pixel.
float read_below_picture(const Session& session) {
    if (session.document().workspace == Workspace::photo) return session.ui.panels.photo.below_pictures;
    return session.ui.presenter ? session.ui.panels.diagram.sums_height : 0;
}

struct Place {
    float middle = 0, bottom = 0, width = 0;
};
Place message_place(const Session& session) {
    const ImGuiWindow* picture = ImGui::FindWindowByName(picture_panel(session).name.data());
    if (picture != nullptr && picture->Active) {
        const float end = picture->Pos.y + picture->Size.y - read_below_picture(session);
        return {picture->Pos.x + picture->Size.x / 2, end, picture->Size.x};
    }
    const ImGuiViewport& all = *ImGui::GetMainViewport();
    return {all.WorkPos.x + all.WorkSize.x / 2, all.WorkPos.y + all.WorkSize.y, all.WorkSize.x};
}

// Words in lines that leave room for `beside` pixels next to them; the next item stands behind them.
void draw_words(const ChromeContext& context, const std::string& words, const Place& place, float beside) {
    const float text = context.text_size;
    const float wrap = std::max(text * 12, std::min(text * 46, place.width - text * 4 - beside));
    const float width = std::min(ImGui::CalcTextSize(words.c_str()).x, wrap), left = ImGui::GetCursorPosX();
    ImGui::PushTextWrapPos(left + width + 1);
    ImGui::TextUnformatted(in_lines(words, width + 1).c_str());
    ImGui::PopTextWrapPos();
    ImGui::SameLine(left + width + text * 0.8F);
}

// Draws one message and moves the place above it; false when it was clicked away.
bool draw_message(const ChromeContext& context, const Notice& message, int index, Place& place) {
    const float text = context.text_size;
    const std::string id = "###message" + std::to_string(index);
    ImGui::SetNextWindowPos({place.middle, place.bottom}, ImGuiCond_Always, {0.5F, 1});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(text, text * 0.6F));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ImGui::GetStyleColorVec4(ImGuiCol_PopupBg));
    ImGui::PushStyleColor(ImGuiCol_Border, vec(message.problem ? context.theme.problem : context.theme.faint));
    bool keep = true;
    if (ImGui::Begin(id.c_str(), nullptr, kStill | ImGuiWindowFlags_AlwaysAutoResize)) {
        ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
        ImGui::AlignTextToFramePadding();
        if (message.problem) {
            ImGui::PushFont(context.fonts.bold, 0);
            ImGui::TextColored(vec(context.theme.problem), "!");
            ImGui::PopFont();
            ImGui::SameLine(0, text * 0.6F);
        }
        draw_words(context, message.text(context.lang()), place, text * 4);
        if (cross_button("×")) keep = false;
        place.bottom -= ImGui::GetWindowHeight() + text * 0.4F;
    }
    ImGui::End();
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    return keep;
}

// What is short enough is over before it would be read.
constexpr double kUnseenSeconds = 0.15;

Message saving_words(const Saving::State& state, bool closing) {
    const auto name = "file"_is(to_utf8(from_utf8(state.path).filename()));
    if (state.cancelled) return msg("Cancelling {file}…", name);
    if (state.computing)
        return closing ? msg("Computing the photo; then {file} is saved, and the window closes.", name)
                       : msg("Computing the photo; then {file} is saved.", name);
    if (closing) return msg("Saving {file}… The window closes when it is saved.", name);
    if (state.waiting == 0) return msg("Saving {file}…", name);
    return plural("Saving {file}… One more file waits.", "Saving {file}… {n} more files wait.",
                  static_cast<std::int64_t>(state.waiting), name);
}

constexpr float kShareWidth = 9;  // in text heights

// A format that does not tell how far it has come is shown without a number.
void draw_share(const ChromeContext& context, double share) {
    const std::string percent = fmt::format("{:.0f}%", std::floor(share * 100));
    ImGui::ProgressBar(static_cast<float>(share), {context.text_size * kShareWidth, 0}, percent.c_str());
    ImGui::SameLine(0, context.text_size * 0.8F);
}

// The file under way; moves the place above it.
void draw_saving(const ChromeContext& context, Saving& saving, Place& place) {
    const auto state = saving.state();
    if (!state || state->seconds < kUnseenSeconds) return;
    const float text = context.text_size;
    ImGui::SetNextWindowPos({place.middle, place.bottom}, ImGuiCond_Always, {0.5F, 1});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(text, text * 0.6F));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ImGui::GetStyleColorVec4(ImGuiCol_PopupBg));
    if (ImGui::Begin("###saving", nullptr, kStill | ImGuiWindowFlags_AlwaysAutoResize)) {
        ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
        ImGui::AlignTextToFramePadding();
        const float beside = button_width(context.words(key("Cancel"))) + text * (kShareWidth + 2);
        draw_words(context, context.words(saving_words(*state, context.closing)), place, beside);
        if (state->share && !state->cancelled) draw_share(context, *state->share);
        ImGui::BeginDisabled(state->cancelled);
        if (ImGui::Button(context.label(key("Cancel")).c_str())) saving.cancel();
        ImGui::EndDisabled();
        place.bottom -= ImGui::GetWindowHeight() + text * 0.4F;
    }
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
}

}  // namespace

void draw_messages(ChromeContext& context, Saving& saving) {
    UiState& ui = context.session.ui;
    // Over a question that has to be answered they would hide it, and could not be clicked away: they wait.
    const bool waits = ImGui::GetTopMostPopupModal() != nullptr;
    ui.panels.diagram.covered_before = std::exchange(ui.panels.diagram.covered, 0.0F);
    for (Notice& message : ui.messages)
        if (message.until == 0 && !waits) message.until = ui.now + message.seconds;
    std::erase_if(ui.messages, [&](const Notice& message) { return message.until != 0 && ui.now >= message.until; });
    Place place = message_place(context.session);
    place.bottom -= std::round(context.text_size * 0.15F);  // over the line of hints, below the line of sums
    const float lower_end = place.bottom;
    draw_saving(context, saving, place);
    ui.panels.diagram.covered = lower_end - place.bottom;
    if (waits) return;
    int gone = -1;
    for (int i = static_cast<int>(ui.messages.size()) - 1; i >= 0; --i)
        if (!draw_message(context, ui.messages[static_cast<std::size_t>(i)], i, place)) gone = i;
    if (gone >= 0) ui.messages.erase(ui.messages.begin() + gone);
    ui.panels.diagram.covered = lower_end - place.bottom;
}

double next_message_end(const UiState& ui) {
    double next = std::numeric_limits<double>::infinity();
    const bool waits = ImGui::GetTopMostPopupModal() != nullptr;
    for (const Notice& message : ui.messages)
        if (message.until != 0 || !waits) next = std::min(next, message.until);
    return next;
}

void draw_status(ChromeContext& context, const Status& status) {
    // In front of a class the line is nobody's to read.
    if (context.session.ui.presenter) return;
    const float small = context.text_size * kSmallText;
    const float height = std::round(small * 1.7F);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(context.text_size * 0.75F, (height - small) / 2));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    if (ImGui::BeginViewportSideBar("Status", ImGui::GetMainViewport(), ImGuiDir_Down, height, kStill)) {
        draw_edge(false);
        ImGui::PushFont(nullptr, small);
        std::string right = context.words(status.graphics);
        if (!status.saving.empty()) right = context.words(status.saving) + " · " + right;
        const float width = ImGui::CalcTextSize(right.c_str()).x;
        const float x = ImGui::GetWindowWidth() - width - context.text_size * 0.75F;
        ImGui::PushClipRect(ImGui::GetWindowPos(), {ImGui::GetWindowPos().x + x - small, FLT_MAX}, true);
        ImGui::TextDisabled("%s", context.words(hint(context.session, status.paused)).c_str());
        ImGui::PopClipRect();
        ImGui::SameLine(x);
        ImGui::TextDisabled("%s", right.c_str());
        ImGui::PopFont();
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
}

}  // namespace convlens
