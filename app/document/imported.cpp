#include "app/document/imported.h"

#include <fmt/format.h>

#include "core/conv/validate.h"

namespace convlens {

namespace {

// A tensor without numbers is no tensor: cells of an impossible shape count as too many.
std::int64_t cells(const Shape4& shape) { return element_count(shape).value_or(kMaxDocumentCells + 1); }

void take(TensorRef& to, const std::optional<Tensor<double>>& told) {
    if (told && told->shape() == to->shape()) to = TensorRef(*told);
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
    problem.message = fmt::format("the input {} and the weight {} are more than the {} numbers that a document holds",
                                  to_string(layer.input), to_string(weight), kMaxDocumentCells);
    problem.fixes = {{"take fewer channels or a smaller input", {}}};
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
    take(layer.input, imported.input);
    if (!pooling) take(layer.weight, imported.weight);
    if (bias) take(layer.bias, imported.bias);
    return layer;
}

}  // namespace convlens
