// Functions of OpenCV, in the order of its documentation's parameters. Points and sizes give the columns first.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

constexpr Signature kFilter2D{"cv2.filter2D", "src ddepth kernel dst anchor delta borderType", ""};
constexpr Signature kFilter2DCpp{"cv::filter2D", "src dst ddepth kernel anchor delta borderType", ""};
constexpr Signature kSeparable{"cv2.sepFilter2D", "src ddepth kernelX kernelY dst anchor delta borderType", ""};
constexpr Signature kSeparableCpp{"cv::sepFilter2D", "src dst ddepth kernelX kernelY anchor delta borderType", ""};
constexpr Signature kBlurCpp{"cv::blur", "src dst ksize anchor borderType", ""};
constexpr Signature kBoxCpp{"cv::boxFilter", "src dst ddepth ksize anchor normalize borderType", ""};
constexpr Signature kBlur{"cv2.blur", "src ksize dst anchor borderType", ""};
constexpr Signature kBox{"cv2.boxFilter", "src ddepth ksize dst anchor normalize borderType", ""};

constexpr std::array kBorders{
    Choice<PadMode>{"BORDER_CONSTANT", PadMode::zeros},      Choice<PadMode>{"BORDER_REPLICATE", PadMode::replicate},
    Choice<PadMode>{"BORDER_REFLECT", PadMode::symmetric},   Choice<PadMode>{"BORDER_WRAP", PadMode::circular},
    Choice<PadMode>{"BORDER_REFLECT_101", PadMode::reflect}, Choice<PadMode>{"BORDER_REFLECT101", PadMode::reflect},
    Choice<PadMode>{"BORDER_DEFAULT", PadMode::reflect},
};

// cv2.BORDER_REFLECT, or its number: the order of kBorders.
PadMode border_of(PastedText& text, const Arguments& arguments) {
    const Node* border = arguments.given("borderType");
    const auto value = border ? number_of(text, *border) : std::nullopt;
    if (border && (border->text.find("BORDER_ISOLATED") != std::string::npos || (value >= 16 && value < 32)))
        arguments.fail(
            "borderType",
            key("BORDER_ISOLATED is a constant of OpenCV that is not supported; write the border without it, "
                "such as cv2.BORDER_CONSTANT"));
    if (border && last_part(border->text) == "BORDER_TRANSPARENT")
        arguments.fail(
            "borderType",
            key("BORDER_TRANSPARENT is a border that OpenCV's filters reject; write cv2.BORDER_REFLECT_101 or "
                "another one"));
    if (!value) return arguments.choice<PadMode>("borderType", kBorders, PadMode::reflect);
    if (*value >= 0 && *value <= 4 && *value == std::floor(*value))
        return kBorders.at(static_cast<std::size_t>(*value)).value;
    arguments.fail("borderType", msg("{number} is not known; write cv2.BORDER_REFLECT_101 or another BORDER_ name",
                                     "number"_is(fmt::format("{}", *value))));
}

// (x, y): columns first. -1 is the middle.
void take_anchor(Draft& draft, PastedText& text, const Arguments& arguments) {
    ConvSpec& spec = draft.spec();
    const Node* node = arguments.given("anchor");
    if (!node) return;
    const Node point = resolved(text, *node);  // a tuple, or C++'s Point(x, y)
    std::array<std::int64_t, 2> xy{-1, -1};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto value = point.items.size() == 2 ? number_of(text, point.items[i]) : std::nullopt;
        if (value) refuse_too_large(text, point.items[i], *value, argument_of("anchor", arguments.function()));
        if (!value || *value != std::floor(*value))
            arguments.fail("anchor", key("is not a pair of whole numbers; write (x, y), such as (1, 1)"));
        xy[i] = static_cast<std::int64_t>(*value);
    }
    if (xy[0] == -1 && xy[1] == -1) return;
    spec.anchor = Size2{xy[1] == -1 ? spec.kernel.h / 2 : xy[1], xy[0] == -1 ? spec.kernel.w / 2 : xy[0]};
}

// C++ gives the destination second, and has no cv2 in front: cv::, or nothing after `using namespace cv`. Python too may
// have cv as the module's name, and there the third argument is no depth.
bool is_cpp(const Found& found, const Node& call, bool has_depth = true) {
    const std::string_view before = first_parts(found.text.tokens()[found.token].text);
    if (found.text.is_cpp() || !(before == "cv" || before.empty())) return found.text.is_cpp();
    if (!has_depth || call.items.size() <= 3 || !call.keywords[2].empty()) return false;
    return number_of(found.text, call.items[2]) || last_part(call.items[2].text).starts_with("CV_");
}

void take_delta(Draft& draft, const Arguments& arguments) {
    const double delta = arguments.number("delta", 0);
    if (delta == 0) return;
    draft.result.has_bias = true;
    take_bias(draft, {{1}, std::vector<double>{delta}});
}

