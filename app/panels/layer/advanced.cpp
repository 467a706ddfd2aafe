// Advanced: what a first lesson does without. Opens itself when a document uses any of it.
#include <array>
#include <variant>

#include <fmt/format.h>

#include "app/panels/layer/parameters.h"
#include "app/panels/widgets/widgets.h"
#include "core/conv/border_names.h"
#include "core/conv/weight_layout.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

struct ModeInfo {
    PadMode mode;
    std::string_view row;  // a row that is padded so
    Key more = {};
};
constexpr std::array<ModeInfo, 6> kModes{{
    {PadMode::zeros, "0 0 | a b c d | 0 0"},
    {PadMode::constant, "v v | a b c d | v v"},
    {PadMode::replicate, "a a | a b c d | d d"},
    {PadMode::reflect, "c b | a b c d | c b", key("The edge itself is not repeated.")},
    {PadMode::symmetric, "b a | a b c d | d c", key("The edge is repeated.")},
    {PadMode::circular, "c d | a b c d | a b"},
}};

// What the mode does, and what the programs call it.
std::string border_text(const PanelContext& context, PadMode mode) {
    const ModeInfo& info = kModes[static_cast<std::size_t>(mode)];
    std::string text = context.words(msg("{mode}: {row}", "mode"_is(title(mode)), "row"_is(info.row)));
    if (!info.more.empty()) text += "\n" + context.words(info.more);
    text += "\n";
    for (const BorderName& border : border_names(mode)) {
        const auto program = "program"_is(border.program);
        text += "\n" + context.words(border.name.empty() ? msg("{program}: has none", program)
                                                         : msg("{program}: {name}", program, "name"_is(border.name)));
    }
    return text;
}

bool uses_advanced(const LayerControls& controls) {
    const ConvSpec& spec = controls.shape.spec;
    const Pads pads = shown_pads(controls.shape);
    const bool plain_pads = pads.top == pads.bottom && pads.left == pads.right && spec.pad_rule == PadRule::explicit_ &&
                            spec.pad_mode == PadMode::zeros;
    const bool pooling = is_pooling(spec.op);
    if (spec.dialect != Dialect::convlens) return true;
    const bool one_plane =
        controls.shape.input.n == 1 && controls.shape.input.c == 1 && (pooling || spec.out_channels == 1);
    if (pooling && (spec.ceil_mode || !spec.count_include_pad || spec.divisor_override)) return true;
    return !plain_pads || !one_plane || spec.groups != 1 || spec.flip_kernel || controls.document_layer().bias;
}

constexpr std::array kDialectAbout{
    key("Allows everything that is well defined; Explanation lists the programs that would reject it."),
    key("Allows what PyTorch allows: no reflect padding as large as the input, no negative padding, …"),
    key("Allows what TensorFlow and Keras allow."),
    key("Allows what ONNX Runtime allows."),
    key("Allows what MATLAB and Octave allow."),
    key("Allows what SciPy allows."),
    key("Allows what OpenCV allows."),
};

// A name on the left; the widget after it begins where all others do.
void row_label(const PanelContext& context, const Message& text, Colour hue, const Message& about) {
    hue_label(context, text, hue, about);
    beside_label(context, 6.2F);
    ImGui::SetNextItemWidth(-1);
}

