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
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/conv/adjustments.h"
#include "core/conv/changes.h"
#include "core/conv/lengths_alike.h"
#include "core/conv/names.h"
#include "core/conv/pad.h"
#include "core/conv/parameters.h"
#include "core/conv/rules.h"
#include "core/conv/shape.h"
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

// Where a search begins: the layer itself, or the layer with a switch thrown.
struct Ground {
    LayerShape layer;
    LayerShape measured_from;  // what the size of a change is counted from
    unsigned settings = 0;
    double size = 0;  // what the switches count for, on an axis
};

struct Answer {
    LayerShape layer;
    const Ground* ground = nullptr;
    unsigned settings = 0;
    double size = 0;            // what every number of either axis moved by
    double uneven = 0;          // how much of it is there because the ends of an axis are made to differ
    bool one_for_both = false;  // told beside a smaller one, whose axes have numbers of their own

    int count() const { return std::popcount(settings); }
    // Whether `other` changes only some of these settings.
    bool holds(const Answer& other) const {
        return other.settings != settings && (other.settings & settings) == other.settings;
    }
};

// A part of an answer that could be left out: one setting on one axis, or one that is not about an axis.
struct Part {
    const Parameter* setting;
    std::optional<Axis> axis;
};

// What the numbers of one axis moved by. Two ends that move alike count once.
double moved_by(const LayerShape& from, const LayerShape& to, Axis axis) {
    double sum = 0;
    for (const Parameter& row : parameters()) {
        if (!per_axis(row) || row.id == Field::input) continue;
        std::array<double, 2> ends{};
        for (const End end : {End::before, End::after}) {
            const std::int64_t* const a = number_of(from, row, axis, end);
            const std::int64_t* const b = number_of(to, row, axis, end);
            if (a != nullptr && b != nullptr)
                ends[static_cast<std::size_t>(end)] = std::abs(static_cast<double>(*a) - static_cast<double>(*b));
        }
        sum += ends[0] == ends[1] ? ends[0] : ends[0] + ends[1];
    }
    return sum;
}

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
    Search(const ConvSpec& spec, const Shape4& input, Size2 wanted, StrideWas stride)
        : start_{spec, input, {}, {}}, wanted_(wanted), stride_(stride) {
        start_.held = find_faults(start_).empty();  // a layer that is too large already asks for sizes alone
        for (const Axis axis : {Axis::h, Axis::w})
            if (!good(start_, axis)) axes_.push_back(axis);
        grounds_ = grounds();
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
        return Answer{.layer = layer};
    }

    // For each set of settings the least change, axis by axis; and where that gives the axes different numbers, the
    // least that gives them the same. Few settings come first, then small changes. No part of an answer can be left out,
    // and no other answer does with fewer of its settings without changing more.
    std::vector<Answer> answers(int most_settings, std::size_t most) const {
        std::vector<Answer> all;
        for (const Ground& ground : grounds_) combine(ground, most_settings, all);
        std::ranges::stable_sort(all, {}, [](const Answer& a) {
            return std::tuple(a.count(), a.size, size_of_change(a.ground->measured_from, a.layer));
        });
        std::vector<Answer> best;
        std::set<unsigned> known, alike;  // sets of settings that are told; and told with one number for both axes
        for (Answer& answer : all) {
            if (best.size() == most) break;
            const bool same = one_number(answer);
            answer.one_for_both = known.contains(answer.settings);
            if (answer.one_for_both && (!same || alike.contains(answer.settings))) continue;
            const bool told = std::ranges::any_of(best, [&](const Answer& other) {
                return other.layer == answer.layer || (answer.holds(other) && other.size <= answer.size);
            });
            if (told || !needed_whole(answer) || !find_faults(answer.layer).empty()) continue;
            known.insert(answer.settings);
            if (same) alike.insert(answer.settings);
            best.push_back(answer);
        }
        return evenly(std::move(best));
    }

    Message text(const Answer& answer) const {
        const LayerShape& after = answer.layer;
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
        Message told = in_a_row(std::move(all));
        if (answer.one_for_both) told = msg("{changes} (the same for height and width)", "changes"_is(std::move(told)));
        Message why = lengths_alike(after, axes_);
        if (why.empty()) return told;
        return msg("{changes}: {reason}", "changes"_is(std::move(told)), "reason"_is(std::move(why)));
    }

