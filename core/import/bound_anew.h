// Names of libraries that a pasted Python text binds to something else: def convolve2d(a, b) behind an import of that name,
// nn.Conv2d = Conv2d, conv2d = F.conv_transpose2d. To Python the later binding is what a call takes. Internal to
// core/import.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/lines.h"
#include "core/import/names.h"

namespace convlens::pasted {

// One place that gives a name what it stands for.
struct Rebinding {
    enum class How { imported, defined, set };
    How how = How::set;
    std::size_t token = 0;  // the name
    Line line;              // the statement
    std::size_t value = 0;  // of "set": the one name behind "=", as a token; 0 where something else stands there
};

class BoundAnew {
public:
    // Keeps both. Precondition: they outlive it.
    BoundAnew(const PastedText& text, const Imports& imports);

    // Whether a name, as the text has it, means the function that is called.
    using IsSame = std::function<bool(std::string_view name)>;
    // What makes the call at a token, the name of its function, another one than that of the library; nullptr for nothing.
    // Of a call in a function, which runs later, that is what stands last in the text, else what stands last before it.
    const Rebinding* of_call(std::size_t call, const IsSame& is_same) const;

private:
    void add(std::string_view name, Rebinding::How how, std::size_t token, const Line& line, std::size_t value = 0);
    void take_line(const Line& line);
    void take_others();
    const std::vector<Rebinding>& of(std::string_view name) const;
    const Rebinding* last(std::string_view name, std::size_t at, const IsSame& is_same, int steps) const;
    bool runs_later(std::size_t at, const Line& line) const;

    const PastedText& text_;
    const Imports& imports_;
    std::vector<Line> lines_;
    std::vector<std::size_t> lambdas_;                                     // tokens
    std::map<std::string, std::vector<Rebinding>, std::less<>> bindings_;  // of bare names, and of whole dotted ones
};

}  // namespace convlens::pasted
