// NPY files as NumPy and others write them, and as they come when something went wrong.
#include "core/io/tensor/npy.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/io/bytes.h"
#include "core/io/error.h"

namespace convlens {

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
    std::vector<std::byte> bytes;
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

// A file put together by hand: version, header, and the numbers' bytes.
std::vector<std::byte> file(int version, const std::string& header, std::string_view data) {
    std::string text = "\x93NUMPY";
    text += static_cast<char>(version);
    text += '\0';
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) text += static_cast<char>(header.size() >> (8 * i));
    text += header;
    text += data;
    return bytes_of(text);
}

std::string header(const std::string& type, const std::string& shape, bool fortran = false) {
    return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape +
           ", }\n";
}

std::string refusal(const std::vector<std::byte>& bytes) {
    try {
        parse_npy(bytes, "a.npy");
    } catch (const FileError& error) {
        EXPECT_EQ(error.path(), "a.npy");
        return error.reason();
    }
    return "read";
}

void expect_says(const std::vector<std::byte>& bytes, const std::string& words) {
    EXPECT_NE(refusal(bytes).find(words), std::string::npos) << refusal(bytes);
}

using Numbers = AlignedVector<double>;
using Shape = std::vector<std::int64_t>;

}  // namespace

TEST(Npy, ReadsEveryTypeInEitherByteOrder) {
    struct Row {
        const char* type;
        std::string_view bytes;
        double value;
    };
    using namespace std::string_view_literals;
    const Row rows[] = {
        {"<f4", "\0\0\xC0\xBF"sv, -1.5},
        {">f4", "\xBF\xC0\0\0"sv, -1.5},
        {"<f8", "\0\0\0\0\0\0\xF8\xBF"sv, -1.5},
        {">f8", "\xBF\xF8\0\0\0\0\0\0"sv, -1.5},
        {"|i1", "\xFE"sv, -2},
        {"<i2", "\xFE\xFF"sv, -2},
        {">i2", "\xFF\xFE"sv, -2},
        {"<i4", "\xFE\xFF\xFF\xFF"sv, -2},
        {">i4", "\xFF\xFF\xFF\xFE"sv, -2},
        {"<i8", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv, -2},
        {">i8", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"sv, -2},
        {"|u1", "\xFE"sv, 254},
        {"<u2", "\x01\x02"sv, 513},
        {">u2", "\x02\x01"sv, 513},
        {"<u4", "\xFF\xFF\xFF\xFF"sv, 4294967295.0},
        {"<u8", "\x01\0\0\0\0\0\0\0"sv, 1},
        {">u8", "\0\0\0\0\0\0\0\x01"sv, 1},
        {"|b1", "\x01"sv, 1},
    };
    for (const Row& row : rows) {
        const NpyArray array = parse_npy(file(1, header(row.type, "(1,)"), row.bytes), "a.npy");
        EXPECT_EQ(array, (NpyArray{{1}, {row.value}, row.type})) << row.type;
    }
}

TEST(Npy, ReadsEveryVersion) {
    for (const int version : {1, 2, 3})
        EXPECT_EQ(parse_npy(file(version, header("|u1", "(2, 2)"), "\x01\x02\x03\x04"), "a.npy").data,
                  (Numbers{1, 2, 3, 4}));
    expect_says(file(4, header("|u1", "(1,)"), "\x01"), "version 4");
}

TEST(Npy, TurnsFortranOrderIntoRows) {
    const NpyArray two = parse_npy(file(1, header("|u1", "(2, 3)", true), "\x01\x04\x02\x05\x03\x06"), "a.npy");
    EXPECT_EQ(two.shape, (Shape{2, 3}));
    EXPECT_EQ(two.data, (Numbers{1, 2, 3, 4, 5, 6}));
    // a[i, j, k] = 4i + 2j + k, first index fastest
    const NpyArray three =
        parse_npy(file(1, header("|u1", "(2, 2, 2)", true), std::string("\0\4\2\6\1\5\3\7", 8)), "a.npy");
    EXPECT_EQ(three.data, (Numbers{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Npy, ReadsHeadersAsOthersWriteThem) {
    EXPECT_EQ(
        parse_npy(file(1, "{\"shape\": (2L,), \"descr\": \"|u1\",\"fortran_order\":False}", "\x05\x06"), "a.npy").data,
        (Numbers{5, 6}));
    EXPECT_EQ(parse_npy(file(1, header("|u1", "()"), "\x07"), "a.npy").shape, Shape{});
    EXPECT_TRUE(parse_npy(file(1, header("<f8", "(0, 3)"), ""), "a.npy").data.empty());
}

TEST(Npy, SaysWhatIsTruncated) {
    expect_says(bytes_of(std::string_view("\x93NUMPY\x01\x00\xF8\xFF", 10)),
                "truncated: its header has 65528 bytes, but only 0 follow");
    expect_says(bytes_of("\x93NUMPY"), "truncated");
    expect_says(bytes_of(""), "not an NPY file");
    expect_says(bytes_of("PK\3\4 and so on"), "not an NPY file");
}

TEST(Npy, SaysHowManyNumbersAreMissing) {
    const std::string data(std::size_t{1081312} * 4, '\0');
    expect_says(file(1, header("<f4", "(8, 3, 224, 224)"), data),
                "expected 1204224 numbers (4816896 bytes), found 1081312");
    expect_says(file(1, header("<f4", "(1,)"), "\1\2\3\4\5"), "expected 1 number (4 bytes), found 1 (5 bytes)");
}

TEST(Npy, RefusesWhatItCannotHoldOrDoesNotKnow) {
    expect_says(file(1, header("<f8", "(4294967296, 4294967296)"), ""), "cannot be held");
    expect_says(file(1, header("<f8", "(99999999999999999999,)"), ""), "too large");
    expect_says(file(1, header("<c16", "(1,)"), ""), "'<c16'");
    expect_says(file(1, header("f8", "(1,)"), ""), "'f8'");
    expect_says(file(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", ""), "named columns");
    expect_says(file(1, "{'descr': '<f8', 'shape': (1,), }", ""), "fortran_order");
    expect_says(file(1, header("<f8", "(-1,)"), ""), "a length expected");
    expect_says(file(1, "{'descr': '<f8", ""), "quote is not closed");
    expect_says(file(1, "", ""), "'{' expected");
}

TEST(Npy, WritesWhatItReads) {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    const Numbers data{0.1, -kInf, 1e300, -0.0, 4, 5};
    const Shape shape{1, 2, 3};
    EXPECT_EQ(parse_npy(npy_bytes(shape, data), "a.npy"), (NpyArray{shape, data, "<f8"}));
    const NpyArray narrow = parse_npy(npy_bytes(Shape{2}, Numbers{0.1, 3}, NpyType::f4), "a.npy");
    EXPECT_EQ(narrow, (NpyArray{{2}, {static_cast<double>(0.1F), 3}, "<f4"}));
    const Numbers whole{-32768, -1, 0, 255, 32767};
    EXPECT_EQ(parse_npy(npy_bytes(Shape{5}, whole, NpyType::i2), "a.npy"), (NpyArray{{5}, whole, "<i2"}));
    EXPECT_TRUE(std::isnan(parse_npy(npy_bytes(Shape{}, Numbers{std::nan("")}), "a.npy").data[0]));
    for (std::int64_t axes = 0; axes < 40; ++axes)
        EXPECT_EQ((npy_bytes(Shape(static_cast<std::size_t>(axes), 1), Numbers{1}).size() - 8) % 64, 0u) << axes;
}

TEST(Npy, FilesComeBack) {
    const auto folder = std::filesystem::temp_directory_path() / "convlens_npy_test";
    std::filesystem::create_directories(folder);
    const auto path = folder / "ы tensor.npy";
    const Tensor<double> tensor({1, 2, 1, 2}, Numbers{1, 2, 3, 4.5});
    write_npy(path, tensor);
    EXPECT_EQ(to_tensor(read_npy(path), path.string()), tensor);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);  // nothing left beside it
    std::filesystem::remove_all(folder);
    EXPECT_THROW(read_npy(path), FileError);
    EXPECT_THROW(write_npy(path, tensor), FileError);
    EXPECT_THROW(to_tensor({{1, 1, 1, 1, 1}, {1}, "<f8"}, "a.npy"), FileError);
}

// Every shortened or altered file is read or refused, never more.
TEST(Npy, SurvivesDamage) {
    const std::vector<std::byte> good = npy_bytes(Shape{2, 2}, Numbers{1, 2, 3, 4});
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_THROW(parse_npy(std::span(good).first(length), "a.npy"), FileError);
    for (std::size_t at = 0; at < 90; ++at) {
        for (const int value : {0, 39, 40, 44, 48, 57, 125, 255}) {
            std::vector<std::byte> bad = good;
            bad[at] = static_cast<std::byte>(value);
            refusal(bad);
        }
    }
}

}  // namespace convlens
