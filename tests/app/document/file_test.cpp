#include "app/document/file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include <nlohmann/json.hpp>

#include "app/document/presets.h"
#include "core/io/error.h"
#include "tests/app/environment.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using nlohmann::json;

// A document that uses everything.
Document full_document() {
    Document document = *preset_document("padding_strides_odd_transposed");
    document.title = "all of it: ü, 中文";
    document.workspace = Workspace::photo;
    document.step_by = StepBy::product;
    LayerShape shape;
    shape.spec.kernel = {2, 3};
    shape.spec.stride = {2, 1};
    shape.spec.dilation = {1, 2};
    shape.spec.pads = {1, 2, 3, 4};
    shape.spec.pad_mode = PadMode::constant;
    shape.spec.pad_value = 0.1;
    shape.spec.groups = 2;
    shape.spec.out_channels = 4;
    shape.spec.flip_kernel = true;
    shape.input = {2, 4, 6, 7};
    Layer layer = new_layer(shape, true);
    layer.name = "second";
    document.layers.push_back(layer);
    document.panes.push_back({1, "sweep", Reading::slide, {1, 3, 1}, "the other"});
    document.panes.front().reading = Reading::zero_inserted;
    FilterStep step;
    step.name = "custom";
    step.kernel = {1, 3, {1, 0.1, -1}, 3, 0.5};
    step.border = PadMode::constant;
    step.border_value = 12.5;
    step.flip = true;
    step.stride = 2;
    step.dilation = 3;
    document.photo = {"/pictures/ы.png", std::string(64, 'a'), {step, FilterStep{}}, Backend::gpu};
    return document;
}

Document round_trip(const Document& document, const std::filesystem::path& folder = {}) {
    return document_from_json(json::parse(to_json(document, folder).dump()), folder);
}

std::string refusal(const json& value) {
    try {
        document_from_json(value, {});
    } catch (const FileError& error) {
        return error.what();
    }
    return "accepted";
}

json minimal() { return {{"convlens", 1}}; }

// minimal() with one layer of these keys.
json with_layer(const json& layer) {
    json document = minimal();
    document["layers"] = json::array({layer});
    return document;
}

TEST(DocumentJson, RoundTripKeepsEverything) {
    const Document document = full_document();
    EXPECT_EQ(round_trip(document), document);
    EXPECT_EQ(round_trip(first_document()), first_document());
}

TEST(DocumentJson, NotANumberAndInfinitiesSurvive) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Document document = first_document();
    document.layers.front().input =
        TensorRef(Tensor<double>({1, 1, 2, 3}, {std::nan(""), kInfinity, -kInfinity, -0.0, 0.1, 1e300}));
    const json written = to_json(document, {});
    const json& data = written["layers"][0]["input"]["data"];
    EXPECT_EQ(data[0], "nan");
    EXPECT_EQ(data[1], "inf");
    EXPECT_EQ(data[2], "-inf");
    EXPECT_EQ(round_trip(document), document);
    EXPECT_TRUE(std::signbit(own_input(round_trip(document).layers.front())->at(0, 0, 1, 0)));
}

TEST(DocumentJson, ALargeSeededTensorIsWrittenAsItsGenerator) {
    Document document = first_document();
    document.layers.front().input = generate({"random", 5, -3, 3}, {1, 1, 100, 100});
    const json written = to_json(document, {});
    EXPECT_EQ(written["layers"][0]["input"]["generator"]["name"], "random");
    EXPECT_FALSE(written["layers"][0]["input"].contains("data"));
    EXPECT_EQ(round_trip(document), document);
}

TEST(DocumentJson, ALargeTensorOfAnyNumbersBecomesAFileOfItsOwn) {
    const TempFolder folder;
    Document document = first_document();
    document.layers.front().input = TensorRef(Tensor<double>({1, 1, 80, 80}, 0.25));
    EXPECT_EQ(round_trip(document, folder.path()), document);
    EXPECT_EQ(folder.entries(), 1);

    const json written = to_json(document, folder.path());
    const std::string name = written["layers"][0]["input"]["sha256"].get<std::string>() + ".npy";
    folder.write(name, "no longer NPY");
    EXPECT_THROW(document_from_json(written, folder.path()), FileError);
    std::filesystem::remove(folder / name);
    EXPECT_THROW(document_from_json(written, folder.path()), FileError);
}

