// What is said of an array whose numbers a text does not tell, or does not tell all. For core/import alone.
#pragma once

#include "core/import/value.h"

namespace convlens::pasted {

// Why the numbers of an array are not known, `array` its name: "b0 of bias of F.conv2d is not read, ...".
Message unread_text(PastedText& text, const Node& node, const Message& array);

}  // namespace convlens::pasted
