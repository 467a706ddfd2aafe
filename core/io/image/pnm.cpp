// Portable anymaps in: PBM, PGM and PPM as text (P1 to P3) and as bytes (P4 to P6), PAM (P7) and PFM (Pf, PF), by
// https://netpbm.sourceforge.net/doc/ and https://www.pauldebevec.com/Research/HDR/PFM/. Samples of two bytes have the
// greater byte first; those of PFM are floats, whose order is told by the sign of the scale, from the lowest row up.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "core/io/byte_reader.h"
#include "core/io/image/formats.h"
#include "core/text/printable.h"

namespace convlens {

namespace {

constexpr std::string_view kFormat = "PNM";

struct Anymap {
    char kind = '\0';  // '1' to '7', 'f', 'F'
    std::int64_t width = 0, height = 0;
    int channels = 1;
    std::uint32_t largest = 1;   // the sample that is white, 1 to 65535
    bool little_endian = false;  // of floats
    std::size_t raster = 0;      // where the samples begin

    bool is_text() const { return kind >= '1' && kind <= '3'; }
    bool is_float() const { return kind == 'f' || kind == 'F'; }
    bool is_bits() const { return kind == '4'; }
    std::size_t sample_bytes() const { return is_float() ? 4 : largest > 255 ? 2 : 1; }
    std::size_t row_samples() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels); }
    std::int64_t row_bytes() const {
        if (is_bits()) return (width + 7) / 8;
        return width * channels * static_cast<std::int64_t>(sample_bytes());
    }
};

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Words between blanks; a comment runs from '#' to the end of its line and counts as a blank.
class Words {
public:
    Words(FileBytes file, std::size_t at) : text_(reinterpret_cast<const char*>(file.data()), file.size()), at_(at) {}

    std::size_t at() const { return at_; }
    // The next word and the one blank behind it, where a raster of bytes may begin.
    std::string_view next() {
        skip_blanks();
        const std::size_t first = at_;
        while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '#') ++at_;
        if (at_ == first) refuse_truncated(kFormat);
        const std::string_view word = text_.substr(first, at_ - first);
        pass_blank();
        return word;
    }
    // The next digit of a bitmap, whose digits may follow one another without blanks.
    char next_digit() {
        skip_blanks();
        if (at_ == text_.size()) refuse_truncated(kFormat);
        return text_[at_++];
    }
    // A whole number of at most `most`; `what` it is for the refusal.
    std::uint32_t number(Key what, std::uint32_t most) {
        const std::string_view word = next();
        std::uint64_t value = 0;
        for (const char c : word) {
            if (c < '0' || c > '9')
                refuse_damaged(kFormat, msg("its {what} is not a whole number but \"{word}\"", "what"_is(what),
                                            "word"_is(printable(word, 40))));
            value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(c - '0'), 1ULL << 40);
        }
        if (value > most)
            refuse_damaged(kFormat, msg("its {what} must be at most {most}; it is {word}", "what"_is(what),
                                        "most"_is(most), "word"_is(printable(word, 40))));
        return static_cast<std::uint32_t>(value);
    }

private:
    void pass_blank() {
        if (at_ == text_.size()) return;
        if (text_[at_] == '#') at_ = std::min(text_.find('\n', at_), text_.size() - 1);
        ++at_;
    }
    void skip_blanks() {
        while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '#')) pass_blank();
    }

    std::string_view text_;
    std::size_t at_;
};

constexpr std::uint32_t kMostSide = 0x7fffffff;

void check_largest(std::uint32_t largest) {
    if (largest == 0) refuse_damaged(kFormat, key("its largest sample must be 1 to 65535; it is 0"));
}

void read_float_scale(Words& words, Anymap& map) {
    const std::string word(words.next());
    const double scale = std::strtod(word.c_str(), nullptr);
    if (scale == 0 || !std::isfinite(scale))
        refuse_damaged(kFormat, msg("its scale must be a number other than 0, whose sign tells the order of bytes; it "
                                    "is \"{word}\"",
                                    "word"_is(printable(word, 40))));
    map.little_endian = scale < 0;
}

// "WIDTH 3", "HEIGHT 2", ... in any order, until ENDHDR.
void read_arbitrary_map(Words& words, Anymap& map) {
    std::uint32_t depth = 0, largest = 0;
    std::string type;
    for (std::string_view field = words.next(); field != "ENDHDR"; field = words.next()) {
        if (field == "WIDTH") {
            map.width = words.number(key("width"), kMostSide);
        } else if (field == "HEIGHT") {
            map.height = words.number(key("height"), kMostSide);
        } else if (field == "DEPTH") {
            depth = words.number(key("number of channels"), 65535);
        } else if (field == "MAXVAL") {
            largest = words.number(key("largest sample"), 65535);
        } else if (field == "TUPLTYPE") {
            type = words.next();
        } else {
            refuse_damaged(kFormat, msg("its header has the unknown key \"{key}\"", "key"_is(printable(field, 40))));
        }
    }
    if (depth < 1 || depth > 4 || type == "CMYK")
        refuse_variety(msg("this PNM file has {count} channels of the kind \"{kind}\"", "count"_is(depth),
                           "kind"_is(printable(type, 40))));
    check_largest(largest);
    map.channels = static_cast<int>(depth);
    map.largest = largest;
}