void draw_sides(LayerControls& controls) {
    struct Side {
        Key name;
        std::int64_t Pads::*member;
    };
    static constexpr std::array<Side, 4> kSides{{{key("top"), &Pads::top},
                                                 {key("bottom"), &Pads::bottom},
                                                 {key("left"), &Pads::left},
                                                 {key("right"), &Pads::right}}};
    PanelContext& context = controls.context;
    const Pads pads = shown_pads(controls.shape);
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float width = std::floor((ImGui::GetContentRegionAvail().x - 3 * gap) / 4);
    ImGui::PushID("sides");
    const float left = ImGui::GetCursorPosX();
    const auto column = [&](std::size_t i) {
        if (i > 0) ImGui::SameLine(left + static_cast<float>(i) * (width + gap));
    };
    for (std::size_t i = 0; i < kSides.size(); ++i) {
        column(i);
        ImGui::TextColored(vec(context.theme.pad), "%s", context.words(kSides[i].name).c_str());
        tip(context, msg("Padding on this side. Negative values crop the input."));
    }
    Message reason;
    for (std::size_t i = 0; i < kSides.size(); ++i) {
        const Side& side = kSides[i];
        column(i);
        const std::string key = fmt::format("{} pad {}", controls.layer, side.name.text);
        const std::string label = fmt::format("##{}", side.name.text);
        const auto typed = whole_field(context, label.c_str(), key, pads.*side.member, {width, false});
        if (const TypedText* refused = refused_text(context.ui, key)) reason = refused->reason;
        if (!typed) continue;
        LayerShape wanted = controls.shape;
        wanted.spec.pads = pads;
        wanted.spec.pads.*side.member = *typed;
        wanted.spec.pad_rule = PadRule::explicit_;
        controls.propose(wanted, msg("padding {side} {value}", "side"_is(side.name), "value"_is(*typed)));
    }
    if (!reason.empty()) problem_text(context, reason);
    ImGui::PopID();
}

void draw_pad_rule(LayerControls& controls) {
    PanelContext& context = controls.context;
    const PadRule now = controls.shape.spec.pad_rule;
    row_label(
        context, msg("padding rule"), context.theme.pad,
        msg("How much padding there is. “As typed” uses the numbers above; every other rule computes it as the named "
            "program does and follows the sizes."));
    if (ImGui::BeginCombo("##pad rule", context.words(title(now)).c_str(), ImGuiComboFlags_HeightLarge)) {
        for (const std::string_view rule : names<PadRule>()) {
            const auto value = from_name<PadRule>(rule);
            if (!value || !ImGui::Selectable(context.label(title(*value)).c_str(), value == now) || value == now)
                continue;
            LayerShape wanted = controls.shape;
            // Explicit keeps what the rule gave, so that nothing moves.
            if (*value == PadRule::explicit_) wanted.spec.pads = shown_pads(controls.shape);
            wanted.spec.pad_rule = *value;
            controls.propose(wanted, msg("padding rule {rule}", "rule"_is(title(*value))));
        }
        ImGui::EndCombo();
    }
    draw_problems(controls, Field::pad_rule);
}

void draw_pad_value(LayerControls& controls) {
    PanelContext& context = controls.context;
    row_label(context, msg("value v"), context.theme.pad, msg("The value of every padding cell."));
    const std::string key = fmt::format("{} pad value", controls.layer);
    const auto typed = real_field(context, "##pad value", key, controls.shape.spec.pad_value,
                                  {ImGui::GetContentRegionAvail().x, false});
    if (const TypedText* refused = refused_text(context.ui, key)) problem_text(context, Message(refused->reason));
    if (!typed) return;
    LayerShape wanted = controls.shape;
    wanted.spec.pad_value = *typed;
    controls.propose(wanted, msg("pad value {value}", "value"_is(fmt::format("{}", *typed))));
}

void draw_pad_mode(LayerControls& controls) {
    PanelContext& context = controls.context;
    const PadMode now = controls.shape.spec.pad_mode;
    row_label(context, msg("padding mode"), context.theme.pad, msg("The values in the padding cells."));
    if (ImGui::BeginCombo("##pad mode", context.words(title(now)).c_str(), ImGuiComboFlags_HeightLarge)) {
        for (const ModeInfo& mode : kModes) {
            const bool picked = ImGui::Selectable(context.label(title(mode.mode)).c_str(), mode.mode == now);
            tip(border_text(context, mode.mode));
            if (!picked || mode.mode == now) continue;
            LayerShape wanted = controls.shape;
            wanted.spec.pad_mode = mode.mode;
            controls.propose(wanted, msg("padding mode {mode}", "mode"_is(title(mode.mode))));
        }
        ImGui::EndCombo();
    } else {
        tip(border_text(context, now));
    }
    draw_border_picture(context, now);
    tip(border_text(context, now));
    if (now == PadMode::constant) draw_pad_value(controls);
    draw_problems(controls, Field::pad_mode);
}

