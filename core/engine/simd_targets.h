// The instruction sets that the fast engine is compiled for; which one runs is chosen when the program runs (Google
// Highway). To be included before any header of Highway.
//
// On x86-64: SSE4, AVX2 with FMA, AVX-512, and plain C++ for what is older. The sets in between gain nothing here and
// cost compile time. On 64-bit ARM: NEON.
#pragma once

#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
