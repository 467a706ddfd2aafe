#include "app/photo/costs_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/engine/instruction_set.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

constexpr const char* kFile = "filter-costs.json";

// Costs that nobody else gives, and how often they were asked for.
int measurements = 0;
FilterCosts measure() { return {12e6 + ++measurements, 3, 50}; }

class FilterCostsFile : public testing::Test {
protected:
    FilterCostsFile() { measurements = 0; }
    FilterCosts kept() const { return kept_filter_costs(folder.path(), measure); }
    nlohmann::json written() const { return nlohmann::json::parse(folder.read(kFile)); }

    const TempFolder folder;
};

TEST_F(FilterCostsFile, IsWrittenOnceAndReadFromThenOn) {
    const FilterCosts measured = kept();
    EXPECT_EQ(kept(), measured);
    EXPECT_EQ(measurements, 1);
    EXPECT_EQ(written().at("machine"), machine_name());
}

TEST_F(FilterCostsFile, OfAnotherMachineOrProgramIsMeasuredAnew) {
    const FilterCosts first = kept();
    for (const char* key : {"machine", "convlens"}) {
        auto json = written();
        const std::string own = json.at(key);
        json[key] = "another";
        folder.write(kFile, json.dump());
        const FilterCosts again = kept();
        EXPECT_NE(again, first) << key;
        EXPECT_EQ(written().at(key), own) << "it is written anew";
        EXPECT_EQ(kept(), again);
    }
    EXPECT_EQ(measurements, 3);
}

TEST_F(FilterCostsFile, ThatCannotBeReadOrMakesNoSenseIsMeasuredAnew) {
    (void)kept();
    const auto with_box = [own = written()](const nlohmann::json& box) {
        auto json = own;
        json["box"] = box;
        return json.dump();
    };
    int wanted = 1;
    for (const std::string& text : {std::string("{"), std::string("[]"), std::string(), with_box(-1), with_box(0),
                                    with_box("inf"), with_box(nullptr)}) {
        folder.write(kFile, text);
        EXPECT_EQ(kept().box, 50) << text;
        EXPECT_EQ(measurements, ++wanted) << text;
        (void)kept();
        EXPECT_EQ(measurements, wanted) << "it is written anew";
    }
}

TEST_F(FilterCostsFile, IsNotNeeded) {
    EXPECT_EQ(kept_filter_costs({}, measure).box, 50);
    EXPECT_EQ(kept_filter_costs(folder.path() / "missing" / "folder", measure).box, 50);
    EXPECT_EQ(measurements, 2);
}

TEST(MachineName, NamesTheInstructionSet) { EXPECT_TRUE(machine_name().ends_with(instruction_set())); }

}  // namespace
}  // namespace convlens
