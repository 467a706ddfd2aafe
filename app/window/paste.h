// A layer of another program on the clipboard becomes the layer that is looked at.
#pragma once

#include <string_view>

#include "app/window/session.h"

namespace convlens {

// Text that is no layer is told, and nothing changes. Settings that are not possible become a draft with their problems.
void paste_layer(Session& session, std::string_view text);

}  // namespace convlens
