// Functions that filter one plane: MATLAB and Octave, SciPy. What each does at the border and with an even
// kernel is in core/conv/pad.h; parameters are in the order of each program's documentation.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/import/cells.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

constexpr Signature kConv2{"conv2", "A B shape", ""};
constexpr Signature kConv2Separable{"conv2", "u v A shape", ""};
constexpr Signature kFilter2{"filter2", "H X shape", ""};
constexpr Signature kXcorr2{"xcorr2", "A B scale", "scale"};
constexpr Signature kImfilter{"imfilter", "A h option1 option2 option3 option4", ""};
constexpr Signature kConvolve2d{"signal.convolve2d", "in1 in2 mode boundary fillvalue", ""};
constexpr Signature kConvolve{"signal.convolve", "in1 in2 mode method", ""};
constexpr Signature kNdimage{"ndimage.convolve", "input weights output mode cval origin * axes", "axes"};

// A plane: a matrix, a row or a single number. Of more axes those that have a length of 1 can be left out; others are
// told by a note.
std::optional<ToldArray> plane(Draft& draft, const Arguments& arguments, std::string_view name,
                               std::optional<ToldArray> array) {
    arguments.required(name, "[1 2; 3 4]");
    if (!array || array->shape.size() <= 2) return array;
    const std::size_t axes = array->shape.size();
    for (std::size_t i = 0; i < array->shape.size() && array->shape.size() > 2;) {
        if (array->shape[i] == 1)
            array->shape.erase(array->shape.begin() + static_cast<std::ptrdiff_t>(i));
        else
            ++i;
    }
    if (array->shape.size() == 2) {
        draft.note(msg("{argument} has {axes} axes and is one plane of {rows}×{columns}, which was taken",
                       "argument"_is(argument_of(name, arguments.function())), "axes"_is(axes),
                       "rows"_is(array->shape[0]), "columns"_is(array->shape[1])));
        return array;
    }
    draft.note(msg("{argument} has {axes} axes; its first two were taken as one plane",
                   "argument"_is(argument_of(name, arguments.function())), "axes"_is(array->shape.size())));
    array->shape.resize(2);
    array->data.reset();
    return array;
}

std::vector<Choice<PadRule>> rules(PadRule same) {
    return {{"full", PadRule::full}, {"same", same}, {"valid", PadRule::valid}};
}

// Whether a call is conv2(u, v, A), and not conv2(A, B, shape), whose shape is a word, or a variable that is named so.
bool is_separable(PastedText& text, const Node& call) {
    if (call.items.size() != 3) return call.items.size() > 3;
    const Node third = resolved(text, call.items[2]);
    return third.kind != Node::Kind::string && !is_one_of(lower(third.text), "shape mode type option opt sz");
}

// conv2(u, v, A) filters the columns of A with u and then its rows with v, which one kernel does: u(:) * v(:).'.
ImportedLayer read_conv2_separable(const Found& found, const Node& call) {
    Draft draft = plane_draft("MATLAB", Dialect::octave, true);
    const Arguments arguments(found.text, call, kConv2Separable, draft.result.notes);
    draft.spec().pad_rule = arguments.choice<PadRule>("shape", rules(PadRule::octave_same), PadRule::full, Case::any);
    if (const auto input = plane(draft, arguments, "A", arguments.input(draft, "A", "HW"))) take_input(draft, *input);
    if (const auto kernel = outer_kernel(arguments.array("u"), arguments.array("v")))
        take_weight(draft, *kernel);
    else
        draft.note(
            key("the numbers of u and v, a column and a row of weights, are not all told; a 3×3 kernel was "
                "taken"));
    draft.c = 1;
    return finished(std::move(draft));
}

