// What else a filter does beside its weights: divisor and offset, what lies beyond the picture's edge, and where it is
// computed.
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "app/panels/photo/controls.h"
#include "app/panels/widgets/widgets.h"
#include "core/image/brightness.h"
#include "core/image/kernel_choice.h"
#include "core/text/number.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

// Divisor or offset as a labelled field.
void draw_number(const PhotoControls& controls, const char* name, double Kernel::*member, const char* about,
                 std::string (*check)(double)) {
    PanelContext& context = controls.context;
    const double value = controls.filter().kernel.*member;
    photo_label(context, name, about);
    const std::string key = fmt::format("photo {} {}", controls.step, name);
    const std::string label = fmt::format("##{}", name);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto typed =
        photo_field(context, {label.c_str(), key, value, field_text(value), width, PhotoField::Kind::real, check});
    photo_refused(context, key, field_text(value));
    if (!typed) return;
    FilterStep changed = controls.filter();
    if (member == &Kernel::offset) {
        changed.kernel.offset = *typed;  // a family with an offset stays that family
    } else {
        Kernel kernel = changed.kernel;
        kernel.*member = *typed;
        changed = with_kernel(changed, kernel);
    }
    controls.put(changed, fmt::format("{} {}", name, field_text(*typed)));
}

std::string check_divisor(double divisor) {
    return divisor == 0 ? "The divisor must not be 0; 1 leaves the sum unchanged." : std::string();
}

std::string sum_text(const Kernel& kernel) {
    const double sum = adds_up_to_zero(kernel) ? 0 : kernel.weight_sum();
    if (kernel.divisor == 1) return fmt::format("sum of weights {}", short_number(sum));
    return fmt::format("sum of weights {} / {} = {}", short_number(sum), short_number(kernel.divisor),
                       short_number(sum / kernel.divisor));
}

std::string sum_meaning(const Kernel& kernel) {
    if (adds_up_to_zero(kernel)) return "A sum of 0 shows only where the image changes.";
    if (std::abs(kernel.sum() - 1) <= 1e-6) return "A sum of 1 keeps the brightness.";
    return "";
}

// What one click can put right, if anything.
void draw_brightness_fixes(const PhotoControls& controls) {
    const FilterStep& filter = controls.filter();
    Kernel fixed = filter.kernel;
    std::string label;
    if (std::abs(filter.kernel.sum() - 1) <= 1e-6) return;
    if (!adds_up_to_zero(filter.kernel)) {
        fixed = normalized(filter.kernel);
        label = "Normalise";
    } else if (const auto note = brightness_of(filter.kernel); note && note->offset) {
        fixed.offset = *note->offset;
        label = "Offset 0.5: show on mid-grey";
    }
    if (label.empty() || fixed == filter.kernel) return;
    if (!wide_button(controls.context, label)) return;
    FilterStep changed = filter;
    changed.kernel.offset = fixed.offset;
    controls.put(with_kernel(changed, fixed), adds_up_to_zero(filter.kernel) ? "offset 0.5" : "normalise");
}

struct BorderInfo {
    PadMode mode;
    const char* about;
};
constexpr std::array<BorderInfo, 6> kBorders{{
    {PadMode::reflect, "c b | a b c d | c b\nThe edge itself is not repeated (OpenCV: REFLECT_101). Usual for photos."},
    {PadMode::symmetric, "b a | a b c d | d c\nThe edge is repeated (OpenCV: REFLECT)."},
    {PadMode::replicate, "a a | a b c d | d d\nThe edge pixel is repeated (OpenCV: REPLICATE)."},
    {PadMode::circular, "c d | a b c d | a b\nWraps around, as if the image were a tile (OpenCV: WRAP)."},
    {PadMode::zeros, "0 0 | a b c d | 0 0\nBlack around the image."},
    {PadMode::constant, "v v | a b c d | v v\nA value of your choice around the image."},
}};

std::string check_sample(double value) {
    constexpr double kMost = std::numeric_limits<float>::max();
    return std::abs(value) <= kMost ? "" : "Samples are from -3.4e38 to 3.4e38.";
}

void draw_border(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const FilterStep& filter = controls.filter();
    photo_label(context, "border", "What the kernel reads beyond the edge of the image.");
    ImGui::SetNextItemWidth(-1);
    const std::string shown(name(filter.border));
    if (ImGui::BeginCombo("##border", shown.c_str())) {
        for (const BorderInfo& border : kBorders) {
            const std::string label(name(border.mode));
            if (ImGui::Selectable(label.c_str(), border.mode == filter.border)) {
                FilterStep changed = filter;
                changed.border = border.mode;
                controls.put(changed, "border " + label);
            }
            tip(border.about);
        }
        ImGui::EndCombo();
    } else {
        for (const BorderInfo& border : kBorders)
            if (border.mode == filter.border) tip(border.about);
    }
    if (filter.border != PadMode::constant) return;
    photo_label(context, "value",
                "The value around the image, on the image's own scale: 255 is white for 8-bit images.");
    const std::string key = fmt::format("photo {} border value", controls.step);
    const auto typed = photo_field(context, {"##value", key, filter.border_value, field_text(filter.border_value),
                                             ImGui::GetContentRegionAvail().x, PhotoField::Kind::real, check_sample});
    photo_refused(context, key, field_text(filter.border_value));
    if (!typed) return;
    FilterStep changed = filter;
    changed.border_value = *typed;
    controls.put(changed, "border value " + field_text(*typed));
}

