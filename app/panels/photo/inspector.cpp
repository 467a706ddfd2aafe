// One pixel: where it is, its values before and after, and the sum that the kernel made there.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/panels/photo/view.h"
#include "app/panels/widgets/widgets.h"
#include "core/image/kernel_choice.h"
#include "core/text/number.h"

namespace convlens {

namespace {

Colour colour_of(const Image& image, std::int64_t x, std::int64_t y) {
    const double scale = 255 / white(image.depth());
    const auto channel = [&](int c) {
        const double value = image.sample(x, y, image.colour_channels() == 1 ? 0 : c) * scale;
        return static_cast<std::uint8_t>(std::isnan(value) ? 0 : std::clamp(value, 0.0, 255.0));
    };
    return {channel(0), channel(1), channel(2), 255};
}

// Sums of whole samples are large whole numbers: 193125, not 1.931e5. Others look like none: 195.0039, not 195.
std::string sum_text(double sum) {
    const std::string text = short_number(sum);
    const bool looks_whole = text.find('.') == std::string::npos && sum != std::round(sum);
    return looks_whole || std::abs(sum) >= 1e4 ? short_number(sum, 7) : text;
}

// Text in a column of its own: nothing moves when its number changes.
void text_at(float x, std::string_view text, Colour colour, ImFont* font) {
    ImGui::SameLine();
    ImGui::SetCursorPosX(x);
    ImGui::PushFont(font, 0);
    ImGui::PushStyleColor(ImGuiCol_Text, vec(colour));
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void text_right(float x_end, std::string_view text, Colour colour, ImFont* font) {
    ImGui::PushFont(font, 0);
    const float width = ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
    ImGui::PopFont();
    text_at(x_end - width, text, colour, font);
}

void swatch(const PanelContext& context, float x, Colour colour) {
    ImGui::SameLine();
    ImGui::SetCursorPosX(x);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float side = std::round(context.text_size * 0.9F), top = std::round(at.y + context.text_size * 0.15F);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({at.x, top}, {at.x + side, top + side}, packed_colour(colour));
    list->AddRect({at.x, top}, {at.x + side, top + side}, packed_colour(context.theme.frame));
    ImGui::Dummy({side, context.text_size});
}

class Inspector {
public:
    Inspector(const PhotoView& view, PhotoPixel pixel)
        : view_(view),
          context_(view.context),
          theme_(view.context.theme),
          mono_(view.context.screen.faces().mono),
          em_(view.context.text_size),
          pixel_(pixel),
          seen_(view.seen(pixel)) {}

    void draw() {
        ImGui::BeginGroup();
        draw_values();
        ImGui::EndGroup();
        if (seen_.chain.empty()) return;
        ImGui::SameLine(0, em_ * 1.4F);
        if (seen_.part) return draw_sum_to_come();
        find_sum();
        ImGui::BeginGroup();
        draw_steps();
        ImGui::EndGroup();
        ImGui::SameLine(0, em_ * 1.6F);
        ImGui::BeginGroup();
        draw_products();
        ImGui::EndGroup();
    }

private:
    // x, y; then a row for each channel with both values.
    void draw_values() {
        const Image& before = *view_.before;
        heading(context_, msg("x {x}, y {y}", "x"_is(pixel_.x), "y"_is(pixel_.y)));
        tip(context_, msg("Column and row in the image before filtering, counted from 0 at the top left."));
        const ImageRef& after = seen_.image;
        const std::int64_t ax = seen_.x, ay = seen_.y;
        const float left = ImGui::GetCursorPosX(), first = left + em_ * 5.2F, second = left + em_ * 9.4F;
        ImGui::Dummy({0, em_});
        text_right(first, context_.words(msg("before")), theme_.faint, ImGui::GetFont());
        swatch(context_, first - em_ * 4.4F, colour_of(before, pixel_.x, pixel_.y));
        if (after) text_right(second, context_.words(msg("after")), theme_.faint, ImGui::GetFont());
        if (after) swatch(context_, second - em_ * 3.5F, colour_of(*after, ax, ay));
        for (int c = 0; c < before.channels(); ++c) {
            const bool on = c == view_.state().channel;
            ImGui::PushID(c);
            if (ImGui::Selectable("##channel", on, 0, {em_ * 9.6F, 0})) view_.state().channel = c;
            tip(context_, msg("The sum of this channel is shown."));
            text_at(left + em_ * 0.3F, channel_name(before, c), on ? theme_.text : theme_.faint,
                    context_.screen.faces().bold);
            text_right(first, sample_text(before.sample(pixel_.x, pixel_.y, c), before.depth()), theme_.text, mono_);
            if (after) text_right(second, sample_text(after->sample(ax, ay, c), after->depth()), theme_.text, mono_);
            ImGui::PopID();
        }
        if (seen_.outdated) {
            say(msg("after: last result"), theme_.accent);
            tip(context_, msg("This pixel lies outside the visible part that is computed already."));
        }
        if (context_.ui.pinned) {
            say(msg("pinned (Esc)"), theme_.accent);
        } else {
            say(msg("click: pin"), theme_.faint);
        }
    }

    // Of the visible part there is nothing between the image before and the last step's result.
    void draw_sum_to_come() {
        view_.state().sum.reset();
        ImGui::BeginGroup();
        draw_step_title(seen_.chain[view_.step(seen_.chain.size())]);
        say(msg("The sum follows when the whole image is computed."), theme_.faint);
        ImGui::EndGroup();
    }

    void draw_step_title(const FilterStep& filter) {
        const std::size_t count = seen_.chain.size();
        const Message title = step_title(filter);
        heading(context_, count < 2 ? title
                                    : msg("{step} of {count}: {filter}", "step"_is(view_.step(count) + 1),
                                          "count"_is(count), "filter"_is(title)));
    }

    void find_sum() {
        const PhotoResult& result = *view_.result;
        const std::size_t at = view_.step(result.steps.size());
        const PhotoStep& step = result.steps[at];
        std::int64_t stride = 1;
        for (std::size_t i = 0; i <= at; ++i) stride *= result.steps[i].filter.stride;
        const std::int64_t x = pixel_.x / stride, y = pixel_.y / stride;
        PhotoState& state = view_.state();
        state.channel = std::clamp(state.channel, 0, view_.before->channels() - 1);
        const ImageRef& from = result.input(at);
        if (!state.sum || !explains(*state.sum, from, step.image, step.filter, x, y, state.channel))
            state.sum = std::make_shared<const PixelSum>(
                pixel_sum(from, step.image, step.filter, x, y, state.channel, result.before->depth()));
        sum_ = state.sum.get();
    }

    void say(const Message& words, Colour colour) const {
        ImGui::TextColored(vec(colour), "%s", context_.words(words).c_str());
    }

    void row(const Message& words, const std::string& number, Colour colour) {
        const float left = ImGui::GetCursorPosX();
        say(words, theme_.faint);
        text_right(left + em_ * 15, number, colour, mono_);
    }

    // From the sum to the stored value.
    void draw_steps() {
        draw_step_title(sum_->filter);
        if (sum_->kept_alpha)
            return row(msg("alpha is kept"), sample_text(sum_->stored, sum_->result->depth()), theme_.text);
        if (sum_->kept_colour)
            return row(msg("transparent: kept"), sample_text(sum_->stored, sum_->result->depth()), theme_.text);
        const Kernel& kernel = sum_->filter.kernel;
        const Depth depth = sum_->result->depth();
        row(plural("sum of {n} product", "sum of {n} products", std::ssize(sum_->taps)), sum_text(sum_->sum),
            theme_.text);
        if (kernel.divisor != 1)
            row(msg("divided by {divisor}", "divisor"_is(short_number(kernel.divisor))),
                sum_text(sum_->sum / kernel.divisor), theme_.text);
        if (kernel.offset != 0)
            row(msg("plus {offset} × {white}", "offset"_is(short_number(kernel.offset)),
                    "white"_is(fmt::format("{}", white(sum_->scale)))),
                sum_text(sum_->exact), theme_.text);
        const std::string stored = sample_text(sum_->stored, depth);
        if (sum_->clamped()) {
            row(msg("clamped to {least}…{most}", "least"_is(fmt::format("{}", least(depth))),
                    "most"_is(fmt::format("{}", most(depth)))),
                stored, theme_.accent);
        } else {
            row(sum_->rounded() ? msg("rounded") : msg("result"), stored, theme_.accent);
        }
    }

    // Where everything in the table stands.
    struct Table {
        std::vector<std::string> values, weights;
        float value = 0, weight = 0, times = 0, gap = 0, cell = 0, line = 0;
    };

    // Nothing where it does not fit.
    std::optional<Table> layout(bool compact) const {
        Table table;
        const Depth depth = sum_->from->depth();
        table.weights = weight_texts(sum_->weights, compact);
        for (const PixelTap& tap : sum_->taps) {
            table.values.push_back(tap_text(tap.value, depth));
            table.value = std::max(table.value, width_of(table.values.back()));
        }
        for (const std::string& weight : table.weights) table.weight = std::max(table.weight, width_of(weight));
        table.times = width_of("×");
        table.gap = em_ * 0.2F;
        table.cell = table.value + table.weight + table.times + 2 * table.gap + em_ * 1.2F;
        table.line = std::round(em_ * 1.25F);
        const ImVec2 room = ImGui::GetContentRegionAvail();
        const bool fits = table.cell * static_cast<float>(sum_->cols) <= room.x + em_ &&
                          table.line * static_cast<float>(sum_->rows) <= room.y;
        return fits ? std::optional(std::move(table)) : std::nullopt;
    }

    bool draw_table() {
        constexpr std::size_t kMostCells = 225;
        if (sum_->taps.size() > kMostCells) return false;
        std::optional<Table> table = layout(false);
        if (!table) table = layout(true);
        if (!table) return false;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        for (std::size_t i = 0; i < sum_->taps.size(); ++i) {
            const auto row = static_cast<float>(i / static_cast<std::size_t>(sum_->cols));
            const auto col = static_cast<float>(i % static_cast<std::size_t>(sum_->cols));
            const ImVec2 p{at.x + table->cell * col, at.y + table->line * row};
            const Colour ink = sum_->taps[i].outside ? theme_.faint : theme_.text;
            const float times = p.x + table->value + table->gap, weight = times + table->times + table->gap;
            put({p.x + table->value - width_of(table->values[i]), p.y}, table->values[i], ink);
            put({times, p.y}, "×", theme_.faint);
            put({weight, p.y}, table->weights[i], theme_.kernel);
        }
        ImGui::Dummy({table->cell * static_cast<float>(sum_->cols), table->line * static_cast<float>(sum_->rows)});
        return true;
    }

    void draw_products() {
        const bool outside = std::ranges::any_of(sum_->taps, &PixelTap::outside);
        const std::string name = channel_name(*sum_->from, sum_->channel);
        heading(context_, msg("{channel} × weight", "channel"_is(name)));
        if (outside) {
            ImGui::SameLine(0, em_);
            say(msg("grey: beyond the border"), theme_.faint);
        }
        if (sum_->by_alpha()) {
            ImGui::SameLine(0, em_);
            say(msg("colours by their alpha"), theme_.faint);
            tip(context_, msg("A value is share × colour + (1 − share) × the middle pixel's colour. The share is the "
                              "pixel's alpha "
                              "divided by the mean alpha under the kernel."));
        }
        if (draw_table()) return;
        const auto count = std::ranges::count_if(sum_->weights, [](double weight) { return weight != 0; });
        const std::int64_t products = std::ssize(sum_->taps);
        const auto sum = "sum"_is(sum_text(sum_->sum));
        wrapped(context_,
                count < products ? plural("{n} product, {count} of them with a weight other than 0, add up to {sum}.",
                                          "{n} products, {count} of them with a weight other than 0, add up to {sum}.",
                                          products, "count"_is(count), sum)
                                 : plural("{n} product gives {sum}.", "{n} products add up to {sum}.", products, sum),
                theme_.text);
    }

    static std::string tap_text(double value, Depth depth) {
        return sample_text(value, value != std::round(value) ? Depth::f32 : depth);
    }
    float width_of(std::string_view text) const {
        return mono_->CalcTextSizeA(ImGui::GetFontSize(), FLT_MAX, 0, text.data(), text.data() + text.size()).x;
    }
    void put(ImVec2 at, std::string_view text, Colour colour) const {
        ImGui::GetWindowDrawList()->AddText(mono_, ImGui::GetFontSize(), {std::round(at.x), std::round(at.y)},
                                            packed_colour(colour), text.data(), text.data() + text.size());
    }

    const PhotoView& view_;
    PanelContext& context_;
    const Theme& theme_;
    ImFont* mono_;
    float em_;
    PhotoPixel pixel_;
    SeenPixel seen_;
    const PixelSum* sum_ = nullptr;
};

}  // namespace

void draw_photo_inspector(const PhotoView& view) {
    const auto pixel = view.pixel();
    if (!pixel) {
        wrapped(
            view.context,
            msg("Point at a pixel to see the sum that made it; click to pin it.\nScroll zooms · drag pans · F fits · 1 "
                "shows 100%."),
            view.context.theme.faint);
        return;
    }
    Inspector(view, *pixel).draw();
}

}  // namespace convlens
