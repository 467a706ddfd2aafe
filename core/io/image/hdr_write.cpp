#include "core/io/image/hdr_write.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include <fmt/format.h>

#include "core/io/image/flattened.h"
#include "core/io/image/rgbe.h"

namespace convlens {

namespace {

using Bytes = std::vector<std::byte>;
using Row = std::vector<Rgbe>;

// Precondition: f32 without alpha.
void read_row(const Image& image, std::int64_t y, Row& row) {
    const auto samples = image.row<float>(y);
    const std::size_t step = samples.size() / row.size();  // 1 grey, 3 colours
    for (std::size_t x = 0; x < row.size(); ++x) {
        const auto pixel = samples.subspan(x * step, step);
        row[x] = to_rgbe({pixel[0], pixel[step / 2], pixel[step - 1]});
    }
}

Image plain(const Image& image) { return flattened(converted(image, Depth::f32)); }

void put(Bytes& bytes, std::size_t value) { bytes.push_back(static_cast<std::byte>(value)); }

// How many values from `at` on are the same, up to the longest run.
std::size_t run_length(const Row& row, std::size_t channel, std::size_t at) {
    constexpr std::size_t kLongest = 127;
    std::size_t end = at + 1;
    while (end < std::min(row.size(), at + kLongest) && row[end][channel] == row[at][channel]) ++end;
    return end - at;
}

// Runs are 128 + their length and the value; what lies between them is its length, up to 128, and the values.
void put_channel(Bytes& bytes, const Row& row, std::size_t channel) {
    constexpr std::size_t kShortest = 4, kMostValues = 128;
    for (std::size_t x = 0; x < row.size();) {
        if (const std::size_t run = run_length(row, channel, x); run >= kShortest) {
            put(bytes, 128 + run);
            put(bytes, row[x][channel]);
            x += run;
            continue;
        }
        std::size_t end = x;
        while (end < std::min(row.size(), x + kMostValues) && run_length(row, channel, end) < kShortest) ++end;
        put(bytes, end - x);
        for (; x < end; ++x) put(bytes, row[x][channel]);
    }
}

void put_row(Bytes& bytes, const Row& row) {
    constexpr std::size_t kLeast = 8, kMost = 0x7fff;  // widths that can be run-length encoded in this way
    if (row.size() < kLeast || row.size() > kMost) {
        for (const Rgbe& pixel : row)
            for (const std::uint8_t value : pixel) put(bytes, value);
        return;
    }
    for (const std::size_t value : {std::size_t{2}, std::size_t{2}, row.size() >> 8, row.size() & 0xff})
        put(bytes, value);
    for (std::size_t channel = 0; channel < 4; ++channel) put_channel(bytes, row, channel);
}

}  // namespace

Image as_hdr(const Image& image) {
    Image result = plain(image);
    Row row(static_cast<std::size_t>(image.width()));
    const auto channels = static_cast<std::size_t>(result.channels());
    for (std::int64_t y = 0; y < image.height(); ++y) {
        read_row(result, y, row);
        const auto to = result.row<float>(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
            const RgbColour colour = to_colour(row[x]);
            std::copy_n(colour.begin(), channels, to.subspan(channels * x).begin());
        }
    }
    return result;
}

std::vector<std::byte> hdr_bytes(const Image& image, const Progress& progress) {
    const Image floats = plain(image);
    const std::string head =
        fmt::format("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {} +X {}\n", image.height(), image.width());
    const auto letters = std::as_bytes(std::span(head));
    Bytes bytes(letters.begin(), letters.end());
    Row row(static_cast<std::size_t>(image.width()));
    for (std::int64_t y = 0; y < image.height(); ++y) {
        if (progress.is_stopped()) throw Stopped();
        read_row(floats, y, row);
        put_row(bytes, row);
    }
    return bytes;
}

}  // namespace convlens
