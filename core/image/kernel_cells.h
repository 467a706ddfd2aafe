// The characters of a kernel text as rows of cells, and cells as numbers. Internal to core/image: kernel.h has what others
// call.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/message.h"

namespace convlens::cells {

using Cells = std::vector<std::string>;

// Without comments, and with plain characters for what word processors and papers make of them.
std::string plain(std::string_view text);

// What was typed, as far as it can be told again: in one line and not whole pages of it.
std::string quoted(std::string_view text);

// A finite number without its surroundings, or nothing: 1, +1.5, -2e3.
std::optional<double> plain_number(std::string_view text);
// A number or a fraction of two.
std::optional<double> number(std::string_view text);
// The same; throws KernelError where it is none.
double number_or_refuse(std::string_view text, const Message& where);

// "row 1, column 2", of indices from 0.
Message place(std::size_t row, std::size_t col);

// The text cut into rows of cells. Blanks, a comma or both separate cells; a comma with nothing in front is a missing
// number, but for one at the row's end, and one behind a bracket ("[[1, 2], [3, 4]]").
struct Splitter {
    std::vector<Cells> rows;
    Cells cells;
    std::string cell;
    bool comma_allowed = false;  // a number stands in front of where we are
    bool after_bracket = false;
    std::size_t commas = 0;

    void end_cell();
    void comma();
    void end_row();
};

// The text, which is plain(), in rows.
Splitter split(std::string_view text);

}  // namespace convlens::cells
