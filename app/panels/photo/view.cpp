// Photo: the image before and after, side by side, and the numbers behind a pixel.
#include "app/panels/photo/view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/panels/widgets/widgets.h"
#include "app/views/photo_view.h"
#include "core/image/kernel_choice.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// Sizes in text heights.
constexpr float kMargin = 0.7F, kInspector = 10.6F, kLeastPictures = 12;

std::string zoom_text(double scale) {
    const double percent = scale * 100;
    return percent < 10 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

void draw_buttons(PhotoView& view) {
    PanelContext& context = view.context;
    if (ImGui::Button(context.label(msg("Fit")).c_str())) show_whole(view);
    tip(context, msg("The whole image (F)."));
    ImGui::SameLine();
    if (ImGui::Button(context.label(msg("100 %")).c_str())) show_full_size(view);
    tip(context, msg("One image pixel for each screen pixel (1)."));
    ImGui::SameLine(0, context.text_size);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(zoom_text(view.camera.scale).c_str());
    const std::string save = context.label(msg("Save…"));
    const float x =
        ImGui::GetWindowWidth() - button_width(context.words(msg("Save…"))) - std::round(context.text_size * kMargin);
    ImGui::SameLine();
    ImGui::SetCursorPosX(std::max(x, ImGui::GetCursorPosX()));
    ImGui::BeginDisabled(!view.result && !view.work.busy());
    if (ImGui::Button(save.c_str())) context.ui.requests.push_back(Request::save_photo);
    ImGui::EndDisabled();
    tip(context, msg("Saves the filtered photo (Ctrl+S). The ending of its name chooses the format."));
}

// A bold word, then as much of the rest as there is room for.
void draw_caption(const PanelContext& context, float x, float width, const Message& word, const std::string& rest,
                  Colour colour) {
    ImGui::SetCursorPosX(x);
    heading(context, word);
    const float gap = context.text_size * 0.7F;
    const float room = x + width - (ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x) - gap;
    // What stands in brackets is left out first.
    for (const std::string& text : {rest, rest.substr(0, std::min(rest.find(" ("), rest.find("（")))}) {
        if (text.empty() || ImGui::CalcTextSize(text.c_str()).x > room) continue;
        ImGui::SameLine(0, gap);
        ImGui::TextColored(vec(colour), "%s", text.c_str());
        return;
    }
}

void draw_captions(const PhotoView& view, float left, float gap) {
    const PanelContext& context = view.context;
    const Theme& theme = context.theme;
    const float y = ImGui::GetCursorPosY();
    const std::string size = fmt::format("{} × {}", view.before->width(), view.before->height());
    draw_caption(context, left, view.pane.w, msg("before"), size, theme.faint);
    ImGui::SetCursorPosY(y);
    std::string after;
    Colour colour = theme.faint;
    if (view.work.visible_result_is_new()) {
        after = context.words(msg("Visible part done; computing the rest…"));
        colour = theme.accent;
    } else if (view.work.stale()) {
        after = context.words(msg("Last result; computing a new one…"));
        colour = theme.accent;
    } else if (view.result) {
        const ImageRef image = view.result->after();
        if (view.stride() > 1) after = fmt::format("{} × {},  ", image->width(), image->height());
        after += context.words(view.work.where());
    }
    draw_caption(context, left + view.pane.w + gap, view.pane.w, msg("after"), after, colour);
}

// What went wrong, above the images that are still there.
void draw_problem(PanelContext& context, PhotoWork& work) {
    const Message problem = work.problem();
    if (problem.empty()) return;
    problem_text(context, problem);
    if (work.before()) wrapped(context, msg("The previous image is still shown."), context.theme.faint);
    if (ImGui::Button(context.label(msg("Try again")).c_str())) work.reload();
    ImGui::SameLine();
    if (ImGui::Button(context.label(msg("Open another…")).c_str())) context.ui.requests.push_back(Request::open_photo);
    ImGui::SameLine();
    if (ImGui::Button(context.label(msg("Sample image"), "##problem").c_str()))
        context.ui.edit(msg("sample image"), {},
                        [](Document& document) { document.photo.path = document.photo.content = {}; });
    ImGui::Spacing();
}

void draw_nothing(PanelContext& context, const PhotoWork& work) {
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const std::string& path = context.document.photo.path;
    const std::string words =
        context.words(!work.loading() ? msg("Drop an image here, or choose File ▸ Open.")
                      : path.empty()  ? msg("Reading the sample image…")
                                      : msg("Reading {file}…", "file"_is(to_utf8(from_utf8(path).filename()))));
    const ImVec2 size = ImGui::CalcTextSize(words.c_str());
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + std::max(0.0F, (room.x - size.x) / 2),
                         ImGui::GetCursorPosY() + std::max(0.0F, (room.y - size.y) / 2)});
    ImGui::TextColored(vec(context.theme.faint), "%s", words.c_str());
}

