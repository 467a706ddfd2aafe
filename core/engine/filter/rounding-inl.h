// to_sample() of core/image/sample.h for vectors, for the files that make samples, which include this once for each
// instruction set.
#include <hwy/highway.h>

#include <limits>
#include <type_traits>

#include "core/image/sample.h"

HWY_BEFORE_NAMESPACE();
namespace convlens::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The value, or the least of a T where it is smaller; NaN becomes 0.
template <typename T, typename Tag, typename V = hn::Vec<Tag>>
HWY_INLINE V above_least(Tag d, V value) {
    if constexpr (std::is_unsigned_v<T>) {
        return hn::IfThenElseZero(hn::Gt(value, hn::Zero(d)), value);
    } else {
        const V number = hn::IfThenElseZero(hn::Eq(value, value), value);
        return hn::Max(number, hn::Set(d, static_cast<float>(std::numeric_limits<T>::min())));
    }
}

// float32 as samples of T, of 8 or 16 bits.
template <typename T, typename Tag, typename V = hn::Vec<Tag>>
HWY_INLINE hn::Vec<hn::Rebind<T, Tag>> to_samples(Tag d, V value) {
    const hn::Rebind<T, Tag> narrow;
    const hn::RebindToUnsigned<decltype(narrow)> last_bits;
    const hn::RebindToUnsigned<Tag> bits;
    const V most = hn::Set(d, static_cast<float>(std::numeric_limits<T>::max()));
    const V whole = hn::Set(d, kRoundingShift);  // no fraction is left, and the last bits count ones from 0 on
    const V rounded = hn::Add(hn::Min(above_least<T>(d, value), most), whole);
    return hn::BitCast(narrow, hn::TruncateTo(last_bits, hn::BitCast(bits, rounded)));
}

}  // namespace
}  // namespace convlens::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
