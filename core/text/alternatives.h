// Names of which one is to be chosen, as a part of a sentence.
#pragma once

#include <vector>

#include "core/text/message.h"

namespace convlens {

// "a", "a or b", "a, b or c". Nothing of none.
Message either(std::vector<Message> names);

}  // namespace convlens
