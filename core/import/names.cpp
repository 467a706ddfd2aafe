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
    Library{"MindSpore", "mindspore ms", true},
    Library{"MindSpore's mint", "mint"},
    Library{"tinygrad", "tinygrad", true},
    Library{"MLX", "mlx", true},
    Library{"PaddlePaddle", "paddle", true},
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
// no words: code in Python
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

std::string_view root_of(std::string_view full) {
    if (full.starts_with("nnx.") || full.find(".nnx.") != std::string_view::npos) return "nnx";
    const std::string_view root = first_part(full);
    const std::string_view rest = root.empty() ? full : full.substr(root.size() + 1);
    if (root == "mx" && is_one_of(rest, "conv1d conv2d conv_transpose1d conv_transpose2d conv_general")) return "mlx";
    return root == "mindspore" && rest.starts_with("mint.") ? "mint" : root;
}

namespace {

// What an argument of a call is: a word in quotes, a truth value, anything else.
enum class Looks { string, truth, other };
struct Argument {
    std::string_view keyword;
    std::string_view text;
    Looks looks = Looks::other;
};

// The arguments between the brackets behind a token, each by its first token.
std::vector<Argument> arguments_behind(const std::vector<Token>& tokens, std::size_t name) {
    constexpr std::size_t kMost = 24;
    constexpr std::size_t kMostTokens = 2000;
    std::vector<Argument> arguments;
    int open = 0;
    bool begins = true;
    bool parameters = false;  // of a lambda, which are no arguments of the call
    for (std::size_t i = name + 1; i + 1 < tokens.size() && i < name + kMostTokens && arguments.size() < kMost; ++i) {
        const Token& token = tokens[i];
        const bool angle = i == name + 1 && token.is("<");
        if (opens(token) || angle) ++open;
        if (closes(token) && --open == 0) break;
        if (open != 1 || angle || (i == name + 1)) {
            begins = begins && (i == name + 1);
            continue;
        }
        if (is_word(token, "lambda")) parameters = true;
        if (token.is(":")) parameters = false;
        if (token.is(",") && !parameters) {
            begins = true;
            continue;
        }
        if (!begins || token.kind == Token::Kind::newline) continue;
        begins = false;
        const bool named = token.is_name() && tokens[i + 1].is("=") && i + 2 < tokens.size();
        const Token& value = named ? tokens[i + 2] : token;
        const Looks looks = value.kind == Token::Kind::string ? Looks::string
                            : is_name(value, "True False")    ? Looks::truth
                                                              : Looks::other;
        arguments.push_back({named ? std::string_view(token.text) : "", value.text, looks});
    }
    return arguments;
}

}  // namespace

std::string_view package_shown_by_call(const std::vector<Token>& tokens, std::size_t name) {
    const std::string_view function = last_part(tokens[name].text);
    constexpr std::string_view kShared =
        "Conv1d Conv2d Conv1dTranspose Conv2dTranspose MaxPool2d AvgPool2d Conv2D Conv2DTranspose MaxPool2D AvgPool2D "
        "conv2d conv2d_transpose max_pool2d avg_pool2d";
    if (!is_one_of(function, kShared)) return "";  // of most names nothing behind them is looked at
    const std::vector<Argument> arguments = arguments_behind(tokens, name);
    const auto has = [&](std::string_view keywords) {
        return std::ranges::any_of(arguments, [&](const Argument& each) {
            return !each.keyword.empty() && is_one_of(each.keyword, keywords);
        });
    };
    const auto positional = [&](std::size_t at, Looks looks) {
        const bool there = at < arguments.size() && arguments[at].keyword.empty();
        return there && arguments[at].looks == looks;
    };
    const std::string_view module = last_part(first_parts(tokens[name].text));
    const bool functional = is_one_of(module, "F functional");
    if (functional && is_one_of(function, "conv2d conv2d_transpose max_pool2d avg_pool2d"))
        return function == "conv2d_transpose" || has("data_format exclusive return_mask") ? "paddle" : "";
    if (!module.empty() && module != "nn") return "";
    constexpr std::size_t kFifth = 4;  // padding of PyTorch, pad_mode of MindSpore
    constexpr std::size_t kNinth = 8;  // padding_mode of PyTorch, a word, has_bias of MindSpore
    if (is_one_of(function, "Conv1d Conv2d Conv1dTranspose Conv2dTranspose MaxPool2d AvgPool2d")) {
        const bool mode = positional(kFifth, Looks::string) && lower(arguments[kFifth].text) == "pad";
        const bool mindspore = mode || positional(kNinth, Looks::truth) || tokens[name + 1].is("<") ||
                               has("pad_mode has_bias weight_init bias_init");
        return mindspore ? "mindspore" : "";
    }
    // Keras's Conv2D has the filters, then kernel_size: two numbers and a kernel_size are Paddle's.
    if (is_one_of(function, "Conv2D Conv2DTranspose")) {
        const bool printed = positional(1, Looks::other) && arguments[0].keyword.empty() && has("kernel_size");
        return printed || has("in_channels out_channels weight_attr bias_attr") ? "paddle" : "";
    }
    if (is_one_of(function, "MaxPool2D AvgPool2D")) return has("kernel_size exclusive return_mask") ? "paddle" : "";
    return "";
}

bool is_of_whole_numbers(std::string_view full) {
    return ("." + std::string(full) + ".").find(".quantized.") != std::string::npos;
}

bool is_defined(const std::vector<Token>& tokens, std::size_t at) {
    return at > 0 && tokens[at - 1].is_name() && (tokens[at - 1].text == "def" || tokens[at - 1].text == "class");
}

bool may_be_tensor(std::string_view receiver, bool in_own_text) {
    constexpr std::string_view kModules =
        "nn functional layers modules signal ops slim net network model self cls np math image conv convolutional "
        "linen "
        "contrib keras backend core nd sym gluon L K F aten at dnn";
    constexpr std::string_view kUsual = "x X y z h t a out output inp input inputs img tensor feat features";
    if (!in_own_text) return is_one_of(unmarked(receiver), kUsual);
    if (receiver.empty() || is_one_of(last_part(receiver), kModules)) return false;
    return !library_of(receiver) && !library_of(first_part(receiver));
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
        const std::string full = module + (module.ends_with('.') ? "" : ".") + unmarked(tokens[at].text);
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
