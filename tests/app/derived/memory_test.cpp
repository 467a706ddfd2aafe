// Documents whose layers need more memory than is free.
#include "app/derived/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/derived/derived.h"
#include "tests/app/chain_layers.h"

namespace convlens {
namespace {

std::int64_t bytes_of(const Tensor<double>& tensor) {
    return static_cast<std::int64_t>(tensor.span().size() * sizeof(double));
}

TEST(Memory, IsWhatTheDerivedLayersHold) {
    Document document = chain_of_three();
    ConvSpec transposed = conv(3, 2);
    transposed.op = Op::conv_transpose;
    transposed.stride = {2, 2};
    document.layers.push_back(new_layer({transposed, {1, 2, 3, 4}, {}, {}}, true));
    const std::vector<std::int64_t> bytes = bytes_to_derive(document);
    const Derived derived = derive_all(document);
    ASSERT_EQ(bytes.size(), derived.layers.size());
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        const DerivedLayer& layer = *derived.layers[i];
        EXPECT_GE(bytes[i], bytes_of(layer.output) + bytes_of(layer.padded)) << i;
        EXPECT_LE(bytes[i], bytes_of(layer.output) + bytes_of(layer.padded) + 64) << i;
    }
    const DerivedLayer& last = *derived.layers.back();
    EXPECT_EQ(bytes.back(), bytes_of(last.output) + bytes_of(last.canvas) + bytes_of(last.zero_inserted));
}

TEST(Memory, TheSystemTellsWhatIsFree) {
    const auto free = free_memory();
    if (!free) GTEST_SKIP() << "it does not here";
    EXPECT_GT(*free, 1 << 20);
}

// Three layers of 128 MiB of output and as much of padded input.
Document large_layers() {
    Document document;
    document.layers.push_back(new_layer({conv(1, 4), {1, 4, 2048, 2048}, {}, {}}, false));
    document.layers.push_back(reading(document, 0, conv(1, 4)));
    document.layers.push_back(reading(document, 1, conv(1, 4)));
    document.panes = {pane_of(0)};
    return document;
}

std::string refusal(const Document& document, std::vector<bool> kept, std::optional<std::int64_t> (*free)()) {
    try {
        check_memory(document, kept, free);
    } catch (const MemoryError& error) {
        return error.what();
    }
    return {};
}

TEST(Memory, ARefusalSaysHowFarTheLayersFit) {
    const Document document = large_layers();
    const auto two_layers = []() -> std::optional<std::int64_t> { return std::int64_t{600} << 20; };
    const auto half_a_layer = []() -> std::optional<std::int64_t> { return std::int64_t{100} << 20; };
    const auto enough = []() -> std::optional<std::int64_t> { return std::int64_t{768} << 20; };
    const auto not_told = []() -> std::optional<std::int64_t> { return std::nullopt; };
    const std::vector<bool> none(3, false);
    EXPECT_EQ(refusal(document, none, two_layers),
              "The layers need 768 MiB of memory together and 600 MiB are free: they fit as far as layer 2. Make the "
              "inputs smaller, or take layers away.");
    EXPECT_EQ(refusal(document, none, half_a_layer),
              "768 MiB of memory are needed and 100 MiB are free. Make the input smaller, or take fewer channels.");
    EXPECT_EQ(refusal(document, none, enough), "");
    EXPECT_EQ(refusal(document, none, not_told), "");
    EXPECT_EQ(refusal(document, {true, false, false}, two_layers), "") << "what is there already has its room";
}

TEST(Memory, SmallLayersAreNotAskedFor) {
    const auto never = []() -> std::optional<std::int64_t> {
        ADD_FAILURE();
        return 0;
    };
    EXPECT_EQ(refusal(chain_of_three(), std::vector<bool>(3, false), never), "");
}

}  // namespace
}  // namespace convlens