TEST(DocumentJson, ATensorFileThatWasChangedIsRefused) {
    const TempFolder folder;
    Document document = first_document();
    document.layers.front().input = TensorRef(Tensor<double>({1, 1, 80, 80}, 0.25));
    const json written = to_json(document, folder.path());
    const std::string name = written["layers"][0]["input"]["sha256"].get<std::string>() + ".npy";
    std::string bytes = folder.read(name);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    folder.write(name, bytes);
    try {
        document_from_json(written, folder.path());
        FAIL();
    } catch (const FileError& error) {
        EXPECT_TRUE(error.reason().starts_with("layers[0].input.sha256: ")) << error.reason();
        EXPECT_NE(error.reason().find("changed"), std::string::npos) << error.reason();
    }
}

TEST(DocumentJson, WhatIsLeftOutHasItsDefault) {
    const Document document = document_from_json(minimal(), {});
    ASSERT_EQ(document.layers.size(), 1U);
    EXPECT_EQ(document.layers.front().spec, ConvSpec{});
    EXPECT_EQ(input_shape(document.layers.front()), (Shape4{1, 1, 5, 5}));

    const Document strided = document_from_json(with_layer({{"spec", {{"stride", 2}, {"pads", {1, 2}}}}}), {});
    EXPECT_EQ(strided.layers.front().spec.stride, (Size2{2, 2}));
    EXPECT_EQ(strided.layers.front().spec.pads, (Pads{1, 1, 2, 2}));
}

TEST(DocumentJson, AWeightAloneSaysKernelAndOutputChannels) {
    const json layer{{"input", {{"shape", {4, 4}}, {"generator", {{"name", "ones"}}}}},
                     {"weight", {{"shape", {2, 1, 2, 3}}, {"generator", {{"name", "ramp"}}}}}};
    const Document document = document_from_json(with_layer(layer), {});
    EXPECT_EQ(document.layers.front().spec.kernel, (Size2{2, 3}));
    EXPECT_EQ(document.layers.front().spec.out_channels, 2);
    EXPECT_EQ(input_shape(document.layers.front()), (Shape4{1, 1, 4, 4}));
}

TEST(DocumentJson, UnknownKeysAreToldAndIgnored) {
    json value = with_layer({{"spec", {{"strid", 2}}}});
    value["colour"] = "red";
    std::vector<Message> warnings;
    document_from_json(value, {}, &warnings);
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_EQ(english(warnings[0]), "layers[0].spec.strid: unknown, ignored, and not kept when the document is saved");
    EXPECT_EQ(english(warnings[1]), "colour: unknown, ignored, and not kept when the document is saved");
}

struct Broken {
    const char* what;
    json value;
    const char* place;   // the message names it
    const char* reason;  // and holds this
};

