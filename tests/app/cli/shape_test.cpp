#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "tests/app/cli/run.h"

namespace convlens {
namespace {

using nlohmann::json;

json shape_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"shape", "--json"});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.err, "");
    return ran.lines().at(0);
}

TEST(ShapeCommand, GivesOutputFormulaAndCost) {
    const json shape =
        shape_of({"--input", "1,3,28,28", "--kernel", "3", "--stride", "2", "--padding", "1", "--out-channels", "8"});
    EXPECT_EQ(shape.at("output"), json({1, 8, 14, 14}));
    EXPECT_EQ(shape.at("weight"), json({8, 3, 3, 3}));
    EXPECT_EQ(shape.at("weights"), 216);
    EXPECT_EQ(shape.at("biases"), 8);
    EXPECT_EQ(shape.at("multiply_adds"), 216 * 14 * 14);
    const json& rows = shape.at("rows");
    EXPECT_EQ(rows.at("size"), 14);
    EXPECT_EQ(rows.at("symbol"), "H_o");
    EXPECT_NE(rows.at("formula").get<std::string>().find("H_i"), std::string::npos);
    EXPECT_NE(rows.at("numbers").get<std::string>().find("28"), std::string::npos);
    EXPECT_NE(rows.at("steps").dump().find("13.5"), std::string::npos);  // 27/2 is shown, not skipped
    EXPECT_EQ(rows.at("unread_input"), json::array());
    EXPECT_EQ(rows.at("unread_padding"), json({29}));
}

TEST(ShapeCommand, WritesTheSizeAsOtherProgramsDo) {
    const Ran ran = run({"shape", "--op", "conv_transpose", "--input", "1,1,4,4", "--stride", "2", "--padding", "1"});
    EXPECT_TRUE(ran.says("PyTorch: (H_in"));
    EXPECT_TRUE(ran.says("ONNX: stride"));
    EXPECT_TRUE(
        ran.says("equals a plain convolution: stride 1 with the flipped kernel, over the input with 1 zero inserted "
                 "between its cells"));
    const json rows = shape_of({"--input", "7", "--stride", "2", "--padding", "1"}).at("rows");
    EXPECT_EQ(rows.at("forms").at(1).at("numbers"), "⌈7/2⌉");
}

