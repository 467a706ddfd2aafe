// What keys and menu items do to the pane that they speak to, and to its layer.
#pragma once

#include <cstdint>

#include "app/session/session.h"

namespace convlens {

bool has_panes(const Session& session);
void next_pane(Session& session, int by);
// Puts a copy of its layer beside it; where there is no room for one, says why.
void compare_with_copy(Session& session);

// How many batch items, output channels, or input channels of a group there are to look at.
std::int64_t slice_count(const Session& session, std::int64_t Slice::*member);
// Shows another one, round and round. Says why not while the play chooses it.
void next_slice(Session& session, std::int64_t Slice::*member, int by);

bool can_turn(const Session& session);
void turn_kernel(Session& session);
bool is_transposed(const Session& session);
void next_reading(Session& session);
void next_step_by(Session& session);

}  // namespace convlens
