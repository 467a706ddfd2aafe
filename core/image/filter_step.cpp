#include "core/image/filter_step.h"

#include <bit>
#include <tuple>

namespace convlens {

bool operator==(const FilterStep& a, const FilterStep& b) {
    const auto values = [](const FilterStep& step) {
        // By name, so that a new field does not compile until it is compared.
        const auto& [name, kernel, border, border_value, flip, stride, dilation] = step;
        return std::tuple<const std::string&, const Kernel&, PadMode, std::uint64_t, bool, std::int64_t, std::int64_t>(
            name, kernel, border, std::bit_cast<std::uint64_t>(border_value), flip, stride, dilation);
    };
    return values(a) == values(b);
}

}  // namespace convlens
