#include "core/cases/kernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/image/peer_kernel.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

std::int64_t whole_between(const JsonValue& value, std::int64_t least, std::int64_t most) {
    const std::int64_t number = value.whole();
    if (number < least || number > most)
        value.fail(msg("must be from {least} to {most}, not {number}", "least"_is(least), "most"_is(most),
                       "number"_is(number)));
    return number;
}

std::int64_t whole_or(const JsonValue& params, std::string_view key, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most) {
    return params.has(key) ? whole_between(params[key], least, most) : otherwise;
}

double finite(const JsonValue& value) {
    const double number = value.number();
    if (!std::isfinite(number))
        value.fail(msg("must be a finite number, not {number}", "number"_is(fmt::format("{}", number))));
    return number;
}

double positive(const JsonValue& value) {
    const double number = finite(value);
    if (number <= 0) value.fail(msg("must be greater than 0, not {number}", "number"_is(fmt::format("{}", number))));
    return number;
}

double number_or(const JsonValue& params, std::string_view key, double otherwise) {
    return params.has(key) ? finite(params[key]) : otherwise;
}

double positive_or(const JsonValue& params, std::string_view key, double otherwise) {
    return params.has(key) ? positive(params[key]) : otherwise;
}

double alpha(const JsonValue& params) {
    const double number = number_or(params, "alpha", 0.2);
    if (number < 0 || number > 1)
        params["alpha"].fail(msg("must be from 0 to 1, not {number}", "number"_is(fmt::format("{}", number))));
    return number;
}

Size2 size_of(const JsonValue& value, std::int64_t least = 1) {
    if (!value.is_array()) {
        const std::int64_t side = whole_between(value, least, kMaxKernelSide);
        return {side, side};
    }
    if (value.size() != 2)
        value.fail(msg("must be 2 numbers, [rows, columns]; it has {count}", "count"_is(value.size())));
    return {whole_between(value[0], least, kMaxKernelSide), whole_between(value[1], least, kMaxKernelSide)};
}

Size2 size_or(const JsonValue& params, Size2 otherwise) {
    return params.has("size") ? size_of(params["size"]) : otherwise;
}

bool normalize(const JsonValue& params) { return params.has("normalize") && params["normalize"].flag(); }

Kernel gaussian_1d(const JsonValue& params) {
    const JsonValue size = params["size"];
    const Size2 sides = size_of(size);
    if (size.is_array() && sides.w != 1)
        size.fail(msg("OpenCV makes a column, [{rows}, 1], not [{rows}, {columns}]", "rows"_is(sides.h),
                      "columns"_is(sides.w)));
    return opencv_gaussian(sides.h, finite(params["sigma"]));
}

Kernel sobel(const JsonValue& params) {
    const std::int64_t dx = whole_between(params["dx"], 0, kMaxDerivSize - 1);
    const std::int64_t dy = whole_between(params["dy"], 0, kMaxDerivSize - 1);
    if (dx + dy == 0) params.fail(key("dx and dy are both 0: there is no derivative"));
    const JsonValue size = params["size"];
    const Size2 sides = size_of(size);
    const std::int64_t ksize = std::min(sides.h, sides.w);
    if (ksize % 2 == 0 || ksize > kMaxDerivSize)
        size.fail(msg("must be odd and at most {most}, not {size}", "most"_is(kMaxDerivSize), "size"_is(ksize)));
    const std::int64_t order = std::max(dx, dy);
    if (order >= std::max<std::int64_t>(ksize, 3))
        size.fail(msg("must be greater than the order of the derivative, {order}", "order"_is(order)));
    Kernel kernel = opencv_sobel(dx, dy, ksize, normalize(params));
    if (sides != Size2{1, 1} && sides != Size2{kernel.rows, kernel.cols})
        size.fail(msg("is [{rows}, {columns}], where OpenCV makes [{made_rows}, {made_columns}]", "rows"_is(sides.h),
                      "columns"_is(sides.w), "made_rows"_is(kernel.rows), "made_columns"_is(kernel.cols)));
    return kernel;
}

Kernel scharr(const JsonValue& params) {
    const std::int64_t dx = whole_between(params["dx"], 0, 1);
    const std::int64_t dy = whole_between(params["dy"], 0, 1);
    if (dx + dy != 1) params.fail(key("one of dx and dy must be 1, the other 0"));
    if (size_or(params, {3, 3}) != Size2{3, 3}) params["size"].fail(key("must be [3, 3]"));
    return opencv_scharr(dx, dy, normalize(params));
}

