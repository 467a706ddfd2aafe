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

Message equal_in(std::int64_t cells) { return plural("Equal in the one cell.", "Equal in all {n} cells.", cells); }

// "3 of 16 cells differ, by at most 7."
Message cells_differ(const OutputDifference& d) {
    const auto differing = "differing"_is(d.differing);
    const auto most = "most"_is(fmt::format("{:.6g}", d.largest));
    if (std::isinf(d.largest) && d.differing == 1)
        return plural("{differing} of {n} cell differs, one is not a finite number.",
                      "{differing} of {n} cells differs, one is not a finite number.", d.cells, differing);
    if (std::isinf(d.largest))
        return msg("{differing} of {cells} cells differ, one is not a finite number.", differing, "cells"_is(d.cells));
    if (d.differing == 1)
        return plural("{differing} of {n} cell differs, by at most {most}.",
                      "{differing} of {n} cells differs, by at most {most}.", d.cells, differing, most);
    return msg("{differing} of {cells} cells differ, by at most {most}.", differing, "cells"_is(d.cells), most);
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

Message in_words(const OutputDifference& difference) {
    const OutputDifference& d = difference;
    if (d.same_shape()) return d.differing == 0 ? equal_in(d.cells) : cells_differ(d);
    const bool planes = d.first.n == d.second.n && d.first.c == d.second.c;
    return msg("{first} vs {second}; compared where both have cells, {shared}: {result}",
               "first"_is(shape_text(d.first, planes)), "second"_is(shape_text(d.second, planes)),
               "shared"_is(shape_text(d.shared, planes)),
               "result"_is(d.differing == 0 ? msg("equal there.") : cells_differ(d)));
}

}  // namespace convlens
