#include "core/engine/instruction_set.h"

#include "core/engine/simd_targets.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

namespace convlens {

std::string instruction_set() {
    const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;
    return hwy::TargetName(usable & -usable);  // the better, the lower
}

}  // namespace convlens
