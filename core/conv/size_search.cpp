// Which small change of the settings gives a wanted output size.
//
// The two axes of a layer are independent, so each is searched by itself: every change of one or two settings that gives
// the wanted length there is a candidate. An answer is a candidate for the rows beside one for the columns. For
// instance 10x10 under a 3x3 kernel is 8x8; 5x10 is wanted. Rows: stride 2 with padding 1, or kernel 6, ... Columns: padding
// 1, or kernel 1. "stride 2 for the rows, padding 1 for both" touches two settings, and no pair touches fewer by less.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"
#include "core/conv/rules.h"
#include "core/conv/size_ambiguity.h"

namespace convlens {

namespace {

constexpr std::int64_t kFarthest = 512;    // a single number moves by at most this
constexpr std::int64_t kPairFarthest = 8;  // both numbers of a pair together
constexpr std::size_t kFewSingles = 3;
constexpr double kUneven = 2;            // ends of an axis that are made to differ count as so much more
constexpr std::size_t kMostOfAKind = 4;  // candidates of one axis that change the same settings

// A set of settings has a bit for each.
constexpr unsigned bit_of(Field field) { return 1U << static_cast<unsigned>(field); }

// What is tried for a wanted size; of two changes of one size the first here is told first.
std::vector<Adjustment> searched_adjustments() {
    std::vector<Parameter> rows;
    std::ranges::copy_if(parameters(), std::back_inserter(rows),
                         [](const Parameter& row) { return row.search_order > 0; });
    std::ranges::sort(rows, {}, &Parameter::search_order);
    std::vector<Adjustment> all;
    for (const Parameter& row : rows) all.emplace_back(row.id);
    all.push_back(kPadAfter);
    return all;
}

// A layer that has the wanted length on an axis, and the settings that were changed for it.
struct Candidate {
    LayerShape layer;
    unsigned settings = 0;
};

struct Answer {
    LayerShape layer;
    unsigned settings = 0;
    double size = 0;

    int count() const { return std::popcount(settings); }
};

// Where a search begins: the layer itself, or the layer with a switch thrown.
struct Ground {
    LayerShape layer;
    LayerShape measured_from;  // what the size of a change is counted from
    unsigned settings = 0;
    double size = 0;
};

// The columns of one layer beside the rows of another.
LayerShape beside(LayerShape rows, const LayerShape& columns) {
    for (const Parameter& row : parameters()) {
        if (!per_axis(row) || row.id == Field::input) continue;
        for (const End end : {End::before, End::after}) {
            std::int64_t* const to = number_of(rows, row, Axis::w, end);
            const std::int64_t* const from = number_of(columns, row, Axis::w, end);
            if (to != nullptr && from != nullptr) *to = *from;
        }
    }
    return rows;
}

class Search {
public:
    Search(const ConvSpec& spec, const Shape4& input, Size2 wanted) : start_{spec, input, {}, {}}, wanted_(wanted) {
        start_.held = find_faults(start_).empty();  // a layer that is too large already asks for sizes alone
        for (const Axis axis : {Axis::h, Axis::w})
            if (!reached(start_, axis)) axes_.push_back(axis);
    }

    bool done_already() const { return axes_.empty(); }

    // The input of another size that the settings as they are make the wanted size of.
    std::optional<Answer> other_input() const {
        LayerShape layer = start_;
        for (const Axis axis : axes_) {
            const std::vector<std::int64_t> values = nearest(layer, Field::input, axis, 1);
            if (values.empty()) return {};
            layer = adjusted(layer, Field::input, only(axis), values.front());
        }
        if (!find_faults(layer).empty()) return {};
        return Answer{layer, 0, 0};
    }

    // One answer for each set of settings, the smallest: few settings first, then small changes.
    std::vector<Answer> answers(int most_settings, std::size_t most) const {
        std::vector<Answer> all;
        for (const Ground& ground : grounds()) combine(ground, most_settings, all);
        std::ranges::stable_sort(all, [](const Answer& a, const Answer& b) {
            return a.count() != b.count() ? a.count() < b.count() : a.size < b.size;
        });
        std::vector<Answer> best;
        std::set<unsigned> known;
        for (const Answer& answer : all) {
            if (best.size() == most) break;
            if (known.contains(answer.settings) || !find_faults(answer.layer).empty()) continue;
            known.insert(answer.settings);
            best.push_back(answer);
        }
        return best;
    }

