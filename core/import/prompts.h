// The prompts of interactive sessions, as documentation shows them and people paste them. Internal to core/import.
#pragma once

#include <string>

namespace convlens::pasted {

// A text without the prompts that its lines begin with; its lines stay what they are.
//
//   >>> conv = nn.Conv2d(3, 8, 3)      Python and IPython; ... continues a statement
//   In [3]: conv = nn.Conv2d(3, 8, 3)  IPython and Jupyter, with Out[3]: and ...:
//   >> y = conv2(x, k)                 MATLAB, where the text begins with one; octave:1>
//
// Blanks take the place of prompts that are all of one width, so that columns stay as well.
std::string without_prompts(std::string text);

}  // namespace convlens::pasted
