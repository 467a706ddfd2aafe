#include "app/session/playback.h"

#include <algorithm>
#include <limits>

namespace convlens {

namespace {

constexpr double kStepsPerSecond = 1.25;
constexpr double kEndSeconds = 1.5;  // the finished output stays so long before the loop begins again

double seconds_at(const UiState& ui, const Derived& derived, std::int64_t step) {
    return std::max(0.05F, step_weight(derived, step)) * step_seconds(ui.settings.speed);
}

bool at_end(const UiState& ui, const Derived& derived) { return ui.playhead.step >= step_count(derived); }

}  // namespace

bool is_offered(StepBy by, const Derived& derived) {
    return by != StepBy::channel || std::ranges::any_of(derived.document.panes, [&](const Pane& pane) {
               return pane_timeline(derived, pane).channels > 1;
           });
}

bool passes_over(const UiState& ui) { return ui.passed_over && (ui.pointer_rests || ui.hover == ui.passed_over->cell); }

bool is_held(const UiState& ui) { return ui.playing && (ui.pinned || (ui.hover && !passes_over(ui))); }

namespace {

// What is typed now is no answer to a pointer that was left where it is.
void take_no_digits(UiState& ui) { ui.panels.diagram.takes_digits = ui.panels.diagram.takes_minus = false; }

}  // namespace

void toggle_play(UiState& ui, const Derived& derived) {
    take_no_digits(ui);
    ui.playing = !ui.playing;
    ui.playhead.phase = 0;
    if (!ui.playing) return;
    ui.pinned.reset();
    ui.step_started = ui.now;
    if (ui.playhead.step >= step_count(derived)) ui.playhead.step = 0;
}

void go_to_step(UiState& ui, const Derived& derived, std::int64_t step) {
    if (!ui.pictured) return;
    take_no_digits(ui);
    ui.playing = false;
    ui.pinned.reset();
    ui.passed_over = PassedOver{ui.hover};
    ui.playhead = {std::clamp<std::int64_t>(step, 0, step_count(derived)), 0};
}

void go_to_clicked_step(UiState& ui, const Derived& derived, std::int64_t step) {
    go_to_step(ui, derived, step);
    ui.passed_over.reset();
}

double step_seconds(float speed) { return 1 / (kStepsPerSecond * std::max(0.01, static_cast<double>(speed))); }

float glide_phase(double share) {
    const double t = std::clamp((share - kStepRest) / (1 - kStepRest), 0.0, 1.0);
    return static_cast<float>(t * t * (3 - 2 * t));
}

void Playback::update(UiState& ui, const Derived& derived, double now) {
    const double passed = std::max(0.0, now - last_);
    last_ = now;
    if ((ui.playing && !was_playing_) || passes_over(ui)) {
        ui.passed_over = PassedOver{ui.hover};
    } else {
        ui.passed_over.reset();
    }
    was_playing_ = ui.playing;
    if (!ui.playing || !ui.pictured) return;
    if (is_held(ui)) {
        ui.step_started += passed;
        return;
    }
    // A clock that jumped (a suspended machine) must not be caught up with step by step.
    constexpr int kMostSteps = 1000;
    for (int i = 0; i < kMostSteps; ++i) {
        if (at_end(ui, derived)) {
            ui.playhead.phase = 0;
            if (!ui.settings.loop) {
                ui.playing = false;
                return;
            }
            if (now - ui.step_started < kEndSeconds) return;
            ui.step_started += kEndSeconds;
            ui.playhead.step = 0;
        }
        const double seconds = seconds_at(ui, derived, ui.playhead.step);
        const double share = (now - ui.step_started) / seconds;
        if (share < 1) {
            ui.playhead.phase = ui.settings.motion ? glide_phase(share) : 0;
            return;
        }
        ++ui.playhead.step;
        ui.playhead.phase = 0;
        ui.step_started += seconds;
    }
    ui.step_started = now;
}

double Playback::next_change(const UiState& ui, const Derived& derived, double now) const {
    if (!ui.playing || !ui.pictured || is_held(ui)) return std::numeric_limits<double>::infinity();
    if (at_end(ui, derived)) return ui.settings.loop ? ui.step_started + kEndSeconds : now;
    const double seconds = seconds_at(ui, derived, ui.playhead.step);
    if (!ui.settings.motion) return ui.step_started + seconds;
    return std::max(now, ui.step_started + kStepRest * seconds);
}

}  // namespace convlens