std::string check_spacing(double value) { return value >= 1 && value <= 64 ? "" : "From 1 to 64."; }

void draw_spacing(const PhotoControls& controls, const char* label, std::int64_t FilterStep::*member, Colour hue,
                  const char* about) {
    PanelContext& context = controls.context;
    const std::int64_t value = controls.filter().*member;
    hue_label(context, label, hue, about);
    ImGui::SameLine(context.text_size * 5.4F);
    const std::string key = fmt::format("photo {} {}", controls.step, label);
    const std::string id = fmt::format("##{}", label);
    const auto typed =
        photo_field(context, {id.c_str(), key, static_cast<double>(value), fmt::format("{}", value),
                              std::round(context.text_size * 3), PhotoField::Kind::whole, check_spacing});
    photo_refused(context, key, fmt::format("{}", value));
    if (!typed) return;
    FilterStep changed = controls.filter();
    changed.*member = static_cast<std::int64_t>(*typed);
    controls.put(changed, fmt::format("{} {}", label, changed.*member));
}

struct BackendInfo {
    Backend backend;
    const char* label;
    const char* about;
};
constexpr std::array<BackendInfo, 3> kBackends{{
    {Backend::automatic, "automatic", "The GPU where it is faster, else the CPU."},
    {Backend::cpu, "CPU", "The CPU, on all of its cores."},
    {Backend::gpu, "GPU", "Compute shaders on the GPU."},
}};

}  // namespace

void draw_photo_scaling(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    draw_number(controls, "divisor", &Kernel::divisor, "The sum of weight × pixel is divided by this value.",
                check_divisor);
    draw_number(controls, "offset", &Kernel::offset,
                "Added to the result, as a fraction of white: 0.5 shows 0 as mid-grey.", nullptr);
    wrapped(sum_text(kernel), context.theme.text);
    // With a sum of 0 that is what the kernel is for; any other is likely to be a slip.
    if (const auto note = brightness_note(kernel); note && adds_up_to_zero(kernel) && kernel.offset == 0) {
        wrapped(english(*note), context.theme.faint);
    } else if (note) {
        problem_text(context, english(*note));
    } else if (const std::string meaning = sum_meaning(kernel); !meaning.empty()) {
        wrapped(meaning, context.theme.faint);
    }
    draw_brightness_fixes(controls);
}

void draw_photo_sampling(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    draw_border(controls);
    bool flip = controls.filter().flip;
    photo_label(context, "flip",
                "Flips the kernel (rotates it by 180°): convolution (conv2) instead of cross-correlation (xcorr2).");
    if (ImGui::Checkbox(flip ? "turned: conv2" : "as shown: xcorr2", &flip)) {
        FilterStep changed = controls.filter();
        changed.flip = flip;
        controls.put(changed, flip ? "turn the kernel" : "kernel as shown");
    }
    draw_spacing(controls, "stride", &FilterStep::stride, context.theme.stride,
                 "How many pixels the kernel moves from one result to the next: 2 halves the image.");
    draw_spacing(controls, "dilation", &FilterStep::dilation, context.theme.dilation,
                 "The distance between the pixels that neighbouring weights read.");
}

void draw_photo_backend(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    heading(context, "Compute on");
    const Backend now = context.document.photo.backend;
    bool first = true;
    for (const BackendInfo& info : kBackends) {
        if (!first) flow(button_width(info.label));
        first = false;
        if (switch_button(context, info.label, now == info.backend) && now != info.backend) {
            context.ui.edit(fmt::format("compute on {}", info.label), {},
                            [backend = info.backend](Document& document) { document.photo.backend = backend; });
        }
        tip(info.about);
    }
    if (controls.work.busy()) {
        wrapped("computing…", context.theme.faint);
    } else {
        wrapped(controls.work.where(), context.theme.text);
    }
    if (const auto result = controls.work.result()) {
        const Message text = not_finite_text(result->not_finite);
        if (!text.empty()) problem_text(context, english(text));
    }
    const std::string reason = controls.work.gpu_reason();
    if (!reason.empty()) wrapped(reason, now == Backend::gpu ? context.theme.problem : context.theme.faint);
}

}  // namespace convlens
