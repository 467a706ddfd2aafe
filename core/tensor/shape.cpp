#include "core/tensor/shape.h"

#include <array>

#include <fmt/format.h>

namespace convlens {

std::optional<std::int64_t> element_count(const Shape4& shape) {
    const std::array lengths{shape.n, shape.c, shape.h, shape.w};
    for (const std::int64_t length : lengths)
        if (length < 0) return {};
    for (const std::int64_t length : lengths)
        if (length == 0) return 0;  // however long the others are
    std::int64_t count = 1;
    for (const std::int64_t length : lengths)
        if (__builtin_mul_overflow(count, length, &count)) return {};
    return count;
}

std::string to_string(const Shape4& shape) {
    return fmt::format("[{}, {}, {}, {}]", shape.n, shape.c, shape.h, shape.w);
}

}  // namespace convlens
