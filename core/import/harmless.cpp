#include "core/import/harmless.h"

#include <algorithm>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// Statements that begin with such a word.
constexpr std::string_view kPlain =
    "import from def class pass break continue global nonlocal try except finally else assert raise using namespace "
    "include function endfunction endif endfor endwhile endswitch end_try_catch otherwise struct public private "
    "template typedef";
constexpr std::string_view kMatlabPlain =
    "end case clc clear close figure hold colormap subplot title xlabel ylabel legend axis format pkg rng grid "
    "colorbar "
    "drawnow warning pause more tic toc rand randn imshow imagesc image montage disp fprintf printf display input";
constexpr std::string_view kHeaders = "if elif while switch elseif for parfor with";

// Roots of libraries whose functions draw, print, or read the command line.
constexpr std::string_view kOtherRoots =
    "plt matplotlib pyplot sns seaborn ax axes fig axs logging logger time warnings pdb gc sys os IPython tqdm pprint "
    "std.cout std.cerr cout cerr unittest random wandb writer";
constexpr std::string_view kLooking =
    "imshow waitKey destroyAllWindows namedWindow moveWindow destroyWindow imwrite manual_seed manual_seed_all seed "
    "set_seed set_random_seed set_printoptions show pause draw savefig close display clear_output empty_cache "
    "synchronize assert_equal assert_almost_equal assert_allclose assert_array_almost_equal printoptions eval train "
    "summary print_summary plot_model clear_session draw_graph summary check_model infer_shapes save export input "
    "freopen system exit simplefilter filterwarnings basicConfig seterr tight_layout imsave add_subplot set_title "
    "set_xlabel set_ylabel axis legend set_verbosity_error set_verbosity set_logger_level collect block_until_ready";

// Contexts in which the numbers are the same.
constexpr std::string_view kContexts =
    "no_grad inference_mode enable_grad set_grad_enabled device name_scope variable_scope open subplots figure "
    "GradientTape Session Timer profile printoptions errstate catch_warnings default_device stream suppress tqdm "
    "detect_anomaly record_function Graph as_default Image timer redirect_stdout torch.device scope";

constexpr std::string_view kDecorators =
    "staticmethod classmethod property abstractmethod override overload dataclass no_grad inference_mode jit function "
    "script compile compact lru_cache cache wraps final torch_dispatch typechecked jaxtyped "
    "register_keras_serializable "
    "register_module export njit pytest fixture mark parametrize";

constexpr std::string_view kExecuting =
    "exec eval globals locals vars setattr evalin assignin delattr __import__ execfile";

constexpr std::string_view kLibraries =
    "torch tf tensorflow keras np numpy jax jnp cv2 cv scipy onnx mx K mixed_precision "
    "backend flax nn F";

std::string_view root_of(std::string_view dotted) {
    const std::size_t dot = dotted.find('.');
    return dotted.substr(0, dot);
}

// %matplotlib inline, !pip install torch
bool is_of_a_notebook(const std::vector<Token>& tokens, const Line& line) {
    const Token& sign = tokens[line.from];
    if (sign.is("!")) return true;
    static constexpr std::string_view kMagics =
        "matplotlib load_ext autoreload time timeit config pip conda cd ls pwd env capture reload_ext pylab "
        "tensorflow_version "
        "precision who whos memit prun";
    std::size_t at = line.from;
    while (at < line.to && tokens[at].is("%")) ++at;
    return at > line.from && at < line.to && is_name(tokens[at], kMagics);
}

bool mentions_of(const std::vector<Token>& tokens, const Line& line, std::string_view words) {
    return std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(line.from),
                       tokens.begin() + static_cast<std::ptrdiff_t>(line.to),
                       [&](const Token& token) { return is_name(token, words); });
}

// exec("k = 3"), locals()["k"] = 3; not model.eval().
bool executes(const std::vector<Token>& tokens, const Line& line) {
    for (std::size_t i = line.from; i < line.to; ++i) {
        const bool method = i > line.from && tokens[i - 1].is(".");
        if (is_name(tokens[i], kExecuting) && tokens[i + 1].is("(") && !method) return true;
    }
    return false;
}

bool is_of_values_alone(const std::vector<Token>& tokens, std::size_t from, std::size_t to) {
    return std::all_of(tokens.begin() + static_cast<std::ptrdiff_t>(from),
                       tokens.begin() + static_cast<std::ptrdiff_t>(to), [](const Token& t) {
                           return t.is_name() || t.is(",") || t.is(".") || t.is("(") || t.is(")") ||
                                  t.kind == Token::Kind::number || t.kind == Token::Kind::string;
                       });
}

// return y; return x, y; return 0
bool returns_names(const std::vector<Token>& tokens, const Line& line) {
    if (!is_name(tokens[line.from], "return")) return false;
    for (std::size_t i = line.from + 1; i < line.to; ++i) {
        const bool call = tokens[i].is_name() && tokens[i + 1].is("(");
        if (call || !is_of_values_alone(tokens, i, i + 1)) return false;
    }
    return true;
}

