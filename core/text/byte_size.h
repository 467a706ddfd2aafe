// Amounts of memory for people.
#pragma once

#include "core/text/message.h"

namespace convlens {

// "1.5 GiB" of so many bytes, at least 0; "more than 1024 QiB" beyond the last unit.
Message byte_size(long double bytes);

}  // namespace convlens