void draw_dialect(LayerControls& controls) {
    PanelContext& context = controls.context;
    const Dialect now = controls.shape.spec.dialect;
    row_label(context, msg("rules"), context.theme.text,
              msg("The program whose rules decide which settings are allowed."));
    if (!ImGui::BeginCombo("##rules of", title(now).data(), ImGuiComboFlags_HeightLarge)) {
        tip(context, kDialectAbout[static_cast<std::size_t>(now)]);
        return;
    }
    for (std::size_t i = 0; i < names<Dialect>().size(); ++i) {
        const auto dialect = static_cast<Dialect>(i);
        const bool picked = ImGui::Selectable(title(dialect).data(), dialect == now);
        tip(context, kDialectAbout[i]);
        if (!picked || dialect == now) continue;
        LayerShape wanted = controls.shape;
        wanted.spec.dialect = dialect;
        controls.propose(wanted, msg("rules of {program}", "program"_is(title(dialect))));
    }
    ImGui::EndCombo();
}

void draw_flip(LayerControls& controls) {
    bool flip = controls.shape.spec.flip_kernel;
    if (ImGui::Checkbox(controls.context.label(msg("flip kernel (true convolution)")).c_str(), &flip)) {
        LayerShape wanted = controls.shape;
        wanted.spec.flip_kernel = flip;
        controls.propose(wanted, flip ? msg("flip kernel") : msg("do not flip kernel"));
    }
    tip(controls.context, parameter(Field::flip_kernel).about);
}

void set_bias(const LayerControls& controls, bool on) {
    const auto layer = static_cast<std::size_t>(controls.layer);
    controls.context.ui.edit(on ? msg("bias") : msg("no bias"), {}, [layer, on](Document& document) {
        Layer& changed = document.layers[layer];
        const Shape4 shape{1, changed.spec.out_channels, 1, 1};
        changed.bias = on ? generate({"random", 1, -3, 3}, shape) : TensorRef{};
    });
}

void set_bias_value(const LayerControls& controls, std::int64_t channel, double value) {
    const auto layer = static_cast<std::size_t>(controls.layer);
    controls.context.ui.edit(msg("bias {value}", "value"_is(fmt::format("{}", value))), {},
                             [layer, channel, value](Document& document) {
                                 TensorRef& bias = document.layers[layer].bias;
                                 if (!bias || channel >= bias->shape().c) return;
                                 Tensor<double> values = *bias;
                                 values.at(0, channel, 0, 0) = value;
                                 bias = TensorRef(std::move(values));
                             });
}

void draw_bias(LayerControls& controls) {
    PanelContext& context = controls.context;
    const TensorRef& bias = controls.document_layer().bias;
    bool on = static_cast<bool>(bias);
    if (ImGui::Checkbox(context.label(msg("bias")).c_str(), &on)) set_bias(controls, on);
    tip(context, msg("One value per output channel, added to each of its sums."));
    if (!bias) return;
    const Pane& pane = context.document.panes[static_cast<std::size_t>(context.ui.pane)];
    const std::int64_t channel = pane.slice.c_out;
    beside_label(context, 6.2F);
    hue_label(context, fmt::format("b[{}]", channel), context.theme.bias, msg("The bias of the output channel shown."));
    ImGui::SameLine(0, context.text_size * 0.4F);
    const std::string key = fmt::format("{} bias {}", controls.layer, channel);
    const auto typed =
        real_field(context, "##bias value", key, bias->at(0, channel, 0, 0), {ImGui::GetContentRegionAvail().x, false});
    if (const TypedText* refused = refused_text(context.ui, key)) problem_text(context, Message(refused->reason));
    if (typed) set_bias_value(controls, channel, *typed);
}

