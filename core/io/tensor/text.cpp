#include "core/io/tensor/text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/io/bytes.h"
#include "core/io/error.h"
#include "core/io/file_kind.h"
#include "core/io/tensor/npy.h"

namespace convlens {

namespace {

// Whole numbers without a point, as programs read them; `odd` names what is not finite.
std::string number(double value, const char* odd) {
    if (!std::isfinite(value)) {
        const char* name = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        return fmt::format(fmt::runtime(odd), name);
    }
    return fmt::format("{}", value == 0 ? 0.0 : value);
}

std::string numpy_number(double value) {
    if (std::isnan(value)) return "np.nan";
    if (std::isinf(value)) return value < 0 ? "-np.inf" : "np.inf";
    return number(value, "{}");
}

template <typename Item>
std::string joined(std::int64_t count, const char* between, const Item& item) {
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) {
        if (i > 0) text += between;
        text += item(i);
    }
    return text;
}

}  // namespace

std::string plane_rows(const Tensor<double>& tensor, std::int64_t n, std::int64_t c) {
    const Shape4& shape = tensor.shape();
    return joined(shape.h, "\n", [&](std::int64_t y) {
        return joined(shape.w, "\t", [&](std::int64_t x) { return number(tensor.at(n, c, y, x), "{}"); });
    });
}

std::string plane_list(const Tensor<double>& tensor, std::int64_t n, std::int64_t c) {
    const Shape4& shape = tensor.shape();
    const std::string rows = joined(shape.h, ",\n ", [&](std::int64_t y) {
        return "[" +
               joined(shape.w, ", ", [&](std::int64_t x) { return number(tensor.at(n, c, y, x), "float(\"{}\")"); }) +
               "]";
    });
    return "[" + rows + "]";
}

std::string numpy_array(const Tensor<double>& tensor) {
    const Shape4& shape = tensor.shape();
    const std::string items = joined(shape.n, ",\n  ", [&](std::int64_t n) {
        return "[" +
               joined(shape.c, ",\n   ",
                      [&](std::int64_t c) {
                          return "[" +
                                 joined(shape.h, ",\n    ",
                                        [&](std::int64_t y) {
                                            return "[" +
                                                   joined(shape.w, ", ",
                                                          [&](std::int64_t x) {
                                                              return numpy_number(tensor.at(n, c, y, x));
                                                          }) +
                                                   "]";
                                        }) +
                                 "]";
                      }) +
               "]";
    });
    return "np.array(\n [" + items + "])";
}

std::string csv_text(const Tensor<double>& tensor) {
    const Shape4& shape = tensor.shape();
    return joined(shape.n * shape.c, "\n", [&](std::int64_t plane) {
        return joined(shape.h, "", [&](std::int64_t y) {
            return joined(shape.w, ",",
                          [&](std::int64_t x) {
                              return number(tensor.at(plane / shape.c, plane % shape.c, y, x), "{}");
                          }) +
                   "\n";
        });
    });
}

void save_tensor(const Tensor<double>& tensor, const std::filesystem::path& path) {
    const std::string ending = ending_of(path);
    if (ending == ".npy") return write_npy(path, tensor);
    if (ending == ".csv") return write_file(path, csv_text(tensor));
    throw FileError(path.string(), key("unknown file type; end the name in .npy or .csv"));
}

}  // namespace convlens
