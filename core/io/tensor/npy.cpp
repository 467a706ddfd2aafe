#include "core/io/tensor/npy.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

constexpr std::int64_t kMostNpyBytes = std::int64_t{1} << 32;

bool begins_as_npy(std::span<const std::byte> bytes) {
    return bytes.size() >= kMagic.size() && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

void refuse_unless_npy(std::span<const std::byte> bytes, const std::string& path) {
    if (!begins_as_npy(bytes)) throw FileError(path, key("is not an NPY file: it does not begin with \\x93NUMPY"));
}

// A file being taken apart, with its name for messages.
class Reader {
public:
    Reader(std::span<const std::byte> bytes, const std::string& path) : rest_(bytes), path_(path) {}

    [[noreturn]] void fail(Message reason) const { throw FileError(path_, std::move(reason)); }

    std::span<const std::byte> take(std::size_t count, Key what) {
        if (count > rest_.size())
            fail(msg("is truncated: its {part} has {count} bytes, but only {left} follow", "part"_is(what),
                     "count"_is(count), "left"_is(rest_.size())));
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::span<const std::byte> rest() const { return rest_; }

private:
    std::span<const std::byte> rest_;
    const std::string& path_;
};

std::uint64_t whole_number(std::span<const std::byte> bytes, bool big_endian) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[big_endian ? i : bytes.size() - 1 - i]);
    return value;
}

struct Header {
    std::string type;
    bool fortran_order = false;
    std::vector<std::int64_t> shape;
};

// Reads the header's Python dictionary: {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }
class HeaderReader {
public:
    HeaderReader(std::string_view text, const Reader& file) : text_(text), file_(file) {}

    Header read() {
        Header header;
        bool type = false, order = false, shape = false;
        expect('{');
        while (!accept('}')) {
            const std::string field = quoted();
            expect(':');
            if (field == "descr") {
                type = true;
                header.type = quoted();
            } else if (field == "fortran_order") {
                order = true;
                header.fortran_order = boolean();
            } else if (field == "shape") {
                shape = true;
                header.shape = tuple();
            } else {
                bad(msg("the key '{key}' is unknown", "key"_is(field)));
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        if (!type || !order || !shape) bad(key("it must name descr, fortran_order and shape"));
        return header;
    }

private:
    [[noreturn]] void bad(Message reason) const {
        file_.fail(msg("has a header that cannot be read at byte {at}: {reason}", "at"_is(at_),
                       "reason"_is(std::move(reason))));
    }
    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
    }
    bool accept(char c) {
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!accept(c)) bad(msg("'{character}' expected", "character"_is(std::string(1, c))));
    }
    bool accept_word(std::string_view word) {
        skip_blanks();
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    std::string quoted() {
        skip_blanks();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote == '[') bad(key("a table with named columns is not read"));
        if (quote != '\'' && quote != '"') bad(key("a quoted word expected"));
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) bad(key("a quote is not closed"));
        std::string word(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return word;
    }
    bool boolean() {
        if (accept_word("True")) return true;
        if (!accept_word("False")) bad(key("True or False expected"));
        return false;
    }
    std::int64_t length() {
        skip_blanks();
        const std::size_t first = at_;
        std::int64_t value = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
            const int digit = text_[at_] - '0';
            if (value > (std::numeric_limits<std::int64_t>::max() - digit) / 10) bad(key("a length is too large"));
            value = value * 10 + digit;
        }
        if (at_ == first) bad(key("a length expected"));
        accept('L');  // as Python 2 wrote them
        return value;
    }
    std::vector<std::int64_t> tuple() {
        std::vector<std::int64_t> lengths;
        expect('(');
        while (!accept(')')) {
            lengths.push_back(length());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return lengths;
    }

    std::string_view text_;
    const Reader& file_;
    std::size_t at_ = 0;
};

