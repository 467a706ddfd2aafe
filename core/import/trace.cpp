#include "core/import/trace.h"

#include <algorithm>
#include <utility>

#include "core/import/axes.h"
#include "core/import/cells.h"
#include "core/import/tracer.h"

namespace convlens::pasted {

namespace {

constexpr int kMostSteps = 60;  // changes one after the other that are followed

// What leaves an array's cells where they are.
constexpr std::string_view kKeeping =
    "float double half int long type astype to cuda cpu contiguous copy clone detach numpy requires_grad_ cast "
    "tensor array asarray as_tensor constant Tensor FloatTensor DoubleTensor Variable float32 float64 int32 uint8 "
    "ascontiguousarray single asanyarray convert_to_tensor from_numpy identity Parameter";

// Whether what stands behind the array in such a call, a type or a device, leaves its numbers as they are.
bool keeps_numbers(const Node& call, std::string_view name, std::size_t first) {
    const auto own = cell_type(name);
    if (own && *own != CellType::real) return false;
    for (std::size_t i = first; i < call.items.size(); ++i) {
        if (is_one_of(call.keywords[i], "device non_blocking copy requires_grad name memory_format order casting"))
            continue;
        const Node& item = call.items[i];
        const bool word = item.kind == Node::Kind::name || item.kind == Node::Kind::string;
        const std::string low = lower(item.text);
        const bool device = low.find("dev") != std::string::npos || low.starts_with("cuda") || low == "cpu" ||
                            low.starts_with("mps") || (name == "to" && item.kind == Node::Kind::call);
        if (is_one_of(name, "cuda cpu numpy clone contiguous requires_grad_ detach") || (word && device)) continue;
        if (!word || cell_type(item.text) != CellType::real) return false;
    }
    return true;
}

}  // namespace

Traced Tracer::run(Node node) {
    if (letters_ == "HW" && text_.manner() == Manner::python && is_row(text_, node)) letters_ = wanted_ = "W";
    for (int steps = 0; steps < kMostSteps; ++steps) {
        std::optional<Node> source = source_of(node);
        if (!source) break;
        node = std::move(*source);
    }
    take_source(node);
    take_directions();
    return std::move(result_);
}

// What `node` is made of by a change that is followed; nothing where it is the source.
std::optional<Node> Tracer::source_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::name: {
            if (std::optional<Node> value = text_.assigned(node)) {
                variable_ = node.text;
                return value;
            }
            if (const auto attribute = attribute_of(node)) return of_method(*attribute);
            return set_into(node);
        }
        case Node::Kind::applied: {
            const bool same = is_one_of(last_part(node.items[0].text), "Identity") && node.items.size() == 2;
            return same ? std::optional(node.items[1]) : padded_by_module(node.items[0], node, 1);
        }
        case Node::Kind::call: return of_call(node);
        case Node::Kind::method: return of_method(node);
        default: return {};
    }
}

// padded = zeros(7, 8), then padded(2:4, 1:3) = image
std::optional<Node> Tracer::set_into(const Node& name) {
    auto set = text_.cells_set(name);
    const auto border = set && set->is_followed ? border_of_set(text_, *set, letters_) : std::nullopt;
    return border ? bordered(*border, set->value) : std::nullopt;
}

std::optional<Node> Tracer::of_call(const Node& call) {
    const std::string_view last = last_part(call.text);
    if (text_.manner() == Manner::matlab) {
        if (auto source = of_matlab(call)) return source;
    }
    if (call.items.empty()) return receiver_of(call, last);
    if (auto source = of_variable(call)) return source;
    if (is_padding_function(call.text)) {
        const auto border = function_border(text_, call, letters_);
        return border ? bordered(*border, call.items[0]) : std::nullopt;
    }
    const bool made = last == "identity" && first_parts(call.text) != "tf";
    if (is_one_of(last, kKeeping) && !made && !is_one_of(first_parts(call.text), "self")) {
        if (!keeps_receiver(call)) return keeps_numbers(call, last, 1) ? std::optional(call.items[0]) : std::nullopt;
    }
    if (is_one_of(first_parts(call.text), "np numpy jnp jax.numpy tf tf.image torch cv2 cv keras.ops ops") ||
        (first_parts(call.text).empty() && is_one_of(last, "rot90 fliplr flipud")))
        return reordered_by(call, last, call.items[0], 1);
    return receiver_of(call, last);
}

