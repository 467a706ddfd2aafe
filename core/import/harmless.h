// What a statement of a pasted text may do, by its form alone. Internal to core/import.
#pragma once

#include <string_view>

#include "core/import/lines.h"

namespace convlens::pasted {

enum class Form {
    harmless,  // changes nothing that a layer is made of, whatever it names: import, print(y), assert, return y
    setting,   // may change what any other statement does: exec("..."), torch.set_default_dtype(torch.half)
    other,     // changes at most what it names
};
Form form_of(const PastedText& text, const Line& line);

// A function of a library that gives its result back and changes no variable in place: F.pad, np.pad; not nn.init.zeros_.
bool gives_result(std::string_view dotted);

}  // namespace convlens::pasted
