#include "app/views/round_trip.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/views/plane.h"
#include "app/words/words.h"

namespace convlens {

namespace {

constexpr std::int64_t kMostRows = 5;
constexpr float kSmall = 0.82F;  // of the text size

struct Strip {
    Scene& scene;
    const SizeAmbiguity& trip;
    const Theme& theme;
    const Page& page;
    const FontMetrics& fonts;
    float text = 0;      // size
    float bars_end = 0;  // where the longest bar ends
    float box_left = 0;  // of the short side
    std::int64_t longest = 1;
    bool transposed = false;

    Colour long_hue() const { return transposed ? theme.output : theme.input; }
    Colour short_hue() const { return transposed ? theme.input : theme.output; }

    std::string words(const Message& message) const { return in(page.lang, message); }
    float gap() const { return std::round(text * 0.45F); }
    float row_height() const { return std::round(text * (trip.first_back ? 2.75F : 1.9F)); }
};

MarkId trip_id(std::int64_t length) { return {Part::round_trip, 0, 0, 0, length, 0}; }

void add_text(Strip& s, std::int64_t id, const std::string& text, Point at, float size, Colour colour, Face face,
              Align align) {
    s.scene.marks.push_back(TextMark{trip_id(id), text, at, size, colour, face, align});
}

void add_arrow(Strip& s, std::int64_t length, Point from, Point to, Colour colour, float width, float dash) {
    LineMark line;
    line.id = trip_id(length);
    line.from = from;
    line.to = to;
    line.colour = colour;
    line.width = width;
    line.dash = dash;
    line.arrow = true;
    s.scene.marks.push_back(line);
}

// The bar, its length in it; the layer's own has a thick frame and says so.
float add_bar(Strip& s, std::int64_t length, float top, Colour hue) {
    const bool now = length == s.trip.present;
    const float share = static_cast<float>(length) / static_cast<float>(s.longest);
    RectMark bar;
    bar.id = trip_id(length);
    bar.rect = {1, top, std::max(std::round(s.bars_end * share), std::round(s.text * 5)), std::round(s.text * 1.5F)};
    bar.fill = hue.with_alpha(now ? 0.3F : 0.14F);
    bar.stroke = now ? s.theme.accent : hue;
    bar.stroke_width = now ? 3 : 1;
    s.scene.marks.push_back(bar);
    add_text(s, length, now ? s.words(msg("{length}: now", "length"_is(length))) : fmt::format("{}", length),
             {bar.rect.x + bar.rect.w / 2, top + std::round(s.text * 0.25F)}, s.text, s.theme.text,
             now ? Face::bold : Face::text, Align::centre);
    return bar.rect.right();
}

void add_way_back(Strip& s, std::int64_t length, float y, bool now) {
    if (!s.trip.first_back) return;
    const float from = s.box_left - s.gap(), to = s.bars_end + s.gap();
    add_arrow(s, length, {from, y}, {to, y}, s.theme.output_padding, now ? 2.5F : 1.5F, 5);
    add_text(s, length, s.words(msg("output padding {size}", "size"_is(length - *s.trip.first_back))),
             {(from + to) / 2, y + std::round(s.text * 0.3F)}, std::round(s.text * kSmall), s.theme.output_padding,
             now ? Face::bold : Face::text, Align::centre);
}

void add_row(Strip& s, std::int64_t length, float top) {
    const bool now = length == s.trip.present;
    const float end = add_bar(s, length, top, s.long_hue());
    const float y = std::round(top + s.text * (s.trip.first_back ? 0.4F : 0.75F));
    const float box = s.box_left - s.gap();
    add_arrow(s, length, {end + s.gap(), y}, {box, y}, s.theme.stride, now ? 2.5F : 1.5F, 0);
    add_way_back(s, length, std::round(top + s.text * 1.1F), now);
}

// A length that output padding has made though no convolution turns it into the short one.
void add_stray(Strip& s, float top) {
    const std::int64_t length = s.trip.present;
    add_bar(s, length, top, s.theme.problem);
    const float size = std::round(s.text * kSmall);
    const float middle = (s.bars_end + s.box_left) / 2;
    add_text(s, length, s.words(msg("shrinks to {length}", "length"_is(*s.trip.shrinks_to))),
             {middle, top - std::round(s.text * 0.2F)}, size, s.theme.problem, Face::text, Align::centre);
    add_way_back(s, length, std::round(top + s.text * 1.1F), true);
}

void add_short_side(Strip& s, float top, float bottom) {
    RectMark box;
    box.id = trip_id(-1);
    box.rect = {s.box_left, top, s.page.width - s.box_left - 1, bottom - top};
    box.fill = s.short_hue().with_alpha(0.14F);
    box.stroke = s.short_hue();
    box.stroke_width = 2;
    s.scene.marks.push_back(box);
    const std::string text = fmt::format("{}", s.trip.short_length);
    const float size = std::round(s.text * 1.15F);
    add_text(s, -1, text, {box.rect.x + box.rect.w / 2, std::round(top + (bottom - top - size) / 2)}, size,
             s.theme.text, Face::bold, Align::centre);
}

void add_heads(Strip& s, Axis axis) {
    const bool rows = axis == Axis::h;
    const std::string input = s.words(rows ? msg("input rows") : msg("input columns"));
    const std::string output = s.words(rows ? msg("output rows") : msg("output columns"));
    const float size = std::round(s.text * kSmall);
    add_text(s, -2, s.transposed ? output : input, {1, 0}, size, s.theme.faint, Face::text, Align::left);
    add_text(s, -3, s.transposed ? input : output, {s.page.width - 1, 0}, size, s.theme.faint, Face::text,
             Align::right);
}

}  // namespace

Scene build_round_trip(const SizeAmbiguity& trip, bool transposed, Axis axis, const Theme& theme, const Page& page,
                       const FontMetrics& fonts) {
    Scene scene;
    scene.width = page.width;
    scene.background = page.transparent ? Colour{0, 0, 0, 0} : theme.background;
    Strip s{scene, trip, theme, page, fonts};
    s.text = page.text_size;
    s.longest = std::max(trip.alike.most, trip.present);
    s.bars_end = std::round(page.width * 0.37F);
    s.box_left = std::round(page.width * 0.84F);
    s.transposed = transposed;
    add_heads(s, axis);
    const float top = std::round(s.text * 1.35F);
    float y = top;
    const bool all = trip.count() <= kMostRows;
    std::vector<std::int64_t> rows{trip.alike.least, trip.alike.least + 1};
    if (all) {
        rows.resize(static_cast<std::size_t>(trip.count()));
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = trip.alike.least + static_cast<std::int64_t>(i);
    } else if (trip.contains(trip.present) && trip.present > rows.back() && trip.present < trip.alike.most) {
        rows.push_back(trip.present);
    }
    for (const std::int64_t length : rows) {
        add_row(s, length, y);
        y += s.row_height();
    }
    if (!all) {
        const float size = std::round(s.text * kSmall);
        add_text(s, -4, s.words(msg("… {count} lengths in all", "count"_is(trip.count()))),
                 {1, y - std::round(s.text * 0.4F)}, size, theme.faint, Face::text, Align::left);
        y += std::round(s.text * 0.75F);
        add_row(s, trip.alike.most, y);
        y += s.row_height();
    }
    if (trip.shrinks_to) {
        y += std::round(s.text * 0.6F);
        add_stray(s, y);
        y += s.row_height();
    }
    add_short_side(s, top, y - std::round(s.text * 0.45F));
    scene.height = y;
    return scene;
}

}  // namespace convlens
