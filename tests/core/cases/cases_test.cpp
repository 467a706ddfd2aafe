// The case format: what is read, what is refused and where, what is printed.
#include "core/cases/cases.h"

#include <gtest/gtest.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/io/error.h"

namespace convlens {

namespace {

nlohmann::json conv_case() {
    return nlohmann::json::parse(R"({
        "name": "small", "source": "torch 2.13.0", "op": "conv",
        "params": {"kernel": [2, 2], "stride": [1, 1], "dilation": [1, 1], "pads": [0, 0, 0, 0], "pad_mode": "zeros",
                   "pad_value": 0, "auto_pad": "none", "groups": 1, "flip": false},
        "input": {"shape": [1, 1, 2, 3], "data": [1, 2, 3, 4, 5, 6]},
        "weight": {"shape": [1, 1, 2, 2], "data": [1, 0, 0, 1]}, "bias": null,
        "expect": {"shape": [1, 1, 1, 2], "data": [6, 8]}})");
}

nlohmann::json plane_case(const std::string& out_type, nlohmann::json data, double factor) {
    const auto count = data.size();
    return {{"name", "plane"},
            {"source", "opencv 5.0.0"},
            {"op", "plane"},
            {"params",
             {{"kernel", {1, 1}},
              {"pads", {0, 0, 0, 0}},
              {"flip", false},
              {"in_type", "f64"},
              {"out_type", out_type},
              {"delta", 0}}},
            {"input", {{"shape", {1, count}}, {"data", std::move(data)}}},
            {"weight", {{"shape", {1, 1}}, {"data", {factor}}}}};
}

std::string refusal(const nlohmann::json& json) {
    try {
        parse_cases(json, "cases.json");
    } catch (const FileError& error) {
        return error.reason();
    }
    return "read";
}

// The case with one value replaced, by JSON pointer.
nlohmann::json with(const std::string& pointer, nlohmann::json value) {
    nlohmann::json json = conv_case();
    json[nlohmann::json::json_pointer(pointer)] = std::move(value);
    return json;
}

std::string line(const nlohmann::json& json) {
    const Case c = parse_cases(json, "cases.json").at(0);
    return to_json(c, compute_case(c)).dump();
}

}  // namespace

TEST(Cases, AreReadAsLayers) {
    const Case c = parse_cases(conv_case(), "cases.json").at(0);
    EXPECT_EQ(c.layer.spec.dialect, Dialect::torch);
    EXPECT_EQ(c.layer.spec.kernel, (Size2{2, 2}));
    EXPECT_EQ(c.layer.input, (Shape4{1, 1, 2, 3}));
    EXPECT_EQ(check(c, compute_case(c)).kind, Verdict::Kind::agree);
}

// The anchor of a case of a convolution was once passed over.
TEST(Cases, OfAConvolutionMayGiveAnAnchor) {
    nlohmann::json json = with("/params/auto_pad", "opencv_anchor");
    json["params"].erase("pads");
    json["params"]["anchor"] = {0, 1};
    EXPECT_EQ(parse_cases(json, "cases.json").at(0).layer.spec.anchor, (Size2{0, 1}));
}

TEST(Cases, HoldMoreOutputChannelsThanCanBeCountedAsTheMostThatAre) {
    nlohmann::json json = conv_case();
    json["op"] = "conv_transpose";
    json["params"]["groups"] = std::int64_t{1} << 53;
    json["weight"] = {{"shape", {1, 1024, 2, 2}}, {"data", nlohmann::json(4096, 1)}};
    EXPECT_EQ(parse_cases(json, "cases.json").at(0).layer.spec.out_channels, std::int64_t{1} << 62);
}

TEST(Cases, StandAloneOrInAList) {
    EXPECT_EQ(parse_cases({{"cases", {conv_case(), conv_case()}}}, "cases.json").size(), 2u);
    EXPECT_EQ(parse_cases(conv_case(), "cases.json").size(), 1u);
}

TEST(Cases, TakeTheirDialectFromTheSource) {
    const auto dialect = [](const char* source) {
        return parse_cases(with("/source", source), "cases.json").at(0).layer.spec.dialect;
    };
    EXPECT_EQ(dialect("onnxruntime 1.32.0"), Dialect::onnx);
    EXPECT_EQ(dialect("octave 7.3.0 (signal 1.4.3, image 2.14.0)"), Dialect::octave);
    EXPECT_EQ(dialect("tensorflow 2.21.0"), Dialect::tensorflow);
    EXPECT_EQ(dialect("by hand"), Dialect::convlens);
}

