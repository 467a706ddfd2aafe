// Which small change of the settings gives a wanted output size.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "core/conv/faults.h"
#include "core/conv/knobs.h"
#include "core/conv/pad.h"
#include "core/conv/round_trip.h"

namespace convlens {

namespace {

constexpr std::int64_t kFarthest = 512;    // a single number moves by at most this
constexpr std::int64_t kPairFarthest = 8;  // both numbers of a pair together
constexpr std::size_t kFewSingles = 3;

constexpr std::array kKnobs{Knob::output_size, Knob::output_padding, Knob::padding,
                            Knob::kernel,      Knob::stride,         Knob::dilation};

constexpr Axes only(Axis axis) { return {axis == Axis::h, axis == Axis::w}; }

struct Answer {
    LayerShape layer;
    double size = 0;
};

class Search {
public:
    Search(const ConvSpec& spec, const Shape4& input, Size2 wanted) : start_{spec, input, {}, {}}, wanted_(wanted) {
        for (const Axis axis : {Axis::h, Axis::w})
            if (!reached(start_, axis)) axes_.push_back(axis);
    }

    bool done_already() const { return axes_.empty(); }

    std::optional<Answer> single(Knob knob) const {
        auto answer = single_from(start_, knob);
        if (!answer && !reads_own_pads(start_.spec)) answer = single_from(with_own_pads(), knob);
        return answer;
    }

    // Both knobs are needed: neither alone would do on any axis.
    std::optional<Answer> pair(Knob first, Knob second) const {
        const bool turns_padding = first == Knob::padding || second == Knob::padding;
        LayerShape layer = turns_padding ? with_own_pads() : start_;
        for (const Axis axis : axes_) {
            auto turned = nearest_pair(layer, first, second, axis);
            if (!turned) return {};
            layer = *turned;
        }
        return checked(layer);
    }

    std::string text(const LayerShape& after) const {
        std::string text;
        for (const Change& change : changes(start_, after)) {
            text += (text.empty() ? "" : ", ") + change.name + " " + change.value;
        }
        return text + reason(after);
    }

private:
    std::int64_t wanted(Axis axis) const { return axis == Axis::h ? wanted_.h : wanted_.w; }

    bool reached(const LayerShape& layer, Axis axis) const {
        const std::int64_t length = axis == Axis::h ? layer.input.h : layer.input.w;
        return solve_wide(layer.spec, length, axis).output == wanted(axis);
    }

    // Padding that a rule has chosen, as if it had been typed.
    LayerShape with_own_pads() const {
        LayerShape layer = start_;
        if (reads_own_pads(layer.spec)) return layer;
        layer.spec.pads = resolve_pads(layer.spec, layer.input.plane());
        layer.spec.pad_rule = PadRule::explicit_;
        return layer;
    }

    std::optional<Answer> single_from(LayerShape layer, Knob knob) const {
        for (const Axis axis : axes_) {
            const auto value = nearest(layer, knob, axis);
            if (!value) return {};
            layer = turned_to(layer, knob, only(axis), *value);
        }
        return checked(layer);
    }

    std::optional<LayerShape> moved(const LayerShape& layer, Knob knob, Axis axis, std::int64_t by) const {
        const auto value = value_of(layer, knob, only(axis));
        if (!value || *value + by < least_value(layer, knob, only(axis))) return {};
        return turned_to(layer, knob, only(axis), *value + by);
    }

    // Reaching the size by an impossible setting is no answer. A fault of the other axis may still be there.
    bool good(const LayerShape& layer, Axis axis) const {
        if (!reached(layer, axis)) return false;
        return std::ranges::none_of(find_faults(layer),
                                    [axis](const Fault& f) { return axis == Axis::h ? f.rows : f.columns; });
    }

    std::optional<std::int64_t> nearest(const LayerShape& layer, Knob knob, Axis axis) const {
        for (std::int64_t step = 1; step <= kFarthest; ++step) {
            for (const std::int64_t by : {-step, step}) {
                const auto changed = moved(layer, knob, axis, by);
                if (changed && good(*changed, axis)) return value_of(*changed, knob, only(axis));
            }
        }
        return {};
    }

    std::optional<LayerShape> nearest_pair(const LayerShape& layer, Knob first, Knob second, Axis axis) const {
        for (std::int64_t both = 2; both <= kPairFarthest; ++both) {
            for (std::int64_t a = 1 - both; a < both; ++a) {
                if (a == 0) continue;
                const auto one = moved(layer, first, axis, a);
                if (!one || reached(*one, axis)) continue;
                for (const std::int64_t b : {std::abs(a) - both, both - std::abs(a)}) {
                    const auto other = moved(layer, second, axis, b);
                    if (!other || reached(*other, axis)) continue;
                    const auto two = moved(*one, second, axis, b);
                    if (two && good(*two, axis)) return two;
                }
            }
        }
        return {};
    }

    std::optional<Answer> checked(LayerShape layer) const {
        if (!find_faults(layer).empty()) return {};
        for (const Axis axis : {Axis::h, Axis::w})
            if (!reached(layer, axis)) return {};
        const double size = size_of_change(start_, layer);
        return Answer{layer, size};
    }

    // The lengths that the answer does not tell apart, on the first axis that changes; output padding says which of them
    // is meant.
    std::string reason(const LayerShape& after) const {
        const auto trip = round_trip(after.spec, after.input.plane(), axes_.front());
        if (!trip) return {};
        const bool transposed = after.spec.op == Op::conv_transpose;
        if (trip->shrinks_to)
            return fmt::format(": no convolution with stride {} shrinks {} to {}",
                               axis_of(after.spec, axes_.front()).stride, trip->present, trip->short_length);
        const char* what = transposed ? "shrink to" : "give";
        const LengthSpan& alike = trip->alike;
        const bool two = trip->count() == 2;
        return fmt::format(": {}{} {} {} {} {} {}", transposed ? "" : "inputs of ", alike.least, two ? "and" : "to",
                           alike.most, two ? "both" : "all", what, trip->short_length);
    }

    LayerShape start_;
    Size2 wanted_;
    std::vector<Axis> axes_;  // those that have to change
};

}  // namespace

std::vector<SizeAnswer> reach_size(const ConvSpec& spec, const Shape4& input, Size2 wanted, std::size_t limit) {
    const Search search(spec, input, wanted);
    std::vector<SizeAnswer> answers;
    if (search.done_already()) return answers;

    const auto other_input = search.single(Knob::length);
    const std::size_t most = other_input && limit > 0 ? limit - 1 : limit;
    const auto give = [&](const Answer& answer) {
        answers.push_back({search.text(answer.layer), answer.layer.spec, answer.layer.input});
    };
    const auto take = [&](std::vector<Answer>& found) {
        std::ranges::stable_sort(found, {}, &Answer::size);
        for (const Answer& answer : found)
            if (answers.size() < most) give(answer);
    };
    std::vector<Answer> singles;
    for (const Knob knob : kKnobs)
        if (auto answer = search.single(knob)) singles.push_back(*answer);
    take(singles);
    if (singles.size() < kFewSingles) {
        std::vector<Answer> pairs;
        for (std::size_t i = 0; i < kKnobs.size(); ++i)
            for (std::size_t j = i + 1; j < kKnobs.size(); ++j)
                if (auto answer = search.pair(kKnobs[i], kKnobs[j])) pairs.push_back(*answer);
        take(pairs);
    }
    if (other_input && limit > 0) give(*other_input);
    return answers;
}

}  // namespace convlens