std::vector<Broken> broken_documents() {
    const auto spec = [](const json& keys) { return with_layer({{"spec", keys}}); };
    const auto input = [](const json& keys) { return with_layer({{"input", keys}}); };
    const auto top = [](const char* key, const json& value) {
        json document = minimal();
        document[key] = value;
        return document;
    };
    const json ones{{"name", "ones"}};
    return {
        {"a number", json(3), "", "object"},
        {"a list", json::array(), "", "object"},
        {"no version", json::object(), "", "\"convlens\" is missing"},
        {"a newer version", {{"convlens", 2}}, "\"convlens\"", "newer"},
        {"a version in words", {{"convlens", "one"}}, "\"convlens\"", "whole number"},
        {"an absurd version", {{"convlens", 1e308}}, "\"convlens\"", "whole number"},
        {"layers no list", top("layers", 5), "layers", "list"},
        {"a layer no object", top("layers", {1}), "layers[0]", "object"},
        {"a broken stride", spec({{"stride", 1.5}}), "layers[0].spec.stride", "whole number"},
        {"three strides", spec({{"stride", {1, 2, 3}}}), "layers[0].spec.stride", "two"},
        {"a stride in words", spec({{"stride", "two"}}), "layers[0].spec.stride", "whole number"},
        {"a stride of 0", spec({{"stride", 0}}), "layers[0]", "stride"},
        {"an absurd stride", spec({{"stride", 1e300}}), "layers[0].spec.stride", "whole number"},
        {"a kernel too large", spec({{"kernel", 9}}), "layers[0]", "kernel"},
        {"an absurd padding", spec({{"pads", 1e15}}), "layers[0].spec.pads", "from"},
        {"three paddings", spec({{"pads", {1, 2, 3}}}), "layers[0].spec.pads", "four"},
        {"an unknown operation", spec({{"op", "fold"}}), "layers[0].spec.op", "conv_transpose"},
        {"a flag in words", spec({{"flip_kernel", "yes"}}), "layers[0].spec.flip_kernel", "true or false"},
        {"a pad value in words", spec({{"pad_value", "none"}}), "layers[0].spec.pad_value", "number"},
        {"groups that do not divide", spec({{"groups", 2}, {"out_channels", 3}}), "layers[0]", "3"},
        {"an empty shape", input({{"shape", json::array()}, {"data", {1}}}), "layers[0].input.shape", "lengths"},
        {"five axes", input({{"shape", {1, 1, 1, 1, 1}}, {"data", {1}}}), "layers[0].input.shape", "four"},
        {"a length of 0", input({{"shape", {0, 3}}, {"data", json::array()}}), "layers[0].input.shape[0]", "from 1"},
        {"a negative length", input({{"shape", {-2, 3}}, {"data", {1}}}), "layers[0].input.shape[0]", "from 1"},
        {"an absurd shape", input({{"shape", {1000000, 1000000}}, {"generator", ones}}), "layers[0].input",
         "too large"},
        {"overflow", input({{"shape", {4e15, 4e15, 4e15, 4e15}}, {"generator", ones}}), "layers[0].input", "too large"},
        {"too few numbers", input({{"shape", {5, 5}}, {"data", {1, 2, 3}}}), "layers[0].input.data", "25"},
        {"data no list", input({{"shape", {5, 5}}, {"data", 1}}), "layers[0].input.data", "list"},
        {"a word in data", input({{"shape", {5, 5}}, {"data", json::array({"x"})}}), "layers[0].input.data", "25"},
        {"no data", input({{"shape", {5, 5}}}), "layers[0].input", "data"},
        {"no shape", input({{"data", {1}}}), "layers[0].input", "shape"},
        {"no generator", input({{"shape", {5, 5}}, {"generator", {{"name", "noise"}}}}),
         "layers[0].input.generator.name", "noise"},
        {"a range upside down",
         input({{"shape", {5, 5}}, {"generator", {{"name", "random"}, {"low", 3}, {"high", 1}}}}),
         "layers[0].input.generator", "low"},
        {"no hash", input({{"shape", {5, 5}}, {"sha256", "../../etc/passwd"}}), "layers[0].input.sha256", "SHA-256"},
        {"a weight of another shape",
         with_layer({{"spec", {{"kernel", 3}}}, {"weight", {{"shape", {2, 2}}, {"data", {1, 2, 3, 4}}}}}), "layers[0]",
         "weight"},
        {"a pane of no layer", top("panes", {{{"layer", 3}}}), "panes[0].layer", "from 0"},
        {"a reading of none", top("panes", {{{"reading", "fly"}}}), "panes[0].reading", "slide"},
        {"a slice below 0", top("panes", {{{"slice", {{"n", -1}}}}}), "panes[0].slice.n", "from 0"},
        {"an unknown mode", top("mode", "video"), "mode", "photo"},
        {"steps by none", top("step_by", 1), "step_by", "text"},
        {"a title of numbers", top("title", 1), "title", "text"},
        {"a chain no list", top("photo", {{"chain", 1}}), "photo.chain", "list"},
        {"an unknown filter", top("photo", {{"chain", {{{"name", "gausian"}}}}}), "photo.chain[0].name", "gaussian"},
        {"a filter of too few weights",
         top("photo", {{"chain", {{{"kernel", {{"rows", 3}, {"cols", 3}, {"weights", {1, 2}}}}}}}}),
         "photo.chain[0].kernel.weights", "9"},
        {"an absurd filter",
         top("photo", {{"chain", {{{"kernel", {{"rows", 1e9}, {"cols", 3}, {"weights", {1, 2}}}}}}}}),
         "photo.chain[0].kernel.rows", "from 1"},
        {"a divisor of 0",
         top("photo", {{"chain", {{{"kernel", {{"rows", 1}, {"cols", 1}, {"weights", {1}}, {"divisor", 0}}}}}}}),
         "photo.chain[0].kernel.divisor", "0"},
        {"more layers than anybody has", top("layers", json(2000, json::object())), "layers", "1000"},
        {"more filters than anybody has", top("photo", {{"chain", json(2000, json::object())}}), "photo.chain", "1000"},
        {"filters of too many weights", top("photo", {{"chain", json(600, json{{"name", "box:size=255"}})}}),
         "photo.chain[516]", "weights"},
        {"a weight that is not given and too large", spec({{"out_channels", 9000000}}), "layers[0]", "too large"},
        {"more output channels than can be counted",
         with_layer({{"spec", {{"op", "conv_transpose"}, {"groups", std::int64_t{1} << 53}}},
                     {"input", {{"shape", {1, 1, 5, 5}}, {"generator", ones}}},
                     {"weight", {{"shape", {1, 1024, 1, 1}}, {"generator", ones}}}}),
         "layers[0]", "[1, 4611686018427387904, 5, 5]"},
        {"a title of a book", top("title", std::string(100000, 'x')), "title", "65536"},
        {"a filter's stride of 0", top("photo", {{"chain", {{{"name", "box"}, {"stride", 0}}}}}),
         "photo.chain[0].stride", "from 1"},
    };
}

