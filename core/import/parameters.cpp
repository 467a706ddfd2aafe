// Parameters that a text gives to a layer outside of the call that makes it: weights, biases, the result's size.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/import/cells.h"
#include "core/import/lines.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// What a statement gives to a parameter: an array, or one number for all of its cells.
struct Told {
    std::optional<ToldArray> array;
    std::optional<double> number;
    bool none = false;       // conv.bias = None
    bool any_shape = false;  // conv.weight = ..., which takes the place of what was there
};

// As the layer's own program has it: without the height along one axis.
std::vector<std::int64_t> weight_lengths(Draft& draft, int axes) {
    const Shape4 shape = told_weight_shape(draft.spec(), draft.c.value_or(1));
    if (axes == 1) return {shape.n, shape.c, shape.w};
    return {shape.n, shape.c, shape.h, shape.w};
}

std::optional<std::vector<double>> filled(const std::vector<std::int64_t>& shape, double number) {
    std::int64_t cells = 1;
    for (const std::int64_t length : shape) {
        if (length < 1 || length > kMaxToldCells) return {};
        cells = product(cells, length);
    }
    if (cells > kMaxToldCells) return {};
    return std::vector<double>(static_cast<std::size_t>(cells), number);
}

class Parameters {
public:
    Parameters(Draft& draft, const Found& found, const Node& call, int axes)
        : draft_(draft),
          text_(found.text),
          layer_(found.token),
          names_(layer_variables(found.text, found.token)),
          axes_(axes) {
        const auto application = application_of(found, call);
        if (application && application->scope > layer_) until_ = application->scope;
    }

    void run() {
        if (names_.empty()) return;
        const std::vector<Line> lines = lines_of(text_);
        const Line* own = line_of(lines, layer_);
        for (const Line& line : lines) {
            if (line.from <= layer_ || line.from >= until_ || !own || line.is_apart_from(*own)) continue;
            for (const std::string& own_name : names_) take_told(line, own_name);
        }
    }

private:
    void take_told(const Line& line, const std::string& variable) {
        for (const std::string_view name : {"weight", "bias"}) {
            const auto told = told_by(line, fmt::format("{}.{}", variable, name));
            if (told && (name == "weight" ? take_weight_of(*told) : take_bias_of(*told)))
                text_.take_statement(line.from);
        }
    }

    const Token& token(std::size_t at) const { return text_.tokens()[std::min(at, text_.tokens().size() - 1)]; }

    std::optional<Told> told_by(const Line& line, const std::string& parameter) {
        const Token& first = token(line.from);
        if (!first.is_name()) return {};
        if (first.text == parameter || first.text == parameter + ".data") return assigned_by(line);
        if (!token(line.from + 1).is("(")) return {};
        const bool initializes = is_one_of(last_part(first.text), "constant_ ones_ zeros_");
        const bool own = is_of(first, parameter) && is_one_of(last_part(first.text), "copy_ fill_ zero_");
        if (!own && !initializes) return {};
        const Node call = text_.call_at(line.from);
        if (call.end < line.to) return {};
        if (own) return copied_by(call);
        const bool this_one = !call.items.empty() && call.items[0].kind == Node::Kind::name &&
                              (call.items[0].text == parameter || call.items[0].text == parameter + ".data");
        return this_one ? initialized_by(call) : std::nullopt;
    }

    // conv.weight = nn.Parameter(w), conv.weight.data[:] = w
    std::optional<Told> assigned_by(const Line& line) {
        std::size_t sign = line.from + 1;
        const bool whole = token(sign).is("[") && (token(sign + 1).is(":") || token(sign + 1).is(".")) &&
                           closing_of(text_.tokens(), sign) <= sign + 4 && is_whole(sign);
        if (whole) sign = closing_of(text_.tokens(), sign) + 1;
        if (!token(sign).is("=")) return {};
        std::size_t at = sign + 1;
        Node value = text_.value_at(at);
        if (at < line.to) return {};
        Told told;
        told.any_shape = !whole;
        if (value.kind == Node::Kind::name && value.text == "None") {
            told.none = true;
            return told;
        }
        if (value.kind == Node::Kind::call && last_part(value.text) == "Parameter" && !value.items.empty())
            value = Node(value.items[0]);
        told.array = array_of(text_, value);
        told.number = whole ? number_of(text_, value) : like_own(value, token(line.from).text);
        return told;
    }

    // The number that fills an array with the shape of the parameter itself: torch.full_like(conv.weight, 3).
    std::optional<double> like_own(const Node& value, std::string_view target) {
        const std::string_view maker = last_part(value.text);
        if (value.kind != Node::Kind::call || value.items.empty() || value.items[0].kind != Node::Kind::name) return {};
        const std::string_view of = value.items[0].text;
        const std::string_view own = target.ends_with(".data") ? first_parts(target) : target;
        if (of != own && !(of.ends_with(".data") && first_parts(of) == own)) return {};
        if (value.items.size() == 1 && maker == "ones_like") return 1;
        if (value.items.size() == 1 && maker == "zeros_like") return 0;
        return value.items.size() == 2 && maker == "full_like" ? number_of(text_, value.items[1]) : std::nullopt;
    }

