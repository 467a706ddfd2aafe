// Borders: of functions that pad arrays, of modules that stand in front of a layer, of arrays set into larger ones; and
// two of them as one.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/import/slices.h"
#include "core/import/trace.h"

namespace convlens::pasted {

namespace {

// The word of a mode in the programs that have one; ONNX's is NumPy's.
struct Mode {
    std::string_view word;
    PadMode mode;
};
constexpr std::array kModes{
    Mode{"constant", PadMode::zeros},
    Mode{"edge", PadMode::replicate},
    Mode{"replicate", PadMode::replicate},
    Mode{"reflect", PadMode::reflect},
    Mode{"symmetric", PadMode::symmetric},
    Mode{"wrap", PadMode::circular},
    Mode{"circular", PadMode::circular},
    Mode{"border_constant", PadMode::zeros},
    Mode{"border_replicate", PadMode::replicate},
    Mode{"border_reflect", PadMode::symmetric},
    Mode{"border_wrap", PadMode::circular},
    Mode{"border_reflect_101", PadMode::reflect},
    Mode{"border_reflect101", PadMode::reflect},
    Mode{"border_default", PadMode::reflect},
};

struct Module {
    std::string_view name;
    PadMode mode;
    int axes = 2;
    bool keras = false;
    bool crops = false;
};
constexpr std::array kModules{
    Module{"ZeroPad2d", PadMode::zeros},
    Module{"ZeroPad1d", PadMode::zeros, 1},
    Module{"ConstantPad2d", PadMode::constant},
    Module{"ConstantPad1d", PadMode::constant, 1},
    Module{"ReflectionPad2d", PadMode::reflect},
    Module{"ReflectionPad1d", PadMode::reflect, 1},
    Module{"ReplicationPad2d", PadMode::replicate},
    Module{"ReplicationPad1d", PadMode::replicate, 1},
    Module{"CircularPad2d", PadMode::circular},
    Module{"CircularPad1d", PadMode::circular, 1},
    Module{"ZeroPadding2D", PadMode::zeros, 2, true},
    Module{"ZeroPadding1D", PadMode::zeros, 1, true},
    Module{"Cropping2D", PadMode::zeros, 2, true, true},
    Module{"Cropping1D", PadMode::zeros, 1, true, true},
};

constexpr int kPadBits = 40;  // paddings are below 2^40, so that sums of them fit
constexpr TooLarge kPadTooLarge = key("a padding of {number} is too large; write a number below 2^{bits}");

std::optional<std::int64_t> whole(PastedText& text, const Node& node) {
    const auto value = number_of(text, node);
    if (!value || *value != std::floor(*value)) return {};
    refuse_too_large(text, node, *value, kPadTooLarge, kPadBits);
    return static_cast<std::int64_t>(*value);
}

// The cells of an array of whole numbers that are paddings; nothing where one is no whole number.
std::optional<std::vector<std::int64_t>> wholes_of(PastedText& text, const Node& node, const ToldArray& told) {
    std::vector<std::int64_t> numbers;
    for (const double value : *told.data) {
        if (value != std::floor(value)) return {};
        refuse_too_large(text, node, value, kPadTooLarge, kPadBits);
        numbers.push_back(static_cast<std::int64_t>(value));
    }
    return numbers;
}

// The argument at a position, or by one of its names.
const Node* argument(const Node& call, std::size_t position, std::string_view names, std::size_t first = 0) {
    std::size_t at = 0;
    for (std::size_t i = first; i < call.items.size(); ++i) {
        if (call.keywords[i].empty() ? at++ == position : is_one_of(call.keywords[i], names)) return &call.items[i];
    }
    return nullptr;
}

// A number, or a flat list of them; empty where any is not told.
std::vector<std::int64_t> wholes(PastedText& text, const Node& node) {
    const Node value = resolved(text, node);
    std::vector<std::int64_t> numbers;
    for (const Node& item : value.kind == Node::Kind::list ? value.items : std::vector<Node>{value}) {
        const auto number = whole(text, item);
        if (!number) return {};
        numbers.push_back(*number);
    }
    return numbers;
}

std::optional<PadMode> mode_of(PastedText& text, const Node* node) {
    if (!node) return PadMode::zeros;
    const Node value = resolved(text, *node);
    if (value.kind != Node::Kind::string && value.kind != Node::Kind::name) return {};
    const std::string word = lower(last_part(value.text));
    const auto* const found = std::ranges::find(kModes, word, &Mode::word);
    return found == kModes.end() ? std::nullopt : std::optional(found->mode);
}

// Fills a border that has a constant with what `node` says.
bool take_value(PastedText& text, Border& border, const Node* node) {
    if (!node || border.mode != PadMode::zeros) return true;
    const Node given = resolved(text, *node);
    if (given.kind == Node::Kind::name && given.text == "None") return true;
    const std::optional<double> value = number_of(text, given);
    if (!value) return false;
    if (*value == 0) return true;
    border.mode = PadMode::constant;
    border.value = *value;
    return true;
}

// PyTorch's order: before and after the last axis, then the one in front of it. Axes other than H and W of `letters`
// must have none.
std::optional<Pads> last_axis_first(const std::vector<std::int64_t>& numbers, std::string_view letters) {
    if (numbers.empty() || numbers.size() % 2 != 0) return {};
    Pads pads;
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
        const std::size_t behind = i / 2;
        const char letter = behind < letters.size() ? letters[letters.size() - 1 - behind] : '-';
        if (letter == 'H')
            pads.top = numbers[i], pads.bottom = numbers[i + 1];
        else if (letter == 'W')
            pads.left = numbers[i], pads.right = numbers[i + 1];
        else if (numbers[i] != 0 || numbers[i + 1] != 0)
            return {};
    }
    return pads;
}

// Whether the columns of an array become the layer's rows: it is transposed behind.
bool has_columns_first(std::string_view letters) {
    return letters.find('H') != std::string_view::npos && letters.find('W') < letters.find('H');
}

// The border of an array whose rows and columns change places behind it.
Border transposed(Border border) {
    std::swap(border.pads.top, border.pads.left);
    std::swap(border.pads.bottom, border.pads.right);
    return border;
}

std::optional<Border> torch_pad(PastedText& text, const Node& call, std::string_view letters) {
    const Node* widths = argument(call, 1, "pad");
    const auto mode = mode_of(text, argument(call, 2, "mode"));
    const auto pads = widths ? last_axis_first(wholes(text, *widths), letters) : std::nullopt;
    if (!pads || !mode) return {};
    Border border{*pads, *mode, 0, verbatim(call.text)};
    if (!take_value(text, border, argument(call, 3, "value"))) return {};
    return border;
}

// np.pad's widths, and tf.pad's: a number, one pair for all axes, or a pair an axis.
std::optional<Pads> axis_pads(PastedText& text, const Node& node, std::string_view letters) {
    const auto told = array_of(text, node);
    if (!told || !told->data) return {};
    const auto axes = static_cast<std::int64_t>(letters.size());
    const auto& shape = told->shape;
    const auto numbers = wholes_of(text, node, *told);
    if (!numbers) return {};
    const std::vector<std::int64_t>& cells = *numbers;
    const auto is = [&](const std::vector<std::int64_t>& wanted) { return shape == wanted; };
    if (!is({}) && !is({1}) && !is({2}) && !is({1, 2}) && !is({axes, 2})) return {};
    Pads pads;
    for (std::size_t axis = 0; axis < letters.size(); ++axis) {
        const std::size_t row = is({axes, 2}) ? axis * 2 : 0;
        const std::int64_t first = cells[row];
        const std::int64_t last = cells.size() == 1 ? first : cells[row + 1];
        if (letters[axis] == 'H')
            pads.top = first, pads.bottom = last;
        else if (letters[axis] == 'W')
            pads.left = first, pads.right = last;
        else if (first != 0 || last != 0)
            return {};
    }
    return pads;
}

std::optional<Border> array_pad(PastedText& text, const Node& call, std::string_view letters) {
    const Node* widths = argument(call, 1, "pad_width paddings");
    const auto mode = mode_of(text, argument(call, 2, "mode"));
    const auto pads = widths ? axis_pads(text, *widths, letters) : std::nullopt;
    if (!pads || !mode || argument(call, 99, "reflect_type stat_length end_values")) return {};
    Border border{*pads, *mode, 0, call.text == kOnnxPad ? Message(kOnnxPadName) : verbatim(call.text)};
    if (!take_value(text, border, argument(call, 3, "constant_values"))) return {};
    return border;
}

// padarray(A, [rows columns], value or method, 'both'): 'pre' and 'post' pad one side.
std::optional<Border> matlab_pad(PastedText& text, const Node& call) {
    if (call.items.size() < 2) return {};
    std::vector<std::int64_t> sizes = wholes(text, call.items[1]);
    if (sizes.empty() || sizes.size() > 2) return {};
    sizes.resize(2);
    Border border{{sizes[0], sizes[0], sizes[1], sizes[1]}, PadMode::zeros, 0, verbatim(call.text)};
    for (std::size_t i = 2; i < call.items.size(); ++i) {
        const Node option = resolved(text, call.items[i]);
        if (option.kind != Node::Kind::string) {
            if (!take_value(text, border, &option)) return {};
        } else if (option.text == "pre") {
            border.pads.bottom = border.pads.right = 0;
        } else if (option.text == "post") {
            border.pads.top = border.pads.left = 0;
        } else if (option.text != "both") {
            const auto mode = mode_of(text, &option);
            if (!mode) return {};
            border.mode = *mode;
        }
    }
    return border;
}

// cv2.copyMakeBorder(src, top, bottom, left, right, borderType[, dst[, value]])
std::optional<Border> opencv_pad(PastedText& text, const Node& call) {
    std::array<std::int64_t, 4> sides{};
    constexpr std::array<std::string_view, 4> kSides{"top", "bottom", "left", "right"};
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const Node* node = argument(call, i + 1, kSides.at(i));
        const auto side = node ? whole(text, *node) : std::nullopt;
        if (!side) return {};
        sides.at(i) = *side;
    }
    const Node* type = argument(call, 5, "borderType");
    const auto mode = type ? mode_of(text, type) : std::nullopt;
    if (!mode) return {};
    Border border{{sides[0], sides[1], sides[2], sides[3]}, *mode, 0, verbatim(call.text)};
    if (!take_value(text, border, argument(call, 7, "value"))) return {};
    return border;
}