// One element of `bits`, as it lies in the file.
using Decode = double (*)(std::uint64_t bits);
struct ElementType {
    std::string_view name;
    std::size_t size;
    Decode decode;
};
constexpr ElementType kTypes[] = {
    {"f4", 4, [](std::uint64_t b) { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(b))); }},
    {"f8", 8, [](std::uint64_t b) { return std::bit_cast<double>(b); }},
    {"i1", 1, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int8_t>(b)); }},
    {"i2", 2, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int16_t>(b)); }},
    {"i4", 4, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int32_t>(b)); }},
    {"i8", 8, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int64_t>(b)); }},
    {"u1", 1, [](std::uint64_t b) { return static_cast<double>(b); }},
    {"u2", 2, [](std::uint64_t b) { return static_cast<double>(b); }},
    {"u4", 4, [](std::uint64_t b) { return static_cast<double>(b); }},
    {"u8", 8, [](std::uint64_t b) { return static_cast<double>(b); }},
    {"b1", 1, [](std::uint64_t b) { return b != 0 ? 1.0 : 0.0; }},
};

const ElementType& element_type(const std::string& type, const Reader& file) {
    const std::string_view name = type;
    constexpr std::string_view kOrders = "<>|=";
    if (!name.empty() && kOrders.find(name[0]) != std::string_view::npos)
        for (const ElementType& known : kTypes)
            if (known.name == name.substr(1)) return known;
    file.fail(msg("holds numbers of type '{type}'; read are f4 f8, i1 i2 i4 i8, u1 u2 u4 u8, b1", "type"_is(type)));
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

// Throws unless the bytes that follow the header are those of the shape, before anything is allocated.
void check_count(const Header& header, const ElementType& type, const Reader& file) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    const auto size = static_cast<std::int64_t>(type.size);
    const bool empty = std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end();
    std::int64_t count = empty ? 0 : 1;
    for (const std::int64_t length : header.shape) {
        if (!empty && count > kMost / size / length)
            file.fail(msg("has a shape that cannot be held: {shape}", "shape"_is(shape_text(header.shape))));
        count *= length;
    }
    const std::size_t bytes = file.rest().size();
    if (static_cast<std::uint64_t>(count) * type.size != bytes) {
        file.fail(plural(
            "has shape {shape} of '{type}': expected {n} number ({wanted} bytes), found {found} ({bytes} bytes)",
            "has shape {shape} of '{type}': expected {n} numbers ({wanted} bytes), found {found} ({bytes} bytes)",
            count, "shape"_is(shape_text(header.shape)), "type"_is(header.type), "wanted"_is(count * size),
            "found"_is(bytes / type.size), "bytes"_is(bytes)));
    }
}

// The same elements with the last index running fastest, from an order in which the first does.
AlignedVector<double> from_fortran_order(const AlignedVector<double>& data, const std::vector<std::int64_t>& shape) {
    AlignedVector<double> out(data.size());
    std::vector<std::int64_t> index(shape.size(), 0);
    for (double& value : out) {
        std::int64_t from = 0;
        for (std::size_t axis = shape.size(); axis-- > 0;) from = from * shape[axis] + index[axis];
        value = data[static_cast<std::size_t>(from)];
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (++index[axis] < shape[axis]) break;
            index[axis] = 0;
        }
    }
    return out;
}

struct WrittenType {
    std::string_view name;
    std::size_t size;
    std::uint64_t (*encode)(double value);
};
WrittenType written_type(NpyType type) {
    switch (type) {
        case NpyType::f4:
            return {"<f4", 4,
                    [](double v) -> std::uint64_t { return std::bit_cast<std::uint32_t>(static_cast<float>(v)); }};
        case NpyType::i2: return {"<i2", 2, [](double v) { return static_cast<std::uint64_t>(std::llround(v)); }};
        case NpyType::f8: break;
    }
    return {"<f8", 8, [](double v) { return std::bit_cast<std::uint64_t>(v); }};
}

