// A document saved by name holds all of its numbers, so that it opens whole on any machine.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <string>

#include <zlib.h>
#include <nlohmann/json.hpp>

#include "app/document/base64.h"
#include "app/document/blob_file.h"
#include "app/document/blob_text.h"
#include "app/document/file.h"
#include "app/document/presets.h"
#include "core/io/error.h"
#include "core/io/tensor/npy.h"
#include "tests/app/environment.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using nlohmann::json;

// Numbers of every kind, none twice in a row: NaN of three bit patterns, both infinities, -0, denormals, 17 digits.
Tensor<double> odd_numbers(const Shape4& shape) {
    constexpr double kSpecial[] = {0.0,
                                   -0.0,
                                   0.1,
                                   5e-324,
                                   -2.2250738585072011e-308,
                                   1.7976931348623157e308,
                                   std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity(),
                                   std::numeric_limits<double>::quiet_NaN(),
                                   std::bit_cast<double>(std::uint64_t{0xfff8000000000000}),
                                   std::bit_cast<double>(std::uint64_t{0x7ff8dead00000001})};
    Tensor<double> values(shape);
    std::mt19937_64 raw(3);
    for (double& value : values.span()) {
        const std::uint64_t drawn = raw();
        value = drawn % 5 == 0 ? kSpecial[drawn / 5 % std::size(kSpecial)] : static_cast<double>(drawn) * 0x1p-64 - 0.3;
    }
    return values;
}

// One layer with an input of 2·3·35·31 = 6,510 numbers and a weight of 50·3·6·5 = 4,500, both free.
Document large_document() {
    LayerShape shape;
    shape.input = {2, 3, 35, 31};
    shape.spec.kernel = {6, 5};
    shape.spec.out_channels = 50;
    Document document;
    document.layers.push_back(new_layer(shape, true));
    document.layers.front().input = TensorRef(odd_numbers(shape.input));
    document.layers.front().weight = TensorRef(odd_numbers({50, 3, 6, 5}));
    settle(document);
    return document;
}

bool same_bits(const Tensor<double>& a, const Tensor<double>& b) {
    return a.shape() == b.shape() && std::memcmp(a.span().data(), b.span().data(), a.span().size_bytes()) == 0;
}

std::string refusal(const json& value) {
    try {
        document_from_json(value, {});
    } catch (const FileError& error) {
        return error.reason();
    }
    return "accepted";
}

std::string deflated(std::size_t zeros) {
    const std::vector<std::byte> bytes(zeros);
    std::vector<std::byte> result(compressBound(zeros));
    uLongf length = result.size();
    compress2(reinterpret_cast<Bytef*>(result.data()), &length, reinterpret_cast<const Bytef*>(bytes.data()), zeros, 9);
    result.resize(length);
    return to_base64(result);
}

TEST(WholeDocument, OpensWithEveryBitOnAnotherMachine) {
    const TempFolder folder;
    const Document document = large_document();
    const std::string path = folder / "work.convlens";
    {
        const Environment here("XDG_STATE_HOME", folder / "here");
        save_document(document, path);
        EXPECT_FALSE(std::filesystem::exists(folder.path() / "here/convlens/blobs"));
    }
    const Environment there("XDG_STATE_HOME", folder / "there");
    const Document opened = load_document(path);
    EXPECT_EQ(opened, document);
    EXPECT_TRUE(same_bits(*own_input(opened.layers[0]), *own_input(document.layers[0])));
    EXPECT_TRUE(same_bits(*opened.layers[0].weight, *document.layers[0].weight));
}

TEST(WholeDocument, HasASharedTensorOnceInTheFileAndInMemory) {
    Document document = large_document();
    document.layers.push_back(document.layers.front());
    const json written = to_json(document);
    EXPECT_EQ(written["tensors"].size(), 2U);
    const Document opened = document_from_json(written, {});
    EXPECT_EQ(opened, document);
    EXPECT_EQ(&own_input(opened.layers[0]).blob(), &own_input(opened.layers[1]).blob());
}