ImportedLayer read_conv2(const Found& found) {
    const bool filter = found.name == "filter2";
    const Node call = found.text.call_at(found.token);
    if (!filter && is_separable(found.text, call)) return read_conv2_separable(found, call);
    Draft draft = plane_draft("MATLAB", Dialect::octave, !filter);
    const Arguments arguments(found.text, call, filter ? kFilter2 : kConv2, draft.result.notes);
    draft.spec().pad_rule = arguments.choice<PadRule>("shape", rules(PadRule::octave_same),
                                                      filter ? PadRule::octave_same : PadRule::full, Case::any);
    take_planes(draft, arguments, filter ? "X" : "A", filter ? "H" : "B");
    return finished(std::move(draft));
}

ImportedLayer read_xcorr2(const Found& found) {
    Draft draft = plane_draft("MATLAB", Dialect::octave, false);
    const Arguments arguments(found.text, found.text.call_at(found.token), kXcorr2, draft.result.notes);
    draft.spec().pad_rule = PadRule::full;
    take_planes(draft, arguments, "A", arguments.given("B") ? "B" : "A");
    return finished(std::move(draft));
}

// imfilter's options are words in any order, and a number that stands outside.
void take_imfilter_option(Draft& draft, PastedText& text, const Arguments& arguments, std::string_view name) {
    ConvSpec& spec = draft.spec();
    const Node* option = arguments.given(name);
    if (!option) return;
    if (const auto value = number_of(text, *option)) {
        spec.pad_mode = *value == 0 ? PadMode::zeros : PadMode::constant;
        spec.pad_value = *value;
        return;
    }
    enum class Option { symmetric, replicate, circular, same, full, corr, conv };
    static constexpr std::array kOptions{
        Choice<Option>{"symmetric", Option::symmetric}, Choice<Option>{"replicate", Option::replicate},
        Choice<Option>{"circular", Option::circular},   Choice<Option>{"same", Option::same},
        Choice<Option>{"full", Option::full},           Choice<Option>{"corr", Option::corr},
        Choice<Option>{"conv", Option::conv},
    };
    switch (arguments.choice<Option>(name, kOptions, Option::same, Case::any)) {
        case Option::symmetric: spec.pad_mode = PadMode::symmetric; break;
        case Option::replicate: spec.pad_mode = PadMode::replicate; break;
        case Option::circular: spec.pad_mode = PadMode::circular; break;
        case Option::same: spec.pad_rule = PadRule::octave_imfilter; break;
        case Option::full: spec.pad_rule = PadRule::full; break;
        case Option::corr: spec.flip_kernel = false; break;
        case Option::conv: spec.flip_kernel = true; break;
    }
}

ImportedLayer read_imfilter(const Found& found) {
    Draft draft = plane_draft("MATLAB", Dialect::octave, false);
    const Arguments arguments(found.text, found.text.call_at(found.token), kImfilter, draft.result.notes);
    draft.spec().pad_rule = PadRule::octave_imfilter;
    for (const std::string_view option : {"option1", "option2", "option3", "option4"}) {
        take_imfilter_option(draft, found.text, arguments, option);
    }
    take_planes(draft, arguments, "A", "h");
    // imfilter(A, h): "the output array is the same size and class as A"
    if (!draft.result.input || is_whole_input(found.text, arguments.given("A")))
        draft.note(
            key("results are stored in the class of A: of an image of whole numbers they are rounded and cut to its "
                "range, which was left out"));
    return finished(std::move(draft));
}

void take_constant(ConvSpec& spec, double value) {
    if (spec.pad_mode != PadMode::zeros || value == 0) return;
    spec.pad_mode = PadMode::constant;
    spec.pad_value = value;
}

// Whether a kernel is told to be at least as large as the input, with what pads that, along both axes, and larger along
// one: in mode "valid" SciPy then takes each for the other (scipy.signal's _inputs_swap_needed).
bool is_swapped(const Draft& draft, PastedText& text, const Arguments& arguments) {
    if (draft.result.layer.spec.pad_rule != PadRule::valid || !draft.h || !draft.w) return false;
    const Traced second = traced(text, *arguments.given("in2"), "HW", Role::input);
    if (!second.array || second.array->shape.empty() || second.array->shape.size() > 2) return false;
    const auto padded = [](Size2 size, const std::optional<Border>& border) {
        const Pads pads = border ? border->pads : Pads{};
        return Size2{size.h + pads.top + pads.bottom, size.w + pads.left + pads.right};
    };
    const std::vector<std::int64_t>& shape = second.array->shape;
    const Size2 input = padded({*draft.h, *draft.w}, draft.border);
    const Size2 kernel = padded({shape.size() == 1 ? 1 : shape.front(), shape.back()}, second.border);
    return kernel.h >= input.h && kernel.w >= input.w && kernel != input;
}