void append(std::vector<std::byte>& bytes, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace

NpyView view_npy(std::span<const std::byte> bytes, const std::string& path) {
    Reader file(bytes, path);
    refuse_unless_npy(bytes, path);
    file.take(kMagic.size(), key("signature"));
    const auto version = file.take(2, key("version"));
    const int major = std::to_integer<int>(version[0]);
    if (major < 1 || major > 3)
        file.fail(msg("is an NPY file of version {version}; read are 1, 2 and 3", "version"_is(major)));
    const std::uint64_t length = whole_number(file.take(major == 1 ? 2 : 4, key("header length")), false);
    const auto header_bytes = file.take(length, key("header"));
    Header header =
        HeaderReader({reinterpret_cast<const char*>(header_bytes.data()), header_bytes.size()}, file).read();
    const ElementType& type = element_type(header.type, file);
    check_count(header, type, file);
    const bool big_endian = header.type[0] == '>' || (header.type[0] == '=' && std::endian::native == std::endian::big);
    return {std::move(header.shape), std::move(header.type), type.size, big_endian, header.fortran_order, file.rest()};
}

NpyArray to_array(const NpyView& view) {
    const Decode decode = std::ranges::find(kTypes, std::string_view(view.type).substr(1), &ElementType::name)->decode;
    NpyArray array{view.shape, AlignedVector<double>(view.data.size() / view.bytes_each), view.type};
    for (std::size_t i = 0; i < array.data.size(); ++i)
        array.data[i] = decode(whole_number(view.data.subspan(i * view.bytes_each, view.bytes_each), view.big_endian));
    if (view.fortran_order && array.shape.size() > 1) array.data = from_fortran_order(array.data, array.shape);
    return array;
}

NpyArray parse_npy(std::span<const std::byte> bytes, const std::string& path) {
    return to_array(view_npy(bytes, path));
}

NpyArray read_npy(const std::filesystem::path& path) {
    const std::vector<std::byte> bytes = read_bytes(path, kMostNpyBytes, [&](std::span<const std::byte> beginning) {
        refuse_unless_npy(beginning, path.string());
    });
    return parse_npy(bytes, path.string());
}

std::vector<std::byte> npy_header(std::span<const std::int64_t> shape, std::string_view type) {
    // no words: NumPy's header
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type,
                                     shape_text({shape.begin(), shape.end()}));
    // Signature, version and length are 10 bytes; the elements begin at a multiple of 64, as NumPy has it.
    header.append((64 - (10 + header.size() + 1) % 64) % 64, ' ');
    header += '\n';
    assert(header.size() < 65536);

    std::vector<std::byte> bytes;
    for (const char c : kMagic) bytes.push_back(static_cast<std::byte>(c));
    append(bytes, 1, 2);  // version 1.0
    append(bytes, header.size(), 2);
    for (const char c : header) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

std::vector<std::byte> npy_bytes(std::span<const std::int64_t> shape, std::span<const double> data, NpyType type) {
    const WrittenType written = written_type(type);
    std::vector<std::byte> bytes = npy_header(shape, written.name);
    bytes.reserve(bytes.size() + data.size() * written.size);
    for (const double value : data) append(bytes, written.encode(value), written.size);
    return bytes;
}

void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const double> data,
               NpyType type) {
    write_bytes(path, npy_bytes(shape, data, type));
}

void write_npy(const std::filesystem::path& path, const Tensor<double>& tensor, NpyType type) {
    const Shape4& s = tensor.shape();
    const std::int64_t shape[] = {s.n, s.c, s.h, s.w};
    write_npy(path, shape, tensor.span(), type);
}

Tensor<double> to_tensor(NpyArray array, const std::string& path) {
    if (array.shape.size() > 4)
        throw FileError(path, msg("has {count} axes; at most 4 are used: N, C, H, W", "count"_is(array.shape.size())));
    std::vector<std::int64_t> shape(4 - array.shape.size(), 1);
    shape.insert(shape.end(), array.shape.begin(), array.shape.end());
    return {{shape[0], shape[1], shape[2], shape[3]}, std::move(array.data)};
}

}  // namespace convlens
