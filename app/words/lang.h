// The languages that the program speaks. Rooms that only hand one on include this alone.
#pragma once

namespace convlens {

enum class Lang { english, chinese };

}  // namespace convlens