TEST(Cases, SayWhereTheyAreWrong) {
    EXPECT_EQ(refusal(with("/params/stride", {1, 2, 3})),
              "params.stride: must be 2 numbers, [rows, columns]; it has 3");
    EXPECT_EQ(refusal(with("/params/stride", "two")), "params.stride: expected a whole number, found \"two\"");
    EXPECT_EQ(refusal(with("/params/kernel/1", 1.5)), "params.kernel[1]: expected a whole number, found 1.5");
    EXPECT_EQ(refusal(with("/params/pads", {1, 1})),
              "params.pads: must be 4 numbers, [top, bottom, left, right]; it has 2");
    EXPECT_EQ(refusal(with("/params/pads", nullptr)),
              "params.pads: null, but no rule chooses them: \"auto_pad\" is none");
    EXPECT_EQ(
        refusal(with("/params/pad_mode", "mirror")),
        "params.pad_mode: the name 'mirror' is unknown; there are zeros, constant, replicate, reflect, symmetric, "
        "circular");
    EXPECT_TRUE(refusal(with("/params/auto_pad", "SAME"))
                    .starts_with("params.auto_pad: the name 'SAME' is unknown; there are explicit, "));
    EXPECT_EQ(refusal(with("/params/auto_pad", "torch_same")),
              "params.pads: given beside a rule that chooses them, \"auto_pad\"");
    EXPECT_EQ(refusal(with("/params/auto_pad", "onnx_NOTSET")), "read");
    EXPECT_EQ(
        refusal(with("/params/strides", {1, 1})),
        "params: \"strides\" is not a setting of a layer; there are anchor, auto_pad, delta, dilation, flip, groups, "
        "in_type, kernel, out_type, output_padding, output_size, pad_mode, pad_value, pads, rule, stride");
    EXPECT_EQ(refusal(with("/input/data/2", "three")),
              "input.data[2]: expected a number, \"nan\", \"inf\" or \"-inf\", found \"three\"");
    EXPECT_EQ(refusal(with("/input/shape", {1, 1, 2, 4})), "input.data: has 6 numbers, but its shape holds 8");
    EXPECT_EQ(refusal(with("/input/shape", {1, -1, 2, 3})), "input.shape: a length cannot be −1");
    EXPECT_EQ(refusal(with("/input/shape", {1 << 20, 1 << 20, 1 << 20, 1 << 20})),
              "input.shape: holds more than 268435456 numbers");
    EXPECT_EQ(refusal(with("/input/shape", {1, 1, 1, 2, 3})), "input: has 5 axes; at most 4 are used: N, C, H, W");
    EXPECT_EQ(refusal(with("/weight", nullptr)), "weight: expected a tensor");
    EXPECT_EQ(refusal({{"cases", {conv_case(), {{"name", "x"}}}}}), "cases[1]: \"op\" is missing");
    EXPECT_EQ(refusal({{"cases", 3}}), "cases: expected a list, found 3");
    EXPECT_EQ(refusal(nlohmann::json::array()), "is not a file of cases: expected an object");
}

TEST(Cases, ThatAreNoJsonSayWhere) {
    EXPECT_THROW(read_cases("/nowhere/cases.json"), FileError);
    EXPECT_THROW(read_cases(std::filesystem::path(CONVLENS_FIXTURES)), FileError);
    try {
        read_cases(std::filesystem::path(CONVLENS_FIXTURES) / "README.md");
        FAIL();
    } catch (const FileError& error) {
        EXPECT_EQ(error.reason(), "it is not JSON (line 1, column 1)");
    }
}

TEST(Cases, PrintOneLine) {
    EXPECT_EQ(line(conv_case()), R"({"name":"small","shape":[1,1,1,2],"data":[6,8]})");
    EXPECT_EQ(line(with("/input/data/1", 0.25)), R"({"name":"small","shape":[1,1,1,2],"data":[6,6.25]})");
    EXPECT_EQ(line(with("/op", "fft")),
              R"({"name":"small","skipped":"the operation 'fft' is unknown; there are conv, conv_gradients, )"
              R"(conv_transpose, conv_transpose_gradients, kernel, overlap_count, plane, pool, sizes, unfold"})");
}

