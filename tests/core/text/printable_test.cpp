#include "core/text/printable.h"

#include <gtest/gtest.h>

#include "core/io/error.h"

namespace convlens {
namespace {

TEST(Printable, TextOfEveryLanguageStays) {
    for (const char* text : {"", "photo sobel_x.png", "图片.png", "фото", "über", "a\\b \"c\"", "한국어 📷 é"})
        EXPECT_EQ(printable(text), text);
}

TEST(Printable, WhatATerminalWouldObeyIsWrittenOut) {
    EXPECT_EQ(printable("\x1b[2J\x07!"), "\\x1b[2J\\x07!");
    EXPECT_EQ(printable("two\nlines\r\tand a tab"), "two\\nlines\\r\\tand a tab");
    EXPECT_EQ(printable(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
    EXPECT_EQ(printable("\u009b2J"), "\\u009b2J");            // C1, by which a sequence can begin too
    EXPECT_EQ(printable("\u202egnp.exe"), "\\u202egnp.exe");  // would be read as exe.png
    EXPECT_EQ(printable("\u2066a\u2069\u200f"), "\\u2066a\\u2069\\u200f");
    EXPECT_EQ(printable("a\u2028b\u200bc\ufeff"), "a\\u2028b\\u200bc\\ufeff");
}

TEST(Printable, BytesThatAreNotUtf8AreWrittenOut) {
    EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
    EXPECT_EQ(printable("a\xc3"), "a\\xc3");                           // cut off
    EXPECT_EQ(printable("\xc3(\xe2\x82 "), "\\xc3(\\xe2\\x82 ");       // not continued
    EXPECT_EQ(printable("\xc0\x9b\xc1\xbf"), "\\xc0\\x9b\\xc1\\xbf");  // longer than needed
    EXPECT_EQ(printable("\xe0\x80\x9b"), "\\xe0\\x80\\x9b");
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // half of a pair
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond the last code
    EXPECT_EQ(printable("\x80 "), "\\x80 ");
}

TEST(Printable, LongTextLosesItsMiddle) {
    EXPECT_EQ(printable("abcdefghij", 10), "abcdefghij");
    EXPECT_EQ(printable("abcdefghijk", 10),
              "abcdef"
              "…"
              "ijk");
    EXPECT_EQ(printable("图图图图图图图图", 4),
              "图图"
              "…"
              "图");                                             // characters, not bytes
    EXPECT_EQ(printable("\x1b\x1b\x1b\x1b", 3), "\\x1b\\x1b…");  // nothing half
    EXPECT_EQ(printable(std::string(5000, 'a')).size(), kMostOfValue - 1 + std::string_view("…").size());
    EXPECT_EQ(printable("abc", 0), "…");
}

TEST(Printable, LinesStayLines) {
    EXPECT_EQ(printable_lines("a\x1b\n\nbcdefg\n", 3), "a\\x1b\n\nbc…\n");
    EXPECT_EQ(printable_lines(""), "");
}

TEST(FileError, IsFitToPrintWhateverTheFileIsCalledOrHolds) {
    const std::string path = "a\x1b]0;b\n.png";
    const FileError error(path, verbatim("holds \"" + std::string(5000, 'x') + "\x1b[2J\" instead"));
    EXPECT_EQ(error.path(), path);
    EXPECT_EQ(error.reason().find('\x1b'), std::string::npos);
    EXPECT_LT(error.reason().size(), 510U);
    EXPECT_TRUE(error.reason().ends_with("\\x1b[2J\" instead"));
    const std::string what = error.what();
    EXPECT_TRUE(what.starts_with("a\\x1b]0;b\\n.png: holds \"xxx")) << what;
    EXPECT_EQ(what.find('\x1b'), std::string::npos);
    EXPECT_EQ(what.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace convlens
