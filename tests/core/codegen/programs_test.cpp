// The programs of tests/fixtures/programs/ were run in their frameworks, which gave Convlens' own numbers
// (tests/peers/run.sh --programs). The emitters write them still, byte by byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "core/conv/names.h"
#include "core/conv/validate.h"
#include "tests/core/codegen/program_layers.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

const fs::path kPrograms = fs::path(CONVLENS_FIXTURES) / "programs";
constexpr std::string_view kRenew =
    "If the new program is right, `tests/peers/run.sh --programs` runs it in its framework and keeps it where the "
    "framework gives Convlens' own numbers.";

std::string text_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return std::move(text).str();
}

// Where two texts begin to differ: "line 3 is ..., not ...".
std::string first_difference(const std::string& got, const std::string& wanted) {
    std::istringstream ours(got), theirs(wanted);
    std::string our_line, their_line;
    for (int line = 1; ours || theirs; ++line) {
        if (!std::getline(ours, our_line)) our_line = "(no more)";
        if (!std::getline(theirs, their_line)) their_line = "(no more)";
        if (our_line != their_line) return fmt::format("line {} is\n    {}\nnot\n    {}", line, our_line, their_line);
    }
    return "only ends of lines";
}

class Programs : public testing::TestWithParam<std::string_view> {};

TEST_P(Programs, AreThoseThatTheirFrameworkRan) {
    const Framework framework = *from_name<Framework>(GetParam());
    for (const ProgramLayer& each : program_layers()) {
        const fs::path path = kPrograms / program_file(framework, each.name);
        const std::string wanted = text_of(path);
        const std::string got = emit_code(each.layer.spec, each.layer.data(), framework).text;
        EXPECT_TRUE(got == wanted) << path.string() << ": " << first_difference(got, wanted) << '\n' << kRenew;
    }
}

INSTANTIATE_TEST_SUITE_P(Frameworks, Programs, testing::ValuesIn(names<Framework>()),
                         [](const auto& framework) { return std::string(framework.param); });

TEST(ProgramFiles, BelongToTheLayers) {
    std::vector<fs::path> wanted, found;
    for (const std::string_view framework : names<Framework>())
        for (const ProgramLayer& each : program_layers())
            wanted.push_back(kPrograms / program_file(*from_name<Framework>(framework), each.name));
    for (const auto& entry : fs::recursive_directory_iterator(kPrograms))
        if (entry.is_regular_file()) found.push_back(entry.path());
    std::ranges::sort(wanted);
    std::ranges::sort(found);
    EXPECT_EQ(found, wanted) << kRenew;
}

bool all_different(View<double> values) {
    std::vector<double> sorted(values.span().begin(), values.span().end());
    std::ranges::sort(sorted);
    return std::ranges::adjacent_find(sorted) == sorted.end();
}

TEST(ProgramLayers, ArePossibleAndOfNumbersThatDiffer) {
    for (const ProgramLayer& each : program_layers()) {
        SCOPED_TRACE(each.name);
        EXPECT_TRUE(validate(each.layer.shape()).empty());
        EXPECT_TRUE(all_different(each.layer.input));
        EXPECT_TRUE(all_different(each.layer.weight));
        EXPECT_TRUE(all_different(each.layer.bias));
        EXPECT_NE(each.layer.spec.kernel.h, each.layer.spec.kernel.w);
        EXPECT_NE(each.layer.input.shape().h, each.layer.input.shape().w);
    }
}

}  // namespace
}  // namespace convlens
