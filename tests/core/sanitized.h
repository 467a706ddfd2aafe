// Whether a sanitizer watches this program: it is several times as slow then, and random settings are fewer.
#pragma once

namespace convlens::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace convlens::test
