// Finds the first layer in a pasted text and hands it to the reader of its program.
#include "core/import/import.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/import/bound_anew.h"
#include "core/import/names.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

using Functions = std::span<const KnownFunction>;

// The functions of a program, and what the names of its packages begin with. Where no import line gives a name, a
// neural program's is taken by habit only if the text imports no other such library.
struct Program {
    Functions functions;
    std::string_view roots;
    bool neural = true;
    bool by_habit = true;  // what no line and no argument gives to another library is taken for its
};

std::array<Program, 11> all_programs() {
    return {Program{torch_functions(), "torch"},
            Program{keras_functions(), "keras tensorflow tf tf_keras"},
            Program{tensorflow_functions(), "tensorflow tf"},
            Program{jax_functions(), "jax flax"},
            Program{onnx_functions(), "onnx onnxscript spox"},
            Program{filter_functions(), "scipy cupyx", false},
            Program{opencv_functions(), "cv2 cv", false},
            Program{tinygrad_functions(), "tinygrad", true, false},
            Program{mindspore_functions(), "mindspore ms", true, false},
            Program{paddle_functions(), "paddle", true, false},
            Program{mlx_functions(), "mlx", true, false}};
}

struct Layer {
    std::size_t token;
    const KnownFunction* function = nullptr;  // nullptr: op_type of a printed ONNX graph
};

bool fits(const KnownFunction& function, std::string_view dotted) {
    if (last_part(dotted) != function.name) return false;
    const std::string_view module = last_part(first_parts(dotted));
    return is_one_of(module.empty() ? std::string_view("-") : module, function.modules);
}

// What people call the modules that they have imported, where the import is not pasted: nn.functional.conv2d.
constexpr std::string_view kHabits = "nn F functional layers modules signal";

// Whether a name is one of the program's: by its import line, else by its prefix, else by habit. `shown` is the package
// that its call shows where neither speaks of it, "" for none.
bool belongs(const Program& program, const Imports& imports, std::string_view dotted, std::string_view shown) {
    if (is_of_whole_numbers(imports.full(dotted))) return false;
    const std::string full = imports.full(dotted);
    if (full.starts_with("jax.scipy.")) return is_one_of("scipy", program.roots);  // SciPy's functions, made anew
    if (imports.line_of(dotted))
        return is_one_of(root_of(full).empty() ? std::string_view(full) : root_of(full), program.roots);
    const std::string_view first = root_of(dotted);
    if (library_of(first)) return is_one_of(first, program.roots);
    if (first.empty() && imports.defines(dotted)) return false;
    if (std::ranges::count(dotted, '.') > 1 && !is_one_of(first, kHabits)) return false;
    if (!program.neural) return true;
    if (!shown.empty() && !imports.other_than(shown)) return is_one_of(shown, program.roots);
    return imports.names_any(program.roots) || (program.by_habit && !imports.other_than(program.roots));
}

// Whether a name is a method of a tensor, x.conv2d, of a text that shows no other library than the program's.
// `chained`: it stands behind an expression, as in x.relu().conv2d(w).
bool is_method(const Program& program, const KnownFunction& function, const Imports& imports, std::string_view dotted,
               bool chained) {
    if (!function.method || last_part(dotted) != function.name || imports.line_of(dotted)) return false;
    if (imports.other_than(program.roots) && !imports.names_any(program.roots)) return false;
    return chained || may_be_tensor(first_parts(dotted), imports.names_any(program.roots));
}

// What is known of a name, by the call that it stands in front of.
struct Called {
    std::string_view shown;          // the package that its arguments show; "" for none
    bool chained = false;            // it is a method of an expression: .conv2d of x.relu().conv2d(w)
    const Token* bracket = nullptr;  // that opens its arguments; nullptr where only the name counts
};

bool begins_call(const Token& next, bool bracketed) {
    return next.is("(") || (bracketed && (next.is("<") || next.is("[")));
}

