// The layer as a program, and a program's layer as a document.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/derived/derived.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "core/codegen/emit.h"
#include "tests/app/cli/run.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

TEST(Code, HasTheNumbersOfThePreset) {
    const Ran ran = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(ran.says("import torch"));
    EXPECT_TRUE(ran.says("[7, 8, 9]"));
    EXPECT_TRUE(ran.says("flip")) << "its first layer is conv2";
}

TEST(Code, IsWrittenForEveryFramework) {
    for (const char* framework : {"torch", "tf", "keras", "jax", "onnx", "matlab", "scipy", "opencv"}) {
        const Ran ran = run({"code", "padding_strides_odd_transposed", "--framework", framework, "--json"});
        ASSERT_EQ(ran.code, 0) << framework << ran.err;
        EXPECT_EQ(ran.lines().at(0).at("framework"), framework);
        EXPECT_FALSE(ran.lines().at(0).at("code").get<std::string>().empty()) << framework;
    }
}

TEST(Code, WritesTheLayerThatIsAskedFor) {
    const Document document = *preset_document("conv2-xcorr2-conv2d");
    ASSERT_EQ(document.layers.size(), 3U);
    std::set<std::string> programs;
    for (std::size_t i = 0; i < 3; ++i) {
        const Layer& layer = document.layers[i];
        const LayerData data{own_input(layer)->view(), layer.weight->view(),
                             layer.bias ? layer.bias->view() : View<double>{}};
        const Ran ran = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch", "--layer", std::to_string(i)});
        EXPECT_EQ(ran.out, emit_code(layer.spec, data, Framework::torch).text) << i;
        programs.insert(ran.out);
    }
    EXPECT_GE(programs.size(), 2U) << "convolution turns its kernel, correlation does not";
}