Anymap read_map(FileBytes file) {
    Anymap map;
    Words words(file, 2);
    map.kind = ByteReader(file, kFormat).text(2)[1];
    if (map.kind == '7') {
        read_arbitrary_map(words, map);
    } else {
        map.channels = map.kind == '3' || map.kind == '6' || map.kind == 'F' ? 3 : 1;
        map.width = words.number(key("width"), kMostSide);
        map.height = words.number(key("height"), kMostSide);
        if (map.is_float()) {
            read_float_scale(words, map);
        } else if (map.kind != '1' && map.kind != '4') {
            map.largest = words.number(key("largest sample"), 65535);
            check_largest(map.largest);
        }
    }
    map.raster = words.at();
    return map;
}

Depth depth_of(const Anymap& map) {
    if (map.is_float()) return Depth::f32;
    return map.largest > 255 ? Depth::u16 : Depth::u8;
}

// Every sample of the format's numbers as one of ours, looked up.
template <typename T>
std::vector<T> scale_table(std::uint32_t largest) {
    std::vector<T> table(std::size_t{1} << (8 * sizeof(T)));
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<T>(scaled(i, largest, static_cast<std::uint32_t>(table.size() - 1)));
    return table;
}

void read_bit_rows(FileBytes raster, const Anymap& map, Image& image) {
    const auto stride = static_cast<std::size_t>(map.row_bytes());
    for (std::int64_t y = 0; y < map.height; ++y) {
        const FileBytes bits = raster.subspan(static_cast<std::size_t>(y) * stride, stride);
        const auto row = image.row<std::uint8_t>(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
            const bool black = (std::to_integer<unsigned>(bits[x / 8]) >> (7 - x % 8) & 1U) != 0;
            row[x] = black ? 0 : 255;
        }
    }
}

template <typename T>
void read_byte_rows(FileBytes raster, const Anymap& map, Image& image) {
    const std::vector<T> table = scale_table<T>(map.largest);
    const std::byte* at = raster.data();
    for (std::int64_t y = 0; y < map.height; ++y) {
        for (T& sample : image.row<T>(y)) {
            std::size_t value = 0;
            for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | std::to_integer<std::size_t>(*at++);
            sample = table[value];
        }
    }
}

void read_float_rows(FileBytes raster, const Anymap& map, Image& image) {
    const bool swapped = map.little_endian != (std::endian::native == std::endian::little);
    const std::byte* at = raster.data();
    for (std::int64_t y = map.height; y-- > 0;) {
        for (float& sample : image.row<float>(y)) {
            std::byte bytes[4];
            std::copy_n(at, 4, bytes);
            if (swapped) std::reverse(std::begin(bytes), std::end(bytes));
            std::memcpy(&sample, bytes, 4);
            at += 4;
        }
    }
}

template <typename T>
void read_text_rows(FileBytes file, const Anymap& map, Image& image) {
    const std::vector<T> table = scale_table<T>(map.largest);
    Words words(file, map.raster);
    for (std::int64_t y = 0; y < map.height; ++y)
        for (T& sample : image.row<T>(y)) sample = table[words.number(key("sample"), map.largest)];
}

void read_digit_rows(FileBytes file, const Anymap& map, Image& image) {
    Words words(file, map.raster);
    for (std::int64_t y = 0; y < map.height; ++y) {
        for (std::uint8_t& sample : image.row<std::uint8_t>(y)) {
            const char digit = words.next_digit();
            if (digit != '0' && digit != '1')
                refuse_damaged(kFormat, msg("its samples must be 0 or 1; one is \"{digit}\"",
                                            "digit"_is(printable(std::string_view(&digit, 1)))));
            sample = digit == '1' ? 0 : 255;
        }
    }
}

void read_text(FileBytes file, const Anymap& map, Image& image) {
    if (map.kind == '1') return read_digit_rows(file, map, image);
    if (map.largest > 255) return read_text_rows<std::uint16_t>(file, map, image);
    read_text_rows<std::uint8_t>(file, map, image);
}

void read_raster(FileBytes raster, const Anymap& map, Image& image) {
    if (map.is_bits()) return read_bit_rows(raster, map, image);
    if (map.is_float()) return read_float_rows(raster, map, image);
    if (map.largest > 255) return read_byte_rows<std::uint16_t>(raster, map, image);
    read_byte_rows<std::uint8_t>(raster, map, image);
}

// A digit each, and a blank between numbers.
std::int64_t least_text(const Anymap& map) {
    const std::int64_t samples = capped_product(static_cast<std::int64_t>(map.row_samples()), map.height);
    return map.kind == '1' ? samples : capped_product(samples, 2) - 1;
}

}  // namespace

ImageHeader pnm_header(FileBytes file) {
    const Anymap map = read_map(file);
    ImageHeader header{map.width, map.height, map.channels, depth_of(map)};
    const std::int64_t raster = map.is_text() ? least_text(map) : capped_product(map.row_bytes(), map.height);
    header.least_bytes = static_cast<std::int64_t>(map.raster) + raster;
    return header;
}

Image pnm_pixels(FileBytes file) {
    const Anymap map = read_map(file);
    Image image(map.width, map.height, map.channels, depth_of(map));
    if (map.is_text()) {
        read_text(file, map, image);
    } else {
        ByteReader reader(file, kFormat);
        reader.seek(map.raster);
        read_raster(reader.take(static_cast<std::size_t>(map.row_bytes() * map.height)), map, image);
    }
    return image;
}

}  // namespace convlens
