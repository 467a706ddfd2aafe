#include "core/import/result_changes.h"

#include <algorithm>
#include <cmath>

#include "core/import/axes.h"
#include "core/import/programs.h"
#include "core/import/result.h"
#include "core/import/turns.h"
#include "core/import/unread.h"

namespace convlens::pasted {

namespace {

constexpr int kMostLeftOut = 50;

// What only looks at a result.
constexpr std::string_view kLooking =
    "print disp fprintf printf display imshow cv2_imshow show plot tuple list str len repr int float type isinstance "
    "shape size dim ndim numel tolist item assert_allclose allclose assert_close summary imwrite save savez dtype "
    "compute_output_shape eval backward append add Sequential";

// What leaves its numbers and their order as they are.
constexpr std::string_view kKeeping =
    "detach numpy cpu cuda to float double half contiguous clone copy asarray array convert_to_numpy identity astype "
    "eval requires_grad_ single convert_to_tensor get";

// What changes nothing where a statement only looks at the result.
constexpr std::string_view kFlattening = "flatten reshape view squeeze ravel transpose permute mean sum max min";

bool is_bias_name(std::string_view name) {
    const std::string low = lower(unmarked(last_part(name)));
    return low == "b" || low.find("bias") != std::string::npos;
}

// y.astype(np.uint8), y.to(torch.int32): numbers lose what is behind the point.
bool makes_whole(const Node& node, std::string_view name) {
    if (!is_one_of(name, "astype to cast type array asarray")) return false;
    return std::ranges::any_of(node.items, [](const Node& item) {
        const std::string_view type = last_part(item.text);
        const bool word = item.kind == Node::Kind::name || item.kind == Node::Kind::string;
        return word && (type.starts_with("int") || type.starts_with("uint") || is_one_of(type, "bool long short"));
    });
}

}  // namespace

bool only_looks(std::string_view name) { return is_one_of(name, kLooking); }

bool ResultChanges::take(const Path& path, const Statement& statement) {
    const bool looks = std::ranges::any_of(path, [](const Node* node) {
        const bool call = node->kind == Node::Kind::call || node->kind == Node::Kind::method;
        return call && only_looks(last_part(node->text));
    });
    looks_ = looks && statement.sets.empty() && !statement.returns;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const int before = left_out_;
        if (step(*path[i], path[i - 1], statement)) continue;
        if (left_out_ > before) name_rest(path, i + 1, statement);
        return false;
    }
    return true;
}

void ResultChanges::name_rest(const Path& path, std::size_t from, const Statement& statement) {
    for (std::size_t i = from; i < path.size(); ++i) {
        const Node& node = *path[i];
        const bool call = node.kind == Node::Kind::call;
        if (node.kind == Node::Kind::binary) left_out(operation(node.text), statement);
        if (node.kind == Node::Kind::method)
            name_call(node.text.starts_with('[') ? node.text : "." + node.text + "(...)", node.text, statement);
        if (node.kind == Node::Kind::applied) left_out(node.items[0].text + "(...)", statement);
        if (call && is_layer_(node.text)) return;
        if (call) name_call(node.text + "(...)", last_part(node.text), statement);
    }
}

void ResultChanges::name_call(const std::string& written, std::string_view name, const Statement& statement) {
    const bool quiet = is_one_of(name, kKeeping) || only_looks(name) || (looks_ && is_one_of(name, kFlattening));
    if (!quiet) left_out(written, statement);
}

bool ResultChanges::step(const Node& node, const Node* inside, const Statement& statement) {
    switch (node.kind) {
        case Node::Kind::method:
            if (node.text.starts_with('[')) return cut(slices_of(node.text), node.text, statement);
            return called(node, node.text, "." + node.text, statement);
        case Node::Kind::call: return called(node, last_part(node.text), node.text, statement);
        case Node::Kind::binary:
            return add(node.text, inside == &node.items[0] ? node.items[1] : node.items[0], statement);
        case Node::Kind::list: return true;
        case Node::Kind::applied:
            return is_layer_(node.items[0].text) ? false : left_out(node.items[0].text + "(...)", statement);
        default: return left_out(key("an operation"), statement);
    }
}

bool ResultChanges::called(const Node& node, std::string_view name, const std::string& written,
                           const Statement& statement) {
    if (makes_whole(node, name)) return left_out(written + "(...)", statement);
    if (is_one_of(name, kKeeping) || (looks_ && is_one_of(name, kFlattening))) return true;
    if (only_looks(name)) return false;
    if (name == "transpose" || name == "permute") return reorder(node, name, 1);
    if (name == "bias_add" && node.items.size() > 1) return add("+", node.items[1], statement);
    if (is_padding_function(name) && node.kind == Node::Kind::call) return pad(node, statement);
    const bool again = node.kind == Node::Kind::call && std::ranges::count(names_, node.text) > 0;
    if (node.kind == Node::Kind::call && !again && is_layer_(node.text)) return false;
    return left_out(written + "(...)", statement);
}

