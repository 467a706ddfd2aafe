// Which Convlens this is.
#pragma once

#include <string_view>

namespace convlens {

std::string_view version();  // "0.1.0"

}  // namespace convlens
