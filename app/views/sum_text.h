// What the sum below the planes says, as pieces of text, and how they are broken into lines. Internal to app/views.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/scene/scene.h"
#include "app/scene/theme.h"
#include "app/views/sum_plan.h"
#include "app/words/words.h"

namespace convlens {

// A piece of text below the planes. A line may be broken before one that begins with a blank.
struct SumPart {
    std::string text;
    Colour colour;
    Face face = Face::mono;
    bool begins_line = false;  // in any case
};

// A channel's colour beside its number; a few that are used again and again.
Colour channel_colour(const Theme& theme, std::int64_t channel);
// "Z₁₂": what channel 12 adds to an output.
std::string channel_symbol(std::int64_t channel);

// Everything that a sum tells, as text, with the value of what is shown.
struct SumContent {
    struct Term {
        std::string text;
        double shown = 0;
        bool faint = false;  // it comes from the padding
    };
    struct Part {
        std::string text;  // "row 0: 12"
        double shown = 0;
        std::optional<std::int64_t> channel;  // whose colour it has
    };
    Op op = Op::conv;
    SumForm form;
    std::string name;  // "output[1, 2]", or nothing

    std::vector<Term> terms;  // of the sum, or of one channel
    std::int64_t zeros = 0;   // products that are 0, behind them
    std::vector<Part> parts;

    std::optional<std::int64_t> channel;  // whose terms are told above the parts
    double channel_value = 0;

    std::optional<double> bias;  // added by now
    double result = 0;
    bool has_result = true;
    bool so_far = false;
    bool only_padding = false;  // pooling: the window meets no cell of the input
    std::int64_t divisor = 1;   // avg_pool
};
std::vector<SumPart> sum_text(const SumContent& content, const Theme& theme, Lang lang);

// How an average's or a product's second number is written: a negative one in brackets.
std::string factor_text(double value);
// "row 0: 12", "Z₁: 12", "58 more: 12".
std::string part_text(PartsBy by, std::int64_t index, const std::string& number, Lang lang);
std::string more_text(std::int64_t count, const std::string& number, Lang lang);

// Parts that stay together on a line, measured at a text size.
struct SumPiece {
    std::size_t first = 0, end = 0;  // of the parts
    float w = 0;
    float blank = 0;           // of it the blank that it begins with, which no line does
    bool begins_line = false;  // in any case
};
std::vector<SumPiece> sum_pieces(const std::vector<SumPart>& parts, float size, const FontMetrics& fonts);

// A line of the sum: its parts, and its width.
struct SumRow {
    std::size_t first = 0, end = 0;
    float w = 0;
};
// As few lines as are no wider than `width`; a piece that is wider has one of its own.
std::vector<SumRow> sum_rows(const std::vector<SumPiece>& pieces, float width);
float widest(const std::vector<SumRow>& rows);

}  // namespace convlens