    std::string text(const LayerShape& after) const {
        const bool typed = after.spec.pad_rule != start_.spec.pad_rule;
        LayerShape before = start_;
        if (typed) before.spec.pads.top = after.spec.pads.top - 1;  // so that the padding is told in any case
        std::string text;
        for (const Change& change : changes(before, after)) {
            if (typed && change.field == Field::pad_rule) continue;
            text += (text.empty() ? "" : ", ") + change.name + " " + change.value;
            if (typed && change.field == Field::padding)
                text += fmt::format(" in place of the rule {}", title(start_.spec.pad_rule));
        }
        return text + reason(after);
    }

private:
    std::int64_t wanted(Axis axis) const { return axis == Axis::h ? wanted_.h : wanted_.w; }

    bool reached(const LayerShape& layer, Axis axis) const {
        const std::int64_t length = axis == Axis::h ? layer.input.h : layer.input.w;
        return solve_wide(layer.spec, length, axis).output == wanted(axis);
    }

    std::vector<Ground> grounds() const {
        std::vector<Ground> all{{start_, start_, 0, 0}};
        LayerShape typed = start_;
        double size = 0;
        if (!reads_own_pads(start_.spec)) {
            // Padding that a rule has chosen, as if it had been typed. PyTorch's layers have one number for both ends.
            typed = *adjusted(start_, {Field::pad_rule, Adjustment::Way::own_numbers}, {});
            size = kSwitch;
            if (!ends_differ(typed, {}) || typed.spec.dialect != Dialect::torch)
                all.push_back({typed, typed, bit_of(Field::padding), size});
        }
        if (ends_differ(typed, {})) {
            LayerShape even = typed;
            even.spec.pads.bottom = even.spec.pads.top;
            even.spec.pads.right = even.spec.pads.left;
            all.push_back({even, typed, bit_of(Field::padding), size});
        }
        if (!is_pooling(start_.spec.op)) return all;
        for (std::size_t i = 0, count = all.size(); i < count; ++i) {
            Ground rounded = all[i];
            rounded.layer = *adjusted(rounded.layer, {Field::ceil_mode, Adjustment::Way::flip}, {});
            rounded.settings |= bit_of(Field::ceil_mode);
            all.push_back(rounded);
        }
        return all;
    }

    void combine(const Ground& ground, int most_settings, std::vector<Answer>& all) const {
        const std::vector<Candidate> rows = candidates(ground, Axis::h), columns = candidates(ground, Axis::w);
        for (const Candidate& row : rows) {
            for (const Candidate& column : columns) {
                const unsigned settings = ground.settings | row.settings | column.settings;
                if (settings == 0 || std::popcount(settings) > most_settings) continue;
                const LayerShape layer = beside(row.layer, column.layer);
                // An end by itself is worth telling as the only change.
                const bool uneven = ends_differ(layer, {}) && layer.spec.pads != ground.measured_from.spec.pads;
                if (uneven && std::popcount(settings) > 1) continue;
                const double size = size_of_change(ground.measured_from, layer) + (uneven ? kUneven : 0);
                all.push_back({layer, settings, ground.size + size});
            }
        }
    }

    // Changes of an axis that give the wanted length. An axis that has it stays as it is.
    std::vector<Candidate> candidates(const Ground& ground, Axis axis) const {
        if (good(ground.layer, axis)) return {{ground.layer, 0}};
        std::vector<Candidate> found;
        for (const Adjustment& searched : searched_)
            for (const std::int64_t value : nearest(ground.layer, searched, axis, kMostOfAKind))
                found.push_back({adjusted(ground.layer, searched, only(axis), value), bit_of(searched.field)});
        for (std::size_t i = 0; i < searched_.size(); ++i)
            for (std::size_t j = i + 1; j < searched_.size(); ++j)
                if (searched_[i].field != searched_[j].field)
                    add_pairs(ground, searched_[i], searched_[j], axis, found);
        return found;
    }

    std::optional<LayerShape> moved(const LayerShape& layer, const Adjustment& adjustment, Axis axis,
                                    std::int64_t by) const {
        // PyTorch's layers pad both ends of an axis alike.
        if (adjustment == kPadAfter && layer.spec.dialect == Dialect::torch) return {};
        const auto value = value_of(layer, adjustment, only(axis));
        if (!value || *value + by < least_value(layer, adjustment, only(axis))) return {};
        return adjusted(layer, adjustment, only(axis), *value + by);
    }

    // Reaching the size by an impossible setting is no answer. A fault of the other axis may still be there.
    bool good(const LayerShape& layer, Axis axis) const {
        if (!reached(layer, axis)) return false;
        return std::ranges::none_of(find_faults(layer),
                                    [axis](const Fault& f) { return axis == Axis::h ? f.rows : f.columns; });
    }

