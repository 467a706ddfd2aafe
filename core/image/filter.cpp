#include "core/image/filter.h"

#include <bit>
#include <cassert>
#include <string>
#include <tuple>

#include "core/conv/pad.h"
#include "core/image/ready_filter.h"

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

std::string_view name(FilterMethod method) {
    constexpr std::string_view kNames[] = {"auto", "sums", "fourier"};
    return kNames[static_cast<std::size_t>(method)];
}

std::optional<Image> filter(const Image& image, const FilterStep& step, const FilterOptions& options,
                            const std::stop_token& stop) {
    assert(!image.empty());
    ReadyFilter ready(step, image, options);
    Image result = ready.make_result();
    if (!ready.run(image, result, stop)) return std::nullopt;
    return result;
}

std::vector<PixelTap> pixel_taps(const Image& image, const FilterStep& step, std::int64_t out_x, std::int64_t out_y,
                                 int channel) {
    const Kernel& kernel = step.kernel;
    const bool is_alpha = image.has_alpha() && channel == image.channels() - 1;
    const std::int64_t middle_x = out_x * step.stride;
    const std::int64_t middle_y = out_y * step.stride;
    if (is_alpha) return {{middle_x, middle_y, false, image.sample(middle_x, middle_y, channel), 1}};

    const std::int64_t top = step.flip ? kernel.rows - 1 - kernel.rows / 2 : kernel.rows / 2;
    const std::int64_t left = step.flip ? kernel.cols - 1 - kernel.cols / 2 : kernel.cols / 2;
    std::vector<PixelTap> taps;
    for (std::int64_t row = 0; row < kernel.rows; ++row) {
        for (std::int64_t col = 0; col < kernel.cols; ++col) {
            PixelTap tap;
            const std::int64_t y = middle_y + (row - top) * step.dilation;
            const std::int64_t x = middle_x + (col - left) * step.dilation;
            tap.outside = y < 0 || y >= image.height() || x < 0 || x >= image.width();
            tap.weight = (step.flip ? kernel.at(kernel.rows - 1 - row, kernel.cols - 1 - col) : kernel.at(row, col)) /
                         kernel.divisor;
            const auto source_y = source_index(y, image.height(), step.border);
            const auto source_x = source_index(x, image.width(), step.border);
            tap.y = source_y.value_or(y);
            tap.x = source_x.value_or(x);
            if (!source_y || !source_x) {
                tap.value = step.border == PadMode::constant ? step.border_value : 0;
            } else {
                tap.value = image.sample(tap.x, tap.y, channel);
                if (image.has_alpha()) {  // the share of a transparent pixel: see AlphaRule::kept
                    const double share = image.sample(tap.x, tap.y, image.channels() - 1) / white(image.depth());
                    const double middle = image.sample(middle_x, middle_y, channel);
                    tap.value = (share == 0 ? 0 : share * tap.value) + (share == 1 ? 0 : (1 - share) * middle);
                }
            }
            taps.push_back(tap);
        }
    }
    return taps;
}

}  // namespace convlens
