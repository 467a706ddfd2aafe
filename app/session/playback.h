// Time into steps: moves the playhead while the timeline plays.
#pragma once

#include "app/derived/derived.h"
#include "app/session/ui_state.h"

namespace convlens {

class Playback {
public:
    // Moves the playhead to where it belongs at `now` (seconds). While something is hovered or pinned the play stands
    // still; it goes on from there when that is over. What lay under the pointer when the play began does not hold it.
    void update(UiState& ui, const Derived& derived, double now);

    // When the next picture differs from the present one: `now` while something glides, later while it rests, infinity
    // when nothing plays.
    double next_change(const UiState& ui, const Derived& derived, double now) const;

private:
    double last_ = 0;  // `now` of the update before
    bool was_playing_ = false;
};

// Is what lies under the pointer to be left alone? It lights and holds nothing from the start of the play, or a step, until
// the pointer is moved to another cell. A pointer that rests stays where it is: a step that puts another channel, or a
// plane that moves with the steps, under it does not point at that.
bool passes_over(const UiState& ui);

// Plays from the present step, or from the start when the end is reached, and lets go of a pin; or stops the play.
void toggle_play(UiState& ui, const Derived& derived);

// Stops the play at a step, and lets go of a pin: it would hide where the play has gone. So would the cell under a pointer
// that rests: it is passed over, see passes_over().
void go_to_step(UiState& ui, const Derived& derived, std::int64_t step);

// The same by a click on a cell, which goes on being pointed at.
void go_to_clicked_step(UiState& ui, const Derived& derived, std::int64_t step);

// Is it worth choosing that a step is this? Channel by channel is the same as whole outputs where no pane sums over
// several input channels: stamps and pooling never do.
bool is_offered(StepBy by, const Derived& derived);

// Does the play stand still because somebody looks at a cell?
bool is_held(const UiState& ui);

// Seconds of an ordinary step at a speed; 1 is 1.25 steps a second. Steps of another weight take longer or shorter.
double step_seconds(float speed);

// The share of a step's time in which nothing moves.
inline constexpr double kStepRest = 0.4;

// How far the picture has gone to the next step after `share` (0..1) of its time: it rests first, so that the numbers
// can be read, then eases over.
float glide_phase(double share);

}  // namespace convlens
