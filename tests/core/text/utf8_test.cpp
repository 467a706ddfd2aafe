#include "core/text/utf8.h"

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(Utf8, CodesTakeAsManyBytesAsTheyNeed) {
    const std::u32string codes = U"\u0001A\u007f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff";
    std::string text;
    for (const char32_t code : codes) append_utf8(text, code);
    EXPECT_EQ(text,
              "\x01"
              "A\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

}  // namespace
}  // namespace convlens
