// The weights of the selected filter, cell by cell and as text.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/panels/photo/controls.h"
#include "app/panels/widgets/widgets.h"
#include "app/session/session.h"
#include "app/views/kernel_picture.h"
#include "core/image/kernel_choice.h"
#include "core/text/number.h"
#include "core/text/typed_number.h"

namespace convlens {

namespace {

constexpr float kLeastDigits = 0.72F;  // of the text size: weights stand close together

bool can_be_edited(const Kernel& kernel) { return kernel.rows <= kMostEditedSide && kernel.cols <= kMostEditedSide; }

double peak_of(const Kernel& kernel) {
    double peak = 0;
    for (const double weight : kernel.weights) peak = std::max(peak, std::abs(weight));
    return peak;
}

Message kernel_name(std::string size) { return msg("kernel {size}", "size"_is(std::move(size))); }

Message check_side(double side) {
    if (side >= 1 && side <= kMostEditedSide) return {};
    return msg("A kernel typed here has 1 to {most} rows and columns. Paste larger ones as text.",
               "most"_is(kMostEditedSide));
}

void draw_size(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    photo_label(context, msg("rows, cols"),
                msg("Rows and columns of the kernel. Weights at the top left are kept, new ones are 0."));
    const float width = std::round(context.text_size * 3);
    // no words: keys of fields
    const std::string keys[] = {fmt::format("photo {} rows", controls.step),
                                fmt::format("photo {} cols", controls.step)};
    constexpr auto kWhole = PhotoField::Kind::whole;
    const auto side = [&](const char* label, const std::string& key, std::int64_t count) {
        return photo_field(
            context, {label, key, static_cast<double>(count), fmt::format("{}", count), width, kWhole, check_side});
    };
    std::int64_t h = kernel.rows, w = kernel.cols;
    if (const auto typed = side("##rows", keys[0], kernel.rows)) h = static_cast<std::int64_t>(*typed);
    ImGui::SameLine(0, context.text_size * 0.3F);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted("×");
    ImGui::SameLine(0, context.text_size * 0.3F);
    if (const auto typed = side("##cols", keys[1], kernel.cols)) w = static_cast<std::int64_t>(*typed);
    photo_refused(context, keys[0], plural("{n} row", "{n} rows", kernel.rows));
    photo_refused(context, keys[1], plural("{n} column", "{n} columns", kernel.cols));
    if (h == kernel.rows && w == kernel.cols) return;
    // The other side of a large kernel is brought within what can be edited, too.
    h = std::min(h, kMostEditedSide);
    w = std::min(w, kMostEditedSide);
    controls.put(with_size(controls.filter(), h, w), kernel_name(fmt::format("{}×{}", h, w)));
}

// What stands in the cells and how large they are, so that the longest weight fits into each.
struct CellLook {
    std::vector<std::string> texts;
    float text = 0, width = 0, gap = 0;
    bool scrolls = false;
};

CellLook cell_look(const PhotoControls& controls, bool compact) {
    const PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    CellLook look;
    look.texts = weight_texts(kernel.weights, compact);
    float widest = 1.2F;  // at a text size of 1
    for (const std::string& text : look.texts)
        widest = std::max(widest, context.fonts.text_width(text, 100, Face::mono) / 100);
    look.gap = std::round(context.text_size * 0.12F);
    const auto cols = static_cast<float>(kernel.cols);
    const float padding = 2 * std::round(context.text_size * kCellEdge) + 1;
    const float room = ImGui::GetContentRegionAvail().x;
    const float share = std::floor((room - look.gap * (cols - 1)) / cols);
    // Smaller digits before the cells have to be scrolled, but never ones that are hard to read.
    const float fits = (share - padding) / widest;
    look.text = std::floor(std::clamp(fits, context.text_size * kLeastDigits, context.text_size));
    look.width =
        std::max(std::ceil(look.text * widest + padding), std::min(share, std::round(context.text_size * 3.6F)));
    look.scrolls = cols * (look.width + look.gap) - look.gap > room;
    return look;
}

struct CellColours {
    CellColours(const Theme& theme, double weight, double peak) {
        const Colour ground = value_colour(theme, weight, peak);
        ImGui::PushStyleColor(ImGuiCol_FrameBg, vec(ground));
        ImGui::PushStyleColor(ImGuiCol_Text, vec(ink_on(theme, ground)));
        ImGui::PushStyleColor(ImGuiCol_InputTextCursor, vec(ink_on(theme, ground)));
    }
    ~CellColours() { ImGui::PopStyleColor(3); }
    CellColours(const CellColours&) = delete;
    CellColours& operator=(const CellColours&) = delete;
};

void draw_cell(const PhotoControls& controls, std::int64_t row, std::int64_t col, const CellLook& look, double peak) {
    PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    const double weight = kernel.at(row, col);
    const std::string label = fmt::format("##w {},{}", row, col);
    const std::string key = fmt::format("photo {} w {},{}", controls.step, row, col);
    const std::string& shown = look.texts[static_cast<std::size_t>(row * kernel.cols + col)];
    std::optional<double> typed;
    {
        const CellColours colours(context.theme, weight, peak);
        typed = photo_field(context, {label.c_str(), key, weight, shown, look.width, PhotoField::Kind::cell});
    }
    if (shown != short_number(weight) || shown != full_number(weight)) tip(full_number(weight));
    if (!typed || *typed == weight) return;
    Kernel changed = kernel;
    changed.weights[static_cast<std::size_t>(row * kernel.cols + col)] = *typed;
    controls.put(with_kernel(controls.filter(), changed), msg("weight[{row}, {column}] = {value}", "row"_is(row),
                                                              "column"_is(col), "value"_is(field_text(*typed))));
}

void draw_cells(const PhotoControls& controls) {
    const PanelContext& context = controls.context;
    const Kernel& kernel = controls.filter().kernel;
    CellLook look = cell_look(controls, false);
    if (look.scrolls) look = cell_look(controls, true);
    const double peak = peak_of(kernel);
    ImGui::PushFont(nullptr, look.text);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(look.gap, look.gap));
    const float height = static_cast<float>(kernel.rows) * (ImGui::GetFrameHeight() + look.gap) - look.gap;
    const float bar = look.scrolls ? ImGui::GetStyle().ScrollbarSize + look.gap : 0;
    const ImGuiWindowFlags flags = look.scrolls ? ImGuiWindowFlags_HorizontalScrollbar : ImGuiWindowFlags_NoScrollbar;
    if (ImGui::BeginChild("cells", {0, height + bar}, ImGuiChildFlags_None,
                          flags | ImGuiWindowFlags_NoScrollWithMouse)) {
        for (std::int64_t row = 0; row < kernel.rows; ++row) {
            for (std::int64_t col = 0; col < kernel.cols; ++col) {
                if (col > 0) ImGui::SameLine();
                draw_cell(controls, row, col, look, peak);
            }
        }
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopFont();
    for (std::int64_t row = 0; row < kernel.rows; ++row)
        for (std::int64_t col = 0; col < kernel.cols; ++col)
            photo_refused(controls.context, fmt::format("photo {} w {},{}", controls.step, row, col),
                          verbatim(short_number(kernel.at(row, col))));
    if (look.scrolls) wrapped(context, msg("Scroll sideways for all columns."), context.theme.faint);
}

// Kernels with too many weights to type are shown as the picture that they are.
void draw_as_picture(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    const KernelPicture picture = build_kernel_picture(controls.filter().kernel, context.theme,
                                                       ImGui::GetContentRegionAvail().x, context.text_size * 14);
    const Scene& scene = picture.scene;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    context.screen.draw(scene, {at.x, at.y}, ImGui::GetWindowDrawList());
    ImGui::Dummy({scene.width, scene.height});
    if (picture.block > 1)
        wrapped(context, msg("Each pixel shows the largest of {side} × {side} weights.", "side"_is(picture.block)),
                context.theme.faint);
    wrapped(context, msg("Kernels of up to {side} × {side} can be edited cell by cell.", "side"_is(kMostEditedSide)),
            context.theme.faint);
}

void take_text(const PhotoControls& controls, const std::string& text) {
    PhotoState& state = controls.context.ui.panels.photo;
    try {
        const Kernel kernel = parse_kernel(text);
        FilterStep made = controls.filter();
        made.kernel = kernel;
        made.name = text;
        if (!kernel_choice(made)) made.name = "custom";
        controls.put(made, kernel_name(size_text(kernel)));
    } catch (const AmbiguousKernel& error) {
        state.kernel_readings = {error.commas_separate, error.commas_are_points};
        state.kernel_text = text;
        state.kernel_text_reason = error.message;
        state.kernel_text_edited_since = false;
    } catch (const KernelError& error) {
        state.kernel_readings.clear();
        state.kernel_text = text;
        state.kernel_text_reason = error.message;
        state.kernel_text_edited_since = false;
    }
}

// The two ways to read commas, to choose from.
void draw_readings(const PhotoControls& controls) {
    PhotoState& state = controls.context.ui.panels.photo;
    for (std::size_t i = 0; i < state.kernel_readings.size(); ++i) {
        const Kernel kernel = state.kernel_readings[i];
        const std::string size = size_text(kernel);
        if (!wide_button(controls.context, i == 0 ? msg("Commas separate: {size}", "size"_is(size))
                                                  : msg("Decimal commas: {size}", "size"_is(size))))
            continue;
        controls.put(with_kernel(controls.filter(), kernel), kernel_name(size));
        return;
    }
}

void draw_text(const PhotoControls& controls) {
    PanelContext& context = controls.context;
    PhotoState& state = context.ui.panels.photo;
    const Kernel& kernel = controls.filter().kernel;
    const bool refused = !state.kernel_text_reason.empty();
    if (can_be_edited(kernel) || refused) {
        photo_label(context, msg("as text"),
                    msg("All weights on one line. Separate rows with “;”. “/ divisor” and “+ offset” may follow.\n"
                        "Or a name: gaussian:sigma=2"));
        std::string text = refused ? state.kernel_text : to_text(kernel);
        const std::string shown = text;
        const FieldLook look{ImGui::GetContentRegionAvail().x, refused};
        if (text_field(context, "##text", text, look) && text != shown) take_text(controls, text);
        if (refused) {
            problem_text(context, state.kernel_text_reason);
            draw_readings(controls);
            if (wide_button(context, msg("keep the kernel"))) leave_filter(context.ui);
        }
    }
    if (ImGui::Button(context.label(msg("Copy")).c_str())) ImGui::SetClipboardText(to_text(kernel).c_str());
    tip(context, msg("The kernel as text, for other programs and for Paste."));
    flow(button_width(context.words(msg("Paste"))));
    if (ImGui::Button(context.label(msg("Paste")).c_str())) {
        const char* pasted = ImGui::GetClipboardText();
        take_text(controls, pasted != nullptr ? pasted : "");
    }
    tip(context, msg("A kernel from the clipboard: rows of numbers as in papers, Python or other programs."));
}

}  // namespace

void draw_photo_kernel(const PhotoControls& controls) {
    draw_size(controls);
    if (can_be_edited(controls.filter().kernel)) {
        draw_cells(controls);
    } else {
        draw_as_picture(controls);
    }
    draw_text(controls);
}

}  // namespace convlens
