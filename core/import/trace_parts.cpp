// Parts that a text takes of an array, by slices or by lists of positions, as what an array was before.
#include <algorithm>
#include <utility>

#include "core/import/axes.h"
#include "core/import/cells.h"
#include "core/import/tracer.h"

namespace convlens::pasted {

namespace {

constexpr std::int64_t kMostPicked = 1 << 14;  // cells of an axis that is picked by index

}  // namespace

std::optional<Node> Tracer::sliced(const Node& node) {
    if (auto picked = picked_by_list(node)) return picked;
    const auto slices = slices_of(node.text);
    return slices ? cut_by(*slices, node, node.items[0], node.text) : std::nullopt;
}

// The letters without those that x[None, ..., np.newaxis] adds; nothing where the slices do more, or nothing.
std::optional<std::string> Tracer::without_new_axes(const std::vector<Slice>& slices) const {
    const auto is_new = [](const Slice& slice) { return slice.kind == Slice::Kind::new_axis; };
    const auto dots = std::ranges::count(slices, Slice::Kind::ellipsis, &Slice::kind);
    const std::size_t written = slices.size() - static_cast<std::size_t>(dots);
    if (std::ranges::none_of(slices, is_new) || dots > 1 || written > letters_.size()) return {};
    std::string left;
    std::size_t at = 0;
    for (const Slice& slice : slices) {
        if (slice.kind == Slice::Kind::ellipsis) {
            left += letters_.substr(at, letters_.size() - written);
            at += letters_.size() - written;
            continue;
        }
        if (!is_new(slice) && !slice.is_whole()) return {};
        if (!is_new(slice)) left += letters_[at];
        ++at;
    }
    return left + letters_.substr(at);
}

std::optional<Node> Tracer::cut_by(const std::vector<Slice>& slices, const Node& node, const Node& source,
                                   const std::string& written) {
    if (const auto left = without_new_axes(slices)) {
        letters_ = *left;
        return source;
    }
    const auto all = along_axes(slices, letters_.size());
    if (!all) return {};
    Border cut;
    cut.made_by = verbatim(written);
    std::string backwards;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const Slice& slice = (*all)[i];
        const bool plane = letters_[i] == 'H' || letters_[i] == 'W';
        if (slice.is_backwards() && plane) {
            backwards += letters_[i];
            continue;
        }
        if (slice.is_whole()) continue;
        const std::int64_t before = slice.start.value_or(0);
        std::int64_t after = -slice.stop.value_or(0);
        if (slice.stop.value_or(0) > 0) after = length_of(source, i).value_or(-1) + after;
        if (!plane || slice.step != 1 || before < 0 || after < 0) return {};
        (letters_[i] == 'H' ? cut.pads.top : cut.pads.left) = -before;
        (letters_[i] == 'H' ? cut.pads.bottom : cut.pads.right) = -after;
    }
    if (!backwards.empty() && !reversed(backwards, node, source)) return {};
    return cuts(cut.pads) ? bordered(cut, source) : source;
}

// Of an axis of an array with what pads it; nothing where it is not told.
std::optional<std::int64_t> Tracer::length_of(const Node& source, std::size_t axis) {
    if (nested_) return {};
    const Traced inner = Tracer(text_, letters_, role_, true).run(source);
    if (!inner.array || inner.array->shape.size() != letters_.size()) return {};
    const Pads pads = inner.border ? inner.border->pads : Pads{};
    const bool rows = letters_[axis] == 'H';
    return inner.array->shape[axis] + (rows ? pads.top + pads.bottom : pads.left + pads.right);
}

// x[:, :, rows], x[..., columns] with a list of positions.
std::optional<Node> Tracer::picked_by_list(const Node& node) {
    std::string_view inside = node.text;
    inside.remove_prefix(1);
    inside.remove_suffix(1);
    const std::size_t comma = inside.rfind(',');
    if (comma == std::string_view::npos) return {};
    const std::string_view before = inside.substr(0, comma);
    std::size_t axis = letters_.size() - 1;
    if (before != "...") {
        if (before.find_first_not_of(":,") != std::string_view::npos) return {};
        axis = static_cast<std::size_t>(std::ranges::count(before, ',')) + 1;
    }
    Node list = node;
    list.kind = Node::Kind::name;
    list.text = inside.substr(comma + 1);
    list.items.clear();
    list.keywords.clear();
    return text_.assigned(list) ? picked(axis, list, node.items[0]) : std::nullopt;
}

std::optional<Node> Tracer::picked(std::size_t axis, const Node& list, const Node& source) {
    const auto told = array_of(text_, list);
    const bool plane = axis < letters_.size() && (letters_[axis] == 'H' || letters_[axis] == 'W');
    if (!plane || !told || !told->data || told->shape.size() != 1 || told->shape[0] > kMostPicked || result_.border)
        return {};
    Picks picks{letters_[axis], {}};
    for (const double cell : *told->data) picks.cells.push_back(static_cast<std::int64_t>(cell));
    picks_.push_back(std::move(picks));
    return source;
}

// tf.gather(x, [1, 0, 0, 1], axis=1)
std::optional<Node> Tracer::gathered(const Node& call, const Node& source) {
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (call.keywords[i] != "axis") continue;
        const auto axis = number_of(text_, call.items[i]);
        if (!axis || !(*axis >= 0 && *axis < 8) || call.items.size() != 3) return {};
        return picked(static_cast<std::size_t>(*axis), call.items[1], source);
    }
    return {};
}

// image([2 1 1 2], [1 1 2 2]): positions count from 1.
std::optional<Node> Tracer::picked_in_matlab(const Node& call, const Node& variable) {
    if (result_.border) return {};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const auto told = array_of(text_, call.items[axis]);
        if (!told || !told->data || std::ssize(*told->data) > kMostPicked) return {};
        Picks picks{letters_[axis], {}};
        for (const double cell : *told->data) picks.cells.push_back(static_cast<std::int64_t>(cell) - 1);
        picks_.push_back(std::move(picks));
    }
    return variable;
}

bool Tracer::take_picks() {
    if (picks_.empty()) return true;
    const auto& shape = result_.array->shape;
    if (shape.size() != letters_.size() || letters_.find('H') == std::string::npos) return false;
    const auto border = border_of_picks(picks_, {shape[letters_.find('H')], shape[letters_.find('W')]});
    if (border) result_.border = directed(*border);
    return border.has_value();
}

}  // namespace convlens::pasted