TEST(Cases, ComputePoolingUnfoldingGradientsAndKernels) {
    const nlohmann::json input{{"shape", {1, 1, 1, 4}}, {"data", {1, 5, 2, 3}}};
    EXPECT_EQ(line({{"op", "pool"}, {"params", {{"kind", "max"}, {"kernel", {1, 2}}}}, {"input", input}}),
              R"({"name":"case","shape":[1,1,1,2],"data":[5,3]})");
    EXPECT_EQ(line({{"op", "unfold"}, {"params", {{"kernel", {1, 2}}}}, {"input", input}}),
              R"({"name":"case","shape":[1,2,3],"data":[1,5,2,5,2,3]})");
    EXPECT_EQ(line({{"op", "kernel"}, {"params", {{"family", "fspecial_average"}, {"size", {1, 2}}}}}),
              R"({"name":"case","shape":[1,2],"data":[0.5,0.5]})");
    nlohmann::json gradients = conv_case();
    gradients["op"] = "conv_gradients";
    gradients["grad_output"] = {{"shape", {1, 1, 1, 2}}, {"data", {1, 0}}};
    gradients.erase("expect");
    EXPECT_EQ(line(gradients).find(R"({"name":"small","shape":[1,1,1,2],"data":[6,8],"grad_input":{"shape":)"), 0U)
        << line(gradients);
    gradients["grad_output"]["shape"] = {1, 1, 2, 1};
    EXPECT_NE(line(gradients).find("grad_output has the shape [1, 1, 2, 1], but the output has"), std::string::npos);
}

TEST(Cases, NameAnUnknownPoolAndKernel) {
    EXPECT_EQ(refusal({{"op", "pool"},
                       {"params", {{"kind", "median"}, {"kernel", 2}}},
                       {"input", {{"shape", {1}}, {"data", {1}}}}}),
              "params.kind: expected max or avg, found 'median'");
    EXPECT_THROW(line({{"op", "kernel"}, {"params", {{"family", "fspecial_nothing"}}}}), FileError);
}

TEST(Cases, WriteAndReadWhatJsonCannot) {
    nlohmann::json json = plane_case("f64", {"nan", "inf", "-inf", 1e300, 0.1}, 1);
    EXPECT_EQ(line(json), R"({"name":"plane","shape":[1,5],"data":["nan","inf","-inf",1e+300,0.1]})");
    json["expect"] = json["input"];
    const Case c = parse_cases(json, "cases.json").at(0);
    EXPECT_EQ(check(c, compute_case(c)).kind, Verdict::Kind::agree);
}

TEST(Cases, RoundHalfToEvenAndSaturate) {
    EXPECT_EQ(line(plane_case("u8", {1, 3, 5, -1, 600, "nan"}, 0.5)),
              R"({"name":"plane","shape":[1,6],"data":[0,2,2,0,255,0]})");
    EXPECT_EQ(line(plane_case("s16", {-1, -3, 70000, -70000}, 0.5)),
              R"({"name":"plane","shape":[1,4],"data":[0,-2,32767,-32768]})");
}

TEST(Cases, DifferWithTheNumbers) {
    const auto verdict = [](const nlohmann::json& json) {
        const Case c = parse_cases(json, "cases.json").at(0);
        return check(c, compute_case(c));
    };
    EXPECT_EQ(english(verdict(with("/expect/data/1", 8.5)).why), "element 1 is 8, expected 8.5 ± 8e-06");
    EXPECT_EQ(english(verdict(with("/expect/shape", {1, 1, 2, 1})).why),
              "the shape is [1, 1, 1, 2], expected [1, 1, 2, 1]");
    EXPECT_EQ(verdict(with("/expect/data/1", "nan")).kind, Verdict::Kind::differ);
    nlohmann::json json = with("/tolerance", 0.5);
    json["expect"]["data"][1] = 8.5;
    EXPECT_EQ(verdict(json).kind, Verdict::Kind::agree);
    json = with("/error", {{"kind", "peer_limit"}});
    json.erase("expect");
    EXPECT_EQ(verdict(json).kind, Verdict::Kind::agree);
    json["error"]["kind"] = "bad_stride";
    EXPECT_EQ(english(verdict(json).why), "computed, expected the refusal bad_stride");
    json.erase("error");
    EXPECT_EQ(verdict(json).kind, Verdict::Kind::skipped);
}

}  // namespace convlens