// ZeroPadding2D's padding: a number, (rows, columns), ((top, bottom), (left, right)).
std::optional<Pads> keras_pads(PastedText& text, const Node* node, int axes) {
    if (!node) return axes == 1 ? Pads{0, 0, 1, 1} : Pads::all(1);
    const auto told = array_of(text, *node);
    if (!told || !told->data) return {};
    const auto numbers = wholes_of(text, *node, *told);
    if (!numbers) return {};
    const std::vector<std::int64_t>& n = *numbers;
    if (n.size() == 1) return axes == 1 ? Pads{0, 0, n[0], n[0]} : Pads::all(n[0]);
    if (n.size() == 2) return axes == 1 ? Pads{0, 0, n[0], n[1]} : Pads{n[0], n[0], n[1], n[1]};
    return n.size() == 4 && axes == 2 ? std::optional(Pads{n[0], n[1], n[2], n[3]}) : std::nullopt;
}

// nn.ZeroPad2d's: a number, or left, right, top, bottom.
std::optional<Pads> torch_pads(PastedText& text, const Node* node, int axes, std::string_view letters) {
    std::vector<std::int64_t> n = node ? wholes(text, *node) : std::vector<std::int64_t>{};
    const std::size_t sides = static_cast<std::size_t>(axes) * 2;
    if (n.size() == 1) n.assign(sides, n[0]);
    return n.size() == sides ? last_axis_first(n, letters) : std::nullopt;
}

