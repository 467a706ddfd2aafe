// Chooses between the command line and the window.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "app/window/app.h"

namespace {

int run(const std::vector<std::string>& arguments, convlens::Console& console) {
    convlens::WindowRequest request;
    const auto code = convlens::run_command_line(arguments, console, request);
    console.lang = request.lang.value_or(console.lang);
    if (code) return *code;
    try {
        convlens::WindowOptions options;
        options.files = std::move(request.files);
        options.fresh = request.fresh;
        options.lang = request.lang;
        return convlens::run_window(options);
    } catch (...) {
        return convlens::report_exception(console);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    convlens::Console console{std::cout, std::cerr};
    const int code = run(arguments, console);
    if (std::cout.flush()) return code;
    console.say(convlens::msg("convlens: the results could not be written to standard output"));
    return code == convlens::kDone ? convlens::kRefused : code;
}