// Results are stored in the type that ddepth names, and in the source's for −1 and without it: whole numbers are rounded
// and cut, which no setting of a layer is. An array that the text tells is taken to hold what it needs.
void note_depth(Draft& draft, PastedText& text, const Arguments& arguments, bool has_depth = true) {
    const Node* ddepth = has_depth ? arguments.given("ddepth") : nullptr;
    const Node told = ddepth ? resolved(text, *ddepth) : Node{};
    auto number = ddepth ? number_of(text, told) : -1.0;
    if (number == 5 || number == 6) return;                                             // CV_32F, CV_64F
    if (told.kind == Node::Kind::call && last_part(told.text) == "depth") number = -1;  // src.depth()
    const std::string_view word = ddepth && !number ? last_part(told.text) : "";
    if (word.starts_with("CV_32F") || word.starts_with("CV_64F")) return;
    if (number != -1) {
        draft.note(msg("ddepth, at {place}, stores whole numbers: results are rounded and cut, which was left out",
                       "place"_is(text.place(ddepth->at))));
    } else if (!draft.result.input || is_whole_input(text, arguments.given("src"))) {
        draft.note(key(
            "results are stored in the source's type: of an 8-bit image they are rounded and cut to 0 to 255, which "
            "was left out"));
    }
}

ImportedLayer read_filter2D(const Found& found) {
    Draft draft = plane_draft("OpenCV", Dialect::opencv, false);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, is_cpp(found, call) ? kFilter2DCpp : kFilter2D, draft.result.notes);
    draft.spec().pad_rule = PadRule::opencv_anchor;
    draft.spec().pad_mode = border_of(found.text, arguments);
    take_planes(draft, arguments, "src", "kernel");
    take_anchor(draft, found.text, arguments);
    take_delta(draft, arguments);
    note_depth(draft, found.text, arguments);
    return finished(std::move(draft));
}

ImportedLayer read_separable(const Found& found) {
    Draft draft = plane_draft("OpenCV", Dialect::opencv, false);
    const Node call = found.text.call_at(found.token);
    const Arguments arguments(found.text, call, is_cpp(found, call) ? kSeparableCpp : kSeparable, draft.result.notes);
    draft.spec().pad_rule = PadRule::opencv_anchor;
    draft.spec().pad_mode = border_of(found.text, arguments);
    arguments.required("kernelX", "np.ones(3)");
    arguments.required("kernelY", "np.ones(3)");
    if (const auto input = arguments.input(draft, "src", "HW"); input && input->shape.size() <= 2)
        take_input(draft, *input);
    if (const auto kernel = outer_kernel(arguments.array("kernelY"), arguments.array("kernelX")))
        take_weight(draft, *kernel);
    else
        draft.note(key("the kernels' numbers are not told; a 3×3 kernel was taken"));
    draft.c = 1;
    take_anchor(draft, found.text, arguments);
    take_delta(draft, arguments);
    note_depth(draft, found.text, arguments);
    return finished(std::move(draft));
}

// blur(src, (width, height)): every weight 1 / (width * height); boxFilter may leave that out.
ImportedLayer read_box(const Found& found) {
    Draft draft = plane_draft("OpenCV", Dialect::opencv, false);
    const Node call = found.text.call_at(found.token);
    const bool blur = found.name == "blur";
    const Signature signature = is_cpp(found, call, !blur) ? (blur ? kBlurCpp : kBoxCpp) : (blur ? kBlur : kBox);
    const Arguments arguments(found.text, call, signature, draft.result.notes);
    draft.spec().pad_rule = PadRule::opencv_anchor;
    draft.spec().pad_mode = border_of(found.text, arguments);
    if (draft.spec().pad_mode == PadMode::circular) draft.spec().dialect = Dialect::convlens;  // which filter2D lacks
    arguments.required("ksize", "(3, 3)");
    const std::vector<std::int64_t> size = arguments.wholes("ksize");
    if (size.size() != 2 || size[0] < 1 || size[1] < 1 || size[0] > kMaxToldCells / size[1])
        arguments.fail("ksize", key("is not a size; write two numbers, width then height, such as (3, 3)"));
    if (const auto input = arguments.input(draft, "src", "HW"); input && input->shape.size() <= 2)
        take_input(draft, *input);
    const bool mean = blur || arguments.flag("normalize", true);
    const std::int64_t cells = size[0] * size[1];
    take_weight(draft,
                {{size[1], size[0]},
                 std::vector<double>(static_cast<std::size_t>(cells), mean ? 1.0 / static_cast<double>(cells) : 1.0)});
    draft.c = 1;
    take_anchor(draft, found.text, arguments);
    note_depth(draft, found.text, arguments, !blur);
    return finished(std::move(draft));
}

constexpr std::array kFunctions{
    KnownFunction{"filter2D", "- cv2 cv", read_filter2D},
    KnownFunction{"sepFilter2D", "- cv2 cv", read_separable},
    KnownFunction{"blur", "cv2 cv", read_box},
    KnownFunction{"boxFilter", "- cv2 cv", read_box},
};

}  // namespace

std::span<const KnownFunction> opencv_functions() { return kFunctions; }

}  // namespace convlens::pasted