// convolve2d gives the same for either order. correlate2d turns the result of the swapped arrays by 180 degrees, which
// is what a convolution of the flipped input gives.
void turn_swapped(Draft& draft) {
    draft.flipped = !draft.flipped;
    if (draft.result.input) {
        const Shape4 shape = draft.result.input->shape();
        std::vector<double> cells(draft.result.input->span().begin(), draft.result.input->span().end());
        std::ranges::reverse(cells);
        draft.result.input = Tensor<double>(shape, std::move(cells));
    }
    if (!draft.border) return;
    std::swap(draft.border->pads.top, draft.border->pads.bottom);
    std::swap(draft.border->pads.left, draft.border->pads.right);
}

ImportedLayer read_convolve2d(const Found& found, bool swapped) {
    const bool flip = found.name != "correlate2d";
    Draft draft = plane_draft("SciPy", Dialect::scipy, flip);
    Signature signature = found.name == "convolve" ? kConvolve : kConvolve2d;
    if (!flip) signature.function = "signal.correlate2d";
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    const PadRule same = flip ? PadRule::scipy_convolve2d_same : PadRule::scipy_correlate2d_same;
    draft.spec().pad_rule = arguments.choice<PadRule>("mode", rules(same), PadRule::full);
    static constexpr std::array kBoundaries{
        Choice<PadMode>{"fill", PadMode::zeros},        Choice<PadMode>{"wrap", PadMode::circular},
        Choice<PadMode>{"symm", PadMode::symmetric},    Choice<PadMode>{"pad", PadMode::zeros},
        Choice<PadMode>{"circular", PadMode::circular}, Choice<PadMode>{"symmetric", PadMode::symmetric},
    };
    draft.spec().pad_mode = arguments.choice<PadMode>("boundary", kBoundaries, PadMode::zeros);
    take_constant(draft.spec(), arguments.number("fillvalue", 0));
    take_planes(draft, arguments, swapped ? "in2" : "in1", swapped ? "in1" : "in2");
    if (!swapped && is_swapped(draft, found.text, arguments)) return read_convolve2d(found, true);
    if (swapped) {
        if (!flip) turn_swapped(draft);
        const auto function = "function"_is(arguments.function());
        draft.note(flip ? msg("in1 of {function} is the smaller array: with mode=\"valid\" SciPy filters in2 with it",
                              function)
                        : msg("in1 of {function} is the smaller array: with mode=\"valid\" SciPy filters in2 with it "
                              "and rotates the result by 180°, which was taken as a convolution of in2 rotated "
                              "by 180°",
                              function));
    }
    const auto is_narrow = [&](std::string_view name) {
        const Node* node = arguments.given(name);
        const auto told = node ? array_of(found.text, *node) : std::nullopt;
        return told && is_whole_type(told->type) && told->type != CellType::whole;
    };
    if (is_narrow("in1") && is_narrow("in2"))
        draft.note(
            key("both arrays have a narrow type of whole numbers, in which results wrap around; that was left out"));
    return finished(std::move(draft));
}

ImportedLayer read_scipy_signal(const Found& found) { return read_convolve2d(found, false); }