TEST(DocumentJson, EveryFaultIsNamedWithItsPlaceAndReason) {
    for (const Broken& broken : broken_documents()) {
        const std::string message = refusal(broken.value);
        EXPECT_NE(message.find(broken.place), std::string::npos) << broken.what << ": " << message;
        EXPECT_NE(message.find(broken.reason), std::string::npos) << broken.what << ": " << message;
    }
}

TEST(DocumentJson, ImpossibleLayersAreRefusedWithWhatWouldWork) {
    const std::string message = refusal(with_layer({{"spec", {{"kernel", 9}}}}));
    EXPECT_NE(message.find(" Try: "), std::string::npos) << message;
}

TEST(DocumentFile, SavesAndLoads) {
    const TempFolder folder;
    const std::string path = folder / "work.convlens";
    save_document(full_document(), path);
    EXPECT_EQ(load_document(path), full_document());
    EXPECT_EQ(folder.entries(), 1);
}

TEST(DocumentFile, TensorsStandOnOneLineEach) {
    const TempFolder folder;
    save_document(first_document(), folder / "work.convlens");
    EXPECT_NE(folder.read("work.convlens").find("\"data\": [1,2,3,4,5,6,7,8,9]"), std::string::npos);
}

// Every prefix of a valid file either loads or is refused by name; none crashes.
TEST(DocumentFile, TruncatedFilesAreRefused) {
    const TempFolder folder;
    save_document(first_document(), folder / "whole.convlens");
    const std::string text = folder.read("whole.convlens");
    for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
        const std::string path = folder.write("part.convlens", std::string_view(text).substr(0, length));
        try {
            load_document(path);
            ADD_FAILURE() << "loaded " << length << " of " << text.size() << " bytes";
        } catch (const FileError& error) {
            EXPECT_EQ(error.path(), path);
        }
    }
}

