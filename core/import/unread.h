// What is said of an array whose numbers a text does not tell, or does not tell all. For core/import alone.
#pragma once

#include <string>
#include <string_view>

#include "core/import/value.h"

namespace convlens::pasted {

// Why the numbers of an array are not known, `of` its name: "b0 of bias of F.conv2d is not read, ...".
std::string unread_text(PastedText& text, const Node& node, std::string_view of);

}  // namespace convlens::pasted