TEST(ShapeCommand, AnswersAWantedSizeWhereTheSettingsAreNotAllowed) {
    const Ran ran = run({"shape", "--input", "9", "--kernel", "30", "--want", "4"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_NE(ran.err.find("for 4×4:\n"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("\n  kernel 6\n"), std::string::npos) << ran.err;
    const json told = run({"shape", "--json", "--input", "9", "--kernel", "30", "--want", "4"}).lines().at(0);
    EXPECT_EQ(told.at("want").at("size"), json({4, 4}));
    EXPECT_NE(told.at("want").at("changes").dump().find("kernel 6"), std::string::npos);
    const Ran groups = run({"shape", "--input", "9", "--groups", "2", "--want", "4"});
    EXPECT_NE(groups.err.find("is known to give 4×4"), std::string::npos) << groups.err;
}

TEST(ShapeCommand, NamesUnreadInputRows) {
    const json shape = shape_of({"--input", "4,6", "--stride", "2"});
    EXPECT_EQ(shape.at("rows").at("unread_input"), json({3}));
    EXPECT_EQ(shape.at("columns").at("unread_input"), json({5}));
}

TEST(ShapeCommand, TakesOneNumberTwoOrFour) {
    EXPECT_EQ(shape_of({"--input", "5"}).at("output"), json({1, 1, 3, 3}));
    EXPECT_EQ(shape_of({"--input", "2,5,6"}).at("input"), json({1, 2, 5, 6}));
    EXPECT_EQ(shape_of({"--input", "5,6", "--kernel", "1,3", "--padding", "0,1"}).at("output"), json({1, 1, 5, 6}));
    EXPECT_EQ(shape_of({"--input", "5,6", "--padding", "1,2,3,4"}).at("output"), json({1, 1, 6, 11}));
}

TEST(ShapeCommand, KnowsTransposedConvolutionsAndRules) {
    EXPECT_EQ(
        shape_of({"--input", "3", "--op", "conv_transpose", "--stride", "2", "--padding", "1", "--output-padding", "1"})
            .at("output"),
        json({1, 1, 6, 6}));
    EXPECT_EQ(shape_of({"--input", "5", "--stride", "2", "--pad-rule", "tf_SAME"}).at("output"), json({1, 1, 3, 3}));
    EXPECT_EQ(shape_of({"--input", "1,4,5,5", "--groups", "4"}).at("output"), json({1, 4, 3, 3}));
}

TEST(ShapeCommand, GivesTheWeightsShapeInTheOrderOfEachProgram) {
    const json shape = shape_of({"--input", "1,3,9,9", "--groups", "3", "--out-channels", "6", "--kernel", "3,5"});
    EXPECT_EQ(shape.at("depth_multiplier"), 2);
    const json first{{"order", "OIHW"}, {"programs", "PyTorch, ONNX"}, {"shape", {6, 1, 3, 5}}};
    EXPECT_EQ(shape.at("weight_layouts").at(0), first);
    EXPECT_NE(shape.at("weight_layouts").dump().find("[3,5,3,2]"), std::string::npos) << "HWCM";
    EXPECT_FALSE(shape_of({"--input", "9", "--op", "max_pool"}).contains("weight_layouts"));
    const Ran ran = run({"shape", "--input", "1,3,9,9", "--op", "conv_transpose", "--out-channels", "4"});
    EXPECT_NE(ran.out.find("HWOI  [3, 3, 4, 3]"), std::string::npos);
}

TEST(ShapeCommand, AnswersWhichSettingGivesAWantedSize) {
    const json shape =
        shape_of({"--input", "14", "--op", "conv_transpose", "--stride", "2", "--padding", "1", "--want", "28"});
    EXPECT_EQ(shape.at("output"), json({1, 1, 27, 27}));
    EXPECT_EQ(shape.at("want").at("reached"), false);
    EXPECT_NE(shape.at("want").at("changes").dump().find("output padding"), std::string::npos);
    EXPECT_EQ(shape_of({"--input", "5", "--want", "3,3"}).at("want").at("reached"), true);
    EXPECT_EQ(run({"shape", "--input", "5", "--want", "100000"}).code, kRefused);
}

// Options by name; a flag has no value.
using Typed = std::map<std::string, std::string>;

std::vector<std::string> command_of(const Typed& typed) {
    std::vector<std::string> command{"shape", "--json"};
    for (const auto& [option, value] : typed) {
        command.push_back(option);
        if (!value.empty()) command.push_back(value);
    }
    return command;
}

// The command line with an answer typed back onto it: "padding 2×1, ceil_mode on: inputs of ...".
Typed typed_back(Typed typed, const std::string& answer) {
    static const std::regex kSetting(
        "(kernel|stride|dilation|padding|output padding|input) "
        "(?:top (\\d+), bottom (\\d+), left (\\d+), right (\\d+)|(\\d+)(?:×(\\d+))?)( in place of the rule)?");
    std::string settings = answer.substr(0, answer.find(": "));
    for (std::smatch match; std::regex_search(settings, match, kSetting); settings = match.suffix()) {
        std::string option = "--" + match[1].str();
        std::ranges::replace(option, ' ', '-');
        std::string value = match[6].str();
        if (match[7].matched) value += "," + match[7].str();
        if (match[2].matched) {
            value = match[2].str();
            for (const std::size_t end : {3U, 4U, 5U}) value += "," + match[end].str();
        }
        typed[option] = value;
        if (match[8].matched) typed["--pad-rule"] = "explicit";
    }
    if (answer.find("ceil_mode on") != std::string::npos) typed["--ceil-mode"] = "";
    if (answer.find("ceil_mode off") != std::string::npos) typed.erase("--ceil-mode");
    return typed;
}

// Answers that change the kernel of a pool once kept its stride without a word, which was typed nowhere.
TEST(ShapeCommand, EveryAnswerTypedBackGivesTheWantedSize) {
    const std::vector<Typed> pools{
        {{"--op", "max_pool"}, {"--input", "7"}},
        {{"--op", "max_pool"}, {"--input", "7"}, {"--kernel", "2"}},
        {{"--op", "max_pool"}, {"--input", "9,6"}, {"--kernel", "3,2"}},
        {{"--op", "max_pool"}, {"--input", "8"}, {"--kernel", "2"}, {"--ceil-mode", ""}},
        {{"--op", "max_pool"}, {"--input", "8"}, {"--kernel", "4"}, {"--padding", "1"}},
        {{"--op", "max_pool"}, {"--input", "9"}, {"--kernel", "3"}, {"--stride", "2"}},
        {{"--op", "max_pool"}, {"--input", "9"}, {"--dilation", "2"}, {"--dialect", "torch"}},
        {{"--op", "avg_pool"}, {"--input", "10"}, {"--padding", "1"}, {"--dialect", "torch"}},
        {{"--op", "avg_pool"}, {"--input", "7"}, {"--pad-rule", "tf_SAME"}, {"--dialect", "tensorflow"}},
        {{"--op", "avg_pool"}, {"--input", "8,7"}, {"--kernel", "1,3"}, {"--pad-rule", "onnx_SAME_LOWER"}},
        {{"--op", "conv"}, {"--input", "8"}, {"--stride", "2"}, {"--pad-rule", "tf_SAME"}},
        {{"--op", "conv_transpose"}, {"--input", "5"}, {"--stride", "2"}, {"--padding", "1"}},
    };
    int kernels = 0;
    for (const Typed& pool : pools) {
        for (const std::string wanted : {"1", "2", "3", "4", "5", "3,2", "7,4"}) {
            Typed asked = pool;
            asked["--want"] = wanted;
            const json want = run(command_of(asked)).lines().at(0).at("want");
            for (const std::string answer : want.at("changes")) {
                const Typed typed = typed_back(asked, answer);
                ASSERT_NE(typed, asked) << answer;
                const Ran ran = run(command_of(typed));
                ASSERT_EQ(ran.code, kDone) << answer << "\n" << ran.err;
                EXPECT_EQ(ran.lines().at(0).at("want").at("reached"), true)
                    << pool.at("--op") << ' ' << json(pool) << " for " << wanted << ": " << answer;
                kernels += answer.starts_with("kernel") ? 1 : 0;
            }
        }
    }
    EXPECT_GT(kernels, 20);
    EXPECT_TRUE(run({"shape", "--op", "max_pool", "--input", "7", "--kernel", "3", "--want", "3"})
                    .says("kernel 1, stride 3: inputs of 7 to 9 all give 3"));
}

TEST(ShapeCommand, SaysWhatOnnxRuntimeMakesOfSame) {
    const std::vector<std::string> pool{"--op", "max_pool",   "--input", "7,5",        "--stride",
                                        "2,1",  "--dilation", "3,1",     "--pad-rule", "onnx_SAME_UPPER"};
    const json shape = shape_of(pool);
    EXPECT_EQ(shape.at("output"), json({1, 1, 4, 5}));
    ASSERT_EQ(shape.at("differs_in").size(), 1U);
    EXPECT_EQ(shape.at("differs_in")[0].at("program"), "ONNX Runtime");
    std::vector<std::string> command = pool;
    command.insert(command.begin(), "shape");
    EXPECT_TRUE(
        run(command).says("differs in ONNX Runtime: ONNX Runtime's SAME pooling pads for the undilated kernel, "
                          "by 1 at the top and 1 at the left here, and its output is 2×5."));
    EXPECT_EQ(shape_of({"--op", "max_pool", "--input", "7"}).at("differs_in"), json::array());
}

TEST(ShapeCommand, RefusesImpossibleLayersWithFixes) {
    const Ran ran = run({"shape", "--json", "--input", "3", "--kernel", "5", "--stride", "0"});
    EXPECT_EQ(ran.code, kRefused);
    const json problems = ran.lines().at(0).at("problems");
    ASSERT_GE(problems.size(), 1U);
    for (const json& problem : problems) {
        EXPECT_FALSE(problem.at("message").get<std::string>().empty());
        EXPECT_GE(problem.at("fixes").size(), 1U);
    }
    EXPECT_TRUE(problems.dump().find("bad_stride") != std::string::npos);
    EXPECT_NE(ran.err.find("try: "), std::string::npos);
}

TEST(ShapeCommand, SaysWhoTakesWhatIsRefusedAndWhoRefusesWhatIsTaken) {
    std::vector<std::string> layer{"shape", "--input", "1,1,5,5", "--padding", "6", "--pad-mode", "reflect"};
    const Ran taken = run(layer);
    EXPECT_EQ(taken.code, kDone);
    EXPECT_TRUE(taken.says("rejected by PyTorch: "));
    layer.insert(layer.end(), {"--dialect", "torch"});
    const Ran refused = run(layer);
    EXPECT_EQ(refused.code, kRefused);
    EXPECT_TRUE(refused.says("Accepted by Convlens, ")) << refused.err;
    layer.emplace_back("--json");
    EXPECT_EQ(nlohmann::json::parse(run(layer).out)["accepted_by"][0], "convlens");

    const Ran keras = run({"shape", "--input", "9", "--stride", "2", "--dilation", "2", "--json"});
    const auto by = nlohmann::json::parse(keras.out)["refused_by"];
    ASSERT_EQ(by.size(), 1U) << by;
    EXPECT_EQ(by[0]["program"], "Keras");
}

TEST(ShapeCommand, PrintsForPeople) {
    const Ran ran = run({"shape", "--input", "1,1,28,28", "--stride", "2", "--padding", "1"});
    EXPECT_EQ(ran.code, kDone);
    EXPECT_TRUE(ran.says("output [1, 1, 14, 14]"));
    EXPECT_TRUE(ran.says("H_o = "));
    EXPECT_TRUE(ran.says("W_o = "));
    EXPECT_TRUE(ran.says("multiply-adds"));
}

TEST(ShapeCommand, TextsThatAreNoNumbersAreWrongUse) {
    const std::vector<std::vector<std::string>> wrong{
        {"--input", "five"},
        {"--input", "1,2,3,4,5"},
        {"--input", "5", "--stride", "2,"},
        {"--input", "5,"},
        {"--input", "5", "--stride", "1.5"},
        {"--input", "5", "--padding", "1,2,3"},
        {"--input", "5", "--padding", "same"},
        {"--input", "5", "--op", "fold"},
        {"--input", "5", "--pad-mode", "mirror"},
        {"--input", "99999999999999999999"},
        {"--input", "5", "--pad-value", "x"},
        {"--input", "5", "--want", "big"},
    };
    for (std::vector<std::string> arguments : wrong) {
        arguments.insert(arguments.begin(), "shape");
        const Ran ran = run(arguments);
        EXPECT_EQ(ran.code, kWrongUse) << arguments.back() << ": " << ran.err;
        EXPECT_EQ(ran.out, "");
    }
    EXPECT_TRUE(run({"shape", "--input", "5", "--pad-mode", "replicat"}).says("Did you mean replicate?"));
    EXPECT_TRUE(run({"shape", "--input", "5", "--padding", "same"}).says("torch_same"));
}

TEST(ShapeCommand, AbsurdSizesAreRefusedNotComputed) {
    for (const char* size : {"9223372036854775807", "9000000000000000000,1,5,5"}) {
        const Ran ran = run({"shape", "--input", size});
        EXPECT_EQ(ran.code, kRefused) << ran.out;
    }
}

// 4611686018427387904 rows were printed for one more, with every step of the formula for the one that was typed.
TEST(ShapeCommand, NamesNumbersThatItCannotCountWith) {
    const Ran ran = run({"shape", "--input", "4611686018427387905,1", "--kernel", "1"});
    EXPECT_EQ(ran.code, kRefused) << ran.out;
    EXPECT_TRUE(
        ran.says("A layer with input 4611686018427387905×1 cannot be computed: its numbers must be at most "
                 "4611686018427387904."))
        << ran.err;
    EXPECT_TRUE(ran.says("try: set input to 4611686018427387904×1")) << ran.err;
    EXPECT_TRUE(run({"shape", "--input", "4611686018427387904,1", "--kernel", "1"})
                    .says("output [1, 1, 4611686018427387904, 1]"));
    const Ran wanted = run({"shape", "--input", "5", "--want", "4611686018427387905"});
    EXPECT_EQ(wanted.code, kRefused);
    EXPECT_TRUE(
        wanted.says("The output can be at most 4611686018427387904×4611686018427387904; "
                    "4611686018427387905×4611686018427387905 is not."))
        << wanted.out;
}

TEST(ShapeCommand, SizesWhatIsTooLargeToBeComputed) {
    const Ran ran = run({"shape", "--input", "3,100000,200001", "--stride", "2", "--out-channels", "64"});
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_TRUE(ran.says("output [1, 64, 49999, 100000]"));
    EXPECT_TRUE(ran.says("The input would be [1, 3, 100000, 200001], which needs 223.5 GiB in float32"));
    EXPECT_TRUE(ran.says("never read: input row 99999\n"));
    const Ran giant = run({"shape", "--input", "1000000000,1000000000", "--stride", "2", "--want", "499999998"});
    EXPECT_TRUE(giant.says("output [1, 1, 499999999, 499999999]")) << giant.err;
    EXPECT_TRUE(giant.says("rows that are never read are not listed"));
}

TEST(ShapeCommand, CountsRowsInWords) {
    EXPECT_TRUE(run({"shape", "--input", "10,11", "--kernel", "3", "--stride", "4"})
                    .says("never read: input rows 3, 7, 8, 9\n"));
    EXPECT_TRUE(run({"shape", "--input", "6,7", "--kernel", "3", "--stride", "2", "--padding", "1"})
                    .says("never read: padding row 7 of the padded input (no input is lost)\n"));
}

TEST(ShapeCommand, SaysWhyNoSettingGivesASize) {
    const Ran ran = run({"shape", "--input", "5,5", "--want", "0"});
    EXPECT_EQ(ran.code, kRefused);
    EXPECT_TRUE(ran.says("The output must be at least 1×1"));
    EXPECT_EQ(run({"shape", "--json", "--input", "5,5", "--want", "0"}).lines().at(0).at("want").at("reason"),
              "The output must be at least 1×1; 0×0 is not.");
}

TEST(Shape, SaysWhichOptionsAnOperationDoesNotHave) {
    const Ran conv = run({"shape", "--input", "5", "--ceil-mode", "--output-padding", "1"});
    EXPECT_EQ(conv.code, 0);
    EXPECT_TRUE(conv.says("--ceil-mode is ignored: conv has no such setting")) << conv.err;
    EXPECT_TRUE(conv.says("--output-padding is ignored: conv has no such setting")) << conv.err;
    const Ran pool =
        run({"shape", "--input", "1,3,5,5", "--op", "max_pool", "--kernel", "2", "--ceil-mode", "--groups", "3"});
    EXPECT_EQ(pool.code, 0);
    EXPECT_TRUE(pool.says("--groups is ignored: max_pool has no such setting")) << pool.err;
    EXPECT_FALSE(pool.says("--ceil-mode")) << pool.err;
}

// "multiply-adds 4611686018427387904" once stood for all that is larger.
TEST(ShapeCommand, CountsEveryProductHoweverMany) {
    const Ran ran = run({"shape", "--input", "1000000000"});
    EXPECT_TRUE(ran.says("multiply-adds 8999999964000000036\n")) << ran.out;
    EXPECT_EQ(shape_of({"--input", "1000000000"}).at("multiply_adds"), 8'999'999'964'000'000'036);
    const std::vector<std::string> large{"--input", "2,64,40000,40000", "--out-channels", "65536", "--kernel", "31,30"};
    EXPECT_EQ(shape_of(large).at("multiply_adds"), "12463844174384332800") << "a string, where 64 bits do not hold it";
    const Ran pool =
        run({"shape", "--op", "max_pool", "--input", "1,2,2000000000,1000000000", "--kernel", "7,5", "--stride", "1"});
    EXPECT_TRUE(pool.says("cells read by all windows 139999999020000001680\n")) << pool.out;
}

TEST(ShapeCommand, SaysWhichOptionsAreOverruledByOthers) {
    struct Row {
        std::vector<std::string> options;
        const char* said;
    };
    const std::vector<Row> rows{
        {{"--pad-rule", "tf_SAME", "--padding", "2,3"}, "--padding is ignored: the rule tf_SAME chooses the padding"},
        {{"--pad-rule", "torch_same", "--padding", "2"},
         "--padding is ignored: the rule torch_same chooses the padding"},
        {{"--pad-value", "3", "--pad-mode", "reflect", "--padding", "1"},
         "--pad-value is ignored: padding mode reflect has no such value; constant has one"},
        {{"--anchor", "0,1"}, "--anchor is ignored: only --pad-rule opencv_anchor has one"},
        {{"--op", "conv_transpose", "--stride", "2", "--output-size", "12", "--output-padding", "1"},
         "--output-padding is ignored: --output-size chooses it"},
        {{"--op", "conv_transpose", "--pad-rule", "onnx_NOTSET", "--output-size", "8", "--padding", "1"},
         "--padding is ignored: --output-size chooses the padding"},
        {{"--op", "avg_pool", "--divisor-override", "7", "--count-include-pad", "false"},
         "--count-include-pad is ignored: --divisor-override is the divisor of every window"},
    };
    for (const Row& row : rows) {
        std::vector<std::string> arguments{"shape", "--input", "6"};
        arguments.insert(arguments.end(), row.options.begin(), row.options.end());
        const Ran ran = run(arguments);
        EXPECT_TRUE(ran.says(row.said)) << row.said << "\nin: " << ran.err;
    }
    for (const std::vector<std::string>& options :
         std::vector<std::vector<std::string>>{{"--padding", "2,3"},
                                               {"--padding", "2", "--pad-rule", "onnx_NOTSET"},
                                               {"--pad-value", "3", "--padding", "1"},
                                               {"--anchor", "0,1", "--pad-rule", "opencv_anchor"},
                                               {"--op", "conv_transpose", "--stride", "2", "--output-padding", "1"}}) {
        std::vector<std::string> arguments{"shape", "--input", "6"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        EXPECT_FALSE(run(arguments).says("ignored")) << options.front();
    }
}

TEST(ShapeCommand, WritesNegativeSizesWithAMinus) {
    EXPECT_TRUE(run({"shape", "--input", "5", "--want", "-1,-2"}).says("\u22121×\u22122 is not"));
}

TEST(ShapeCommand, NamesAllSidesThatAreAlike) {
    const auto said = [](const char* padding) {
        return run({"shape", "--input", "6", "--op", "max_pool", "--dialect", "torch", "--padding", padding}).err;
    };
    EXPECT_NE(said("5").find("it is 5 on every side."), std::string::npos) << said("5");
    EXPECT_NE(said("1,4,1,4").find("it is 4 at the bottom and right."), std::string::npos) << said("1,4,1,4");
    EXPECT_NE(said("5,5,1,1").find("it is 5 at the top and bottom."), std::string::npos) << said("5,5,1,1");
}

TEST(ShapeCommand, GivesMemoryInUnitsThatReach) {
    const Ran ran = run({"import", "F.conv2d(torch.randn(1, 1, 100000000000, 100000000000), torch.ones(1, 1, 2, 3))",
                         "-o", "no/such/folder.convlens"});
    EXPECT_TRUE(ran.says("33.88 ZiB in float32")) << ran.err;
}

}  // namespace
}  // namespace convlens
