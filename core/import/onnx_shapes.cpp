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

constexpr std::size_t kMostLengths = 4;  // of the weight or the input of a layer: what has more is neither

std::int64_t length_of(double number) {
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    return number >= 1 && number <= kMost && number == std::floor(number) ? static_cast<std::int64_t>(number) : 0;
}

// The lengths between two brackets, [1, 4, N, 9], one a token between commas.
Lengths lengths_in(const std::vector<Token>& tokens, std::size_t open, std::size_t close) {
    Lengths lengths;
    for (std::size_t i = open + 1; i < close && lengths.size() <= kMostLengths; ++i) {
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

// The next bracket from a token on; the last token for none.
std::size_t next_bracket(const std::vector<Token>& tokens, std::size_t from) {
    while (from + 1 < tokens.size() && !opens(tokens[from]) && !closes(tokens[from])) ++from;
    return from;
}

// What declares a tensor in the brackets behind it: initializer { dims: 8 dims: 4 name: "w" }.
bool is_block(const Token& token) { return token.is_name() && is_one_of(token.text, "initializer input value_info"); }

// The lengths of a block between its brackets, where it has this name. A block within it is left out, as it declares
// its own tensor.
Lengths lengths_of_block(const std::vector<Token>& tokens, const std::vector<std::size_t>& closings, std::size_t open,
                         const std::string& name) {
    Lengths lengths;
    bool named = false;
    for (std::size_t i = open + 1; i + 2 < closings[open]; ++i) {
        if (is_block(tokens[i]) && tokens[i + 1].is("{")) {
            i = closings[i + 1];
            continue;
        }
        if (!tokens[i].is_name() || !tokens[i + 1].is(":")) continue;
        const std::string& field = tokens[i].text;
        if (field == "name") named = named || tokens[i + 2].text == name;
        if (field == "dims" || field == "dim_value") lengths.push_back(length_of(tokens[i + 2].number));
        if (field == "dim_param") lengths.push_back(0);
    }
    return named ? lengths : Lengths{};
}

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
Lengths declared_at(PastedText& text, const std::vector<std::size_t>& closings, std::size_t i,
                    const std::string& name) {
    const auto& tokens = text.tokens();
    const Token& token = tokens[i];
    const Token& next = tokens[i + 1];
    if (token.is("[") && next.is_name() && i + 2 < tokens.size() && tokens[i + 2].is(",") && token.at > name.size()) {
        if (text.written(token.at - name.size() - 1, token.at) != "%" + name) return {};
        return lengths_of_printed(text.written(tokens[i + 2].at + 1, tokens[next_bracket(tokens, i + 3)].at));
    }
    if (!token.is_name()) return {};
    if (next.is("[")) {
        const std::size_t close = closings[i + 1];
        const bool declares = close + 1 < tokens.size() && tokens[close + 1].is_name();
        return declares && tokens[close + 1].text == name ? lengths_in(tokens, i + 1, close) : Lengths{};
    }
    if (next.is("{") && is_block(token)) return lengths_of_block(tokens, closings, i + 1, name);
    const std::string_view made = last_part(token.text);
    const bool makes = next.is("(") && (made == "make_tensor" || made == "make_tensor_value_info");
    return makes ? lengths_of_call(text, i, name) : Lengths{};
}

}  // namespace

std::vector<std::int64_t> declared_shape(PastedText& text, const std::string& name) {
    const std::vector<std::size_t> closings = closings_of(text.tokens());
    for (std::size_t i = 0; i + 1 < text.tokens().size(); ++i) {
        Lengths lengths = declared_at(text, closings, i, name);
        if (lengths.size() != 3 && lengths.size() != kMostLengths) continue;
        if (std::find(lengths.begin() + 1, lengths.end(), 0) != lengths.end()) continue;
        text.account(i);
        return lengths;
    }
    return {};
}

}  // namespace convlens::pasted
