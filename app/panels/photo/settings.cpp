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
void draw_number(const PhotoControls& controls, Key name, double Kernel::*member, const Message& about,
                 Message (*check)(double)) {
    PanelContext& context = controls.context;
    const double value = controls.filter().kernel.*member;
    photo_label(context, name, about);
    const std::string key = fmt::format("photo {} {}", controls.step, name.text);
    const std::string label = fmt::format("##{}", name.text);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto typed =
        photo_field(context, {label.c_str(), key, value, field_text(value), width, PhotoField::Kind::real, check});
    photo_refused(context, key, verbatim(field_text(value)));
    if (!typed) return;
    FilterStep changed = controls.filter();
    if (member == &Kernel::offset) {
        changed.kernel.offset = *typed;  // a family with an offset stays that family
    } else {
        Kernel kernel = changed.kernel;
        kernel.*member = *typed;
        changed = with_kernel(changed, kernel);
    }
    controls.put(changed, msg("{setting} {value}", "setting"_is(name), "value"_is(field_text(*typed))));
}

Message check_divisor(double divisor) {
    return divisor == 0 ? msg("The divisor must not be 0; 1 leaves the sum unchanged.") : Message();
}

Message sum_text(const Kernel& kernel) {
    const double sum = adds_up_to_zero(kernel) ? 0 : kernel.weight_sum();
    const auto weights = "sum"_is(short_number(sum));
    if (kernel.divisor == 1) return msg("sum of weights {sum}", weights);
    return msg("sum of weights {sum} / {divisor} = {result}", weights, "divisor"_is(short_number(kernel.divisor)),
               "result"_is(short_number(sum / kernel.divisor)));
}

Message sum_meaning(const Kernel& kernel) {
    if (adds_up_to_zero(kernel)) return msg("A sum of 0 shows only where the image changes.");
    if (std::abs(kernel.sum() - 1) <= 1e-6) return msg("A sum of 1 keeps the brightness.");
    return {};
}

// What one click can put right, if anything.
void draw_brightness_fixes(const PhotoControls& controls) {
    const FilterStep& filter = controls.filter();
    Kernel fixed = filter.kernel;
    Message label;
    if (std::abs(filter.kernel.sum() - 1) <= 1e-6) return;
    if (!adds_up_to_zero(filter.kernel)) {
        fixed = normalized(filter.kernel);
        label = msg("Normalize");
    } else if (const auto note = brightness_of(filter.kernel); note && note->offset) {
        fixed.offset = *note->offset;
        label = msg("Offset 0.5: show on mid-grey");
    }
    if (label.empty() || fixed == filter.kernel) return;
    if (!wide_button(controls.context, label)) return;
    FilterStep changed = filter;
    changed.kernel.offset = fixed.offset;
    controls.put(with_kernel(changed, fixed), adds_up_to_zero(filter.kernel) ? msg("offset 0.5") : msg("normalize"));
}

struct BorderInfo {
    PadMode mode;
    std::string_view row;  // a row with what is beyond its edges
    Key more;
};
constexpr std::array<BorderInfo, 6> kBorders{{
    {PadMode::reflect, "c b | a b c d | c b",
     key("The edge itself is not repeated (OpenCV: REFLECT_101). Usual for photos.")},
    {PadMode::symmetric, "b a | a b c d | d c", key("The edge is repeated (OpenCV: REFLECT).")},
    {PadMode::replicate, "a a | a b c d | d d", key("The edge pixel is repeated (OpenCV: REPLICATE).")},
    {PadMode::circular, "c d | a b c d | a b", key("Wraps around, as if the image were a tile (OpenCV: WRAP).")},
    {PadMode::zeros, "0 0 | a b c d | 0 0", key("Black around the image.")},
    {PadMode::constant, "v v | a b c d | v v", key("A value of your choice around the image.")},
}};

void border_tip(const PanelContext& context, const BorderInfo& border) {
    tip(std::string(border.row) + "\n" + context.words(border.more));
}

Message check_sample(double value) {
    constexpr double kMost = std::numeric_limits<float>::max();
    return std::abs(value) <= kMost ? Message() : msg("Samples are from −3.4e38 to 3.4e38.");
}

void draw_border(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const FilterStep& filter = controls.filter();
    photo_label(context, msg("border"), msg("What the kernel reads beyond the edge of the image."));
    ImGui::SetNextItemWidth(-1);
    const std::string shown = context.words(title(filter.border));
    if (ImGui::BeginCombo("##border", shown.c_str())) {
        for (const BorderInfo& border : kBorders) {
            if (ImGui::Selectable(context.label(title(border.mode)).c_str(), border.mode == filter.border)) {
                FilterStep changed = filter;
                changed.border = border.mode;
                controls.put(changed, msg("border {mode}", "mode"_is(title(border.mode))));
            }
            border_tip(context, border);
        }
        ImGui::EndCombo();
    } else {
        for (const BorderInfo& border : kBorders)
            if (border.mode == filter.border) border_tip(context, border);
    }
    if (filter.border != PadMode::constant) return;
    photo_label(context, msg("value"),
                msg("The value around the image, on the image's own scale: 255 is white for 8-bit images."));
    const std::string key = fmt::format("photo {} border value", controls.step);
    const auto typed = photo_field(context, {"##value", key, filter.border_value, field_text(filter.border_value),
                                             ImGui::GetContentRegionAvail().x, PhotoField::Kind::real, check_sample});
    photo_refused(context, key, verbatim(field_text(filter.border_value)));
    if (!typed) return;
    FilterStep changed = filter;
    changed.border_value = *typed;
    controls.put(changed, msg("border value {value}", "value"_is(field_text(*typed))));
}

