// The machine's filter costs, measured once and kept: what an image comes to then does not depend on how busy the
// machine is.
#pragma once

#include <filesystem>
#include <string>

#include "core/engine/filter/filter_costs.h"

namespace convlens {

// The processor and the instruction set that filters take on it: costs were measured for one of these.
std::string machine_name();

// Those in `folder`/filter-costs.json where they are this machine's and this program's; else they are measured and
// written there. Where nothing can be written they are measured all the same. `folder` may be empty: nothing is kept.
FilterCosts kept_filter_costs(const std::filesystem::path& folder, FilterCosts (*measure)() = &measure_filter_costs);

// kept_filter_costs() of the state folder (file.h): looked up when first wanted. From any thread.
const FilterCosts& machine_filter_costs();

}  // namespace convlens