    // What copy_() and [:] = make of an array: axes of length 1, and missing ones in front, are stretched.
    static std::optional<ToldArray> stretched(const ToldArray& array, const std::vector<std::int64_t>& shape) {
        const auto zeros = filled(shape, 0);
        if (!zeros || !array.data) return {};
        ToldArray own = array;
        own.type = CellType::real;
        own.is_list = false;
        auto result = operated("+", own, {shape, zeros}, Manner::python);
        return result && result->shape == shape ? result : std::nullopt;
    }

    // [:] and [...]
    bool is_whole(std::size_t bracket) const {
        const std::size_t end = closing_of(text_.tokens(), bracket);
        for (std::size_t i = bracket + 1; i < end; ++i) {
            if (!token(i).is(":") && !token(i).is(".")) return false;
        }
        return true;
    }

    std::optional<Told> copied_by(const Node& call) {
        Told told;
        if (last_part(call.text) == "zero_") told.number = 0;
        if (call.items.empty()) return told;
        told.number = number_of(text_, call.items[0]);
        told.array = array_of(text_, call.items[0]);
        return told;
    }

    std::optional<Told> initialized_by(const Node& call) {
        Told told;
        const std::string_view last = last_part(call.text);
        if (last == "ones_") told.number = 1;
        if (last == "zeros_") told.number = 0;
        if (last == "constant_" && call.items.size() > 1) told.number = number_of(text_, call.items[1]);
        return told;
    }

    bool take_weight_of(const Told& told) {
        const std::vector<std::int64_t> shape = weight_lengths(draft_, axes_);
        ToldArray array{shape, {}};
        if (told.number && draft_.c)
            array.data = filled(shape, *told.number);
        else if (told.array && told.array->data && (told.any_shape || told.array->shape == shape))
            array = *told.array;
        else if (told.array && draft_.c)
            array = stretched(*told.array, shape).value_or(array);
        if (!array.data || array.shape.size() != shape.size()) return false;
        if (axes_ == 1) array.shape.insert(array.shape.end() - 1, 1);
        take_weight(draft_, array);
        return true;
    }

    bool take_bias_of(const Told& told) {
        if (told.none) {
            draft_.result.has_bias = false;
            draft_.result.bias.reset();
            return true;
        }
        const std::int64_t length = draft_.spec().out_channels;
        ToldArray array{{length}, {}};
        if (told.number)
            array.data = filled(array.shape, *told.number);
        else if (told.array && told.array->shape == array.shape)
            array = *told.array;
        else if (told.array && !told.any_shape)
            array = stretched(*told.array, array.shape).value_or(array);
        if (!array.data) return false;
        draft_.result.has_bias = true;
        take_bias(draft_, array);
        return true;
    }

    Draft& draft_;
    PastedText& text_;
    std::size_t layer_;
    std::vector<std::string> names_;  // of the layer
    int axes_;
    std::size_t until_ = kMaxImportBytes;  // the token where the layer is called
};

// (10, 12), torch.Size([1, 16, 10, 12]), skip.size() and skip.shape of an array that is told.
std::optional<std::vector<std::int64_t>> size_of(PastedText& text, const Node& given) {
    Node value = resolved(text, given);
    if (value.kind == Node::Kind::call && last_part(value.text) == "Size" && value.items.size() == 1)
        value = resolved(text, Node(value.items[0]));
    std::vector<std::int64_t> size;
    if (value.kind == Node::Kind::list || value.kind == Node::Kind::number) {
        for (const Node& item : value.kind == Node::Kind::list ? value.items : std::vector<Node>{value}) {
            const auto number = number_of(text, item);
            if (number) refuse_too_large(text, item, *number, kLengthTooLarge);
            if (!number || !(*number >= 0)) return {};
            size.push_back(static_cast<std::int64_t>(*number));
        }
        return size;
    }
    const bool sizes = (value.kind == Node::Kind::call && value.items.empty() && last_part(value.text) == "size") ||
                       (value.kind == Node::Kind::name && last_part(value.text) == "shape");
    if (!sizes) return {};
    Node array = value;
    array.kind = Node::Kind::name;
    array.text = first_parts(value.text);
    const auto told = array_of(text, array);
    return told ? std::optional(told->shape) : std::nullopt;
}

}  // namespace

void take_parameters(Draft& draft, const Found& found, const Node& call, int axes) {
    Parameters(draft, found, call, axes).run();
}

void take_output_size(Draft& draft, const Found& found, const Node& call, int axes) {
    const auto application = application_of(found, call);
    if (!application) return;
    for (std::size_t i = 1; i < application->items.size(); ++i) {
        const std::string& keyword = application->keywords[i];
        if (keyword != "output_size" && !(keyword.empty() && i == 1)) continue;
        const Node& given = application->items[i];
        if (given.kind == Node::Kind::name && given.text == "None") return;
        const auto size = size_of(found.text, given);
        const auto rank = static_cast<std::size_t>(axes);
        if (!size || size->size() < rank || size->size() > rank + 2) {
            draft.note(
                msg("the output_size that the layer is called with, at {place}, is not told; the size without it "
                    "was taken",
                    "place"_is(found.text.place(given.at))));
            return;
        }
        draft.spec().output_size = Size2{axes == 1 ? 1 : (*size)[size->size() - 2], size->back()};
    }
}

}  // namespace convlens::pasted
