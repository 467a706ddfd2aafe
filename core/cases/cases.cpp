// Cases computed, compared with what the peer gave, and printed.
#include "core/cases/cases.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/conv/names.h"
#include "core/conv/shape.h"
#include "core/conv/validate.h"
#include "core/engine/forward.h"
#include "core/engine/gradients.h"
#include "core/engine/unfold.h"
#include "core/io/json_value.h"
#include "core/text/printable.h"
#include "core/trace/trace.h"

namespace convlens {

namespace {

LayerData data_of(const Case& c) { return {c.input, c.weight, c.layer.bias_length ? c.bias.view() : View<double>{}}; }

NumberArray four_axes(const Tensor<double>& tensor) {
    const Shape4& s = tensor.shape();
    return {{s.n, s.c, s.h, s.w}, {tensor.span().begin(), tensor.span().end()}};
}

double stored_as(double value, SampleType type) {
    const auto whole = [&](double low, double high) {
        // nearbyint rounds half to even: the mode that a program starts in, and that nothing here changes.
        return std::isnan(value) ? 0 : std::clamp(std::nearbyint(value), low, high) + 0.0;  // no whole type has a -0
    };
    switch (type) {
        case SampleType::f64: return value;
        case SampleType::f32: return static_cast<double>(static_cast<float>(value));
        case SampleType::u8: return whole(0, 255);
        case SampleType::s16: return whole(-32768, 32767);
    }
    return value;
}

// SciPy turns back the result of a correlation whose operands it swapped; a convolution does not need it.
Tensor<double> turned_back(const Case& c, Tensor<double> out) {
    return c.swapped && !c.layer.spec.flip_kernel ? flipped(out) : std::move(out);
}

Answer compute_layer(const Case& c, CaseEngine engine) {
    std::vector<Problem> problems = validate(c.layer);
    if (!problems.empty()) return Refusal{std::move(problems)};
    const ConvSpec& spec = c.layer.spec;
    return four_axes(engine == CaseEngine::fast ? forward(spec, data_of(c), 0) : reference_forward(spec, data_of(c)));
}

// Octave's answer to a kernel that does not fit is a matrix without elements.
std::optional<NumberArray> empty_plane(const Case& c, const std::vector<Problem>& problems) {
    const auto too_small = [](const Problem& problem) { return problem.kind == ErrorKind::output_too_small; };
    const bool only_size = std::all_of(problems.begin(), problems.end(), too_small);
    if (c.layer.spec.dialect != Dialect::octave || problems.empty() || !only_size) return {};
    const auto length = [&](Axis axis) {
        return std::max<std::int64_t>(solve_axis(c.layer.spec, c.layer.input.plane(), axis).output, 0);
    };
    return NumberArray{{length(Axis::h), length(Axis::w)}, {}};
}

Answer compute_plane(const Case& c, CaseEngine engine) {
    std::vector<Problem> problems = validate(c.layer);
    if (auto empty = empty_plane(c, problems)) return std::move(*empty);
    if (!problems.empty()) return Refusal{std::move(problems)};
    LayerData data = data_of(c);
    Tensor<double> input = c.input;
    for (double& value : input.span()) value = stored_as(value, c.in_type);
    data.input = input;
    const ConvSpec& spec = c.layer.spec;
    Tensor<double> out =
        turned_back(c, engine == CaseEngine::fast ? forward(spec, data, 0) : reference_forward(spec, data));
    for (double& value : out.span()) value = stored_as(value + c.delta, c.out_type);
    return NumberArray{{out.shape().h, out.shape().w}, {out.span().begin(), out.span().end()}};
}

// The counts of a plane, for every channel of the input.
Answer compute_overlap(const Case& c) {
    std::vector<Problem> problems = validate(c.layer);
    if (!problems.empty()) return Refusal{std::move(problems)};
    const Tensor<double> plane = overlap_count(c.layer.spec, c.layer.input.plane());
    const Shape4& in = c.layer.input;
    NumberArray answer{{in.n, in.c, plane.shape().h, plane.shape().w}, {}};
    for (std::int64_t i = 0; i < in.n * in.c; ++i)
        answer.data.insert(answer.data.end(), plane.span().begin(), plane.span().end());
    return answer;
}

// [N, C·kH·kW, windows], as PyTorch has it.
Answer compute_unfold(const Case& c) {
    std::vector<Problem> problems = validate(c.layer);
    if (!problems.empty()) return Refusal{std::move(problems)};
    const Tensor<double> columns = unfold(c.layer.spec, c.input);
    const Shape4& s = columns.shape();
    return NumberArray{{s.n, s.c, s.w}, {columns.span().begin(), columns.span().end()}};
}

Answer compute_gradients(const Case& c, CaseEngine engine) {
    Answer output = compute_layer(c, engine);
    if (!std::holds_alternative<NumberArray>(output)) return output;
    if (c.grad_output.shape() != output_shape(c.layer.spec, c.layer.input)) {
        return Skipped{msg("grad_output has the shape {shape}, but the output has {wanted}",
                           "shape"_is(to_string(c.grad_output.shape())),
                           "wanted"_is(to_string(output_shape(c.layer.spec, c.layer.input))))};
    }
    const Gradients gradients = reference_gradients(c.layer.spec, data_of(c), c.grad_output);
    GradientArrays arrays{
        std::get<NumberArray>(std::move(output)), four_axes(gradients.input), four_axes(gradients.weight), {}};
    if (c.layer.bias_length)
        arrays.grad_bias =
            NumberArray{{*c.layer.bias_length}, {gradients.bias.span().begin(), gradients.bias.span().end()}};
    return arrays;
}

Answer compute_sizes(const Case& c) {
    SizeList list;
    for (const SizeRow& row : c.sizes) {
        const bool possible = validate(row.layer).empty();
        list.out.push_back(possible ? output_shape(row.layer.spec, row.layer.input).h : -1);
    }
    return list;
}

// Sum |w x| of every output, for the rule of equality.
std::vector<double> magnitudes(const Case& c, std::size_t count) {
    const bool one_term = c.op == CaseOp::overlap_count || c.op == CaseOp::unfold || c.op == CaseOp::kernel;
    if (one_term) return std::vector<double>(count, 1);
    const Tensor<double> sums = turned_back(c, magnitude(c.layer.spec, data_of(c)));
    std::vector<double> out(sums.span().begin(), sums.span().end());
    for (double& value : out) value += std::abs(c.delta);
    return out;
}

bool equal(double a, double b, double allowed) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    if (std::isinf(a) || std::isinf(b)) return a == b;
    return std::abs(a - b) <= allowed;
}

// The one to tell where there is room for one: a setting that is refused by itself, before a size that it brings about.
const Problem& chief(const Refusal& refusal) {
    const auto& problems = refusal.problems;
    const auto is_cause = [](const Problem& problem) { return problem.kind != ErrorKind::output_too_small; };
    const auto cause = std::find_if(problems.begin(), problems.end(), is_cause);
    return cause == problems.end() ? problems.front() : *cause;
}

std::string text_of(double value) { return fmt::format("{}", value); }
std::string text_of(const std::vector<std::int64_t>& shape) { return fmt::format("{}", shape); }

Verdict differ(Message why) { return {Verdict::Kind::differ, std::move(why)}; }

Verdict check_numbers(const Case& c, const NumberArray& answer, double tol) {
    const NumberArray& expect = *c.expect;
    if (answer.shape != expect.shape)
        return differ(msg("the shape is {shape}, expected {expected}", "shape"_is(text_of(answer.shape)),
                          "expected"_is(text_of(expect.shape))));
    const std::vector<double> sums = answer.data.empty() ? std::vector<double>() : magnitudes(c, answer.data.size());
    for (std::size_t i = 0; i < answer.data.size(); ++i) {
        // A sum that is not finite says nothing of how far apart finite results may be.
        const double sum = std::isfinite(sums[i]) ? sums[i] : std::abs(expect.data[i]);
        const double allowed = c.tolerance.value_or(tol * std::max(1.0, sum));
        if (!equal(answer.data[i], expect.data[i], allowed)) {
            return differ(msg("element {index} is {value}, expected {expected} ± {allowed}", "index"_is(i),
                              "value"_is(text_of(answer.data[i])), "expected"_is(text_of(expect.data[i])),
                              "allowed"_is(text_of(allowed))));
        }
    }
    return {};
}

// What flows back has no sum of its own to be measured by: the largest of it stands for all.
Verdict check_gradient(const char* what, const NumberArray& answer, const std::optional<NumberArray>& expect,
                       double tol) {
    if (!expect) return {};
    if (answer.shape != expect->shape)
        return differ(msg("the shape of {what} is {shape}, expected {expected}", "what"_is(what),
                          "shape"_is(text_of(answer.shape)), "expected"_is(text_of(expect->shape))));
    double most = 1;
    for (const double value : expect->data)
        if (std::isfinite(value)) most = std::max(most, std::abs(value));
    for (std::size_t i = 0; i < answer.data.size(); ++i) {
        if (!equal(answer.data[i], expect->data[i], tol * most))
            return differ(msg("{what} element {index} is {value}, expected {expected}", "what"_is(what), "index"_is(i),
                              "value"_is(text_of(answer.data[i])), "expected"_is(text_of(expect->data[i]))));
    }
    return {};
}

Verdict check_gradients(const Case& c, const GradientArrays& answer, double tol) {
    if (c.expect) {
        Verdict verdict = check_numbers(c, answer.output, tol);
        if (verdict.kind != Verdict::Kind::agree) return verdict;
    }
    Verdict verdict = check_gradient("grad_input", answer.grad_input, c.grad_input, tol);
    if (verdict.kind != Verdict::Kind::agree) return verdict;
    verdict = check_gradient("grad_weight", answer.grad_weight, c.grad_weight, tol);
    if (verdict.kind != Verdict::Kind::agree || !c.grad_bias) return verdict;
    if (!answer.grad_bias) return differ(key("grad_bias is expected of a layer without a bias"));
    return check_gradient("grad_bias", *answer.grad_bias, c.grad_bias, tol);
}

Verdict check_sizes(const Case& c, const SizeList& answer) {
    for (std::size_t i = 0; i < c.sizes.size(); ++i)
        if (answer.out[i] != c.sizes[i].out)
            return differ(msg("row {row} gives {size}, expected {expected}", "row"_is(i), "size"_is(answer.out[i]),
                              "expected"_is(c.sizes[i].out)));
    return {};
}

Verdict check_refusal(const Case& c, const Refusal& refusal) {
    const Problem& first = chief(refusal);
    if (!c.error)
        return differ(msg("refused ({kind}): {reason}", "kind"_is(name(first.kind)), "reason"_is(first.message)));
    if (*c.error != name(first.kind))
        return differ(
            msg("refused as {kind}, expected {expected}", "kind"_is(name(first.kind)), "expected"_is(*c.error)));
    return {};
}

nlohmann::ordered_json array_json(const NumberArray& array) {
    nlohmann::ordered_json json{{"shape", array.shape}, {"data", nlohmann::ordered_json::array()}};
    for (const double value : array.data) json["data"].push_back(json_number(value));
    return json;
}

}  // namespace

