// Photo filter: which image, which filters in which order, the kernel of the selected one, and where it is computed.
#include "app/panels/photo/controls.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <imgui_internal.h>
#include <misc/cpp/imgui_stdlib.h>

#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"
#include "core/base/same_bits.h"
#include "core/engine/filter/pixel_sum.h"
#include "core/image/kernel_choice.h"
#include "core/text/typed_number.h"
#include "core/text/utf8_path.h"

namespace convlens {

namespace {

// As text_field(), with its text in the middle as in a cell of a grid. While it is being typed it begins at the left.
bool centred_field(const PanelContext& context, const char* label, std::string& text, const FieldLook& look) {
    ImGui::PushFont(context.screen.faces().mono, 0);
    const bool active = ImGui::GetActiveID() == ImGui::GetID(label);
    const float edge = std::round(context.text_size * kCellEdge);
    const float beside = std::floor((look.width - ImGui::CalcTextSize(text.c_str()).x) / 2);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        ImVec2(active ? edge : std::max(edge, beside), ImGui::GetStyle().FramePadding.y));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize,
                        look.problem ? std::round(context.text_size * 0.125F) : ImGui::GetStyle().FrameBorderSize);
    if (look.problem) ImGui::PushStyleColor(ImGuiCol_Border, vec(context.theme.problem));
    ImGui::SetNextItemWidth(look.width);
    std::string typed = text;
    ImGui::InputText(label, &typed, ImGuiInputTextFlags_AutoSelectAll);
    const bool left = ImGui::IsItemDeactivatedAfterEdit();
    if (look.problem) ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    ImGui::PopFont();
    if (left) text = typed;
    return left;
}

}  // namespace

// What was refused in a field of this filter is no longer spoken of once another change succeeds.
void PhotoControls::edit(Message label, std::string merge, std::function<void(FilterStep&)> apply) const {
    leave_filter(context.ui);
    context.ui.edit(std::move(label), std::move(merge), [at = step, apply = std::move(apply)](Document& document) {
        if (at >= document.photo.chain.size()) return;
        FilterStep& filter = document.photo.chain[at];
        apply(filter);
        if (const auto reason = not_finite(filter.kernel)) throw KernelError(*reason);  // becomes a message
    });
}

void PhotoControls::put(FilterStep changed, Message label, std::string merge) const {
    if (!merge.empty()) merge = fmt::format("photo {} {}", step, merge);
    edit(std::move(label), std::move(merge), [changed = std::move(changed)](FilterStep& filter) { filter = changed; });
}

void photo_label(const PanelContext& context, const Message& text, const Message& about) {
    hue_label(context, text, context.theme.text, about);
    ImGui::SameLine(context.text_size * 5.4F);
}

std::optional<double> photo_field(PanelContext& context, const PhotoField& field) {
    UiState& ui = context.ui;
    const TypedText* refused = refused_text(ui, field.key);
    if (refused != nullptr && !same_bits(refused->value, field.value)) {  // another value came by another way
        forget_text(ui, field.key);
        refused = nullptr;
    }
    std::string text = refused != nullptr ? refused->text : field.shown;
    const FieldLook look{field.width, refused != nullptr};
    const bool left = field.kind == PhotoField::Kind::cell ? centred_field(context, field.label, text, look)
                                                           : text_field(context, field.label, text, look);
    if (!left) return std::nullopt;
    forget_text(ui, field.key);
    if (text == field.shown) return std::nullopt;
    Message reason;
    double value = 0;
    if (field.kind == PhotoField::Kind::whole) {
        const auto typed = parse_whole(text);
        reason = typed.reason;
        value = static_cast<double>(typed.value);
    } else {
        const auto typed = parse_real(text);
        reason = typed.reason;
        value = typed.value;
    }
    if (reason.empty() && field.check) reason = field.check(value);
    if (reason.empty()) return value;
    ui.panels.typed.push_back({field.key, std::move(text), reason, {}, field.value});
    return std::nullopt;
}

void photo_refused(PanelContext& context, const std::string& key, const Message& keeps) {
    const TypedText* refused = refused_text(context.ui, key);
    if (refused == nullptr) return;
    ImGui::PushID(key.c_str());
    problem_text(context, refused->reason);
    if (wide_button(context, msg("keep {value}", "value"_is(keeps)))) forget_text(context.ui, key);
    ImGui::PopID();
}

void draw_photo_source(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const std::string& path = context.document.photo.path;
    const std::string name = path.empty() ? context.words(msg("Sample image")) : to_utf8(from_utf8(path).filename());
    ImGui::PushFont(context.screen.faces().bold, 0);
    wrapped(name, context.theme.text);
    ImGui::PopFont();
    if (!path.empty()) tip(path);
    const ImageRef before = controls.work.before();
    if (controls.work.loading()) {
        wrapped(context, msg("Reading…"), context.theme.faint);
    } else if (before && controls.work.problem().empty()) {
        wrapped(context,
                msg("{width} × {height}, {format}", "width"_is(before->width()), "height"_is(before->height()),
                    "format"_is(format_text(*before))),
                context.theme.faint);
    }
    if (ImGui::Button(context.label(msg("Open…"), "##photo").c_str()))
        context.ui.requests.push_back(Request::open_photo);
    tip(context, msg("Choose an image file. You can also drop one anywhere on the window."));
    if (path.empty()) return;
    flow(button_width(context.words(msg("Sample image"))));
    if (ImGui::Button(context.label(msg("Sample image")).c_str()))
        context.ui.edit(msg("sample image"), {},
                        [](Document& document) { document.photo.path = document.photo.content = {}; });
}

void photo_controls_panel(PanelContext& context, PhotoWork& work) {
    PhotoControls controls{context, work, 0};
    const int last = static_cast<int>(controls.chain().size()) - 1;
    context.ui.panels.photo.step = std::clamp(context.ui.panels.photo.step, 0, std::max(last, 0));
    controls.step = static_cast<std::size_t>(context.ui.panels.photo.step);

    draw_photo_source(controls);
    ImGui::Separator();
    draw_photo_chain(controls);
    ImGui::Separator();
    draw_photo_presets(controls);
    if (!controls.chain().empty()) {
        draw_photo_kernel(controls);
        ImGui::Separator();
        draw_photo_scaling(controls);
        ImGui::Separator();
        draw_photo_sampling(controls);
    }
    ImGui::Separator();
    draw_photo_backend(controls);
}

}  // namespace convlens
