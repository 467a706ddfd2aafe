// Timeline: where the play stands, by hand and by clock.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/moment/caption.h"
#include "app/panels/widgets/nav_keys.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/playback.h"

namespace convlens {

namespace {

struct ByInfo {
    StepBy by;
    Key label;
    Key brief;  // for a narrow panel
    Key about;
};
using Bys = std::array<ByInfo, 3>;
constexpr ByInfo kWholeOutput{StepBy::output, key("by output"), key("by output"),
                              key("A step writes a whole output cell.")};
constexpr ByInfo kOneChannel{StepBy::channel, key("by channel"), key("by channel"),
                             key("A step adds one input channel's part to an output cell.")};
constexpr Bys kOfOutputs{{
    kWholeOutput,
    kOneChannel,
    {StepBy::product, key("one product at a time"), key("by product"),
     key("A step adds a single product: one input cell times one weight.")},
}};
// The channel sums of these two are another pane's.
constexpr Bys kOfStamps{{
    {StepBy::output, key("by stamp"), key("by stamp"), key("A step stamps a whole kernel.")},
    {StepBy::channel, key("by channel"), key("by channel"),
     key("A step adds one input channel's part to an output cell; in this pane it stamps a whole kernel.")},
    {StepBy::product, key("one product at a time"), key("by product"),
     key("A step stamps a single product: one input cell times one weight.")},
}};
// Of a transposed convolution read by its outputs, where not every weight meets an input cell.
constexpr Bys kOfGathered{{
    kWholeOutput,
    kOneChannel,
    {StepBy::product, key("one weight at a time"), key("by weight"),
     key("A step looks at a single weight, and adds its product if it meets an input cell.")},
}};
constexpr Bys kOfPooling{{
    kWholeOutput,
    {StepBy::channel, key("by channel"), key("by channel"),
     key("A step adds one input channel's part to an output cell; in this pane it writes a whole output cell.")},
    {StepBy::product, key("one value at a time"), key("by value"),
     key("A step looks at a single value of the window.")},
}};

// What the steps of a pane are called.
const Bys& bys_of(const Moment& m) {
    return m.stamps() ? kOfStamps : m.pooling() ? kOfPooling : m.transposed() ? kOfGathered : kOfOutputs;
}

struct SpeedInfo {
    float speed;
    const char* label;
};
constexpr std::array<SpeedInfo, 7> kSpeeds{
    {{0.25F, "¼×"}, {0.5F, "½×"}, {1, "1×"}, {2, "2×"}, {4, "4×"}, {8, "8×"}, {16, "16×"}}};

struct StepButton {
    const char* id;
    Icon icon;
    Key about;
};

void draw_buttons(const PanelContext& context) {
    UiState& ui = context.ui;
    const std::int64_t step = ui.playhead.step, last = step_count(context.derived);
    const float gap = std::round(context.text_size * 0.15F);
    const auto button = [&](const StepButton& b, bool enabled) {
        ImGui::BeginDisabled(!enabled);
        const bool pressed = icon_button(context, b.id, b.icon, false);
        ImGui::EndDisabled();
        tip(context, b.about);
        ImGui::SameLine(0, gap);
        return pressed;
    };
    if (button({"##first", Icon::first, key("To the start (Home)")}, step > 0)) go_to_step(ui, context.derived, 0);
    if (button({"##back", Icon::back, key("One step back (←)")}, step > 0)) go_to_step(ui, context.derived, step - 1);
    const StepButton play = ui.playing ? StepButton{"##play", Icon::pause, key("Pause (Space)")}
                                       : StepButton{"##play", Icon::play, key("Play (Space)")};
    if (button(play, last > 0)) toggle_play(ui, context.derived);
    if (button({"##forward", Icon::forward, key("One step forward (→)")}, step < last))
        go_to_step(ui, context.derived, step + 1);
    if (button({"##last", Icon::last, key("To the end (End)")}, step < last)) go_to_step(ui, context.derived, last);
}

// `shown`: what stands on the slider; may be empty.
void draw_scrub(const PanelContext& context, const std::string& shown) {
    const std::int64_t last = step_count(context.derived);
    const auto steps = static_cast<double>(std::max<std::int64_t>(last, 1));
    auto share = static_cast<float>(static_cast<double>(context.ui.playhead.step) / steps);
    ImGui::SetNextItemWidth(-1);
    ImGui::BeginDisabled(last < 1);
    // A grab of one size: where it stands is a point in time, however few steps there are.
    ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, context.text_size * 0.7F);
    const bool moved = ImGui::SliderFloat("##scrub", &share, 0, 1, shown.c_str(),
                                          ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput);
    const int steps_by_key = arrow_steps();
    ImGui::PopStyleVar();
    ImGui::EndDisabled();
    tip(context, msg("Drag to any step."));
    if (steps_by_key != 0) return go_to_step(context.ui, context.derived, context.ui.playhead.step + steps_by_key);
    const std::int64_t step = std::llround(static_cast<double>(share) * steps);
    if (moved && step != context.ui.playhead.step) go_to_step(context.ui, context.derived, step);
}

void draw_by(const PanelContext& context, const Bys& bys, float width, Key ByInfo::*label) {
    const StepBy chosen = context.document.step_by;
    const StepBy now = is_offered(chosen, context.derived) ? chosen : StepBy::output;  // which it then is the same as
    ImGui::SetNextItemWidth(width);
    if (!ImGui::BeginCombo("##by", context.words(bys[static_cast<std::size_t>(now)].*label).c_str()))
        return tip(context, msg("What one step is (B)."));
    for (const ByInfo& by : bys) {
        if (!is_offered(by.by, context.derived)) continue;
        const bool picked = ImGui::Selectable(context.label(by.label).c_str(), by.by == now);
        tip(context, by.about);
        if (picked && by.by != now)
            context.ui.edit(by.label, {}, [next = by.by](Document& document) { document.step_by = next; });
    }
    ImGui::EndCombo();
}

void draw_speed(const PanelContext& context, float width) {
    float& speed = context.ui.settings.speed;
    const auto at =
        std::ranges::min_element(kSpeeds, {}, [&](const SpeedInfo& s) { return std::abs(std::log2(s.speed / speed)); });
    ImGui::SetNextItemWidth(width);
    if (!ImGui::BeginCombo("##speed", at->label)) return tip(context, msg("How fast it plays (+ and −)."));
    for (const SpeedInfo& s : kSpeeds)
        if (ImGui::Selectable(s.label, &s == at)) speed = s.speed;
    ImGui::EndCombo();
}

void draw_loop(const PanelContext& context) {
    bool& loop = context.ui.settings.loop;
    if (icon_button(context, "##loop", Icon::loop, loop)) loop = !loop;
    tip(context, loop ? msg("Plays again from the start when the end is reached (L)") : msg("Stops at the end (L)"));
}

// Of the box that chooses what a step is, so that each of its labels fits.
float by_width(const PanelContext& context, const Bys& bys, Key ByInfo::*label) {
    float widest = 0;
    for (const ByInfo& by : bys) widest = std::max(widest, button_width(context.words(by.*label)));
    return widest + ImGui::GetFrameHeight();
}

// What the lower row has room for.
struct LowerRow {
    Key ByInfo::*label = &ByInfo::label;
    float by = 0, speed = 0, controls = 0;  // widths; of all controls together
    const std::string* caption = nullptr;   // one of the captions; none where no one fits
};

// Whole words first, then fewer of them, then the controls alone. The panel has two rows, however narrow it is.
LowerRow fit_lower_row(const PanelContext& context, const std::array<std::string, 3>& captions, const Bys& bys,
                       float width) {
    const float em = context.text_size;
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    LowerRow row;
    row.speed = em * 3.6F;
    const float others = row.speed + std::round(ImGui::GetFrameHeight() * 1.15F) + 2 * gap;
    for (const auto label : {&ByInfo::label, &ByInfo::brief}) {
        row.label = label;
        row.by = std::min(by_width(context, bys, label), std::max(width - others, em * 2));
        row.controls = row.by + others;
        const auto fits = [&](const std::string& text) {
            return ImGui::CalcTextSize(text.c_str()).x + gap + row.controls <= width;
        };
        const auto chosen = std::ranges::find_if(captions, fits);
        if (chosen == captions.end()) continue;
        row.caption = &*chosen;
        return row;
    }
    return row;
}

}  // namespace

void timeline_panel(PanelContext& context) {
    const float em = context.text_size, width = ImGui::GetContentRegionAvail().x;
    if (width < em * 8) return;
    const Moment moment = shown_moment(context, context.ui.pane);
    const Bys& bys = bys_of(moment);
    std::array<std::string, 3> words;
    std::ranges::transform(step_captions(moment, context.ui.playhead.step, step_count(context.derived)), words.begin(),
                           [&](const Message& caption) { return context.words(caption); });
    const LowerRow row = fit_lower_row(context, words, bys, width);
    draw_buttons(context);
    draw_scrub(context, row.caption ? std::string() : words.back());

    const float left = ImGui::GetCursorPosX();
    if (row.caption) {
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(row.caption->c_str());
        tip(words.front());
        ImGui::SameLine(left + width - row.controls);
    }
    draw_by(context, bys, row.by, row.label);
    ImGui::SameLine();
    draw_speed(context, row.speed);
    ImGui::SameLine();
    draw_loop(context);
}

}  // namespace convlens