// scipy.ndimage moves the kernel's centre by `origin`: the pads are then no longer the rule's.
void take_origin(Draft& draft, const Arguments& arguments) {
    ConvSpec& spec = draft.spec();
    const Size2 origin = arguments.lengths("origin", {0, 0});
    if (origin == Size2{0, 0}) return;
    const auto outside = [](std::int64_t kernel, std::int64_t shift) {
        return shift < -(kernel / 2) || shift > (kernel - 1) / 2;
    };
    if (outside(spec.kernel.h, origin.h) || outside(spec.kernel.w, origin.w)) {
        arguments.fail("origin",
                       msg("{origin} is outside of the kernel, which SciPy rejects; along an axis of k weights it is "
                           "from -(k//2) to (k-1)//2",
                           "origin"_is(fmt::format("({}, {})", origin.h, origin.w))));
    }
    const bool flip = spec.flip_kernel;
    const auto before = [flip](std::int64_t kernel, std::int64_t shift) {
        return flip ? (kernel - 1) / 2 - shift : kernel / 2 + shift;
    };
    spec.pad_rule = PadRule::explicit_;
    spec.pads.top = before(spec.kernel.h, origin.h);
    spec.pads.left = before(spec.kernel.w, origin.w);
    spec.pads.bottom = spec.kernel.h - 1 - spec.pads.top;
    spec.pads.right = spec.kernel.w - 1 - spec.pads.left;
    draft.note(
        msg("origin {origin} became explicit padding", "origin"_is(fmt::format("({}, {})", origin.h, origin.w))));
}

// output=np.uint8, or an array to write into: results are stored in its type, which may cut and round them.
void note_output(Draft& draft, const PastedText& text, const Arguments& arguments) {
    const Node* output = arguments.given("output");
    if (!output || (output->kind == Node::Kind::name && output->text == "None")) return;
    const bool type = output->kind == Node::Kind::name || output->kind == Node::Kind::string;
    const std::string_view word = type ? last_part(output->text) : "";
    if (is_one_of(word, "float float32 float64 double")) return;
    draft.note(
        msg("the result is stored as {type} by output, at {place}, which was left out: whole numbers and "
            "narrower types round and cut what they cannot hold",
            "type"_is(word.empty() ? Message(key("another array's type")) : verbatim(word)),
            "place"_is(text.place(output->at))));
}

// Without output the results are stored in the input's type, which whole numbers of it cut and narrow ones wrap around.
void note_input_type(Draft& draft, PastedText& text, const Arguments& arguments) {
    const Node* input = arguments.given("input");
    const auto told = input && !arguments.given("output") ? array_of(text, *input) : std::nullopt;
    if (!told || !is_whole_type(told->type)) return;
    const auto& weight = draft.result.weight;
    const bool whole = weight && std::ranges::all_of(weight->span(), [](double w) { return w == std::floor(w); });
    if (whole && told->type == CellType::whole) return;
    draft.note(key(
        "results are stored in the input's type, which has whole numbers alone: they are cut, or wrap around, which "
        "was left out"));
}

ImportedLayer read_ndimage(const Found& found) {
    const bool flip = found.name == "convolve";
    Draft draft = plane_draft("SciPy", Dialect::scipy, flip);
    Signature signature = kNdimage;
    if (!flip) signature.function = "ndimage.correlate";
    const Arguments arguments(found.text, found.text.call_at(found.token), signature, draft.result.notes);
    static constexpr std::array kModes{
        Choice<PadMode>{"reflect", PadMode::symmetric}, Choice<PadMode>{"grid-mirror", PadMode::symmetric},
        Choice<PadMode>{"constant", PadMode::zeros},    Choice<PadMode>{"grid-constant", PadMode::zeros},
        Choice<PadMode>{"nearest", PadMode::replicate}, Choice<PadMode>{"mirror", PadMode::reflect},
        Choice<PadMode>{"wrap", PadMode::circular},     Choice<PadMode>{"grid-wrap", PadMode::circular},
    };
    draft.spec().pad_rule = flip ? PadRule::ndimage_convolve : PadRule::ndimage_correlate;
    draft.spec().pad_mode = arguments.choice<PadMode>("mode", kModes, PadMode::symmetric);
    take_constant(draft.spec(), arguments.number("cval", 0));
    take_planes(draft, arguments, "input", "weights");
    take_origin(draft, arguments);
    note_output(draft, found.text, arguments);
    note_input_type(draft, found.text, arguments);
    return finished(std::move(draft));
}