// PyTorch's nn.functional.conv2d and TensorFlow's nn.conv2d differ in the last module alone.
const KnownFunction* function_of(const Imports& imports, std::string_view dotted, const Called& called = {}) {
    const std::string full = imports.full(dotted);
    const bool is_class =
        !last_part(dotted).empty() && last_part(dotted).front() >= 'A' && last_part(dotted).front() <= 'Z';
    for (const Program& program : all_programs()) {
        for (const KnownFunction& function : program.functions) {
            if (called.bracket && !begins_call(*called.bracket, function.bracketed)) continue;
            if (is_method(program, function, imports, dotted, called.chained)) return &function;
            if (function.method || (called.chained && !is_class)) continue;
            const bool named = fits(function, dotted) || fits(function, full);
            if (named && belongs(program, imports, dotted, called.shown)) return &function;
        }
    }
    return nullptr;
}

// The layer that a name at a token is, whatever else the text may bind that name to.
std::optional<Layer> layer_named(const PastedText& text, const Imports& imports, std::size_t at) {
    const std::vector<Token>& tokens = text.tokens();
    const Token& token = tokens[at];
    if (token.kind == Token::Kind::string) {
        const bool typed = at >= 2 && tokens[at - 1].is(":") && tokens[at - 2].text == "op_type";
        return typed && is_onnx_operator(token.text) ? std::optional<Layer>({at, nullptr}) : std::nullopt;
    }
    if (!token.is_name() || is_defined(tokens, at) || at + 1 >= tokens.size()) return {};
    const Token& next = tokens[at + 1];
    if (!next.is("(") && !next.is("<") && !next.is("[")) return {};
    const bool chained = at > 0 && tokens[at - 1].is(".");
    const KnownFunction* function =
        function_of(imports, token.text, {package_shown_by_call(tokens, at), chained, &next});
    if (!function) return {};
    const Token& first = tokens[std::min(at + 2, tokens.size() - 1)];
    const bool other_node =
        function->name == "make_node" && first.kind == Token::Kind::string && !is_onnx_operator(first.text);
    return other_node ? std::nullopt : std::optional(Layer{at, function});
}

// What makes the name of a layer another function than the library's; nullptr for nothing.
const Rebinding* bound_anew(const BoundAnew& anew, const PastedText& text, const Imports& imports, const Layer& layer) {
    if (!layer.function) return nullptr;
    const auto& tokens = text.tokens();
    const Called called{package_shown_by_call(tokens, layer.token), false, &tokens[layer.token + 1]};
    return anew.of_call(layer.token, [&](std::string_view name) {
        const KnownFunction* other = function_of(imports, name, called);
        return other && other->name == layer.function->name && other->read == layer.function->read;
    });
}

std::vector<Layer> layers_in(const PastedText& text) {
    const Imports imports(text.tokens());
    const BoundAnew anew(text, imports);
    std::vector<Layer> layers;
    for (std::size_t at = 0; at < text.tokens().size(); ++at) {
        if (text.variables().own.contains(at)) continue;  // conv2 = nn.Conv2d(1, 1, 3), then conv2(x)
        const auto layer = layer_named(text, imports, at);
        if (layer && !bound_anew(anew, text, imports, *layer)) layers.push_back(*layer);
    }
    return layers;
}

// Of a text without layers: throws ImportError at the first call of a library's name that the text binds to something
// else, which is no reason to read the text as MATLAB's.
void refuse_bound_anew(const PastedText& text) {
    const Imports imports(text.tokens());
    const BoundAnew anew(text, imports);
    for (std::size_t at = 0; at < text.tokens().size(); ++at) {
        const auto layer = layer_named(text, imports, at);
        if (!layer || !layer->function || layer->function->manner == Manner::matlab) continue;
        const Rebinding* binding = bound_anew(anew, text, imports, *layer);
        if (!binding) continue;
        const Token& token = text.tokens()[at];
        const auto name = "name"_is(token.text);
        if (binding->how == Rebinding::How::defined)
            text.fail(token.at, msg("{name} is not a layer that is known: the text defines it itself; paste the layer "
                                    "that it calls",
                                    name));
        text.fail(token.at, msg("{name} is set to something else by {line}; paste the layer that it calls", name,
                                "line"_is(line_place(text, binding->token))));
    }
}

