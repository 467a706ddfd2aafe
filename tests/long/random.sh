#!/usr/bin/env bash
# The tests of random settings, each with all of its settings and from a new seed, a number of times.
#   tests/long/random.sh [TIMES]   after tests/run.sh or a build of the release preset; 3 times if not told
set -euo pipefail
cd "$(dirname "$0")/../.."
export CONVLENS_LONG=1
for ((i = 0; i < ${1:-3}; ++i)); do
    build/release/bin/convlens_tests --gtest_brief=1 \
        --gtest_filter='LayerPlan.ConvEqualsTheReference:LayerPlan.TransposedEqualsTheReference:ReadyFilter.AgreesWithThePlainLoopOverRandomSettingsAtEveryLevel'
done
