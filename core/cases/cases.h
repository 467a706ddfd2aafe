// Cases: a layer with its numbers and, where another program computed it, with that program's answer. The format of
// tests/fixtures and of `convlens compute`:
//
//   {"cases": [{"name", "source", "op", "params": {...}, "input", "weight", "bias", "expect" | "error"}, ...]}, or one case.
//   A tensor is {"shape": [...], "data": [...]}, row-major; "nan", "inf" and "-inf" stand for what JSON cannot write.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/conv/problem.h"
#include "core/engine/reference.h"
#include "core/image/kernel.h"
#include "core/text/message.h"

namespace convlens {

enum class CaseOp {
    conv,
    conv_transpose,
    plane,
    sizes,
    overlap_count,
    pool,
    unfold,
    conv_gradients,
    conv_transpose_gradients,
    kernel,
    unknown
};

// What a plane's numbers are kept in. Whole-number types round half to even, then saturate.
enum class SampleType { f64, f32, u8, s16 };

// Numbers with as many axes as the peer has.
struct NumberArray {
    std::vector<std::int64_t> shape;
    std::vector<double> data;
    friend bool operator==(const NumberArray&, const NumberArray&) = default;
};

// One line of a `sizes` case: one axis of a layer, and the output length that the peer gives it, or -1 if it refuses.
struct SizeRow {
    LayerShape layer;
    std::int64_t out = -1;
};

struct Case {
    std::string name;
    std::string source;  // "torch 2.13.0"; its first word is the dialect
    CaseOp op = CaseOp::conv;
    std::string op_name;  // as in the file

    Kernel kernel;     // kernel: the family and its numbers, made
    LayerShape layer;  // all but kernel and sizes
    Tensor<double> input, weight, bias;
    Tensor<double> grad_output;                                     // gradients
    std::optional<NumberArray> grad_input, grad_weight, grad_bias;  // gradients: what is expected
    double delta = 0;                                               // plane: added to every sum
    SampleType in_type = SampleType::f64, out_type = SampleType::f64;
    bool swapped = false;        // plane, SciPy's 'valid' with the larger kernel: operands change places
    std::vector<SizeRow> sizes;  // sizes

    std::optional<NumberArray> expect;
    std::optional<std::string> error;  // the kind of refusal expected: a name of ErrorKind, or "peer_limit"
    std::optional<double> tolerance;   // absolute, where the peer itself rounds
    std::optional<Pads> resolved_pads;
    std::optional<Size2> resolved_output_padding;
};

// Throw FileError: not JSON; a value of the wrong kind or length, with its place ("cases[3].params.stride").
std::vector<Case> read_cases(const std::filesystem::path& path);
std::vector<Case> parse_cases(const nlohmann::json& json, const std::string& path);

struct SizeList {
    std::vector<std::int64_t> out;
};
// The layer's output and what flows back through it.
struct GradientArrays {
    NumberArray output, grad_input, grad_weight;
    std::optional<NumberArray> grad_bias;  // [C_out], of a layer with a bias
};
struct Refusal {
    std::vector<Problem> problems;  // at least one
};
struct Skipped {
    Message why;
};
using Answer = std::variant<NumberArray, SizeList, GradientArrays, Refusal, Skipped>;

enum class CaseEngine { fast, reference };
Answer compute_case(const Case& c, CaseEngine engine = CaseEngine::fast);

// "conv, conv_gradients, conv_transpose": the operations of cases.
Message operation_names();

// The line that `convlens compute` prints: name, then shape and data (with grad_input, grad_weight and, where there is
// a bias, grad_bias where the case asks for gradients), or out, error, skipped.
nlohmann::ordered_json to_json(const Case& c, const Answer& answer);

// Does the answer agree with what the peer gave? Numbers by the rule of equality |a-b| <= tol * max(1, sum |w x|), or by
// the case's own absolute tolerance; refusals by their kind; where the peer does not implement a case, any numbers do.
struct Verdict {
    enum class Kind { agree, differ, skipped };
    Kind kind = Kind::agree;
    Message why;  // how they differ, with the numbers; why skipped
};
Verdict check(const Case& c, const Answer& answer, double tol = 1e-6);

}  // namespace convlens
