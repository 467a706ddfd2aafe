#include "core/import/onnx_shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/import/lines.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

using Lengths = std::vector<std::int64_t>;

std::int64_t length_of(double number) {
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    return number >= 1 && number <= kMost && number == std::floor(number) ? static_cast<std::int64_t>(number) : 0;
}

// The lengths between two brackets, [1, 4, N, 9], one a token between commas.
Lengths lengths_in(const std::vector<Token>& tokens, std::size_t open, std::size_t close) {
    Lengths lengths;
    for (std::size_t i = open + 1; i < close; ++i) {
        if (tokens[i].is(",") || tokens[i].kind == Token::Kind::newline) continue;
        lengths.push_back(tokens[i].kind == Token::Kind::number ? length_of(tokens[i].number) : 0);
    }
    return lengths;
}

// The lengths of 1x4x9x9.
Lengths lengths_of_printed(std::string_view written) {
    Lengths lengths{0};
    for (const char c : written) {
        const bool digit = c >= '0' && c <= '9';
        if (c == 'x')
            lengths.push_back(0);
        else if (digit && lengths.back() <= std::numeric_limits<std::int32_t>::max() / 10)
            lengths.back() = lengths.back() * 10 + (c - '0');
    }
    return lengths;
}

// The lengths of initializer { dims: 8 dims: 4 name: "w" }, between its brackets, where it has this name.
Lengths lengths_of_block(const std::vector<Token>& tokens, std::size_t open, std::size_t close,
                         const std::string& name) {
    Lengths lengths;
    bool named = false;
    for (std::size_t i = open; i + 2 < close; ++i) {
        if (!tokens[i].is_name() || !tokens[i + 1].is(":")) continue;
        const std::string& field = tokens[i].text;
        if (field == "name") named = named || tokens[i + 2].text == name;
        if (field == "dims" || field == "dim_value") lengths.push_back(length_of(tokens[i + 2].number));
        if (field == "dim_param") lengths.push_back(0);
    }
    return named ? lengths : Lengths{};
}

bool is_block(std::string_view name) { return name == "initializer" || name == "input" || name == "value_info"; }

// The lengths of make_tensor("w", type, dims, ...) at a token, where it has this name.
Lengths lengths_of_call(PastedText& text, std::size_t at, const std::string& name) {
    const Node call = text.call_at(at);
    if (call.items.size() < 3 || call.items[0].kind != Node::Kind::string || call.items[0].text != name) return {};
    Lengths lengths;
    for (const Node& item : call.items[2].items)
        lengths.push_back(item.kind == Node::Kind::number ? length_of(item.number) : 0);
    return lengths;
}

// The lengths that are declared at a token for the tensor; empty where none are.
Lengths declared_at(PastedText& text, std::size_t i, const std::string& name) {
    const auto& tokens = text.tokens();
    const Token& token = tokens[i];
    const Token& next = tokens[i + 1];
    if (token.is("[") && next.is_name() && i + 2 < tokens.size() && tokens[i + 2].is(",") && token.at > name.size()) {
        if (text.written(token.at - name.size() - 1, token.at) != "%" + name) return {};
        return lengths_of_printed(text.written(tokens[i + 2].at + 1, tokens[closing_of(tokens, i)].at));
    }
    if (!token.is_name()) return {};
    if (next.is("[")) {
        const std::size_t close = closing_of(tokens, i + 1);
        const bool declares = close + 1 < tokens.size() && tokens[close + 1].is_name();
        return declares && tokens[close + 1].text == name ? lengths_in(tokens, i + 1, close) : Lengths{};
    }
    if (next.is("{") && is_block(token.text)) return lengths_of_block(tokens, i + 2, closing_of(tokens, i + 1), name);
    const std::string_view made = last_part(token.text);
    const bool makes = next.is("(") && (made == "make_tensor" || made == "make_tensor_value_info");
    return makes ? lengths_of_call(text, i, name) : Lengths{};
}

}  // namespace

std::vector<std::int64_t> declared_shape(PastedText& text, const std::string& name) {
    for (std::size_t i = 0; i + 1 < text.tokens().size(); ++i) {
        const Lengths lengths = declared_at(text, i, name);
        if (lengths.size() != 3 && lengths.size() != 4) continue;
        if (std::find(lengths.begin() + 1, lengths.end(), 0) != lengths.end()) continue;
        text.account(i);
        return lengths;
    }
    return {};
}

}  // namespace convlens::pasted