Message check_spacing(double value) { return value >= 1 && value <= 64 ? Message() : msg("From 1 to 64."); }

void draw_spacing(const PhotoControls& controls, Key label, std::int64_t FilterStep::*member, Colour hue,
                  const Message& about) {
    PanelContext& context = controls.context;
    const std::int64_t value = controls.filter().*member;
    hue_label(context, label, hue, about);
    ImGui::SameLine(context.text_size * 5.4F);
    const std::string key = fmt::format("photo {} {}", controls.step, label.text);
    const std::string id = fmt::format("##{}", label.text);
    const auto typed =
        photo_field(context, {id.c_str(), key, static_cast<double>(value), fmt::format("{}", value),
                              std::round(context.text_size * 3), PhotoField::Kind::whole, check_spacing});
    photo_refused(context, key, verbatim(fmt::format("{}", value)));
    if (!typed) return;
    FilterStep changed = controls.filter();
    changed.*member = static_cast<std::int64_t>(*typed);
    controls.put(changed, msg("{setting} {value}", "setting"_is(label), "value"_is(changed.*member)));
}

struct BackendInfo {
    Backend backend;
    Key label;
    Key about;
};
constexpr std::array<BackendInfo, 3> kBackends{{
    {Backend::automatic, key("automatic"), key("The GPU where it is faster, else the CPU.")},
    {Backend::cpu, key("CPU"), key("The CPU, on all of its cores.")},
    {Backend::gpu, key("GPU"), key("Compute shaders on the GPU.")},
}};

}  // namespace

void draw_photo_scaling(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    draw_number(controls, key("divisor"), &Kernel::divisor, msg("The sum of weight × pixel is divided by this value."),
                check_divisor);
    draw_number(controls, key("offset"), &Kernel::offset,
                msg("Added to the result, as a fraction of white: 0.5 shows 0 as mid-grey."), nullptr);
    wrapped(context, sum_text(kernel), context.theme.text);
    // With a sum of 0 that is what the kernel is for; any other is likely to be a slip.
    if (const auto note = brightness_note(kernel); note && adds_up_to_zero(kernel) && kernel.offset == 0) {
        wrapped(context, *note, context.theme.faint);
    } else if (note) {
        problem_text(context, *note);
    } else if (const Message meaning = sum_meaning(kernel); !meaning.empty()) {
        wrapped(context, meaning, context.theme.faint);
    }
    draw_brightness_fixes(controls);
}

void draw_photo_sampling(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    draw_border(controls);
    bool flip = controls.filter().flip;
    photo_label(
        context, msg("flip"),
        msg("Flips the kernel (rotates it by 180°): convolution (conv2) instead of cross-correlation (xcorr2)."));
    if (ImGui::Checkbox(context.label(flip ? msg("rotated 180°: conv2") : msg("as shown: xcorr2")).c_str(), &flip)) {
        FilterStep changed = controls.filter();
        changed.flip = flip;
        controls.put(changed, flip ? msg("flip kernel") : msg("do not flip kernel"));
    }
    draw_spacing(controls, key("stride"), &FilterStep::stride, context.theme.stride,
                 msg("How many pixels the kernel moves from one result to the next: 2 halves the image."));
    draw_spacing(controls, key("dilation"), &FilterStep::dilation, context.theme.dilation,
                 msg("The distance between the pixels that neighbouring weights read."));
}

void draw_photo_backend(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    heading(context, msg("Compute on"));
    const Backend now = context.document.photo.backend;
    bool first = true;
    for (const BackendInfo& info : kBackends) {
        if (!first) flow(button_width(context.words(info.label)));
        first = false;
        if (switch_button(context, context.label(info.label).c_str(), now == info.backend) && now != info.backend) {
            context.ui.edit(msg("compute on {backend}", "backend"_is(info.label)), {},
                            [backend = info.backend](Document& document) { document.photo.backend = backend; });
        }
        tip(context, info.about);
    }
    if (controls.work.busy()) {
        wrapped(context, msg("computing…"), context.theme.faint);
    } else {
        wrapped(context, controls.work.where(), context.theme.text);
    }
    if (const auto result = controls.work.result()) {
        const Message text = not_finite_text(result->not_finite);
        if (!text.empty()) problem_text(context, text);
    }
    const Message reason = controls.work.gpu_reason();
    if (!reason.empty()) wrapped(context, reason, now == Backend::gpu ? context.theme.problem : context.theme.faint);
}

}  // namespace convlens
