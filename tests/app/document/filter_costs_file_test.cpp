#include "app/document/filter_costs_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/engine/instruction_set.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

constexpr const char* kFile = "filter-costs.json";

TEST(FilterCostsFile, IsWrittenOnceAndReadFromThenOn) {
    const TempFolder folder;
    const FilterCosts measured = kept_filter_costs(folder.path());
    EXPECT_EQ(kept_filter_costs(folder.path()), measured);
    auto json = nlohmann::json::parse(folder.read(kFile));
    EXPECT_EQ(json.at("machine"), machine_name());
    json["tiles"] = 123456;  // a number that is never measured
    folder.write(kFile, json.dump());
    EXPECT_EQ(kept_filter_costs(folder.path()).tiles, 123456);
}

TEST(FilterCostsFile, OfAnotherMachineOrVersionIsMeasuredAnew) {
    const TempFolder folder;
    (void)kept_filter_costs(folder.path());
    const auto own = nlohmann::json::parse(folder.read(kFile));
    for (const char* key : {"machine", "convlens"}) {
        auto json = own;
        json[key] = "another";
        json["tiles"] = 123456;
        folder.write(kFile, json.dump());
        EXPECT_NE(kept_filter_costs(folder.path()).tiles, 123456);
        EXPECT_EQ(nlohmann::json::parse(folder.read(kFile)).at(key), own.at(key)) << "it is written anew";
    }
}

TEST(FilterCostsFile, ThatCannotBeReadOrMakesNoSenseIsMeasuredAnew) {
    const TempFolder folder;
    (void)kept_filter_costs(folder.path());
    auto json = nlohmann::json::parse(folder.read(kFile));
    json["box"] = -1;
    const std::string negative = json.dump();
    json["box"] = "inf";
    for (const std::string& text : {std::string("{"), negative, json.dump()}) {
        folder.write(kFile, text);
        const FilterCosts costs = kept_filter_costs(folder.path());
        EXPECT_GT(costs.box, 0) << text;
        EXPECT_LT(costs.box, 1000) << text;
        EXPECT_EQ(kept_filter_costs(folder.path()), costs) << "it is written anew";
    }
}

TEST(FilterCostsFile, IsNotNeeded) {
    EXPECT_GT(kept_filter_costs({}).tiles, 0);
    const TempFolder folder;
    EXPECT_GT(kept_filter_costs(folder.path() / "missing" / "folder").tiles, 0);
}

TEST(MachineName, NamesTheInstructionSet) { EXPECT_TRUE(machine_name().ends_with(instruction_set())); }

}  // namespace
}  // namespace convlens
