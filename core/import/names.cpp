#include "core/import/names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::array kLibraries{
    Library{"PyTorch", "torch", true},
    Library{"Keras", "keras tf_keras", true},
    Library{"TensorFlow", "tensorflow tf", true},
    Library{"JAX", "jax flax", true},
    Library{"ONNX", "onnx onnxscript spox", true, false},
    Library{"SciPy", "scipy cupyx", true, false},
    Library{"OpenCV", "cv2 cv", true, false},
    Library{"MindSpore", "mindspore ms mint"},
    Library{"tinygrad", "tinygrad"},
    Library{"MLX", "mlx"},
    Library{"PaddlePaddle", "paddle"},
    Library{"Flax NNX", "nnx"},
    Library{"Haiku", "haiku hk"},
    Library{"Equinox", "equinox eqx"},
    Library{"Sonnet", "sonnet snt"},
    Library{"MXNet", "mxnet mx gluon"},
    Library{"Chainer", "chainer"},
    Library{"OneFlow", "oneflow"},
    Library{"Jittor", "jittor jt"},
    Library{"MegEngine", "megengine"},
    Library{"Theano", "theano"},
    Library{"Lasagne", "lasagne"},
    Library{"Caffe", "caffe caffe2"},
    Library{"CNTK", "cntk"},
    Library{"Objax", "objax"},
    Library{"NNabla", "nnabla"},
    Library{"TensorLayer", "tensorlayer tensorlayerx"},
    Library{"TFLearn", "tflearn"},
    Library{"TF-Slim", "tf_slim slim"},
    Library{"Thinc", "thinc"},
    Library{"Candle", "candle_nn candle"},
    Library{"tch", "tch"},
    Library{"Burn", "burn"},
    Library{"Trax", "trax"},
    Library{"CuPy", "cupy", false, false},
};

// What only one library's models have: a class that they derive from, or a method that they define, with a class beside
// it. A text without its import lines is that library's.
struct Habit {
    std::string_view package;
    std::string_view shown_by;
    std::string_view name;     // a name that stands anywhere, or
    std::string_view method;   // def method(
    std::string_view beside;   // of a method: a name that must stand in the text, "" for none
    std::string_view without;  // of a method: one that is not defined beside it
};
constexpr std::array kHabits{
    Habit{"mindspore", "nn.Cell", "nn.Cell", "", "", ""},
    Habit{"mindspore", "def construct", "", "construct", "", "forward"},
    Habit{"paddle", "nn.Layer", "nn.Layer", "", "", ""},
    Habit{"jittor", "def execute", "", "execute", "nn.Module", "forward"},
    Habit{"flax", "nn.compact", "nn.compact", "", "", ""},
    Habit{"flax", "window_shape", "window_shape", "", "", ""},
    Habit{"flax", "nn.Conv", "nn.Conv", "", "", ""},
    Habit{"flax", "def setup", "", "setup", "nn.Module", "forward"},
    Habit{"mlx", "def __call__", "", "__call__", "nn.Module", "forward"},
};

bool begins_line(const std::vector<Token>& tokens, std::size_t at) {
    if (at == 0) return true;
    const Token& last = tokens[at - 1];
    return last.ends_statement() || last.is(":") || last.is(">") || last.is(">>");  // try: import x, >>> import x
}

bool is_word(const Token& token, std::string_view word) { return token.is_name() && token.text == word; }

}  // namespace

const Library* library_of(std::string_view root) {
    const auto* const found =
        std::ranges::find_if(kLibraries, [&](const Library& library) { return is_one_of(root, library.roots); });
    return found == kLibraries.end() ? nullptr : found;
}

std::string_view first_part(std::string_view dotted) {
    const std::size_t dot = dotted.find('.');
    return dot == std::string_view::npos ? std::string_view{} : dotted.substr(0, dot);
}

Imports::Imports(const std::vector<Token>& tokens) {
    for (std::size_t at = 0; at + 1 < tokens.size();) {
        const bool first = begins_line(tokens, at);
        if ((is_word(tokens[at], "class") || is_word(tokens[at], "def")) && tokens[at + 1].is_name())
            defined_.push_back(tokens[at + 1].text);
        // Conv = partial(nn.Conv2d, padding=1), Conv = lambda n: ...
        const bool sets = first && tokens[at].is_name() && tokens[at + 1].is("=") && at + 2 < tokens.size();
        if (sets && tokens[at + 2].is_name() && is_one_of(last_part(tokens[at + 2].text), "partial lambda"))
            defined_.push_back(tokens[at].text);
        if (first && is_word(tokens[at], "import"))
            at = take_import(tokens, at);
        else if (first && is_word(tokens[at], "from"))
            at = take_from(tokens, at);
        else
            ++at;
    }
    take_shown(tokens);
}