Answer compute_case(const Case& c, CaseEngine engine) {
    switch (c.op) {
        case CaseOp::conv:
        case CaseOp::conv_transpose:
        case CaseOp::pool: return compute_layer(c, engine);
        case CaseOp::plane: return compute_plane(c, engine);
        case CaseOp::overlap_count: return compute_overlap(c);
        case CaseOp::kernel: return NumberArray{{c.kernel.rows, c.kernel.cols}, c.kernel.weights};
        case CaseOp::unfold: return compute_unfold(c);
        case CaseOp::conv_gradients:
        case CaseOp::conv_transpose_gradients: return compute_gradients(c, engine);
        case CaseOp::sizes: return compute_sizes(c);
        case CaseOp::unknown: break;
    }
    return Skipped{msg("the operation '{name}' is unknown; there are {names}",
                       "name"_is(printable(c.op_name, kMostQuoted)), "names"_is(operation_names()))};
}

nlohmann::ordered_json to_json(const Case& c, const Answer& answer) {
    nlohmann::ordered_json json{{"name", c.name}};
    if (const auto* array = std::get_if<NumberArray>(&answer)) {
        json.update(array_json(*array));
    } else if (const auto* gradients = std::get_if<GradientArrays>(&answer)) {
        json.update(array_json(gradients->output));
        json["grad_input"] = array_json(gradients->grad_input);
        json["grad_weight"] = array_json(gradients->grad_weight);
        if (gradients->grad_bias) json["grad_bias"] = array_json(*gradients->grad_bias);
    } else if (const auto* sizes = std::get_if<SizeList>(&answer)) {
        json["out"] = sizes->out;
    } else if (const auto* refusal = std::get_if<Refusal>(&answer)) {
        const Problem& first = chief(*refusal);
        nlohmann::ordered_json fixes = nlohmann::ordered_json::array();
        for (const Fix& fix : first.fixes) fixes.push_back(english(fix.text));
        json["error"] = {{"kind", name(first.kind)},
                         {"field", name(first.field)},
                         {"message", english(first.message)},
                         {"fixes", fixes}};
    } else {
        json["skipped"] = english(std::get<Skipped>(answer).why);
    }
    return json;
}

Verdict check(const Case& c, const Answer& answer, double tol) {
    if (const auto* skipped = std::get_if<Skipped>(&answer)) return {Verdict::Kind::skipped, skipped->why};
    if (const auto* refusal = std::get_if<Refusal>(&answer)) return check_refusal(c, *refusal);
    if (c.error && *c.error != "peer_limit")
        return differ(msg("computed, expected the refusal {kind}", "kind"_is(*c.error)));
    if (c.error) return {};
    if (const auto* sizes = std::get_if<SizeList>(&answer)) return check_sizes(c, *sizes);
    if (const auto* gradients = std::get_if<GradientArrays>(&answer)) return check_gradients(c, *gradients, tol);
    if (!c.expect) return {Verdict::Kind::skipped, key("the case does not say what is expected")};
    return check_numbers(c, std::get<NumberArray>(answer), tol);
}

}  // namespace convlens
