// Kernels and biases that a layer's initializers make, and the bias that a library begins with where nothing else is told.
#include <algorithm>
#include <array>

#include "core/import/names.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// The number that Constant(0.5), constant(0.5) and Constant(value=0.5) make; Constant() makes 0.
std::optional<double> number_of_constant(PastedText& text, const Node& call) {
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        const std::string& keyword = call.keywords[i];
        if (keyword == "value" || (keyword.empty() && i == 0)) return number_of(text, call.items[i]);
    }
    return 0;
}

// Whether the text has a function or class of its own by an initializer's name: what it makes is not known by that name.
bool is_own(const PastedText& text, const Node& value) {
    return value.kind != Node::Kind::string && Imports(text.tokens()).defines(value.text);
}

// "ones", Constant(0.5), nn.initializers.zeros_init(): the one number that they make; nothing for others.
std::optional<double> constant_of(PastedText& text, const Node& node) {
    const Node value = resolved(text, node);
    const bool call = value.kind == Node::Kind::call;
    if (!call && value.kind != Node::Kind::string && value.kind != Node::Kind::name) return {};
    if (is_own(text, value)) return {};
    const std::string word = lower(last_part(value.text));
    if (is_one_of(word, "ones one ones_initializer ones_init")) return 1;
    if (is_one_of(word, "zeros zero zeros_initializer zeros_init")) return 0;
    if (call && is_one_of(word, "constant constant_initializer constant_init")) return number_of_constant(text, value);
    const bool made = call && word == "initializer" && !value.items.empty();  // MindSpore's initializer('ones', shape)
    return made ? constant_of(text, value.items[0]) : std::nullopt;
}

// By its name: what a lambda makes is not known.
bool is_random(PastedText& text, const Node& node) {
    const Node value = resolved(text, node);
    if (value.kind == Node::Kind::opaque || is_own(text, value)) return false;
    const std::string word = lower(last_part(value.text));
    if (word == "initializer" && value.kind == Node::Kind::call && !value.items.empty())
        return is_random(text, value.items[0]);
    constexpr std::array kRandom{"glorot",    "he_",      "henormal",   "heuniform", "lecun", "random",
                                 "truncated", "variance", "orthogonal", "uniform",   "normal"};
    return std::ranges::any_of(kRandom, [&](std::string_view part) { return word.find(part) != std::string::npos; });
}

// Nothing for shapes that no layer has, and for more cells than a text may tell.
std::optional<Tensor<double>> filled(const Shape4& shape, double number) {
    const bool possible = shape.n > 0 && shape.c > 0 && shape.h > 0 && shape.w > 0;
    const auto cells = possible ? element_count(shape) : std::nullopt;
    if (!cells || *cells > kMaxToldCells) return {};
    return Tensor<double>(shape, number);
}

class Initializers {
public:
    Initializers(PastedText& text, const Arguments& arguments, ImportedLayer& imported, const InitializerNames& names)
        : text_(text), arguments_(arguments), imported_(imported), names_(names) {}

    void take_kernel() {
        const Node* const kernel = given(names_.kernel);
        if (!kernel || imported_.weight) return;
        const Shape4 shape = told_weight_shape(imported_.layer.spec, imported_.layer.input.c);
        if (auto cells = made(*kernel, shape)) {
            imported_.layer.weight = shape;
            imported_.weight = std::move(cells);
        } else if (!is_random(text_, *kernel)) {
            note_unread(names_.kernel);
        }
    }

    void take_bias() {
        if (imported_.has_bias != true || imported_.bias) return;
        const Shape4 shape{1, imported_.layer.spec.out_channels, 1, 1};
        if (const Node* const bias = given(names_.bias)) {
            imported_.bias = made(*bias, shape);
            if (imported_.bias) return;
            if (!is_random(text_, *bias))
                note_unread(names_.bias);
            else if (imported_.weight)
                imported_.notes.push_back(msg(
                    "the bias of {layer} is not known: {initializer} makes random numbers; an example's numbers were "
                    "taken",
                    "layer"_is(arguments_.function()), "initializer"_is(names_.bias)));
        } else if (imported_.weight && names_.begins.empty()) {
            imported_.bias = filled(shape, 0);
        } else if (imported_.weight) {
            imported_.notes.push_back(msg(
                "the bias of {layer} is not known: {program} begins with {numbers}; an example's numbers were taken",
                "layer"_is(arguments_.function()), "program"_is(imported_.program), "numbers"_is(names_.begins)));
        }
    }

private:
    const Node* given(std::string_view name) const { return name.empty() ? nullptr : arguments_.given(name); }

    std::optional<Tensor<double>> made(const Node& initializer, const Shape4& shape) {
        const auto plain = names_.numbers ? number_of(text_, initializer) : std::nullopt;
        const auto number = plain ? plain : constant_of(text_, initializer);
        return number ? filled(shape, *number) : std::nullopt;
    }

    void note_unread(std::string_view name) {
        imported_.notes.push_back(msg("{argument} makes numbers that are not read; others were taken",
                                      "argument"_is(argument_of(name, arguments_.function()))));
    }

    PastedText& text_;
    const Arguments& arguments_;
    ImportedLayer& imported_;
    const InitializerNames& names_;
};

}  // namespace

void take_initializers(PastedText& text, const Arguments& arguments, ImportedLayer& imported,
                       const InitializerNames& names) {
    Initializers initializers(text, arguments, imported, names);
    initializers.take_kernel();
    if (!names.bias_unread) initializers.take_bias();
}

}  // namespace convlens::pasted
