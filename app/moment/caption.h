// Where the play stands, in words: what the Timeline says of the current pane.
#pragma once

#include <array>
#include <cstdint>

#include "app/moment/moment.h"
#include "core/text/message.h"

namespace convlens {

// From the fullest words to the shortest, which is the number of the step alone: "4 of 16". `step` and `count` are those of
// the whole picture; a pane that takes fewer steps is said to be finished where it rests.
std::array<Message, 3> step_captions(const Moment& moment, std::int64_t step, std::int64_t count);

}  // namespace convlens
