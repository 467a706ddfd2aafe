// The layers whose programs are kept in tests/fixtures/programs/, one file a framework and layer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/codegen/emit.h"
#include "tests/core/random_layer.h"

namespace convlens {

struct ProgramLayer {
    std::string name;  // of its files
    RandomLayer layer;
};

// Layers that an emitter writes by different lines: grouped, depthwise, strided and dilated, transposed, pooled with
// ceil_mode, one for each way to pad. Sizes, strides, dilations, pads and all numbers differ from one another, so that
// two of them that are exchanged change the program.
std::vector<ProgramLayer> program_layers();

// "torch/grouped.py": the file of a layer's program, in tests/fixtures/programs/.
std::string program_file(Framework framework, std::string_view layer);

}  // namespace convlens
