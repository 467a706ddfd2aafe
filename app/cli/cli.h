// The command line: every command that needs no window.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/words/words.h"

namespace convlens {

// Where a command writes, and in which language: results on `out`, words for people on `err`. What programs read (JSON)
// is English always.
struct Console {
    std::ostream& out;
    std::ostream& err;
    Lang lang = Lang::english;

    std::string text(const Message& message) const { return in(lang, message); }
    // A line of its own.
    void say(const Message& message) const { err << text(message) << '\n'; }
};

// Exit codes of every command.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;  // the input: with the field, the reason and the nearest thing that works
inline constexpr int kWrongUse = 2;

// What the window shows at its start.
struct WindowRequest {
    std::vector<std::string> files;  // documents, images, tensors; none: the work of last time
    std::optional<Lang> lang;        // asked for by --lang or CONVLENS_LANG
    bool fresh = false;              // not the work of last time, but what a first start shows
};

// Runs what `arguments` (without the program's name) ask for and gives the exit code; or nothing, when they ask for the
// window, which `window` then describes. Throws nothing: see report_exception. What goes to `raw.err` is made printable.
std::optional<int> run_command_line(const std::vector<std::string>& arguments, Console raw, WindowRequest& window);

// Call while an exception is being handled: says on `console.err` what went wrong, and gives the exit code.
int report_exception(Console console);

}  // namespace convlens