// The camera and the pixels pointed at belong to an image; another one is shown whole, and nothing of it is pinned.
void find_camera(PhotoView& view) {
    PhotoState& state = view.state();
    if (const std::string& path = view.work.before_path(); path != state.camera_path) {
        state.camera_path = path;
        state.camera.reset();
        state.last.reset();
        auto& pinned = view.context.ui.pinned;
        if (pinned && (pinned->part == Part::photo_before || pinned->part == Part::photo_after)) pinned.reset();
    }
    view.camera = state.camera ? moved(*state.camera, {}, view.image(), view.pane) : fitted(view.image(), view.pane);
}

void draw_inspector(const PhotoView& view, float margin, float height) {
    ImGui::SetCursorPosX(margin);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        ImVec2(ImGui::GetStyle().ItemSpacing.x, std::round(view.context.text_size * 0.2F)));
    const float width = ImGui::GetWindowWidth() - 2 * margin;
    if (ImGui::BeginChild("inspector", {width, height}, ImGuiChildFlags_None, ImGuiWindowFlags_HorizontalScrollbar))
        draw_photo_inspector(view);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

void draw_pictures(PanelContext& context, PhotoWork& work, float margin) {
    const float em = context.text_size, gap = margin;
    PhotoView view{context, work, work.before(), work.result(), {}, {}};
    const float captions = std::round(em * 1.6F), buttons = ImGui::GetFrameHeightWithSpacing();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    float inspector = std::round(em * kInspector);
    if (room.y - buttons - captions - inspector < em * kLeastPictures) inspector = 0;
    view.pane.w = std::floor((room.x - margin - gap) / 2);
    view.pane.h = std::floor(room.y - buttons - captions - (inspector > 0 ? inspector + margin : margin));
    if (view.pane.w < em * 4 || view.pane.h < em * 3) return;
    find_camera(view);
    if (std::exchange(view.state().wants_full_size, false)) show_full_size(view);
    draw_buttons(view);
    work.look_at(visible_region(view));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(gap, 0));
    const float top = ImGui::GetCursorPosY();
    draw_captions(view, margin, gap);
    ImGui::SetCursorPos({margin, top + captions});
    draw_photo_panes(view);
    ImGui::PopStyleVar();
    if (inspector <= 0) return;
    view.state().below_pictures = ImGui::GetWindowHeight() - ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::round(margin / 2));
    draw_inspector(view, margin, inspector);
}

}  // namespace

void photo_view_panel(PanelContext& context, PhotoWork& work) {
    context.ui.panels.photo.below_pictures = 0;
    const float margin = std::round(context.text_size * kMargin);
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + margin, ImGui::GetCursorPosY() + margin});
    ImGui::BeginGroup();
    draw_problem(context, work);
    if (work.before()) {
        draw_pictures(context, work, margin);
    } else {
        draw_nothing(context, work);
    }
    ImGui::EndGroup();
}

}  // namespace convlens
