// Tests of the fast engine at every instruction set.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "core/engine/simd_targets.h"

#include <hwy/targets.h>

namespace convlens {

// The instruction sets that are compiled and that this machine has, each chosen in turn.
template <typename Body>
void at_every_level(const Body& body) {
    for (const std::int64_t level : hwy::SupportedAndGeneratedTargets()) {
        SCOPED_TRACE(hwy::TargetName(level));
        hwy::SetSupportedTargetsForTest(level);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        body();
        hwy::SetSupportedTargetsForTest(0);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        if (testing::Test::HasFatalFailure()) return;
    }
}

}  // namespace convlens
