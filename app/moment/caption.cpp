#include "app/moment/caption.h"

#include <utility>
#include <vector>

#include "app/moment/cell.h"

namespace convlens {

namespace {

// What one step by product goes to. Read by outputs, many weights of a transposed convolution meet no input cell: its steps
// count weights, not products.
Message counted_thing(const Moment& m) {
    const auto number = "number"_is(m.step.product + 1);
    const auto count = "count"_is(m.timeline.window);
    if (m.pooling()) return msg("value {number} of {count}", number, count);
    return m.transposed() && !m.stamps() ? msg("weight {number} of {count}", number, count)
                                         : msg("product {number} of {count}", number, count);
}

// What is told of a step behind its cell.
std::vector<Message> details_of(const Moment& m, std::int64_t step) {
    const Timeline& line = m.timeline;
    const std::int64_t first = m.first_channel();
    const auto channel = [first](std::int64_t c) { return msg("channel {channel}", "channel"_is(first + c)); };
    std::vector<Message> all;
    if (line.stamps && line.cells.c > 1) all.push_back(channel(m.step.cell.c));
    if (line.by != StepBy::output && line.channels > 1) all.push_back(channel(m.step.channel));
    if (line.by == StepBy::product) all.push_back(counted_thing(m));
    if (step > line.count()) all.push_back(msg("finished"));
    return all;
}

}  // namespace

std::array<Message, 3> step_captions(const Moment& m, std::int64_t step, std::int64_t count) {
    const Timeline& line = m.timeline;
    const auto number = "step"_is(step);
    const auto of = "count"_is(count);
    const Message alone = msg("{step} of {count}", number, of);
    if (m.step.before_first) {
        const Message none = line.stamps ? msg("nothing stamped yet: step {step} of {count}", number, of)
                                         : msg("nothing written yet: step {step} of {count}", number, of);
        return {none, none, alone};
    }
    const auto caption = [&](Message cell) {
        std::vector<Message> all = details_of(m, step);
        all.insert(all.begin(), std::move(cell));
        return msg("{place}: step {step} of {count}", "place"_is(in_a_row(std::move(all))), number, of);
    };
    const Cell4& at = m.step.cell;
    const auto row = "row"_is(at.y);
    const auto column = "column"_is(at.x);
    return {caption(line.stamps ? msg("input row {row}, column {column}", row, column)
                                : msg("output row {row}, column {column}", row, column)),
            caption(tensor_cell_name(line.stamps ? TensorKind::input : TensorKind::output, {1, 1, 1, 1}, at)), alone};
}

}  // namespace convlens