private:
    // Ends that differ come behind every answer without that changes as little or less, be it of more settings.
    static std::vector<Answer> evenly(std::vector<Answer> sorted) {
        const auto uneven =
            std::ranges::stable_partition(sorted, [](const Answer& answer) { return answer.uneven == 0; });
        std::vector<Answer> all(sorted.begin(), uneven.begin());
        for (const Answer& answer : uneven) {
            const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Answer& other) {
                return other.size <= answer.size - (other.uneven > 0 ? 0 : answer.uneven) ||
                       other.count() < answer.count();
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
            rounded.size += kSwitch;
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
                Answer answer{.layer = layer, .ground = &ground, .settings = settings};
                answer.size = ground.size * static_cast<double>(axes_.size());
                for (const Axis axis : {Axis::h, Axis::w}) {
                    if (uneven && ends_differ(layer, only(axis))) answer.uneven += kUneven;
                    answer.size += moved_by(ground.measured_from, layer, axis);
                }
                answer.size += answer.uneven;
                all.push_back(std::move(answer));
            }
        }
    }

    // Whether every setting that is changed has one number for both axes.
    static bool one_number(const Answer& answer) {
        return std::ranges::all_of(parameters(), [&](const Parameter& row) {
            if (!per_axis(row) || (answer.settings & bit_of(row.id)) == 0) return true;
            const auto same = [&](End end) {
                const std::int64_t* const h = number_of(answer.layer, row, Axis::h, end);
                const std::int64_t* const w = number_of(answer.layer, row, Axis::w, end);
                return h == nullptr || w == nullptr || *h == *w;
            };
            return same(End::before) && same(End::after);
        });
    }

    // The parts of an answer: what differs from where its search began.
    std::vector<Part> parts(const Answer& answer) const {
        std::vector<Part> all;
        const LayerShape& from = answer.ground->measured_from;
        for (const Parameter& row : parameters()) {
            if (row.id == Field::ceil_mode && answer.layer.spec.ceil_mode != start_.spec.ceil_mode)
                all.push_back({&row, {}});
            if (row.id == Field::pad_rule && answer.layer.spec.pad_rule != start_.spec.pad_rule)
                all.push_back({&row, {}});
            if (!per_axis(row) || row.id == Field::input) continue;
            for (const Axis axis : {Axis::h, Axis::w})
                if (!same_numbers(from, answer.layer, row, axis)) all.push_back({&row, axis});
        }
        return all;
    }

    static bool same_numbers(const LayerShape& a, const LayerShape& b, const Parameter& row, Axis axis) {
        return std::ranges::all_of(std::array{End::before, End::after}, [&](End end) {
            const std::int64_t* const one = number_of(a, row, axis, end);
            const std::int64_t* const other = number_of(b, row, axis, end);
            return one == nullptr || other == nullptr || *one == *other;
        });
    }

    void leave_out(LayerShape& layer, const LayerShape& from, const Part& part) const {
        if (part.setting->id == Field::ceil_mode) layer.spec.ceil_mode = start_.spec.ceil_mode;
        if (part.setting->id == Field::pad_rule) layer.spec.pad_rule = start_.spec.pad_rule;
        if (!part.axis) return;
        for (const End end : {End::before, End::after}) {
            std::int64_t* const to = number_of(layer, *part.setting, *part.axis, end);
            const std::int64_t* const was = number_of(from, *part.setting, *part.axis, end);
            if (to != nullptr && was != nullptr) *to = *was;
        }
    }

    // Whether an answer is of no use without any of its parts, however many of them are left out.
    bool needed_whole(const Answer& answer) const {
        const std::vector<Part> all = parts(answer);
        for (unsigned left_out = 1; left_out + 1 < 1U << all.size(); ++left_out) {
            LayerShape less = answer.layer;
            for (std::size_t i = 0; i < all.size(); ++i)
                if ((left_out >> i & 1U) != 0) leave_out(less, answer.ground->measured_from, all[i]);
            if (reached(less, Axis::h) && reached(less, Axis::w) && find_faults(less).empty()) return false;
        }
        return true;
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

    LayerShape start_;
    Size2 wanted_;
    StrideWas stride_;
    std::vector<Axis> axes_;  // those that have to change
    std::vector<Ground> grounds_;
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
    for (const Answer& answer : all) answers.push_back({search.text(answer), answer.layer.spec, answer.layer.input});
    if (other_input) answers.push_back({search.text(*other_input), spec, other_input->layer.input});
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
