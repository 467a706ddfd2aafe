#include "core/text/utf8.h"

namespace convlens {

void append_utf8(std::string& text, char32_t code) {
    const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
    const auto follow = [&](int shift) { add(0x80U | (code >> shift & 0x3fU)); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xc0U | code >> 6U);
        follow(0);
    } else if (code < 0x10000) {
        add(0xe0U | code >> 12U);
        follow(6);
        follow(0);
    } else {
        add(0xf0U | code >> 18U);
        follow(12);
        follow(6);
        follow(0);
    }
}

}  // namespace convlens
