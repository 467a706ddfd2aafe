// At most 255 colours for many pictures: all of them where they are that few, else the best that median cut finds.
#pragma once

#include <cstdint>
#include <vector>

#include "app/scene/geometry.h"

namespace convlens {

// Finds the entry for a colour: the same one always, itself if it is an entry.
class Palette {
public:
    explicit Palette(std::vector<Colour> colours);
    const std::vector<Colour>& colours() const { return colours_; }
    std::uint8_t index(std::uint8_t r, std::uint8_t g, std::uint8_t b);

private:
    // A cube of colours that agree in the upper 5 bits of each channel, and the entries that are the nearest to any of
    // them: a handful, found when the cube is first asked for.
    using Cube = std::vector<std::uint8_t>;
    void fill(Cube& cube, std::size_t at) const;

    struct Known {
        std::uint32_t colour = 0;  // 0xFFrrggbb; 0: none
        std::uint8_t index = 0;
    };
    std::vector<Colour> colours_;
    std::vector<Cube> cubes_;
    std::vector<Known> known_;  // answers given lately
};

// Counts the colours of pictures.
class ColourCount {
public:
    ColourCount();
    // RGBA pixels; alpha is ignored.
    void add(const std::vector<std::uint8_t>& rgba);
    // Exact if no more than `most` colours were seen.
    std::vector<Colour> best(int most) const;

private:
    // The colours that agree in the upper 6 bits of each channel.
    struct Bin {
        std::uint64_t count = 0;
        std::uint64_t r = 0, g = 0, b = 0;  // sums
        std::uint32_t candidate = 0;        // the colour that most of them are, if one is (Boyer and Moore's vote)
        std::int64_t votes = 0;
    };
    void count(std::uint32_t colour, std::uint64_t times);
    void remember(std::uint32_t colour);
    std::vector<Colour> cut(int most) const;

    std::vector<Bin> bins_;
    std::vector<std::uint32_t> distinct_;  // sorted, up to 256
};

}  // namespace convlens
