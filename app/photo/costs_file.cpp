#include "app/photo/costs_file.h"

#include <cmath>
#include <exception>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/document/file.h"
#include "core/base/version.h"
#include "core/engine/instruction_set.h"
#include "core/io/bytes.h"
#include "core/io/json_value.h"

namespace convlens {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "filter-costs.json";
constexpr int kEngine = 4;  // to be raised where its methods become quicker or slower, so that they are measured anew

// Which program they are measured for: one without optimisation has other costs.
// no words: what the file of costs is told by
std::string program_name() {
#ifdef NDEBUG
    return fmt::format("{}, engine {}", version(), kEngine);
#else
    return fmt::format("{}, engine {}, debug", version(), kEngine);
#endif
}

// Linux's name of the processor; empty where it has none.
// no words: what Linux writes
std::string processor_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const std::size_t at = line.find(": ");
        if (line.starts_with("model name") && at != std::string::npos) return line.substr(at + 2) + ", ";
    }
    return "";
}

std::optional<FilterCosts> read_costs(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return std::nullopt;
    try {
        const std::string name = path.string();
        const nlohmann::json json = read_json(path, kSmallJson);
        const JsonValue file(json, name);
        if (file["machine"].text() != machine_name() || file["convlens"].text() != program_name()) return std::nullopt;
        const FilterCosts costs{file["tiles"].number(), file["pass"].number(), file["box"].number()};
        for (const double cost : {costs.tiles, costs.pass, costs.box})
            if (!std::isfinite(cost) || cost <= 0) return std::nullopt;
        return costs;
    } catch (const std::exception&) {
        return std::nullopt;  // it is written anew
    }
}

void write_costs(const FilterCosts& costs, const fs::path& path) {
    const nlohmann::ordered_json json{{"machine", machine_name()},
                                      {"convlens", program_name()},
                                      {"tiles", costs.tiles},
                                      {"pass", costs.pass},
                                      {"box", costs.box}};
    try {
        write_file(path, json.dump(2) + "\n");
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): they are measured again next time
    }
}

}  // namespace

std::string machine_name() { return processor_name() + instruction_set(); }

FilterCosts kept_filter_costs(const fs::path& folder, FilterCosts (*measure)()) {
    if (folder.empty()) return measure();
    if (const auto kept = read_costs(folder / kFile)) return *kept;
    const FilterCosts costs = measure();
    write_costs(costs, folder / kFile);
    return costs;
}

const FilterCosts& machine_filter_costs() {
    static const FilterCosts costs = kept_filter_costs(state_folder());
    return costs;
}

}  // namespace convlens