// np.transpose(y, (0, 3, 1, 2)): the numbers stay.
bool ResultChanges::reorder(const Node& node, std::string_view method, std::size_t first) {
    const bool two = node.items.size() == first + 2;
    const auto order = order_of(method, axes_in(text_, node, first), two, letters_.size());
    std::string to;
    for (const std::int64_t axis : order) {
        if (axis < 0 || axis >= std::ssize(letters_)) return true;
        to += letters_[static_cast<std::size_t>(axis)];
    }
    if (to.size() == letters_.size()) letters_ = to;
    return true;
}

bool ResultChanges::cut(const std::optional<std::vector<Slice>>& slices, const std::string& written,
                        const Statement& statement) {
    const auto all = slices ? along_axes(*slices, letters_.size()) : std::nullopt;
    if (!all) return left_out(written, statement);
    Slice rows;
    Slice columns;
    for (std::size_t i = 0; i < all->size(); ++i) {
        if (letters_[i] == 'H')
            rows = (*all)[i];
        else if (letters_[i] == 'W')
            columns = (*all)[i];
        else if (!(*all)[i].is_whole())
            return left_out(written, statement);
    }
    if (rows.is_whole() && columns.is_whole()) return true;
    if (!take_part(imported_, rows, columns)) return left_out(written, statement);
    taken_.push_back(verbatim(written));
    return true;
}

bool ResultChanges::pad(const Node& call, const Statement& statement) {
    const auto border = function_border(text_, call, letters_);
    if (!border || !take_outer_border(imported_, *border)) return left_out(call.text + "(...)", statement);
    taken_.push_back(verbatim(call.text + "(...)"));
    return true;
}

bool ResultChanges::add(std::string_view sign, const Node& value, const Statement& statement) {
    const auto told = sign == "+" ? array_of(text_, value) : std::nullopt;
    const std::int64_t channels = imported_.layer.spec.out_channels;
    const bool fits = told && told->data && std::ssize(*told->data) == channels;
    if (sign == "/" && divides(value)) return true;
    const bool named =
        sign == "+" && !(told && told->data) && value.kind == Node::Kind::name && is_bias_name(value.text);
    if (imported_.has_bias != false || (!fits && !named)) return left_out(operation(sign), statement);
    imported_.has_bias = true;
    if (!fits) {
        imported_.notes.push_back(
            unread_text(text_, value, msg("{value}, which is added as the bias,", "value"_is(value.text))));
        return true;
    }
    imported_.layer.bias_length = channels;
    imported_.bias = Tensor<double>({1, channels, 1, 1}, *told->data);
    return true;
}

// lax.reduce_window(..., lax.add, ...) / 9: the sum of windows is their average.
bool ResultChanges::divides(const Node& value) {
    ConvSpec& spec = imported_.layer.spec;
    const auto number = number_of(text_, value);
    const bool sum = spec.op == Op::avg_pool && spec.divisor_override == 1;
    if (!sum || !number || !(*number >= 1 && *number <= 0x1p53) || *number != std::floor(*number)) return false;
    spec.divisor_override = static_cast<std::int64_t>(*number);
    return true;
}

bool ResultChanges::left_out(const Message& what, const Statement& statement) {
    if (left_out_ < kMostLeftOut) text_.account(statement.at);
    return left_out(what, text_.tokens()[statement.at].at);
}

bool ResultChanges::left_out(const Message& what, std::size_t at) {
    if (++left_out_ > kMostLeftOut) return false;
    imported_.notes.push_back(msg("the result is changed after the layer by {change}, at {place}, which was left out",
                                  "change"_is(what), "place"_is(text_.place(at))));
    return false;
}

bool ResultChanges::take_border(const Border& border) {
    if (!take_outer_border(imported_, border)) return false;
    taken_.push_back(border.made_by);
    return true;
}

void ResultChanges::finish() {
    if (taken_.empty()) return;
    const ConvSpec& spec = imported_.layer.spec;
    imported_.notes.push_back(
        msg("{parts} after the layer became its settings: stride {vertical}×{horizontal}, padding top {top}, bottom "
            "{bottom}, left {left}, right {right}",
            "parts"_is(listed(taken_)), "vertical"_is(spec.stride.h), "horizontal"_is(spec.stride.w),
            "top"_is(spec.pads.top), "bottom"_is(spec.pads.bottom), "left"_is(spec.pads.left),
            "right"_is(spec.pads.right)));
    widen_dialect(imported_);
}

}  // namespace convlens::pasted
