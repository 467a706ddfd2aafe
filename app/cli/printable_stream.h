// A stream for words to people: whatever a command writes there of a file's name or content, or of an argument, cannot
// steer the terminal (core/text/printable.h).
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace convlens {

class PrintableStream : public std::ostream {
public:
    explicit PrintableStream(std::ostream& to) : std::ostream(nullptr), lines_(to) { rdbuf(&lines_); }

private:
    // Whole lines go on, so that no character is looked at in halves; what a flush finds goes on as it is.
    class Lines : public std::streambuf {
    public:
        explicit Lines(std::ostream& to) : to_(to) {}
        ~Lines() override { put_line(); }
        Lines(const Lines&) = delete;
        Lines& operator=(const Lines&) = delete;

    private:
        int_type overflow(int_type c) override;
        int sync() override;
        void put_line();

        std::ostream& to_;
        std::string line_;
    };

    Lines lines_;
};

}  // namespace convlens
