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

// `shown`: what stands on the slider; may be empty. `width`: as of ImGui::SetNextItemWidth().
void draw_scrub(const PanelContext& context, const std::string& shown, float width) {
    const std::int64_t last = step_count(context.derived);
    const auto steps = static_cast<double>(std::max<std::int64_t>(last, 1));
    auto share = static_cast<float>(static_cast<double>(context.ui.playhead.step) / steps);
    ImGui::SetNextItemWidth(width);
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

// What a row has room for beside the buttons.
struct Row {
    Key ByInfo::*label = &ByInfo::label;
    float by = 0, speed = 0, controls = 0;  // widths; of all controls together
    std::string caption;                    // empty where none fits
    float caption_width = 0;                // as much as it may need at another step
};

using Captions = std::array<std::string, 3>;  // the longest first

Captions captions_of(const PanelContext& context, const Moment& moment, std::int64_t step) {
    Captions words;
    std::ranges::transform(step_captions(moment, step, step_count(context.derived)), words.begin(),
                           [&](const Message& caption) { return context.words(caption); });
    return words;
}

// Whole words first, then fewer of them, then the controls alone. The panel has its rows, however narrow it is. `last`:
// the captions at the last step, which has the largest numbers.
Row fit_row(const PanelContext& context, const Captions& captions, const Captions& last, const Bys& bys, float width) {
    const float em = context.text_size;
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    Row row;
    row.speed = em * 3.6F;
    const float others = row.speed + std::round(ImGui::GetFrameHeight() * 1.15F) + 2 * gap;
    for (const auto label : {&ByInfo::label, &ByInfo::brief}) {
        row.label = label;
        row.by = std::min(by_width(context, bys, label), std::max(width - others, em * 2));
        row.controls = row.by + others;
        for (std::size_t i = 0; i < captions.size(); ++i) {
            const float wide =
                std::max(ImGui::CalcTextSize(captions[i].c_str()).x, ImGui::CalcTextSize(last[i].c_str()).x);
            if (wide + gap + row.controls > width) continue;
            row.caption = captions[i];
            row.caption_width = wide;
            return row;
        }
    }
    return row;
}

void draw_caption(const Row& row, const std::string& longest) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(row.caption.c_str());
    tip(longest);
}

void draw_controls(const PanelContext& context, const Bys& bys, const Row& row) {
    draw_by(context, bys, row.by, row.label);
    ImGui::SameLine();
    draw_speed(context, row.speed);
    ImGui::SameLine();
    draw_loop(context);
}

// In front of a class, where no menu bar says it: how to leave.
struct Way {
    std::string words;
    float width = 0;  // with the gap before it
};
Way way_out(const PanelContext& context, float room) {
    if (!context.ui.presenter) return {};
    for (const Message& way :
         {msg("Esc leaves presenter mode · F11 full screen"), msg("Esc leaves · F11 full screen"), msg("Esc leaves")}) {
        std::string words = context.words(way);
        const float width = ImGui::CalcTextSize(words.c_str()).x * kSmallText + context.text_size;
        if (width < room * 0.22F) return {std::move(words), width};
    }
    return {};
}

void draw_way_out(const PanelContext& context, const Way& way) {
    if (way.words.empty()) return;
    ImGui::SameLine(0, 0);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + context.text_size * 0.8F);
    ImGui::PushFont(nullptr, context.text_size * kSmallText);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::round(context.text_size * (1 - kSmallText) / 2));
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("%s", way.words.c_str());
    ImGui::PopFont();
}

// All of it in one line, as it stands below the picture at first.
void draw_line(const PanelContext& context, const Captions& words, const Captions& last, const Bys& bys) {
    const float left = ImGui::GetCursorPosX(), gap = ImGui::GetStyle().ItemSpacing.x;
    const float end = left + ImGui::GetContentRegionAvail().x;
    draw_buttons(context);
    ImGui::SameLine(0, gap);
    const float least_scrub = context.text_size * 7, whole = end - ImGui::GetCursorPosX();
    const Way way = way_out(context, whole);
    const Row row = fit_row(context, words, last, bys, whole - way.width - least_scrub - gap);
    float scrub = whole - way.width - row.controls - gap;
    if (!row.caption.empty()) scrub -= row.caption_width + gap;
    draw_scrub(context, row.caption.empty() ? words.back() : std::string(), std::max(scrub, context.text_size));
    if (!row.caption.empty()) {
        ImGui::SameLine();
        draw_caption(row, words.front());
    }
    ImGui::SameLine(end - way.width - row.controls);
    draw_controls(context, bys, row);
    draw_way_out(context, way);
}

// In two, where somebody has made room for them.
void draw_lines(const PanelContext& context, const Captions& words, const Captions& last, const Bys& bys) {
    const float left = ImGui::GetCursorPosX(), width = ImGui::GetContentRegionAvail().x;
    const Row row = fit_row(context, words, last, bys, width);
    draw_buttons(context);
    draw_scrub(context, row.caption.empty() ? words.back() : std::string(), -1);
    if (!row.caption.empty()) {
        draw_caption(row, words.front());
        ImGui::SameLine(left + width - row.controls);
    }
    draw_controls(context, bys, row);
}

}  // namespace

void timeline_panel(PanelContext& context) {
    const ImVec2 room = ImGui::GetContentRegionAvail();
    if (room.x < context.text_size * 8) return;
    const Moment moment = shown_moment(context, context.ui.pane);
    const std::int64_t count = step_count(context.derived);
    const Captions words = captions_of(context, moment, context.ui.playhead.step);
    const Captions last = captions_of(context, moment_of(context.derived, context.ui.pane, {count, 0}, {}), count);
    const bool two = room.y >= ImGui::GetFrameHeightWithSpacing() + ImGui::GetFrameHeight();
    (two ? draw_lines : draw_line)(context, words, last, bys_of(moment));
}

}  // namespace convlens