// self.pad(x), where self.pad is set to a module.
std::optional<Node> Tracer::of_variable(const Node& call) {
    Node module = call;
    module.kind = Node::Kind::name;
    const auto set = text_.assigned(module);
    return set ? padded_by_module(*set, call, 0) : std::nullopt;
}

// x.float(...) is a call by its text; x is the array.
bool Tracer::keeps_receiver(const Node& call) const {
    const std::string_view receiver = first_parts(call.text);
    return !receiver.empty() && !is_one_of(receiver, "np numpy jnp tf torch keras.ops ops");
}

std::optional<Node> Tracer::receiver_of(const Node& call, std::string_view last) {
    const std::string_view receiver = first_parts(call.text);
    if (receiver.empty() || receiver == "self") return {};
    Node variable = call;
    variable.kind = Node::Kind::name;
    variable.text = receiver;
    variable.items.clear();
    variable.keywords.clear();
    if (is_one_of(last, kKeeping)) return keeps_numbers(call, last, 0) ? std::optional(variable) : std::nullopt;
    return reordered_by(call, last, variable, 0);
}

std::optional<Node> Tracer::of_method(const Node& node) {
    if (node.text.starts_with('[')) return sliced(node);
    if (node.text == "T" && letters_.size() == 2) return transposed(node.items[0]);
    if (node.text == "mT" && letters_.size() >= 2 && role_ == Role::input) {
        std::swap(letters_[letters_.size() - 2], letters_.back());
        return node.items[0];
    }
    if (is_one_of(node.text, kKeeping))
        return keeps_numbers(node, node.text, 1) ? std::optional(node.items[0]) : std::nullopt;
    return reordered_by(node, node.text, node.items[0], 1);
}

std::optional<Node> Tracer::padded_by_module(const Node& module, const Node& call, std::size_t first) {
    if (call.items.size() <= first) return {};
    const auto border = module_border(text_, module, letters_);
    return border ? bordered(*border, call.items[first]) : std::nullopt;
}

// The border is inside of those met so far. As theirs, its sides are those that it has in what the layer takes.
std::optional<Node> Tracer::bordered(const Border& border, const Node& source) {
    const Border inner = directed(border);
    const auto both = result_.border ? joined(inner, *result_.border) : std::optional(inner);
    if (!both || !picks_.empty()) return {};
    result_.border = both;
    return source;
}

// A border of the node at hand, whose rows or columns what stands around it may have reversed.
Border Tracer::directed(Border border) const {
    if (rows_backwards_) std::swap(border.pads.top, border.pads.bottom);
    if (columns_backwards_) std::swap(border.pads.left, border.pads.right);
    return border;
}

// np.transpose(x, (0, 2, 3, 1)), x.permute(0, 3, 1, 2), x.flip(2, 3), x.unsqueeze(0)
std::optional<Node> Tracer::reordered_by(const Node& call, std::string_view method, const Node& source,
                                         std::size_t first) {
    const bool plane_transposed = method == "t" || (method == "transpose" && call.items.size() == first);
    if (plane_transposed && letters_.size() == 2 && role_ == Role::input) return transposed(source);
    if (method == "transpose" || method == "permute" || method == "swapaxes")
        return with_axes(order_of(method, axes_in(text_, call, first), call.items.size() == first + 2, letters_.size()),
                         source);
    if (is_turn(call.text, method)) {
        const auto turn = turn_of(text_, call, method, letters_, first);
        return turn ? turned(*turn, call, source) : std::nullopt;
    }
    if (method == "gather") return gathered(call, source);
    const std::vector<std::int64_t> axis = axes_in(text_, call, first);
    if ((method != "unsqueeze" && method != "expand_dims") || axis.size() != 1) return {};
    const std::int64_t at = axis[0] < 0 ? axis[0] + std::ssize(letters_) : axis[0];
    if (at < 0 || at >= std::ssize(letters_)) return {};
    letters_.erase(static_cast<std::size_t>(at), 1);
    return source;
}

