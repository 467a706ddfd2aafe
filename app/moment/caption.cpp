#include "app/moment/caption.h"

#include <fmt/format.h>

namespace convlens {

namespace {

// What one step by product goes to. Read by outputs, many weights of a transposed convolution meet no input cell: its steps
// count weights, not products.
const char* counted_thing(const Moment& m) {
    if (m.pooling()) return "value";
    return m.transposed() && !m.stamps() ? "weight" : "product";
}

}  // namespace

std::array<std::string, 3> step_captions(const Moment& m, std::int64_t step, std::int64_t count) {
    const Timeline& line = m.timeline;
    const std::string number = fmt::format("{} of {}", step, count);
    if (m.step.before_first) {
        const std::string none = (line.stamps ? "nothing stamped yet: step " : "nothing written yet: step ") + number;
        return {none, none, number};
    }
    const std::int64_t first = m.first_channel();
    std::string rest;
    if (line.stamps && line.cells.c > 1) rest += fmt::format(", channel {}", first + m.step.cell.c);
    if (line.by != StepBy::output && line.channels > 1) rest += fmt::format(", channel {}", first + m.step.channel);
    if (line.by == StepBy::product)
        rest += fmt::format(", {} {} of {}", counted_thing(m), m.step.product + 1, line.window);
    if (step > line.count()) rest += ", finished";
    rest += ": step " + number;
    const char* what = line.stamps ? "input" : "output";
    return {fmt::format("{} row {}, column {}", what, m.step.cell.y, m.step.cell.x) + rest,
            fmt::format("{}[{}, {}]", what, m.step.cell.y, m.step.cell.x) + rest, number};
}

}  // namespace convlens