    std::vector<std::int64_t> nearest(const LayerShape& layer, const Adjustment& adjustment, Axis axis,
                                      std::size_t most) const {
        std::vector<std::int64_t> values;
        for (std::int64_t step = 1; step <= kFarthest && values.size() < most; ++step) {
            for (const std::int64_t by : {-step, step}) {
                const auto changed = moved(layer, adjustment, axis, by);
                if (changed && good(*changed, axis)) values.push_back(*value_of(*changed, adjustment, only(axis)));
            }
        }
        return values;
    }

    // Both settings are needed: neither alone would do.
    void add_pairs(const Ground& ground, const Adjustment& first, const Adjustment& second, Axis axis,
                   std::vector<Candidate>& found) const {
        std::size_t count = 0;
        const auto try_pair = [&](std::int64_t a, std::int64_t b) {
            const auto one = moved(ground.layer, first, axis, a);
            const auto other = moved(ground.layer, second, axis, b);
            if (!one || !other || reached(*one, axis) || reached(*other, axis)) return;
            const auto two = moved(*one, second, axis, b);
            if (!two || !good(*two, axis)) return;
            found.push_back({*two, bit_of(first.field) | bit_of(second.field)});
            ++count;
        };
        for (std::int64_t both = 2; both <= kPairFarthest && count < kMostOfAKind; ++both) {
            for (std::int64_t a = 1 - both; a < both; ++a) {
                if (a == 0) continue;
                try_pair(a, std::abs(a) - both);
                try_pair(a, both - std::abs(a));
            }
        }
    }

    // The lengths that the answer does not tell apart, on the first axis that changes; output padding says which of them
    // is meant.
    std::string reason(const LayerShape& after) const {
        const Size2 plane = after.input.plane();
        const auto rows = round_trip(after.spec, plane, Axis::h), columns = round_trip(after.spec, plane, Axis::w);
        const auto& trip = axes_.front() == Axis::h ? rows : columns;
        if (!trip) return {};
        // Where the lengths of the other axis are others, it is said which one this is about.
        const bool alike_axes =
            rows && columns && rows->alike == columns->alike && rows->short_length == columns->short_length &&
            rows->shrinks_to == columns->shrinks_to && (!rows->shrinks_to || rows->present == columns->present);
        const char* which = alike_axes ? "" : axes_.front() == Axis::h ? " rows" : " columns";
        const bool transposed = after.spec.op == Op::conv_transpose;
        if (trip->shrinks_to)
            return fmt::format(": no convolution with stride {} shrinks {}{} to {}",
                               axis_of(after.spec, axes_.front()).stride, trip->present, which, trip->short_length);
        const char* what = transposed ? "shrink to" : "give";
        const LengthSpan& alike = trip->alike;
        const bool two = trip->count() == 2;
        return fmt::format(": {}{} {} {}{} {} {} {}", transposed ? "" : "inputs of ", alike.least, two ? "and" : "to",
                           alike.most, which, two ? "both" : "all", what, trip->short_length);
    }

    LayerShape start_;
    Size2 wanted_;
    std::vector<Axis> axes_;  // those that have to change
    std::vector<Adjustment> searched_ = searched_adjustments();
};

}  // namespace

std::vector<SizeAnswer> settings_for_size(const ConvSpec& spec, const Shape4& input, Size2 wanted, std::size_t limit) {
    const Search search(spec, input, wanted);
    std::vector<SizeAnswer> answers;
    if (search.done_already() || wanted.h < 1 || wanted.w < 1 || limit == 0) return answers;

    const auto other_input = search.other_input();
    const std::size_t most = other_input ? limit - 1 : limit;
    const std::vector<Answer> singles = search.answers(1, most);
    std::vector<Answer> all = search.answers(2, most + singles.size());
    const double smallest = singles.empty() ? 0 : singles.front().size;
    // Two settings are worth telling where changes of one are few, or larger.
    std::erase_if(all, [&](const Answer& answer) {
        return answer.count() > 1 && singles.size() >= kFewSingles && answer.size >= smallest;
    });
    if (all.empty()) all = search.answers(4, most);
    if (all.size() > most) all.resize(most);
    for (const Answer& answer : all)
        answers.push_back({search.text(answer.layer), answer.layer.spec, answer.layer.input});
    if (other_input) answers.push_back({search.text(other_input->layer), spec, other_input->layer.input});
    return answers;
}

namespace {

std::string signed_text(std::int64_t value) {
    const std::string text = fmt::format("{}", value);
    return value < 0 ? "\u2212" + text.substr(1) : text;
}

}  // namespace

std::string no_answer_text(Size2 wanted) {
    if (wanted.h < 1 || wanted.w < 1)
        return fmt::format("The output must be at least 1×1; {}×{} is not.", signed_text(wanted.h),
                           signed_text(wanted.w));
    return fmt::format("No small change of one or two settings gives {}×{}.", wanted.h, wanted.w);
}

}  // namespace convlens