// with torch.no_grad():, with tf.device("cpu"):; a setting for others, whose body may compute in other types.
Form form_of_context(const std::vector<Token>& tokens, const Line& line) {
    for (std::size_t i = line.from + 1; i + 1 < line.to; ++i) {
        const bool calls = tokens[i].is_name() && tokens[i + 1].is("(");
        if (calls && !is_one_of(last_part(tokens[i].text), kContexts)) return Form::setting;
    }
    return Form::harmless;
}

// @torch.no_grad(); a setting for others, which may wrap the function that holds the layer.
Form form_of_decorator(const std::vector<Token>& tokens, const Line& line) {
    const bool known = line.from + 1 < line.to && is_name(tokens[line.from + 1], "pytest") == false &&
                       is_one_of(last_part(tokens[line.from + 1].text), kDecorators);
    const bool root = line.from + 1 < line.to && is_one_of(root_of(tokens[line.from + 1].text), "pytest functools");
    return known || root ? Form::harmless : Form::setting;
}

// np.set_printoptions(...), torch.set_default_dtype(torch.half): a call that no variable takes, of a library.
Form form_of_call(const std::vector<Token>& tokens, const Line& line) {
    const std::string& name = tokens[line.from].text;
    const std::string_view root = root_of(name);
    const bool registers = is_one_of(last_part(name), "register_buffer register_parameter");
    const Token& first = tokens[std::min(line.from + 2, tokens.size() - 1)];
    const bool named = first.text == "name" && tokens[std::min(line.from + 3, tokens.size() - 1)].is("=");
    const bool word = first.kind == Token::Kind::string;
    if (registers && !word && !named) return Form::other;  // of a name in a variable
    if (is_one_of(name, kOtherRoots) || is_one_of(root, kOtherRoots) || is_one_of(last_part(name), kLooking) ||
        is_looking(name))
        return Form::harmless;
    if (!is_one_of(root, kLibraries) || root.size() == name.size()) return Form::other;
    const bool types = is_one_of(last_part(name), "set_default_dtype set_default_tensor_type set_floatx update");
    if (types && mentions_of(tokens, line, "torch.float32 torch.float64 torch.double torch.float"))
        return Form::harmless;
    const bool wide =
        types && std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(line.from),
                             tokens.begin() + static_cast<std::ptrdiff_t>(line.to), [](const Token& t) {
                                 return t.kind == Token::Kind::string &&
                                        is_one_of(t.text, "float32 float64 jax_enable_x64 jax_platform_name");
                             });
    if (wide) return Form::harmless;
    const bool own =
        is_one_of(last_part(name).substr(0, 4), "set_ conf") || name.find("policy") != std::string::npos || types;
    return own ? Form::setting : Form::other;
}

}  // namespace

Form form_of(const PastedText& text, const Line& line) {
    const auto& tokens = text.tokens();
    const Token& first = tokens[line.from];
    const bool matlab = text.manner() == Manner::matlab;
    if (is_of_a_notebook(tokens, line)) return Form::harmless;
    if (first.is("%")) return Form::setting;  // %run other.py
    if (executes(tokens, line)) return Form::setting;
    if (first.is("@")) return form_of_decorator(tokens, line);
    if (!first.is_name()) return is_of_values_alone(tokens, line.from, line.to) ? Form::harmless : Form::other;
    const bool calls = line.from + 1 < line.to && tokens[line.from + 1].is("(");
    const auto sign = assignment_in(tokens, line);
    if (matlab && !sign && is_name(first, kMatlabPlain)) return Form::harmless;
    if (is_name(first, kPlain) || returns_names(tokens, line)) return Form::harmless;
    if (is_name(first, "with")) return form_of_context(tokens, line);
    if (is_name(first, kHeaders)) return Form::other;
    if (sign) {
        const bool library =
            is_one_of(root_of(first.text), kLibraries) && root_of(first.text).size() < first.text.size();
        if (!library || *sign != line.from + 1) return Form::other;
        return first.text.find("cudnn") != std::string::npos ? Form::harmless : Form::setting;
    }
    if (is_one_of(root_of(first.text), "std cout cerr") || is_one_of(first.text, "plt")) return Form::harmless;
    if (line.to == line.from + 2 && tokens[line.from + 1].is_name()) return Form::harmless;  // cv::Mat dst
    if (line.to == line.from + 1) return Form::harmless;                                     // y
    return calls ? form_of_call(tokens, line) : Form::other;
}

bool gives_result(std::string_view dotted) {
    static constexpr std::string_view kInPlace =
        "cv2 cv onnx init random distributed optim backends cuda config utils";  // or set what is not seen
    const std::string_view root = root_of(dotted), last = last_part(dotted);
    if (root.size() == dotted.size() || !is_one_of(root, kLibraries) || last.ends_with('_')) return false;
    if (is_one_of(last, "copyto put put_along_axis place putmask fill_diagonal shuffle") || last.starts_with("save"))
        return false;
    for (std::string_view rest = dotted; !rest.empty();
         rest.remove_prefix(std::min(rest.find('.'), rest.size() - 1) + 1)) {
        if (is_one_of(root_of(rest), kInPlace)) return false;
    }
    return true;
}

}  // namespace convlens::pasted
