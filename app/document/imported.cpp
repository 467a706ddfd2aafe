#include "app/document/imported.h"

#include <utility>

#include <fmt/format.h>

#include "core/conv/validate.h"

namespace convlens {

namespace {

// A tensor without numbers is no tensor: cells of an impossible shape count as too many.
std::int64_t cells(const Shape4& shape) { return element_count(shape).value_or(kMaxDocumentCells + 1); }

void take(TensorRef& to, const std::optional<Tensor<double>>& told) {
    if (told && told->shape() == to->shape()) to = TensorRef(*told);
}

constexpr std::int64_t kMostFilled = 4096;  // weights; of more some kernels may be empty without harm to the picture

// No kernel of few made-up weights is all zero, which would make an empty picture: the first weight of such a kernel
// becomes 1, or -1 in every second channel of the result.
void fill_empty_kernels(TensorRef& weight) {
    const Shape4 shape = weight->shape();
    if (cells(shape) > kMostFilled) return;
    Tensor<double> values = *weight;
    bool changed = false;
    for (std::int64_t n = 0; n < shape.n; ++n) {
        for (std::int64_t c = 0; c < shape.c; ++c) {
            bool empty = shape.h > 0 && shape.w > 0;
            for (std::int64_t y = 0; y < shape.h; ++y)
                for (std::int64_t x = 0; x < shape.w; ++x) empty = empty && values.at(n, c, y, x) == 0;
            if (!empty) continue;
            values.at(n, c, 0, 0) = n % 2 == 0 ? 1 : -1;
            changed = true;
        }
    }
    if (changed) weight = TensorRef(std::move(values));
}

}  // namespace

std::vector<Problem> import_problems(const ImportedLayer& imported) {
    const LayerShape& layer = imported.layer;
    std::vector<Problem> problems = validate(layer);
    if (!problems.empty()) return problems;
    const Shape4 weight = new_weight_shape(layer);
    if (cells(layer.input) + cells(weight) <= kMaxDocumentCells) return {};
    Problem problem;
    problem.kind = ErrorKind::too_large;
    problem.field = cells(weight) > cells(layer.input) ? Field::weight : Field::input;
    problem.message =
        msg("the input {input} and the weight {weight} are more than the {limit} numbers that a document holds",
            "input"_is(to_string(layer.input)), "weight"_is(to_string(weight)), "limit"_is(kMaxDocumentCells));
    problem.fixes = {{msg("take fewer channels or a smaller input"), {}}};
    return {problem};
}

Layer layer_from(const ImportedLayer& imported) {
    LayerShape shape = imported.layer;
    shape.weight.reset();
    shape.bias_length.reset();
    const bool pooling = is_pooling(shape.spec.op);
    if (pooling) shape.spec.groups = shape.spec.out_channels = 1;  // it has no such settings
    const bool bias = !pooling && (imported.bias || imported.has_bias.value_or(false));
    Layer layer = new_layer(shape, bias);
    take(std::get<TensorRef>(layer.input), imported.input);
    if (!pooling && !imported.weight) fill_empty_kernels(layer.weight);
    if (!pooling) take(layer.weight, imported.weight);
    if (bias) take(layer.bias, imported.bias);
    return layer;
}

}  // namespace convlens
