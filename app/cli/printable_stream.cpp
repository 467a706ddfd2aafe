#include "app/cli/printable_stream.h"

#include "core/text/printable.h"

namespace convlens {

void PrintableStream::Lines::put_line() {
    to_ << printable(line_, kMostOfMessage);
    line_.clear();
}

PrintableStream::Lines::int_type PrintableStream::Lines::overflow(int_type c) {
    if (c == '\n') {
        put_line();
        to_ << '\n';
    } else if (c != traits_type::eof()) {
        line_ += static_cast<char>(c);
    }
    return traits_type::not_eof(c);
}

int PrintableStream::Lines::sync() {
    put_line();
    to_.flush();
    return 0;
}

}  // namespace convlens
