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
#include <functional>
#include <iterator>
#include <set>
#include <type_traits>
#include <utility>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"
#include "core/conv/rules.h"
#include "core/conv/size_ambiguity.h"
#include "core/conv/wide_axis.h"

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
    bool uneven = false;  // it makes the ends of an axis differ

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

// Which lengths a sentence is about.
enum class About { both, rows, columns };

template <typename... Places>
Message said(About about, Sentence<std::type_identity_t<Places>...> both,
             Sentence<std::type_identity_t<Places>...> rows, Sentence<std::type_identity_t<Places>...> columns,
             Places... places) {
    return msg(about == About::both ? both : about == About::rows ? rows : columns, std::move(places)...);
}

// Why the answer has an output padding that no convolution comes from.
Message unmatched(About about, const SizeAmbiguity& trip, std::int64_t by) {
    return said(about, key("no convolution with stride {stride} shrinks {length} to {shrunk}"),
                key("no convolution with stride {stride} shrinks {length} rows to {shrunk}"),
                key("no convolution with stride {stride} shrinks {length} columns to {shrunk}"), "stride"_is(by),
                "length"_is(trip.present), "shrunk"_is(trip.short_length));
}

// The outputs of a transposed convolution that a convolution does not tell apart.
Message outputs_shrink(About about, const SizeAmbiguity& trip) {
    const auto least = "least"_is(trip.alike.least);
    const auto most = "most"_is(trip.alike.most);
    const auto shrunk = "shrunk"_is(trip.short_length);
    if (trip.count() == 2)
        return said(about, key("{least} and {most} both shrink to {shrunk}"),
                    key("{least} and {most} rows both shrink to {shrunk}"),
                    key("{least} and {most} columns both shrink to {shrunk}"), least, most, shrunk);
    return said(about, key("{least} to {most} all shrink to {shrunk}"),
                key("{least} to {most} rows all shrink to {shrunk}"),
                key("{least} to {most} columns all shrink to {shrunk}"), least, most, shrunk);
}

// The inputs of a convolution or pooling that its output does not tell apart.
Message inputs_give(About about, const SizeAmbiguity& trip) {
    const auto least = "least"_is(trip.alike.least);
    const auto most = "most"_is(trip.alike.most);
    const auto output = "output"_is(trip.short_length);
    if (trip.count() == 2)
        return said(about, key("inputs of {least} and {most} both give {output}"),
                    key("inputs of {least} and {most} rows both give {output}"),
                    key("inputs of {least} and {most} columns both give {output}"), least, most, output);
    return said(about, key("inputs of {least} to {most} all give {output}"),
                key("inputs of {least} to {most} rows all give {output}"),
                key("inputs of {least} to {most} columns all give {output}"), least, most, output);
}

class Search {
public:
    Search(const ConvSpec& spec, const Shape4& input, Size2 wanted, StrideWas stride)
        : start_{spec, input, {}, {}}, wanted_(wanted), stride_(stride) {
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
        return Answer{layer, 0, 0, false};
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
            // Two settings of which one is as it was are told already, as one.
            const bool told =
                known.contains(answer.settings) || std::ranges::find(best, answer.layer, &Answer::layer) != best.end();
            if (told || !find_faults(answer.layer).empty()) continue;
            known.insert(answer.settings);
            best.push_back(answer);
        }
        return evenly(std::move(best));
    }

    Message text(const LayerShape& after) const {
        const bool typed = after.spec.pad_rule != start_.spec.pad_rule;
        LayerShape before = start_;
        if (typed) before.spec.pads.top = after.spec.pads.top - 1;  // so that the padding is told in any case
        if (stride_ == StrideWas::untold && after.spec.kernel != start_.spec.kernel)
            before.spec.stride.h = after.spec.stride.h - 1;  // and so the stride that the kernel does not take along
        std::vector<Message> all;
        for (Change& change : changes(before, after)) {
            if (typed && change.field == Field::pad_rule) continue;
            const auto setting = "setting"_is(std::move(change.name));
            const auto value = "value"_is(std::move(change.value));
            all.push_back(typed && change.field == Field::padding
                              ? msg("{setting} {value} in place of the rule {rule}", setting, value,
                                    "rule"_is(title(start_.spec.pad_rule)))
                              : msg("{setting} {value}", setting, value));
        }
        Message why = reason(after);
        if (why.empty()) return in_a_row(std::move(all));
        return msg("{changes}: {reason}", "changes"_is(in_a_row(std::move(all))), "reason"_is(std::move(why)));
    }

private:
    // Ends that differ come behind every answer without that changes as little or less, be it of more settings.
    static std::vector<Answer> evenly(std::vector<Answer> sorted) {
        const auto uneven = std::ranges::stable_partition(sorted, std::logical_not{}, &Answer::uneven);
        std::vector<Answer> all(sorted.begin(), uneven.begin());
        for (const Answer& answer : uneven) {
            const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Answer& other) {
                return other.size <= answer.size - (other.uneven ? 0 : kUneven) || other.count() < answer.count();
            });
            all.insert(last.base(), answer);
        }
        return all;
    }

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
                all.push_back({layer, settings, ground.size + size, uneven});
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
    Message reason(const LayerShape& after) const {
        const Size2 plane = after.input.plane();
        const auto rows = size_ambiguity(after.spec, plane, Axis::h),
                   columns = size_ambiguity(after.spec, plane, Axis::w);
        const auto& trip = axes_.front() == Axis::h ? rows : columns;
        if (!trip) return {};
        // Where the lengths of the other axis are others, it is said which one this is about.
        const bool alike_axes =
            rows && columns && rows->alike == columns->alike && rows->short_length == columns->short_length &&
            rows->shrinks_to == columns->shrinks_to && (!rows->shrinks_to || rows->present == columns->present);
        const About about = alike_axes ? About::both : axes_.front() == Axis::h ? About::rows : About::columns;
        if (trip->shrinks_to) return unmatched(about, *trip, axis_of(after.spec, axes_.front()).stride);
        return after.spec.op == Op::conv_transpose ? outputs_shrink(about, *trip) : inputs_give(about, *trip);
    }

    LayerShape start_;
    Size2 wanted_;
    StrideWas stride_;
    std::vector<Axis> axes_;  // those that have to change
    std::vector<Adjustment> searched_ = searched_adjustments();
};

bool countable(Size2 size) { return std::min(size.h, size.w) >= 1 && std::max(size.h, size.w) <= kWidest; }

}  // namespace

std::vector<SizeAnswer> settings_for_size(const ConvSpec& spec, const Shape4& input, Size2 wanted, std::size_t limit,
                                          StrideWas stride) {
    const Search search(spec, input, wanted, stride);
    std::vector<SizeAnswer> answers;
    if (search.done_already() || !countable(wanted) || limit == 0) return answers;

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

Message no_answer_text(Size2 wanted) {
    const auto h = "h"_is(wanted.h);
    const auto w = "w"_is(wanted.w);
    if (wanted.h < 1 || wanted.w < 1) return msg("The output must be at least 1×1; {h}×{w} is not.", h, w);
    if (!countable(wanted))
        return msg("The output can be at most {limit}×{limit}; {h}×{w} is not.", "limit"_is(kWidest), h, w);
    return msg("No small change of one or two settings gives {h}×{w}.", h, w);
}

}  // namespace convlens