// Axis i of the result is axis order[i] of the source.
std::optional<Node> Tracer::with_axes(const std::vector<std::int64_t>& order, const Node& source) {
    std::string from = letters_;
    if (order.size() != from.size()) return {};
    std::vector<bool> seen(order.size(), false);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::int64_t axis = order[i];
        if (axis < 0 || axis >= std::ssize(from) || seen[static_cast<std::size_t>(axis)]) return {};
        seen[static_cast<std::size_t>(axis)] = true;
        from[static_cast<std::size_t>(axis)] = letters_[i];
    }
    letters_ = from;
    return source;
}

std::optional<Node> Tracer::transposed(const Node& source) {
    std::ranges::reverse(letters_);
    return source;
}

// The axes of the plane that `names` has are reversed by `node`. A weight is flipped as a whole or not at all. Of an
// input one axis is followed where the array that `node` makes is not told: something beneath pads or cuts it.
std::optional<Node> Tracer::reversed(const std::string& names, const Node& node, const Node& source) {
    const bool both = names == "HW" || names == "WH";
    if (!both && names != "H" && names != "W") return {};
    if (!picks_.empty()) return {};
    if (role_ == Role::weight && (!both || result_.border)) return {};
    if (!both && array_of(text_, node)) return {};
    if (names.find('H') != std::string::npos) rows_backwards_ = !rows_backwards_;
    if (names.find('W') != std::string::npos) columns_backwards_ = !columns_backwards_;
    if (!both && mirrored_by_.empty()) mirrored_by_ = change_before(text_, node, role_, variable_);
    return source;
}

std::optional<Node> Tracer::turned(const Turn& turn, const Node& node, const Node& source) {
    if (turn.swaps && role_ == Role::weight) return {};
    if (!turn.reversed.empty() && !reversed(turn.reversed, node, source)) return {};
    if (turn.swaps) std::swap(letters_[letters_.find('H')], letters_[letters_.find('W')]);
    return source;
}

// fliplr(flipud(k)), flip(flip(k, 1), 2), A(2:end-1, :), k(end:-1:1, end:-1:1)
std::optional<Node> Tracer::of_matlab(const Node& call) {
    const auto axis_of = [&](const Node& node) {
        if (node.kind != Node::Kind::call || node.items.empty()) return 0;
        if (node.text == "flipud" || (node.text == "flip" && node.items.size() == 1)) return 1;
        if (node.text == "fliplr") return 2;
        const auto axis = node.text == "flip" ? number_of(text_, node.items[1]) : std::nullopt;
        return axis == 1.0 ? 1 : axis == 2.0 ? 2 : 0;
    };
    const int outer = axis_of(call);
    if (outer != 0) {
        const Node inner = resolved(text_, call.items[0]);
        if (axis_of(inner) == 3 - outer) return reversed(letters_, call, inner.items[0]);
        return letters_.size() == 2 ? reversed(letters_.substr(outer == 1 ? 0 : 1, 1), call, call.items[0])
                                    : std::nullopt;
    }
    if (is_plane_transpose(call)) return transposed(call.items[0]);
    if (call.items.size() != 2 || letters_.size() != 2) return {};
    Node variable = call;
    variable.kind = Node::Kind::name;
    variable.items.clear();
    variable.keywords.clear();
    if (auto slices = is_matlab_part(call) ? matlab_slices_of(call) : std::nullopt)
        return cut_by(*slices, call, variable, call.text + "(...)");
    if (!text_.assigned(variable)) return {};
    return picked_in_matlab(call, variable);
}

// transpose(A), permute(A, [2 1]); a weight's is read where it is made.
bool Tracer::is_plane_transpose(const Node& call) {
    if (role_ == Role::weight || letters_.size() != 2) return false;
    if (call.text == "transpose") return call.items.size() == 1;
    return call.text == "permute" && call.items.size() == 2 &&
           axes_in(text_, call, 1) == std::vector<std::int64_t>{2, 1};
}