TEST(Code, OfALayerThatReadsAnotherIsTheLayerAloneWithTheNumbersThatItReads) {
    const Derived derived = derive_all(*preset_document("edges-pooling-corner"));
    const DerivedLayer& last = *derived.layers[2];
    const Ran ran = run({"code", "edges-pooling-corner", "--framework", "torch", "--layer", "2"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, emit_code(last.layer.spec, last.data(), Framework::torch).text);
    EXPECT_TRUE(ran.says("12")) << "a number that only the first layers' outputs have: " << ran.out;
}

TEST(Code, SaysWhichOfSeveralLayersItIsWhereNoneIsChosen) {
    const Ran first = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch"});
    EXPECT_TRUE(first.says("has 3 layers; this is layer 0")) << first.err;
    EXPECT_TRUE(first.says("--layer chooses another, up to 2")) << first.err;
    EXPECT_EQ(first.out.find("3 layers"), std::string::npos) << "not within the program";
    const Ran chosen = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch", "--layer", "0"});
    EXPECT_EQ(chosen.out, first.out);
    EXPECT_FALSE(chosen.says("3 layers")) << chosen.err;
    EXPECT_FALSE(run({"code", "dilation", "--framework", "torch"}).says("layer 0"));
    const Ran json = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch", "--layer", "2", "--json"});
    EXPECT_EQ(json.lines().at(0).at("layer"), 2);
}

TEST(Code, ItsNotesAreInTheLanguageThatIsAskedForAndTheProgramIsNot) {
    const Ran english = run({"code", "padding_strides", "--framework", "scipy"});
    const Ran chinese = run({"--lang", "zh", "code", "padding_strides", "--framework", "scipy"});
    EXPECT_EQ(chinese.out, english.out);
    EXPECT_TRUE(english.says("scipy.signal has no stride, so every stride-th result is sliced out.")) << english.err;
    EXPECT_TRUE(chinese.says("scipy.signal 没有步长，因此按步长对结果切片。")) << chinese.err;
    const Ran json = run({"--lang", "zh", "code", "padding_strides", "--framework", "scipy", "--json"});
    EXPECT_TRUE(json.says("scipy.signal has no stride")) << "whoever reads JSON looks for the English";
}

TEST(Code, NamesTheLayerAndTheFrameworkThatAreNotThere) {
    EXPECT_EQ(run({"code", "conv2-xcorr2-conv2d", "--framework", "caffe"}).code, 2);
    const Ran ran = run({"code", "conv2-xcorr2-conv2d", "--framework", "torch", "--layer", "3"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says("there are 3 layers; it goes from 0 to 2")) << ran.err;
    EXPECT_EQ(run({"code", "no_such_preset", "--framework", "torch"}).code, 1);
}

TEST(Import, MakesADocumentOfACall) {
    const TempFolder folder;
    const std::string path = folder / "layer.convlens";
    const Ran ran = run({"import", "nn.Conv2d(3, 16, 3, stride=2, padding=(1, 2), bias=False)", "-o", path});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(ran.says("5×5 was taken")) << ran.err;
    const Document document = load_document(path);
    const Layer& layer = document.layers.at(0);
    EXPECT_EQ(layer.spec.stride, (Size2{2, 2}));
    EXPECT_EQ(layer.spec.pads, (Pads{1, 1, 2, 2}));
    EXPECT_EQ(layer.weight->shape(), (Shape4{16, 3, 3, 3}));
    EXPECT_FALSE(layer.bias);
}

TEST(Import, TakesTheNumbersThatAreWritten) {
    const TempFolder folder;
    const std::string path = folder / "layer.convlens";
    EXPECT_EQ(run({"import", "conv2([1 2 3;4 5 6;7 8 9], [1 2;3 4])", "-o", path}).code, 0);
    const Layer layer = load_document(path).layers.at(0);
    EXPECT_TRUE(layer.spec.flip_kernel);
    EXPECT_EQ(own_input(layer)->at(0, 0, 2, 0), 7);
    EXPECT_EQ(layer.weight->at(0, 0, 1, 1), 4);
}

TEST(Import, ReadsAFileAndPooling) {
    const TempFolder folder;
    const std::string text = folder / "model.txt";
    std::ofstream(text) << "Sequential(\n  (0): MaxPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=True)\n)\n";
    const std::string path = folder / "layer.convlens";
    EXPECT_EQ(run({"import", text, "-o", path, "--json"}).code, 0);
    EXPECT_EQ(load_document(path).layers.at(0).spec.op, Op::max_pool);
}

TEST(Import, OfPoolingIsNotRefusedForAWeightThatItDoesNotHave) {
    const TempFolder folder;
    const std::string path = folder / "layer.convlens";
    EXPECT_EQ(run({"import", "nn.AvgPool2d(7)(torch.randn(1, 2048, 7, 7))", "-o", path}).code, 0);
    const Layer layer = load_document(path).layers.at(0);
    EXPECT_EQ(layer.spec.op, Op::avg_pool);
    EXPECT_EQ(own_input(layer)->shape().c, 2048);
    EXPECT_LT(layer.weight->size(), 10);
}

TEST(Import, OfAFileThatIsNotThereSaysSo) {
    const TempFolder folder;
    const Ran ran = run({"import", folder / "missing.py", "-o", folder / "layer.convlens"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.says("there is no such file")) << ran.err;
}

TEST(Import, ExplainsAnImpossibleLayerAndWritesNothing) {
    const TempFolder folder;
    const std::filesystem::path path = folder.path() / "layer.convlens";
    const Ran ran = run({"import", "nn.Conv2d(3, 16, 3, stride=0)", "-o", path.string(), "--json"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.lines().at(0).at("problems").at(0).at("kind"), "bad_stride");
    EXPECT_TRUE(ran.says("try: set stride to 1")) << ran.err;
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(run({"import", "hello", "-o", path.string()}).code, 1);
    EXPECT_EQ(run({"import", "nn.Conv2d(9000, 9000, 99)", "-o", path.string()}).code, 1) << "too large";
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace convlens