// What the text calls a layer: conv1 of self.conv1 = nn.Conv2d(...), (conv1): Conv2d(...) and ('conv1',
// nn.Conv2d(...)).
std::string label_of(const PastedText& text, std::size_t at) {
    const auto& tokens = text.tokens();
    if (const std::string variable = layer_variable(text, at); !variable.empty())
        return std::string(last_part(variable));
    if (at < 2) return "";
    const Token& sign = tokens[at - 1];
    const Token& before = tokens[at - 2];
    const auto& assignment = text.assignment_around(at);
    const bool starred = assignment && assignment->value == at;  // *a, b = layer, other
    if (starred) return "";
    if (sign.is("=") && before.is_name()) return std::string(last_part(before.text));
    const bool printed = at >= 4 && sign.is(":") && before.is(")") && tokens[at - 4].is("(");
    if (printed) return tokens[at - 3].text;
    return (sign.is(",") || sign.is(":")) && before.kind == Token::Kind::string ? before.text : "";
}

std::string_view token_name(const PastedText& text, const Layer& layer) {
    return last_part(text.tokens()[layer.token].text);
}

FoundLayer found_layer(const PastedText& text, const Layer& layer) {
    const auto& tokens = text.tokens();
    const Token& token = tokens[layer.token];
    const Token& first = tokens[std::min(layer.token + 2, tokens.size() - 1)];
    const bool node = last_part(token.text) == "make_node" && first.kind == Token::Kind::string;
    std::string function = node ? first.text : token.text;
    if (text.is_cpp() && function.starts_with("cv.")) function.replace(2, 1, "::");
    function = unmarked(function);
    const std::string label = unmarked(label_of(text, layer.token));
    return {label.empty() ? function : label, function, text.place(token.at)};
}

// The class that a layer stands in, else the function; "" for neither.
std::string holder_of(const PastedText& text, const Layer& layer) {
    std::string holder;
    for (const std::size_t header : text.scopes_around(layer.token)) {
        const bool in_class = text.tokens()[header].text == "class";
        if (in_class || holder.empty()) holder = unmarked(text.tokens()[header + 1].text);
    }
    return holder;
}

// Layers of one name are told apart by what they stand in: A.conv, B.conv.
std::vector<FoundLayer> found_layers(const PastedText& text, const std::vector<Layer>& layers) {
    std::vector<FoundLayer> found;
    std::map<std::string, std::set<std::string>> holders;  // by name
    for (const Layer& layer : layers) {
        found.push_back(found_layer(text, layer));
        holders[found.back().name].insert(holder_of(text, layer));
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string holder = holder_of(text, layers[i]);
        const bool named = found[i].name != found[i].function && !holder.empty();
        if (named && holders[found[i].name].size() > 1) found[i].name = holder + "." + found[i].name;
    }
    return found;
}

Message listed(const std::vector<FoundLayer>& layers) {
    constexpr std::size_t kMostListed = 8;
    std::vector<Message> parts;
    for (const FoundLayer& found : layers) {
        if (parts.size() == kMostListed) break;
        parts.push_back(found.name == found.function
                            ? msg("{function} at {place}", "function"_is(found.function), "place"_is(found.place))
                            : msg("{name} ({function} at {place})", "name"_is(found.name),
                                  "function"_is(found.function), "place"_is(found.place)));
    }
    if (layers.size() > kMostListed) parts.push_back(msg("{count} more", "count"_is(layers.size() - kMostListed)));
    return in_a_row(std::move(parts));
}

// The chosen layer by the reader of its program, with a hint where it may be another's.
ImportedLayer read_by_its_program(PastedText& text, const Layer& layer) {
    if (!layer.function) return read_onnx_protobuf(text, layer.token);
    const Message hint = may_be_paddle(text, layer.token);
    try {
        ImportedLayer imported = layer.function->read({text, layer.token, layer.function->name});
        if (!hint.empty()) imported.notes.push_back(hint);
        return imported;
    } catch (const ImportError& error) {
        if (hint.empty()) throw;
        throw ImportError(msg("{problem}; {hint}", "problem"_is(error.words()), "hint"_is(hint)), error.line(),
                          error.column());
    }
}

