// What is on the clipboard goes where it belongs: a layer of another program becomes the layer that is looked at, in
// Photo a kernel becomes the selected filter's, and files are opened, whose names stand one a line.
#pragma once

#include <string_view>

#include "app/session/session.h"

namespace convlens {

// `text` is the clipboard's; empty when there is none, as with a copied image. What is none of these is told with what
// can be pasted here, and nothing changes. Settings that are not possible become a draft with their problems.
void paste(Session& session, std::string_view text);

}  // namespace convlens
