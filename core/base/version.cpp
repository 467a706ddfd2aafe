#include "core/base/version.h"

namespace convlens {

std::string_view version() { return CONVLENS_VERSION; }

}  // namespace convlens
