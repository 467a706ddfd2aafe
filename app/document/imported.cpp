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
    const bool pooling = is_pooling(layer.spec.op);
    const Shape4 weight = pooling ? Shape4{1, 1, 3, 3} : weight_shape(layer.spec, layer.input.c);
    if (cells(layer.input) + cells(weight) <= kMaxDocumentCells) return {};
    Problem problem;
    problem.kind = ErrorKind::too_large;
    problem.field = cells(weight) > cells(layer.input) ? Field::weight : Field::input;
    problem.message = fmt::format("the input {} and the weight {} are more than the {} numbers that a document holds",
                                  to_string(layer.input), to_string(weight), kMaxDocumentCells);
    problem.fixes = {{"leave the layer as it is, with fewer channels or a smaller input", {}}};
    return {problem};
}

Layer layer_from(const ImportedLayer& imported) {
    LayerShape shape = imported.layer;
    shape.weight.reset();
    shape.bias_length.reset();
    if (is_pooling(shape.spec.op)) shape.spec.groups = shape.spec.out_channels = 1;  // it has no such settings
    const bool bias = !is_pooling(shape.spec.op) && (imported.bias || imported.has_bias.value_or(false));
    Layer layer = new_layer(shape, bias);
    take(layer.input, imported.input);
    if (!is_pooling(shape.spec.op)) take(layer.weight, imported.weight);
    if (bias) take(layer.bias, imported.bias);
    return layer;
}

}  // namespace convlens
