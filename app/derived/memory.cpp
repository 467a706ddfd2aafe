#include "app/derived/memory.h"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <span>
#include <string>
#include <utility>

#include "app/document/chain.h"
#include "core/conv/rules.h"
#include "core/text/byte_size.h"

namespace convlens {

namespace {

std::int64_t bytes_of(const HeldTensor& tensor) {
    Wide cells = 1;
    for (const Wide length : tensor.lengths) cells *= std::max<Wide>(length, 0);
    return static_cast<std::int64_t>(cells * static_cast<Wide>(sizeof(double)));
}

}  // namespace

std::optional<std::int64_t> free_memory() {
    std::ifstream told("/proc/meminfo");
    for (std::string line; std::getline(told, line);) {
        constexpr std::string_view kName = "MemAvailable:";
        if (!line.starts_with(kName)) continue;
        const long long kib = std::strtoll(line.c_str() + kName.size(), nullptr, 10);
        if (kib > 0) return kib * 1024;
    }
    return std::nullopt;
}

std::vector<std::int64_t> bytes_to_derive(const Document& document) {
    std::vector<std::int64_t> bytes;
    for (const Layer& layer : document.layers) {
        std::int64_t sum = 0;
        // The first is the input: the document holds it, or an earlier layer, and the document holds the weight.
        const auto tensors = held_tensors(layer_shape(layer));
        for (const HeldTensor& tensor : std::span(tensors).subspan(1))
            if (tensor.field != Field::kernel) sum += bytes_of(tensor);
        bytes.push_back(sum);
    }
    return bytes;
}

void check_memory(const Document& document, const std::vector<bool>& kept, std::optional<std::int64_t> (*free)()) {
    constexpr std::int64_t kNotAsked = std::int64_t{1} << 26;  // the system is asked for more than that only
    const std::vector<std::int64_t> bytes = bytes_to_derive(document);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (!kept[i]) sum += bytes[i];
    if (sum <= kNotAsked) return;
    const auto there = free();
    if (!there || sum <= *there) return;
    std::int64_t fitting = 0;
    int full = 0;  // the first layer that has no room
    for (;; ++full) {
        const auto i = static_cast<std::size_t>(full);
        if (!kept[i]) fitting += bytes[i];
        if (fitting > *there) break;
    }
    const auto need = "need"_is(byte_size(static_cast<long double>(sum)));
    const auto room = "free"_is(byte_size(static_cast<long double>(*there)));
    if (full == 0)
        throw MemoryError(
            msg("{need} of memory are needed and {free} are free. Make the input smaller, or take fewer "
                "channels.",
                need, room));
    throw MemoryError(msg(
        "The layers need {need} of memory together and {free} are free: they fit as far as {layer}. Make the inputs "
        "smaller, or take layers away.",
        need, room, "layer"_is(layer_title(document, full - 1))));
}

}  // namespace convlens