TEST(WholeDocument, KeepsSmallAndSeededTensorsAsTheyWere) {
    Document document = first_document();
    document.layers.front().input = generate({"random", 5, -3, 3}, {1, 1, 100, 100});
    EXPECT_FALSE(to_json(document).contains("tensors"));
    EXPECT_TRUE(blobs_of(document).empty());
}

// As documents were written before they held their numbers.
TEST(WholeDocument, OldDocumentsOpenFromTheFolderOfThatTimeWhichStaysAsItIs) {
    const TempFolder folder;
    const Environment state("XDG_STATE_HOME", folder / "state");
    const std::filesystem::path blobs = state_folder() / "blobs";
    const Document document = large_document();
    const std::string path = folder.write("old.convlens", to_json(document, blobs).dump());
    EXPECT_EQ(load_document(path), document);
    save_document(load_document(path), path);
    for (const std::string& name : blobs_of(document)) EXPECT_TRUE(std::filesystem::exists(blobs / (name + ".npy")));
    std::filesystem::remove_all(blobs);
    EXPECT_EQ(load_document(path), document) << "saved again, it is whole";
}

TEST(WholeDocument, TheFolderGivenComesBeforeTheOldOne) {
    const TempFolder folder;
    const Environment state("XDG_STATE_HOME", folder / "state");
    const Document document = large_document();
    const json written = to_json(document, folder.path() / "own");
    EXPECT_EQ(document_from_json(written, folder.path() / "own"), document);

    // One is damaged, the other whole.
    std::filesystem::copy(folder.path() / "own", state_folder() / "blobs");
    const std::string name = *blobs_of(document).begin() + ".npy";
    folder.write("own/" + name, "not whole");
    EXPECT_EQ(document_from_json(written, folder.path() / "own"), document);
}

TEST(WholeDocument, ATensorThatIsNowhereIsRefusedWithWhatHelps) {
    const TempFolder folder;
    const Environment state("XDG_STATE_HOME", folder / "state");
    const std::string reason = refusal(to_json(large_document(), folder.path() / "own"));
    EXPECT_TRUE(reason.starts_with("layers[0].input.sha256: ")) << reason;
    EXPECT_NE(reason.find("save it again"), std::string::npos) << reason;
}

TEST(WholeDocument, SaysWhichTensorsItNeedsFromElsewhere) {
    const TempFolder folder;
    const Document document = large_document();
    const std::set<std::string> both = blobs_of(document);
    EXPECT_EQ(both, (std::set{to_hex(own_input(document.layers[0]).blob().hash),
                              to_hex(document.layers[0].weight.blob().hash)}));
    json written = to_json(document, folder.path());
    EXPECT_EQ(blobs_named_in(written), both);
    EXPECT_EQ(blobs_named_in(to_json(document)), std::set<std::string>{});
    EXPECT_EQ(folder.entries(), 2);

    // What else is wrong does not matter: a document that cannot be opened today may be mended tomorrow.
    written["layers"][0]["spec"]["stride"] = "no number";
    written["layers"].push_back(3);
    written["layers"][0]["bias"] = {{"sha256", "../../etc/passwd"}};
    EXPECT_EQ(blobs_named_in(written), both);
    for (const json& none : {json(), json(3), json::array({1}), json{{"layers", 5}}, json{{"layers", {{"a", 1}}}}})
        EXPECT_TRUE(blobs_named_in(none).empty()) << none;
}

TEST(WholeDocument, ATensorFileCutShortIsWrittenAnew) {
    const TempFolder folder;
    const Document document = large_document();
    to_json(document, folder.path());
    const std::string name = *blobs_of(document).begin() + ".npy";
    folder.write(name, folder.read(name).substr(0, 1000));
    EXPECT_EQ(document_from_json(to_json(document, folder.path()), folder.path()), document);
}

// The document with its first tensor's text replaced, and what is said of it.
std::string with_text(const std::string& text) {
    json written = to_json(large_document());
    const std::string name = written["layers"][0]["input"]["sha256"];
    written["tensors"][name]["data"] = text;
    return refusal(written);
}