ImportedLayer read(PastedText& text, const std::vector<Layer>& layers, std::size_t which) {
    if (which >= layers.size())
        throw ImportError(msg("layer {number} is asked for, and the text has {count}", "number"_is(which + 1),
                              "count"_is(layers.size())));
    const Layer& chosen = layers[which];
    ImportedLayer layer = read_by_its_program(text, chosen);
    const char initial = token_name(text, chosen).front();
    layer.is_module = chosen.function && layer.program != "ONNX" && initial >= 'A' && initial <= 'Z';
    const Imports imports(text.tokens());
    std::set<std::string, std::less<>> variables;
    for (const Layer& other : layers) variables.insert(layer_variable(text, other.token));
    variables.erase("");
    const auto is_layer = [&](std::string_view name) { return function_of(imports, name) || variables.contains(name); };
    if (chosen.function && chosen.function->method && !imports.names_any("tinygrad")) {
        layer.notes.push_back(msg("{method} was taken to be tinygrad's, whose tensors have that method",
                                  "method"_is(text.tokens()[chosen.token].text)));
    }
    const bool node = !chosen.function || chosen.function->name == "make_node";
    if (!node) {
        take_what_follows(text, chosen.token, layer, is_layer);
        note_unfollowed(text, chosen.token, layer);
    }
    if (!text.wide_sign().empty())
        layer.notes.push_back(msg("full-width signs such as {sign} were read as ASCII's", "sign"_is(text.wide_sign())));
    if (layers.size() > 1) {
        const std::vector<FoundLayer> found = found_layers(text, layers);
        layer.notes.push_back(msg("the text has {count} layers: {layers}; {name}, number {number}, was taken",
                                  "count"_is(layers.size()), "layers"_is(listed(found)), "name"_is(found[which].name),
                                  "number"_is(which + 1)));
    }
    if (!node) note_unread_statements(text, chosen.token, layer, is_layer);
    return layer;
}

// The text as the program reads it that its first layer is of, and its layers: MATLAB's signs mean other things.
struct Reading {
    PastedText text;
    std::vector<Layer> layers;
};

std::vector<std::string_view> known_names() {
    std::vector<std::string_view> known;
    for (const Program& program : all_programs()) {
        for (const KnownFunction& function : program.functions) known.push_back(function.name);
    }
    return known;
}

Reading reading_of(std::string_view pasted) {
    PastedText python(pasted, Manner::python);
    std::vector<Layer> layers = layers_in(python);
    if (!layers.empty() && !(layers[0].function && layers[0].function->manner == Manner::matlab))
        return {std::move(python), std::move(layers)};
    if (layers.empty()) refuse_bound_anew(python);
    PastedText matlab(pasted, Manner::matlab);
    layers = layers_in(matlab);
    if (layers.empty()) refuse(python, known_names());
    return {std::move(matlab), std::move(layers)};
}

}  // namespace

}  // namespace convlens::pasted

namespace convlens {

// What is shown to people has the names that the text has, without the marks of core/import/scope.h.
std::vector<FoundLayer> find_layers(std::string_view text) try {
    const pasted::Reading reading = pasted::reading_of(text);
    return pasted::found_layers(reading.text, reading.layers);
} catch (const ImportError& error) {
    throw ImportError(pasted::unmarked(error.words()), error.line(), error.column());
}

ImportedLayer import_layer(std::string_view text, std::size_t which) try {
    pasted::Reading reading = pasted::reading_of(text);
    ImportedLayer layer = pasted::read(reading.text, reading.layers, which);
    for (Message& note : layer.notes) note = pasted::unmarked(std::move(note));
    return layer;
} catch (const ImportError& error) {
    throw ImportError(pasted::unmarked(error.words()), error.line(), error.column());
}

}  // namespace convlens
