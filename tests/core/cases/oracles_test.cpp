// Every case of tests/fixtures must come out as the program named in it computed it.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "core/cases/cases.h"
#include "core/conv/pad.h"

namespace convlens {

namespace {

std::filesystem::path fixture(const std::string& topic) {
    return std::filesystem::path(CONVLENS_FIXTURES) / (topic + ".json");
}

// TensorFlow and ONNX Runtime compute in float32, the others in float64 (or say how far they round).
double tolerance(const Case& c) {
    const Dialect dialect = c.layer.spec.dialect;
    return dialect == Dialect::tensorflow || dialect == Dialect::onnx ? 1e-6 : 1e-12;
}

// PyTorch says which output padding its output_size comes to: that padding alone must give the same numbers.
void expect_same_by_output_padding(Case c) {
    c.layer.spec.output_size.reset();
    c.layer.spec.output_padding = *c.resolved_output_padding;
    const Verdict verdict = check(c, compute_case(c), tolerance(c));
    EXPECT_EQ(verdict.kind, Verdict::Kind::agree) << c.name << ": " << english(verdict.why);
}

struct Tally {
    int agree = 0, skipped = 0;
};

Tally run(const std::string& topic) {
    Tally tally;
    for (const Case& c : read_cases(fixture(topic))) {
        for (const CaseEngine engine : {CaseEngine::fast, CaseEngine::reference}) {
            const Verdict verdict = check(c, compute_case(c, engine), tolerance(c));
            EXPECT_NE(verdict.kind, Verdict::Kind::differ) << topic << ' ' << c.name << ": " << english(verdict.why);
            if (engine == CaseEngine::reference) continue;
            (verdict.kind == Verdict::Kind::skipped ? tally.skipped : tally.agree) += 1;
        }
        if (c.resolved_output_padding) expect_same_by_output_padding(c);
        if (c.resolved_pads && !c.error) {
            EXPECT_EQ(resolve_pads(c.layer.spec, c.layer.input.plane()), *c.resolved_pads) << topic << ' ' << c.name;
        }
    }
    return tally;
}

// Topics, and how many of their cases are of operations that are not computed yet.
const std::map<std::string, int> kTopics = {
    {"conv_arithmetic", 0},
    {"octave_conv2", 0},
    {"octave_fspecial", 0},
    {"octave_imfilter", 0},
    {"onnx_conv", 0},
    {"onnx_conv_transpose", 0},
    {"onnx_pool", 0},
    {"opencv_filter2d", 0},
    {"opencv_kernels", 0},
    {"opencv_u8", 0},
    {"scipy_ndimage", 0},
    {"scipy_signal", 0},
    {"seed_octave", 0},
    {"seed_scipy", 0},
    {"seed_torch", 0},
    {"tf_conv2d", 0},
    {"tf_conv2d_transpose", 0},
    {"tf_depthwise", 0},
    {"tf_pool", 0},
    {"torch_conv2d", 0},
    {"torch_conv2d_errors", 0},
    {"torch_conv_transpose2d", 0},
    {"torch_conv_transpose2d_errors", 0},
    {"torch_gradients", 0},
    {"torch_gradients_more", 0},
    {"torch_output_size", 0},
    {"torch_padding_modes", 0},
    {"torch_pool", 0},
    {"torch_same_valid", 0},
    {"torch_sizes", 0},
    {"torch_unfold_fold", 0},
};

class Oracles : public testing::TestWithParam<std::pair<const std::string, int>> {};

}  // namespace

TEST_P(Oracles, Agree) {
    const auto& [topic, skipped] = GetParam();
    const Tally tally = run(topic);
    EXPECT_EQ(tally.skipped, skipped);
    EXPECT_GT(tally.agree + tally.skipped, 0);
}

INSTANTIATE_TEST_SUITE_P(Peers, Oracles, testing::ValuesIn(kTopics.begin(), kTopics.end()),
                         [](const auto& topic) { return topic.param.first; });

TEST(OracleFiles, AreAllRun) {
    for (const auto& entry : std::filesystem::directory_iterator(CONVLENS_FIXTURES)) {
        const std::filesystem::path& path = entry.path();
        EXPECT_TRUE(path.extension() != ".json" || kTopics.contains(path.stem().string())) << path;
    }
}

}  // namespace convlens