void Imports::take_shown(const std::vector<Token>& tokens) {
    if (other_than("")) return;
    const auto stands = [&](std::string_view name) {
        return std::ranges::any_of(tokens, [&](const Token& token) { return is_word(token, name); });
    };
    const auto is_shown = [&](const Habit& habit) {
        if (!habit.name.empty()) return stands(habit.name);
        return defines(habit.method) && !defines(habit.without) && (habit.beside.empty() || stands(habit.beside));
    };
    const auto* const found = std::ranges::find_if(kHabits, is_shown);
    if (found == kHabits.end()) return;
    packages_.emplace_back(found->package);
    shown_by_ = found->shown_by;
}

void Imports::add(std::string_view name, std::string full, std::size_t at) {
    names_.push_back({std::string(name), std::move(full), at});
}

// import torch.nn as nn, numpy as np
std::size_t Imports::take_import(const std::vector<Token>& tokens, std::size_t at) {
    const std::size_t line = tokens[at].at;
    ++at;
    while (at + 1 < tokens.size() && tokens[at].is_name()) {
        const std::string& module = tokens[at].text;
        const std::string_view package = module.find('.') == std::string::npos ? module : first_part(module);
        packages_.emplace_back(package);
        if (is_word(tokens[at + 1], "as") && at + 2 < tokens.size() && tokens[at + 2].is_name()) {
            add(tokens[at + 2].text, module, line);
            at += 2;
        } else {
            add(package, std::string(package), line);
        }
        if (!tokens[at + 1].is(",")) return at + 1;
        at += 2;
    }
    return at;
}

// from torch.nn import functional as F, (Conv2d, MaxPool2d)
std::size_t Imports::take_from(const std::vector<Token>& tokens, std::size_t at) {
    const std::size_t line = tokens[at].at;
    std::string module;
    for (++at; at + 1 < tokens.size() && tokens[at].is("."); ++at) module += '.';
    if (tokens[at].is_name() && tokens[at].text != "import") module += tokens[at++].text;
    if (at + 1 >= tokens.size() || !is_word(tokens[at], "import")) return at;
    const std::string_view package = module.find('.') == std::string::npos ? module : first_part(module);
    packages_.emplace_back(package);
    int open = 0;
    for (++at; at + 1 < tokens.size(); ++at) {
        if (tokens[at].is("(")) ++open;
        if (tokens[at].is(")") && --open <= 0) return at;
        if (open == 0 && tokens[at].ends_statement()) return at;
        if (!tokens[at].is_name()) continue;
        const std::string full = module + (module.ends_with('.') ? "" : ".") + tokens[at].text;
        const bool renamed = is_word(tokens[at + 1], "as") && at + 2 < tokens.size();
        if (renamed) at += 2;
        add(tokens[at].text, full, line);
    }
    return at;
}

const ImportedName* Imports::line_of(std::string_view dotted) const {
    const std::string_view first = first_part(dotted);
    const auto found = std::find_if(names_.rbegin(), names_.rend(), [&](const ImportedName& entry) {
        return entry.name == (first.empty() ? dotted : first);
    });
    return found == names_.rend() ? nullptr : &*found;
}

std::string Imports::full(std::string_view dotted) const {
    const ImportedName* line = line_of(dotted);
    if (!line) return std::string(dotted);
    const std::string_view first = first_part(dotted);
    return first.empty() ? line->full : line->full + std::string(dotted.substr(first.size()));
}

bool Imports::names_any(std::string_view roots) const {
    return std::ranges::any_of(packages_, [&](const std::string& package) { return is_one_of(package, roots); });
}

const Library* Imports::other_than(std::string_view except) const {
    for (const std::string& package : packages_) {
        const Library* library = library_of(package);
        if (library && library->neural && !is_one_of(package, except)) return library;
    }
    return nullptr;
}

bool Imports::defines(std::string_view name) const { return std::ranges::count(defined_, name) > 0; }

}  // namespace convlens::pasted