TEST(WholeDocument, BombsAndDamageAreRefusedBeforeTheyTakeMemory) {
    constexpr std::size_t kBytes = std::size_t{6510} * 8;
    EXPECT_NE(with_text(deflated(kBytes)).find("not what its name says"), std::string::npos);
    EXPECT_NE(with_text(deflated(kBytes + 1)).find("more numbers"), std::string::npos);
    EXPECT_NE(with_text(deflated(std::size_t{1} << 26)).find("more numbers"), std::string::npos);
    EXPECT_NE(with_text(deflated(kBytes - 8)).find("52080 bytes"), std::string::npos);
    EXPECT_NE(with_text(deflated(kBytes).substr(0, 80)).find("damaged"), std::string::npos);
    EXPECT_NE(with_text("").find("too short"), std::string::npos);
    EXPECT_NE(with_text("no base64!").find("base64"), std::string::npos);
    EXPECT_NE(with_text(std::string(400, 'A')).find("damaged"), std::string::npos);
    // What follows the end of the numbers is nothing that was written.
    const auto bytes = from_base64(deflated(kBytes));
    ASSERT_TRUE(bytes);
    std::vector<std::byte> longer = *bytes;
    longer.resize(longer.size() + 3);
    EXPECT_NE(with_text(to_base64(longer)).find("more after its end"), std::string::npos);
}

TEST(WholeDocument, AnAnnouncedShapeIsCheckedBeforeAnythingIsInflated) {
    json written = to_json(large_document());
    written["layers"][0]["input"]["shape"] = {1, 3, 100000, 100000};
    EXPECT_NE(refusal(written).find("too large"), std::string::npos);
    written["layers"][0]["input"]["shape"] = {1, 3, 700, 700};  // small enough, but 12 MB for 4 letters
    written["tensors"][written["layers"][0]["input"]["sha256"].get<std::string>()]["data"] = "AAAA";
    EXPECT_NE(refusal(written).find("too short"), std::string::npos);
}

TEST(WholeDocument, OtherEncodingsAndNamesAreRefusedByPlace) {
    json written = to_json(large_document());
    const std::string name = written["layers"][0]["input"]["sha256"];
    json other = written;
    other["tensors"][name]["encoding"] = "float16";
    EXPECT_TRUE(refusal(other).starts_with("tensors." + name.substr(0, 40))) << refusal(other);
    EXPECT_NE(refusal(other).find(".encoding: must be"), std::string::npos) << refusal(other);
    other = written;
    other["tensors"] = json::array();
    EXPECT_TRUE(refusal(other).starts_with("tensors: ")) << refusal(other);
    other = written;
    other["layers"][0]["weight"]["sha256"] = name;
    EXPECT_TRUE(refusal(other).starts_with("layers[0].weight.sha256: ")) << refusal(other);

    std::vector<Message> warnings;
    written["tensors"][std::string(64, 'a')] = {{"encoding", kBlobEncoding}, {"data", "x"}};
    document_from_json(written, {}, &warnings);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(english(warnings.front()).find("aaaa"), std::string::npos);
}

TEST(WholeDocument, ANameTellsEveryBitApart) {
    const auto name = [](double value) { return to_hex(TensorRef(Tensor<double>({1, 1, 1, 1}, value)).blob().hash); };
    EXPECT_NE(name(0.0), name(-0.0));
    EXPECT_NE(name(std::nan("1")), name(std::nan("2")));
    EXPECT_NE(name(std::nan("")), name(-std::nan("")));
    EXPECT_EQ(name(std::nan("")), name(std::nan("")));
}

TEST(Base64, GoesBothWays) {
    for (std::size_t length = 0; length < 20; ++length) {
        std::vector<std::byte> bytes(length);
        for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::byte>(250 + 3 * i);
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    }
    EXPECT_EQ(to_base64(std::as_bytes(std::span("any carnal pleas", 16))), "YW55IGNhcm5hbCBwbGVhcw==");
    EXPECT_FALSE(from_base64("YW5"));
    EXPECT_FALSE(from_base64("Y*5="));
}

}  // namespace
}  // namespace convlens