// What the groups come to, of the output channel that is looked at: "depthwise, multiplier 4: …".
void draw_groups_text(const LayerControls& controls) {
    const Layer& layer = controls.document_layer();
    const Pane& pane = controls.context.document.panes[static_cast<std::size_t>(controls.context.ui.pane)];
    const Message text = groups_text(layer.spec, input_shape(layer).c, pane.slice.c_out);
    if (!text.empty()) wrapped(controls.context, text, controls.context.theme.text);
}

void draw_flag(LayerControls& controls, const Parameter& row, bool ConvSpec::*flag) {
    bool on = controls.shape.spec.*flag;
    if (ImGui::Checkbox(controls.context.label(row.name).c_str(), &on)) {
        LayerShape wanted = controls.shape;
        wanted.spec.*flag = on;
        controls.propose(wanted,
                         msg("{setting} {value}", "setting"_is(row.name), "value"_is(on ? key("on") : key("off"))));
    }
    tip(controls.context, row.about);
}

// A divisor of the user's own: a tick takes it up with the size of the window.
void draw_divisor(LayerControls& controls) {
    PanelContext& context = controls.context;
    const ConvSpec& spec = controls.shape.spec;
    bool own = spec.divisor_override.has_value();
    if (ImGui::Checkbox(context.label(msg("divisor_override")).c_str(), &own)) {
        LayerShape wanted = controls.shape;
        wanted.spec.divisor_override.reset();
        if (own) wanted.spec.divisor_override = spec.kernel.h * spec.kernel.w;
        controls.propose(wanted, own ? msg("divisor_override") : msg("no divisor_override"));
    }
    tip(context, parameter(Field::divisor_override).about);
    if (spec.divisor_override) {
        ImGui::SameLine();
        const std::string key = fmt::format("{} divisor", controls.layer);
        const auto typed =
            whole_field(context, "##divisor", key, *spec.divisor_override, {ImGui::GetContentRegionAvail().x, false});
        if (const TypedText* refused = refused_text(context.ui, key)) problem_text(context, Message(refused->reason));
        if (typed) {
            LayerShape wanted = controls.shape;
            wanted.spec.divisor_override = *typed;
            controls.propose(wanted, msg("{setting} {value}", "setting"_is(parameter(Field::divisor_override).name),
                                         "value"_is(*typed)));
        }
    }
    draw_problems(controls, Field::divisor_override);
}

void draw_pooling(LayerControls& controls) {
    const Op op = controls.shape.spec.op;
    for (const Parameter& row : parameters()) {
        const auto* const flag = std::get_if<bool ConvSpec::*>(&row.slot);
        if (flag != nullptr && row.operations.contain(op)) draw_flag(controls, row, *flag);
    }
    if (parameter(Field::divisor_override).operations.contain(op)) draw_divisor(controls);
}

}  // namespace

void draw_advanced(LayerControls& controls) {
    bool& used = controls.context.ui.panels.layer.advanced_used;
    const bool uses = uses_advanced(controls);
    if (uses && !used) ImGui::SetNextItemOpen(true);
    used = uses;
    if (!ImGui::CollapsingHeader(controls.context.label(msg("Advanced")).c_str())) return;
    if (is_pooling(controls.shape.spec.op)) {
        draw_pooling(controls);
        draw_pad_rule(controls);
        draw_sides(controls);
        ImGui::Spacing();
        draw_small_parameters(controls);
        draw_dialect(controls);
        return;
    }
    draw_flip(controls);
    draw_bias(controls);
    // The padding of a transposed convolution crops: nothing is filled. A mode that was set all the same can be undone.
    const bool filled = controls.shape.spec.op != Op::conv_transpose || controls.shape.spec.pad_mode != PadMode::zeros;
    if (filled) draw_pad_mode(controls);
    draw_pad_rule(controls);
    draw_sides(controls);
    draw_anchor(controls);
    ImGui::Spacing();
    draw_small_parameters(controls);
    draw_groups_text(controls);
    draw_dialect(controls);
}

}  // namespace convlens
