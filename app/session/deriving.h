// What follows from the session's document: at once where that is quick, beside the window where it is not.
#pragma once

#include "app/session/session.h"

namespace convlens {

// What is predicted to take longer than this is computed beside the window.
inline constexpr double kMostDerivingMilliseconds = 4;

// What Session::derived is while there is no picture of the document: of a small one that nobody sees.
Derived stand_in();

// The document is another, or was edited. `replaced`: nothing of the picture before may stand under its name.
void derive(Session& session, bool replaced);

// Shows the layers that were computed beside the window, if they are ready. Called before the panels are drawn.
void take_derived(Session& session);

}  // namespace convlens
