#include "core/text/byte_size.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace convlens {

Message byte_size(long double bytes) {
    constexpr std::array<std::string_view, 10> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB",
                                                      "EiB", "ZiB", "YiB", "RiB", "QiB"};
    std::size_t unit = 0;
    for (bytes /= 1024; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
    if (bytes >= 1024) return msg("more than {amount}", "amount"_is(fmt::format("1024 {}", kUnits[unit])));
    return verbatim(fmt::format("{:.4g} {}", static_cast<double>(bytes), kUnits[unit]));
}

}  // namespace convlens