const Module* module_of(std::string_view name) {
    const auto* const found = std::ranges::find(kModules, last_part(name), &Module::name);
    return found == kModules.end() ? nullptr : found;
}

}  // namespace

bool is_padding_module(std::string_view name) { return module_of(name) != nullptr; }

std::optional<Border> module_border(PastedText& text, const Node& call, std::string_view letters) {
    const Module* module = call.kind == Node::Kind::call ? module_of(call.text) : nullptr;
    if (!module) return {};
    const Node* widths = argument(call, 0, "padding cropping");
    auto pads =
        module->keras ? keras_pads(text, widths, module->axes) : torch_pads(text, widths, module->axes, letters);
    if (!pads) return {};
    if (module->crops) pads = Pads{-pads->top, -pads->bottom, -pads->left, -pads->right};
    Border border{*pads, module->mode == PadMode::constant ? PadMode::zeros : module->mode, 0, verbatim(call.text)};
    if (module->mode == PadMode::constant && !take_value(text, border, argument(call, 1, "value"))) return {};
    return module->keras && has_columns_first(letters) ? transposed(border) : border;
}

bool is_padding_function(std::string_view name) {
    const std::string_view last = last_part(name);
    return last == "pad" || last == "padarray" || last == "copyMakeBorder" || name == kOnnxPad;
}