Kernel gabor(const JsonValue& params) {
    Gabor gabor;
    gabor.size = size_of(params["size"], 0);
    gabor.sigma = positive(params["sigma"]);
    gabor.theta = finite(params["theta"]);
    gabor.lambda = finite(params["lambd"]);
    if (gabor.lambda == 0) params["lambd"].fail(key("the length of the wave must not be 0"));
    gabor.gamma = positive(params["gamma"]);
    gabor.psi = number_or(params, "psi", gabor.psi);
    const double widest = 3 * gabor.sigma * std::max(1.0, 1 / gabor.gamma);
    if (std::min(gabor.size.h, gabor.size.w) == 0 && !(2 * widest + 1 <= kMaxKernelSide))
        params["sigma"].fail(msg("makes a kernel of more than {most} rows or columns", "most"_is(kMaxKernelSide)));
    return opencv_gabor(gabor);
}

struct Family {
    std::string_view name;
    std::array<std::string_view, 6> keys;
    Kernel (*make)(const JsonValue& params);
};

const std::array<Family, 14> kFamilies = {{
    {"fspecial_average",
     {"size"},
     [](const JsonValue& p) {
         return fspecial_average(size_or(p, {3, 3}));
     }},
    {"fspecial_disk",
     {"radius"},
     [](const JsonValue& p) { return fspecial_disk(whole_or(p, "radius", 5, 0, (kMaxKernelSide - 1) / 2)); }},
    {"fspecial_gaussian",
     {"size", "sigma"},
     [](const JsonValue& p) {
         return fspecial_gaussian(size_or(p, {3, 3}), positive_or(p, "sigma", 0.5));
     }},
    {"fspecial_kirsch", {}, [](const JsonValue&) { return fspecial_kirsch(); }},
    {"fspecial_laplacian", {"alpha"}, [](const JsonValue& p) { return fspecial_laplacian(alpha(p)); }},
    {"fspecial_log",
     {"size", "sigma"},
     [](const JsonValue& p) {
         return fspecial_log(size_or(p, {5, 5}), number_or(p, "sigma", 0.5));
     }},
    {"fspecial_motion",
     {"length", "angle_degrees"},
     [](const JsonValue& p) {
         return fspecial_motion(whole_or(p, "length", 9, 1, kMaxKernelSide), number_or(p, "angle_degrees", 0));
     }},
    {"fspecial_prewitt", {}, [](const JsonValue&) { return fspecial_prewitt(); }},
    {"fspecial_sobel", {}, [](const JsonValue&) { return fspecial_sobel(); }},
    {"fspecial_unsharp", {"alpha"}, [](const JsonValue& p) { return fspecial_unsharp(alpha(p)); }},
    {"gabor", {"size", "sigma", "theta", "lambd", "gamma", "psi"}, gabor},
    {"gaussian_1d", {"size", "sigma"}, gaussian_1d},
    {"scharr", {"dx", "dy", "size", "normalize"}, scharr},
    {"sobel", {"dx", "dy", "size", "normalize"}, sobel},
}};

const Family& family_of(const JsonValue& name) {
    const std::string text = name.text();
    const auto* const family = std::ranges::find(kFamilies, text, &Family::name);
    if (family != kFamilies.end()) return *family;
    std::vector<Message> all;
    for (const Family& known : kFamilies) all.push_back(verbatim(known.name));
    name.fail(msg("the kernel '{name}' is unknown; there are {names}", "name"_is(printable(text, kMostQuoted)),
                  "names"_is(in_a_row(std::move(all)))));
}

// A key that is misspelt must not be passed over.
void check_keys(const JsonValue& params, const Family& family) {
    for (const auto& [key, value] : params.json().items())
        if (key != "family" && key != "note" && std::ranges::find(family.keys, key) == family.keys.end())
            params.fail(msg("\"{key}\" is not a parameter of {family}", "key"_is(printable(key, kMostQuoted)),
                            "family"_is(family.name)));
}

}  // namespace

Kernel kernel_of_params(const JsonValue& params) {
    const Family& family = family_of(params["family"]);
    check_keys(params, family);
    return family.make(params);
}

}  // namespace convlens
