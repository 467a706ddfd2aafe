// What a filter step comes to before it is begun, so that what has no hope is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/engine/filter/filter.h"
#include "core/text/message.h"

namespace convlens {

struct FilterWork {
    double products = 0;  // of weights and samples, as the strips of StripFilter come to them
    double bytes = 0;     // of the rows that one thread keeps
};
FilterWork work_of(const FilterStep& step, std::int64_t width, std::int64_t height, int channels, Depth depth);

// Why the step is not to be begun, with its number of products or bytes and what would work: it has more than 1e14
// products, which take a day or more, or keeps more than 1 GiB of rows. Nothing else. Precondition: as filter().
std::optional<Message> too_much_work(const FilterStep& step, std::int64_t width, std::int64_t height, int channels,
                                     Depth depth);

// The same of a chain over `image`: of its first such step, with the step's name in front.
std::optional<Message> too_much_work(std::span<const FilterStep> chain, const Image& image);

}  // namespace convlens