constexpr std::array kFunctions{
    KnownFunction{"conv2", "-", read_conv2, Manner::matlab},
    KnownFunction{"filter2", "-", read_conv2, Manner::matlab},
    KnownFunction{"xcorr2", "-", read_xcorr2, Manner::matlab},
    KnownFunction{"imfilter", "-", read_imfilter, Manner::matlab},
    KnownFunction{"convolve2d", "- signal", read_scipy_signal},
    KnownFunction{"correlate2d", "- signal", read_scipy_signal},
    KnownFunction{"convolve", "signal", read_scipy_signal},
    KnownFunction{"convolve", "ndimage ndi", read_ndimage},
    KnownFunction{"correlate", "ndimage ndi", read_ndimage},
};

}  // namespace

bool is_whole_input(PastedText& text, const Node* node) {
    const auto told = node ? array_of(text, *node) : std::nullopt;
    return told && is_whole_type(told->type);
}

std::span<const KnownFunction> filter_functions() { return kFunctions; }

std::optional<ToldArray> outer_kernel(const std::optional<ToldArray>& column, const std::optional<ToldArray>& row) {
    if (!column || !row || !column->data || !row->data) return {};
    const std::size_t cells = column->data->size() * row->data->size();
    if (cells > static_cast<std::size_t>(kMaxToldCells)) return {};
    ToldArray kernel{{static_cast<std::int64_t>(column->data->size()), static_cast<std::int64_t>(row->data->size())},
                     std::vector<double>{}};
    for (const double down : *column->data)
        for (const double across : *row->data) kernel.data->push_back(down * across);
    return kernel;
}

Draft plane_draft(std::string program, Dialect dialect, bool flip) {
    Draft draft;
    draft.result.program = std::move(program);
    draft.result.has_bias = false;
    draft.result.axes = "HW";
    draft.spec().dialect = dialect;
    draft.spec().flip_kernel = flip;
    draft.c = 1;
    return draft;
}

namespace {

// def one_plane(image, kernel): return convolve2d(image, kernel, ...), which a program calls for pairs of planes.
void note_planes(Draft& draft, const Arguments& arguments, std::string_view input, std::string_view kernel) {
    const Node* a = arguments.given(input);
    const Node* b = arguments.given(kernel);
    if (!a || !b || a->kind != Node::Kind::name || b->kind != Node::Kind::name) return;
    const std::string function = arguments.function_with(a->text, b->text);
    if (function.empty()) return;
    draft.note(
        msg("{input} and {kernel} are what {function} is called with, perhaps once for every pair of planes: which "
            "planes are added up is not read, and the layer of one plane was taken",
            "input"_is(a->text), "kernel"_is(b->text), "function"_is(function)));
}

}  // namespace

void take_planes(Draft& draft, const Arguments& arguments, std::string_view input, std::string_view kernel) {
    note_planes(draft, arguments, input, kernel);
    const bool rows = draft.result.program == "SciPy";  // arrays of one axis, which others make matrices of
    if (const auto array = plane(draft, arguments, input, arguments.input(draft, input, "HW"))) {
        if (rows && array->shape.size() == 1) draft.result.axes = "W";
        take_input(draft, *array);
    }
    if (auto array = plane(draft, arguments, kernel, arguments.weight(draft, kernel, "HW"))) {
        if (draft.result.program == "OpenCV" && array->shape.size() == 1) {
            array->shape.push_back(1);
            draft.note(msg("{argument} has one axis, of which OpenCV 4 makes a column",
                           "argument"_is(argument_of(kernel, arguments.function()))));
        }
        if (rows && array->shape.size() == 1) {  // the input, too, has one axis
            draft.result.axes = "W";
            if (!draft.h) draft.h = 1;
        }
        take_weight(draft, *array);
    } else {
        draft.note(msg("{reason}; a {height}×{width} kernel was taken", "reason"_is(arguments.untold(kernel)),
                       "height"_is(3), "width"_is(3)));
    }
    draft.c = 1;
}

}  // namespace convlens::pasted