TEST(DocumentFile, DamagedFilesLoadOrAreRefused) {
    const TempFolder folder;
    save_document(full_document(), folder / "whole.convlens");
    const std::string text = folder.read("whole.convlens");
    std::mt19937_64 raw(1);
    int refused = 0;
    for (int i = 0; i < 1000; ++i) {
        std::string damaged = text;
        for (int change = 0; change < 3; ++change)
            damaged[raw() % damaged.size()] = "0129-e.,:[]{}\"tnx\xff"[raw() % 19];
        try {
            load_document(folder.write("damaged.convlens", damaged));
        } catch (const FileError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 500);
    EXPECT_LT(refused, 1000);
}

TEST(DocumentFile, WhatIsNoDocumentIsRefused) {
    const TempFolder folder;
    EXPECT_THROW(load_document(folder / "missing.convlens"), FileError);
    EXPECT_THROW(load_document(folder.path()), FileError);
    EXPECT_THROW(load_document(folder.write("text.convlens", "hello")), FileError);
    EXPECT_THROW(load_document(folder.write("bytes.convlens", std::string("\xff\xfe\0\x01", 4))), FileError);
    EXPECT_THROW(load_document(folder.write("deep.convlens", std::string(1000000, '['))), FileError);
    EXPECT_THROW(load_document(folder.write("huge.convlens", R"({"convlens": 1e999})")), FileError);
}

TEST(DocumentFile, AFileThatCannotBeWrittenLeavesNothingBehind) {
    const TempFolder folder;
    EXPECT_THROW(save_document(first_document(), folder / "no/such/folder.convlens"), FileError);
    std::filesystem::create_directory(folder / "taken.convlens");
    EXPECT_THROW(save_document(first_document(), folder / "taken.convlens"), FileError);
    EXPECT_EQ(folder.entries(), 1);
}

TEST(DocumentFile, SavingAgainReplacesTheFile) {
    const TempFolder folder;
    const std::string path = folder / "work.convlens";
    save_document(first_document(), path);
    const std::string before = folder.read("work.convlens");
    save_document(full_document(), path);
    EXPECT_NE(folder.read("work.convlens"), before);
    EXPECT_EQ(folder.entries(), 1);
}

TEST(UserFolders, FollowTheXdgVariables) {
    const TempFolder folder;
    const Environment state("XDG_STATE_HOME", folder / "state");
    const Environment config("XDG_CONFIG_HOME", folder / "config");
    EXPECT_EQ(state_folder(), folder.path() / "state" / "convlens");
    EXPECT_EQ(config_folder(), folder.path() / "config" / "convlens");
    EXPECT_TRUE(std::filesystem::is_directory(state_folder()));
}

TEST(UserFolders, AreUnderTheHomeFolderOtherwise) {
    const TempFolder folder;
    const Environment home("HOME", folder.path().string());
    const Environment state("XDG_STATE_HOME", "");
    const Environment config("XDG_CONFIG_HOME", "relative/is/ignored");
    EXPECT_EQ(state_folder(), folder.path() / ".local/state/convlens");
    EXPECT_EQ(config_folder(), folder.path() / ".config/convlens");
}

TEST(UserFolders, AreEmptyWhereNoneCanBeMade) {
    const TempFolder folder;
    const Environment state("XDG_STATE_HOME", folder.write("file", "in the way"));
    EXPECT_TRUE(state_folder().empty());
    const Environment config("XDG_CONFIG_HOME", "");
    const Environment home("HOME", "");
    EXPECT_TRUE(config_folder().empty());
}

TEST(File, PoolingNeedsNoWeightAndKeepsWhateverItHas) {
    const auto read = [](const char* spec) {
        const nlohmann::json json{{"convlens", 1}, {"layers", {{{"spec", nlohmann::json::parse(spec)}}}}};
        return document_from_json(json, {}).layers.at(0);
    };
    EXPECT_EQ(read(R"({"op": "max_pool", "out_channels": -5, "groups": 0})").spec.op, Op::max_pool);
    const Layer wide = read(R"({"op": "avg_pool", "out_channels": 1000000000})");
    EXPECT_LT(wide.weight->size(), 10);
    EXPECT_THROW(read(R"({"op": "max_pool", "kernel": 20000, "stride": 20000, "ceil_mode": true})"), FileError);
}

}  // namespace
}  // namespace convlens
