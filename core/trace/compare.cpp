// Where two outputs differ. Why a cell does: core/trace/compare_cell.cpp.
#include "core/trace/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/trace/compare_values.h"

namespace convlens {

namespace {

double peak(View<double> values) {
    double most = 0;
    for (const double v : values.span()) most = std::max(most, std::isnan(v) ? 0.0 : std::abs(v));
    return most;
}

// No sum |w x| of the layer is larger. Cheap, unlike the sums themselves.
double most_magnitude(const ComparedLayer& layer) {
    double weights = 0;
    for (const double w : layer.data.weight.span()) weights += std::abs(w);
    if (is_pooling(layer.spec.op)) weights = 1;
    const double input = std::max(peak(layer.data.input), std::abs(layer.spec.pad_value));
    return input * weights + (layer.data.bias.data ? peak(layer.data.bias) : 0);
}

double distance(double a, double b) {
    const double by = std::abs(a - b);
    return std::isnan(by) ? std::numeric_limits<double>::infinity() : by;
}

// "4×4", "[1, 2, 4, 4]" where there is more than one plane.
std::string shape_text(const Shape4& shape, bool planes) {
    return planes ? fmt::format("{}×{}", shape.h, shape.w) : to_string(shape);
}

}  // namespace

OutputDifference compare_outputs(const ComparedLayer& a, const ComparedLayer& b) {
    OutputDifference found;
    found.first = a.output.shape;
    found.second = b.output.shape;
    found.shared = {std::min(found.first.n, found.second.n), std::min(found.first.c, found.second.c),
                    std::min(found.first.h, found.second.h), std::min(found.first.w, found.second.w)};
    found.by = Tensor<double>(found.shared);
    found.cells = found.by.size();
    const double most = std::max(most_magnitude(a), most_magnitude(b));
    for (Cell4 at; at.n < found.shared.n; ++at.n) {
        for (at.c = 0; at.c < found.shared.c; ++at.c) {
            for (at.y = 0; at.y < found.shared.h; ++at.y) {
                for (at.x = 0; at.x < found.shared.w; ++at.x) {
                    const double first = a.output.at(at.n, at.c, at.y, at.x);
                    const double second = b.output.at(at.n, at.c, at.y, at.x);
                    if (count_as_equal(first, second, 0)) continue;
                    // Far apart whatever the sums; only what is close is asked for its own.
                    if (count_as_equal(first, second, most) &&
                        count_as_equal(first, second, std::max(magnitude_at(a, at), magnitude_at(b, at))))
                        continue;
                    found.by.at(at.n, at.c, at.y, at.x) = first - second;
                    found.largest = std::max(found.largest, distance(first, second));
                    ++found.differing;
                    if (!found.at) found.at = at;
                }
            }
        }
    }
    return found;
}

std::string in_words(const OutputDifference& difference) {
    const OutputDifference& d = difference;
    std::string text;
    if (!d.same_shape()) {
        const bool planes = d.first.n == d.second.n && d.first.c == d.second.c;
        text = fmt::format("{} vs {}; compared where both have cells, {}: ", shape_text(d.first, planes),
                           shape_text(d.second, planes), shape_text(d.shared, planes));
    }
    if (d.differing == 0) {
        if (d.same_shape())
            return fmt::format("Equal in {} {}.", d.cells == 1 ? "the one" : "all",
                               d.cells == 1 ? "cell" : fmt::format("{} cells", d.cells));
        return text + "equal there.";
    }
    const std::string by =
        std::isinf(d.largest) ? "one is not a finite number" : fmt::format("by at most {:.6g}", d.largest);
    return text + fmt::format("{} of {} cell{} {}, {}.", d.differing, d.cells, d.cells == 1 ? "" : "s",
                              d.differing == 1 ? "differs" : "differ", by);
}

}  // namespace convlens