void Tracer::take_source(const Node& node) {
    Unread unread;
    result_.array = array_of(text_, node, &unread);
    (unread.is_number ? result_.unread_number : result_.unread) = unread.what;
    const bool graph_input =
        node.kind == Node::Kind::opaque && role_ == Role::input && change_before(text_, node, role_, variable_).empty();
    if (graph_input) result_.unread = {};
    if (result_.array && result_.unread == kCellsSet) {
        result_.left_out = kCellsSet;
        result_.unread = {};
    }
    if (!result_.array) {
        result_.left_out = change_before(text_, node, role_, variable_);
        if (!picks_.empty()) result_.left_out = kIndices;
        result_.is_transposed = result_.left_out.empty() && role_ == Role::input && swaps_the_plane();
        if (result_.left_out.empty() && role_ == Role::weight && swaps_the_plane())
            result_.left_out = key("a transpose");
        if (node.kind == Node::Kind::call && is_source(node) && role_ == Role::input) result_.unread = {};
        return;
    }
    std::vector<std::int64_t>& shape = result_.array->shape;
    if (letters_.size() < wanted_.size() && shape.size() == letters_.size()) {
        std::string added;
        for (const char letter : wanted_) {
            if (letters_.find(letter) == std::string::npos) added += letter;
        }
        shape.insert(shape.begin(), added.size(), 1);
        letters_.insert(0, added);
    }
    if (!take_picks()) {
        result_.array.reset();
        result_.left_out = kIndices;
        return;
    }
    if (letters_ == wanted_) return;
    if (text_.manner() == Manner::matlab && shape.size() < letters_.size())
        shape.insert(shape.begin(), letters_.size() - shape.size(), 1);  // a row
    if (shape.size() == letters_.size() && std::ranges::is_permutation(letters_, wanted_))
        result_.array = permuted(*result_.array, letters_, wanted_);
    else
        drop_with_border();
}

// The axes of the plane that are reversed, of an input in its numbers.
void Tracer::take_directions() {
    if (!rows_backwards_ && !columns_backwards_) return;
    if (role_ == Role::weight) {
        result_.flipped = true;  // both, as reversed() follows no other
        return;
    }
    const auto reverse = [&](char letter) {
        const std::size_t behind = wanted_.size() - wanted_.find(letter);
        const std::size_t rank = result_.array->shape.size();
        const bool has_axis = rank == wanted_.size() || (rank < wanted_.size() && behind <= rank);
        if (has_axis) result_.array = backwards(std::move(*result_.array), rank - behind);
        return has_axis;
    };
    // Axes of an array without a batch are counted otherwise: which of them one is that is reversed alone is open.
    const bool open = result_.array && !mirrored_by_.empty() && result_.array->shape.size() != wanted_.size();
    if (result_.array && !open && (!rows_backwards_ || reverse('H')) && (!columns_backwards_ || reverse('W'))) return;
    result_.array.reset();
    result_.left_out = mirrored_by_.empty() ? Message(key("a half turn")) : mirrored_by_;
}

// An array whose axes are not those that its changes were taken to name: nor are the sides of what pads it known.
void Tracer::drop_with_border() {
    result_.array.reset();
    if (!result_.border) return;
    result_.left_out = result_.border->made_by;
    result_.border.reset();
}

// Whether rows became columns.
bool Tracer::swaps_the_plane() const {
    const auto rows_first = [](std::string_view letters) { return letters.find('H') < letters.find('W'); };
    const bool plane = letters_.find('H') != std::string::npos && letters_.find('W') != std::string::npos;
    return plane && wanted_.find('H') != std::string::npos && rows_first(letters_) != rows_first(wanted_);
}

Traced traced(PastedText& text, const Node& node, std::string_view letters, Role role) {
    return Tracer(text, letters, role).run(node);
}

}  // namespace convlens::pasted
