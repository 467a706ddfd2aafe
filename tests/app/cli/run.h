// Runs a command line as the program would, with its streams caught.
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/cli.h"

namespace convlens {

struct Ran {
    std::optional<int> code;  // nothing: the window was asked for
    std::string out, err;
    WindowRequest window;

    // The lines of `out`, each as JSON; throws where one is not.
    std::vector<nlohmann::json> lines() const {
        std::vector<nlohmann::json> all;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);) all.push_back(nlohmann::json::parse(line));
        return all;
    }
    bool says(std::string_view text) const { return (out + err).find(text) != std::string::npos; }
};

inline Ran run(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Ran ran;
    ran.code = run_command_line(arguments, {out, err}, ran.window);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
}

}  // namespace convlens
