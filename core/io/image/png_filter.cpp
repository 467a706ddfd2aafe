#include "core/io/image/png_filter.h"

#include <algorithm>
#include <cstdlib>

namespace convlens {

namespace {

using Byte = std::uint8_t;
enum Filter : Byte { kSub = 1, kUp = 2, kPaeth = 4 };

// The loops are written so that compilers turn them into vectors: no branches, and no numbers wider than need be.

void sub(const Byte* __restrict row, Byte* __restrict out, std::size_t count, std::size_t pixel) {
    std::copy_n(row, std::min(pixel, count), out);
    for (std::size_t i = pixel; i < count; ++i) out[i] = static_cast<Byte>(row[i] - row[i - pixel]);
}

void up(const Byte* __restrict row, const Byte* __restrict above, Byte* __restrict out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<Byte>(row[i] - above[i]);
}

// Of left, above and above-left the one that is nearest to left + above − above-left, in this order where two are.
void paeth(const Byte* __restrict row, const Byte* __restrict above, Byte* __restrict out, std::size_t count,
           std::size_t pixel) {
    using Short = std::int16_t;
    up(row, above, out, std::min(pixel, count));  // there is nothing to the left
    for (std::size_t i = pixel; i < count; ++i) {
        const Short a = row[i - pixel], b = above[i], c = above[i - pixel];
        const Short to_a = static_cast<Short>(std::abs(b - c)), to_b = static_cast<Short>(std::abs(a - c));
        const Short to_c = static_cast<Short>(std::abs(a + b - 2 * c));
        const Short to_b_or_c = to_b < to_c ? to_b : to_c;
        Short nearest = static_cast<Short>(c ^ ((c ^ b) & static_cast<Short>(-static_cast<Short>(to_b <= to_c))));
        nearest ^= static_cast<Short>((nearest ^ a) & static_cast<Short>(-static_cast<Short>(to_a <= to_b_or_c)));
        out[i] = static_cast<Byte>(row[i] - nearest);
    }
}

// The differences taken as numbers from -128 to 127, without their signs.
std::uint64_t sizes(const Byte* bytes, std::size_t count) {
    constexpr std::size_t kPart = 65536;  // of which the sum fits into 32 bits
    std::uint64_t sum = 0;
    for (std::size_t first = 0; first < count; first += kPart) {
        std::uint32_t part = 0;
        for (std::size_t i = first; i < std::min(count, first + kPart); ++i) {
            const Byte value = bytes[i], turned = static_cast<Byte>(-value);
            part += std::min(value, turned);
        }
        sum += part;
    }
    return sum;
}

}  // namespace

void filter_png_row(std::span<const Byte> row, std::span<const Byte> above, std::size_t pixel, std::span<Byte> out,
                    std::span<Byte> scratch) {
    const std::size_t count = row.size();
    paeth(row.data(), above.data(), out.data() + 1, count, pixel);
    out[0] = kPaeth;
    std::uint64_t least = sizes(out.data() + 1, count);
    const auto take_if_smaller = [&](Filter filter) {
        const std::uint64_t size = sizes(scratch.data() + 1, count);
        if (size >= least) return;
        least = size;
        scratch[0] = filter;
        std::copy_n(scratch.data(), count + 1, out.data());
    };
    sub(row.data(), scratch.data() + 1, count, pixel);
    take_if_smaller(kSub);
    up(row.data(), above.data(), scratch.data() + 1, count);
    take_if_smaller(kUp);
}

}  // namespace convlens