std::optional<Border> function_border(PastedText& text, const Node& call, std::string_view letters) {
    const std::string_view last = last_part(call.text);
    if (last == "padarray" || last == "copyMakeBorder") {
        const auto border = last == "padarray" ? matlab_pad(text, call) : opencv_pad(text, call);
        return border && has_columns_first(letters) ? transposed(*border) : border;
    }
    if (call.text == kOnnxPad) return array_pad(text, call, letters);
    if (last != "pad") return {};
    const std::string_view module = last_part(first_parts(call.text));
    const bool arrays = is_one_of(module, "np numpy jnp tf ops K onnx");
    return arrays ? array_pad(text, call, letters) : torch_pad(text, call, letters);
}

bool adds(const Pads& p) { return p.top > 0 || p.bottom > 0 || p.left > 0 || p.right > 0; }
bool cuts(const Pads& p) { return p.top < 0 || p.bottom < 0 || p.left < 0 || p.right < 0; }

std::optional<double> constant_of(PadMode mode, double value) {
    if (mode == PadMode::zeros) return 0;
    return mode == PadMode::constant ? std::optional(value) : std::nullopt;
}

std::optional<Border> joined(const Border& inner, const Border& outer) {
    const auto refills = [](std::int64_t in, std::int64_t out) { return in < 0 && out > 0; };
    const Pads& a = inner.pads;
    const Pads& b = outer.pads;
    if (refills(a.top, b.top) || refills(a.bottom, b.bottom) || refills(a.left, b.left) || refills(a.right, b.right))
        return {};
    if (cuts(a) && adds(b) && outer.mode == PadMode::circular) return {};  // it would copy what was cut away
    Border both = adds(a) ? inner : outer;
    if (adds(a) && adds(b)) {
        const auto constant = constant_of(inner.mode, inner.value);
        const bool same = constant ? constant == constant_of(outer.mode, outer.value)
                                   : inner.mode == PadMode::replicate && outer.mode == PadMode::replicate;
        if (!same) return {};
    }
    both.pads = {a.top + b.top, a.bottom + b.bottom, a.left + b.left, a.right + b.right};
    if (outer.made_by != inner.made_by) both.made_by = listed({inner.made_by, outer.made_by});
    return both;
}

std::optional<Border> border_of_set(PastedText& text, const PastedText::CellsSet& set, std::string_view letters) {
    const bool matlab = text.manner() == Manner::matlab;
    if (!matlab && (set.target.kind != Node::Kind::method || set.target.items[0].kind != Node::Kind::name)) return {};
    const auto slices = matlab ? matlab_slices_of(set.target) : slices_of(set.target.text);
    const auto all = slices ? along_axes(*slices, letters.size()) : std::nullopt;
    const auto before = all ? array_of(text, set.before) : std::nullopt;
    if (!before || !before->data || before->data->empty() || before->shape.size() != letters.size()) return {};
    const double value = before->data->front();
    if (std::ranges::count(*before->data, value) != std::ssize(*before->data)) return {};
    Border border;
    border.made_by = msg("the border of {array}", "array"_is(set.before.text));
    border.mode = value == 0 ? PadMode::zeros : PadMode::constant;
    border.value = value;
    std::int64_t region = 1;  // cells that are set
    for (std::size_t i = 0; i < all->size(); ++i) {
        const Taken part = taken((*all)[i], before->shape[i]);
        region *= part.count;
        const bool plane = letters[i] == 'H' || letters[i] == 'W';
        if (part.step != 1 || part.count == 0 || (!plane && part.count != before->shape[i])) return {};
        if (!plane) continue;
        (letters[i] == 'H' ? border.pads.top : border.pads.left) = part.first;
        (letters[i] == 'H' ? border.pads.bottom : border.pads.right) = before->shape[i] - part.first - part.count;
    }
    // x[:, 3:] = 10 fills cells with a number; a border stands around an array that has a cell for each of the region's.
    if (const auto put = array_of(text, set.value)) {
        std::int64_t cells = 1;
        for (const std::int64_t length : put->shape) cells *= length;
        if (cells != region) return {};
    }
    return border;
}

}  // namespace convlens::pasted
