#include "core/import/onnx_nodes.h"

#include <algorithm>
#include <cstdint>

#include "core/import/lines.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr int kMostTried = 200;  // places where a tensor's name stands

void append(Node& call, const Node& other) {
    call.items.insert(call.items.end(), other.items.begin(), other.items.end());
    call.keywords.insert(call.keywords.end(), other.keywords.begin(), other.keywords.end());
}

bool has_attributes(const Node& call) {
    return std::ranges::any_of(call.keywords, [](const std::string& keyword) { return !keyword.empty(); });
}

// The name of a tensor of a printed graph, which may be a number: %12.
std::string printed_name(std::string name) {
    if (!name.empty() && name.front() >= '0' && name.front() <= '9') name.insert(0, 1, '_');
    return name;
}

// %x of a printed graph names an input of it.
void take_printed_name(Node& input) {
    if (input.kind != Node::Kind::opaque || !input.text.starts_with('%')) return;
    input.text = printed_name(input.text.substr(1));
}

// attribute { name: "pads" ints: 1 ints: 1 type: INTS }, from behind its { on: the argument pads=[1, 1].
void append_attribute(PastedText& text, TokenRange range, Node& call) {
    const auto& tokens = text.tokens();
    std::string name;
    Node value;
    value.at = tokens[range.begin].at;
    for (std::size_t i = range.begin; i < range.end && !tokens[i].is("}"); ++i) {
        if (is_field(tokens, i, "name")) name = tokens[i + 2].text;
        if (is_field(tokens, i, "i") || is_field(tokens, i, "s") || is_field(tokens, i, "f")) {
            std::size_t at = i + 2;
            value = text.field_at(at);
            value.at = tokens[i].at;
        }
        if (is_field(tokens, i, "ints")) {
            std::size_t at = i + 2;
            Node item = text.field_at(at);
            value.kind = Node::Kind::list;
            if (item.kind == Node::Kind::list)
                value.items = item.items;
            else
                value.items.push_back(item);
        }
    }
    if (name.empty()) return;
    call.items.push_back(value);
    call.keywords.push_back(name);
}

std::optional<std::size_t> operator_in(const std::vector<Token>& tokens, TokenRange block) {
    int open = 0;
    for (std::size_t i = block.begin; i < block.end; ++i) {
        if (tokens[i].is("{")) ++open;
        if (tokens[i].is("}")) --open;
        if (open == 0 && is_field(tokens, i, "op_type")) return i + 2;
    }
    return {};
}

// The operator of the node that writes the tensor whose name is that token: p of p = Pad (x), output: "p".
std::optional<std::size_t> operator_behind(const std::vector<Token>& tokens, std::size_t name) {
    if (name >= 2 && is_field(tokens, name - 2, "output")) return operator_in(tokens, block_around(tokens, name - 2));
    const bool sets = name + 3 < tokens.size() && tokens[name + 1].is("=");
    return sets && is_node_of_text(tokens, name + 2) ? std::optional(name + 2) : std::nullopt;
}

// The numbers of tokens, with their signs.
std::vector<double> numbers_between(const std::vector<Token>& tokens, std::size_t from, std::size_t to) {
    std::vector<double> numbers;
    for (std::size_t i = from; i < to; ++i) {
        if (tokens[i].kind != Token::Kind::number) continue;
        numbers.push_back(i > from && tokens[i - 1].is("-") ? -tokens[i].number : tokens[i].number);
    }
    return numbers;
}

// The bytes of a printed protobuf's string: \001 is one, in octal, and \n, \\ and the like are as in C. Nothing for
// what is none of these.
std::optional<std::string> bytes_of(std::string_view printed) {
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\'\"";
    std::string bytes;
    for (std::size_t i = 0; i < printed.size(); ++i) {
        if (printed[i] != '\\') {
            bytes += printed[i];
            continue;
        }
        if (++i >= printed.size()) return {};
        if (const std::size_t letter = kLetters.find(printed[i]); letter != std::string_view::npos) {
            bytes += kMeant[letter];
            continue;
        }
        int value = 0;
        std::size_t digits = 0;
        for (; digits < 3 && i + digits < printed.size(); ++digits) {
            const char digit = printed[i + digits];
            if (digit < '0' || digit > '7') break;
            value = value * 8 + (digit - '0');
        }
        if (digits == 0 || value > 255) return {};
        bytes += static_cast<char>(value);
        i += digits - 1;
    }
    return bytes;
}

// int64s, the lowest byte first.
std::vector<double> elements_of_bytes(const std::string& bytes) {
    constexpr std::size_t kEach = 8;
    std::vector<double> numbers;
    if (bytes.size() % kEach != 0) return {};
    for (std::size_t at = 0; at < bytes.size(); at += kEach) {
        std::uint64_t value = 0;
        for (std::size_t i = kEach; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
        numbers.push_back(static_cast<double>(static_cast<std::int64_t>(value)));
    }
    return numbers;
}

// Of a tensor { dims: 8 data_type: 7 int64_data: 0 ... } or raw_data: "...", between its brackets.
std::vector<double> elements_of_tensor(const std::vector<Token>& tokens, TokenRange block) {
    constexpr double kInt64 = 7;  // TensorProto.INT64, which pads and axes are of
    std::vector<double> numbers;
    double type = 0;
    std::optional<std::string> bytes;
    for (std::size_t i = block.begin; i < block.end; ++i) {
        if (is_field(tokens, i, "data_type")) type = tokens[i + 2].number;
        if (is_field(tokens, i, "raw_data")) bytes = bytes_of(tokens[i + 2].text);
        if (!tokens[i].is_name() || !is_one_of(tokens[i].text, "int64_data int32_data float_data")) continue;
        if (!tokens[i + 1].is(":")) continue;
        const std::size_t end = tokens[i + 2].is("[") ? closing_of(tokens, i + 2) : i + (tokens[i + 2].is("-") ? 4 : 3);
        for (const double number : numbers_between(tokens, i + 2, std::min(end, block.end))) numbers.push_back(number);
    }
    if (numbers.empty() && bytes && type == kInt64) return elements_of_bytes(*bytes);
    return numbers;
}

std::optional<Node> list_of(const PastedText& text, std::size_t token, const std::vector<double>& numbers) {
    if (numbers.empty()) return {};
    Node list;
    list.kind = Node::Kind::list;
    list.at = text.tokens()[token].at;
    list.scope = text.tokens().size() - 1;
    list.depth = 2;
    Node number = list;
    number.kind = Node::Kind::number;
    number.depth = 1;
    for (const double value : numbers) {
        number.number = value;
        list.items.push_back(number);
        list.keywords.emplace_back();
    }
    return list;
}

// Of int64[2] pads = {1, 1}, and of pads = Constant <value = int64[2] {1, 1}> (), whose name is that token.
std::optional<Node> elements_of_text(PastedText& text, std::size_t name) {
    const auto& tokens = text.tokens();
    if (!tokens[name].is_name() || name + 3 >= tokens.size() || !tokens[name + 1].is("=")) return {};
    std::size_t open = name + 2;
    if (tokens[open].is_name() && tokens[open].text == "Constant") {
        while (open + 1 < tokens.size() && !tokens[open].is("{") && !tokens[open].ends_statement()) ++open;
        if (!tokens[open].is("{")) {  // value_ints = [1, 1]
            open = name + 3;
            while (open + 1 < tokens.size() && !tokens[open].is("=") && !tokens[open].ends_statement()) ++open;
            ++open;
        }
    }
    if (open >= tokens.size() || !(tokens[open].is("{") || (open > name + 2 && tokens[open].is("[")))) return {};
    auto list = list_of(text, name, numbers_between(tokens, open + 1, closing_of(tokens, open)));
    if (list) {
        text.take_statement(name);
        if (is_node_of_text(tokens, name + 2)) text.take_statement(name + 2);
    }
    return list;
}

// The argument of a call at a position, or by its name; nullptr for none.
const Node* argument_of(const Node& call, std::size_t position, std::string_view name) {
    for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (call.keywords[i].empty() ? i == position : call.keywords[i] == name) return &call.items[i];
    }
    return nullptr;
}

bool is_string(const Node* node, const std::string& string) {
    return node && node->kind == Node::Kind::string && node->text == string;
}

// Of initializer { name: "pads" ... } and node { output: "pads" op_type: "Constant" ... } of a printed protobuf, where the
// tensor's name is that token.
std::optional<Node> elements_of_protobuf(PastedText& text, std::size_t name) {
    const auto& tokens = text.tokens();
    const bool constant = name >= 2 && is_field(tokens, name - 2, "output");
    if (name < 2 || (!constant && !is_field(tokens, name - 2, "name"))) return {};
    const TokenRange block = block_around(tokens, name - 2);
    if (!constant) {
        const bool initializer = block.begin >= 2 && tokens[block.begin - 2].text == "initializer";
        return initializer ? list_of(text, name, elements_of_tensor(tokens, block)) : std::nullopt;
    }
    const auto made_by = operator_in(tokens, block);
    if (!made_by || tokens[*made_by].text != "Constant") return {};
    if (auto list = list_of(text, name, elements_of_tensor(tokens, block))) {
        text.take_statement(*made_by);
        return list;
    }
    const Node call = call_of_protobuf(text, name);
    const Node* const numbers = argument_of(call, call.items.size(), "value_ints");
    return numbers ? std::optional(*numbers) : std::nullopt;
}

// Of make_tensor("pads", type, dims, numbers), from_array(numbers, name="pads") and make_node("Constant", [], ["pads"],
// value=make_tensor(...)), whose function is that token.
std::optional<Node> elements_of_call(PastedText& text, std::size_t at, const std::string& tensor) {
    const auto& tokens = text.tokens();
    const std::string_view made = last_part(tokens[at].text);
    const bool constant = made == "make_node" && tokens[at + 2].text == "Constant";
    if (!tokens[at + 1].is("(") || !(constant || is_one_of(made, "make_tensor from_array"))) return {};
    const Node call = text.call_at(at);
    const Node* numbers = nullptr;
    if (made == "make_tensor" && is_string(argument_of(call, 0, "name"), tensor))
        numbers = argument_of(call, 3, "vals");
    if (made == "from_array" && is_string(argument_of(call, 1, "name"), tensor)) numbers = argument_of(call, 0, "arr");
    const Node* const outputs = made == "make_node" ? argument_of(call, 2, "outputs") : nullptr;
    if (outputs && is_string(argument_of(call, 0, "op_type"), "Constant") && outputs->items.size() == 1 &&
        is_string(outputs->items.data(), tensor)) {
        numbers = argument_of(call, call.items.size(), "value_ints");
        const Node* const value = argument_of(call, call.items.size(), "value");
        if (value && value->kind == Node::Kind::call && last_part(value->text) == "make_tensor")
            numbers = argument_of(*value, 3, "vals");
    }
    if (!numbers) return {};
    text.account(at);
    return *numbers;
}

}  // namespace

TokenRange block_around(const std::vector<Token>& tokens, std::size_t at) {
    TokenRange range{at, at};
    int open = 0;
    while (range.begin > 0) {
        const Token& token = tokens[range.begin - 1];
        if (token.is("}")) ++open;
        if (token.is("{") && open-- == 0) break;
        --range.begin;
    }
    open = 0;
    for (; range.end + 1 < tokens.size(); ++range.end) {
        if (tokens[range.end].is("{")) ++open;
        if (tokens[range.end].is("}") && open-- == 0) break;
    }
    return range;
}

bool is_field(const std::vector<Token>& tokens, std::size_t at, std::string_view name) {
    return at + 2 < tokens.size() && tokens[at].is_name() && tokens[at].text == name && tokens[at + 1].is(":");
}

bool is_printed_node(const std::vector<Token>& tokens, std::size_t token) {
    return token >= 3 && tokens[token - 1].is("=") && tokens[token - 3].is("%");
}

bool is_node_of_text(const std::vector<Token>& tokens, std::size_t token) {
    if (token == 0 || !tokens[token].is_name() || !tokens[token - 1].is("=")) return false;
    const Token& next = tokens[token + 1];
    return next.is("(") || next.is("<") || (next.is("[") && is_printed_node(tokens, token));
}

Node call_of_protobuf(PastedText& text, std::size_t op_type) {
    const auto& tokens = text.tokens();
    const TokenRange block = block_around(tokens, op_type);
    Node call;
    call.kind = Node::Kind::call;
    call.at = tokens[op_type].at;
    int open = 0;
    for (std::size_t i = block.begin; i < block.end; ++i) {
        if (tokens[i].is("}")) --open;
        if (open == 0 && is_field(tokens, i, "input")) {
            Node input;
            input.text = tokens[i + 2].text;
            input.kind = input.text.empty() ? Node::Kind::name : Node::Kind::opaque;
            if (input.text.empty()) input.text = "None";
            call.items.push_back(input);
            call.keywords.emplace_back();
        }
        if (!tokens[i].is("{")) continue;
        if (open == 0 && i > 0 && tokens[i - 1].text == "attribute") append_attribute(text, {i + 1, block.end}, call);
        ++open;
    }
    return call;
}

// Conv(...), Conv <...> (x, w), Conv[...](x, w), Conv (x, w) <...>
Node call_of_text(PastedText& text, std::size_t operator_token) {
    const auto& tokens = text.tokens();
    Node call = text.call_at(operator_token);
    const Token& next = tokens[std::min(call.end, tokens.size() - 1)];
    // Two brackets side by side: the second is read as a call of what stands in front of it.
    const bool attributes_first = !tokens[operator_token + 1].is("(");
    if (attributes_first ? next.is("(") : next.is("<") && !has_attributes(call))
        append(call, text.call_at(call.end - 1));
    for (Node& input : call.items) take_printed_name(input);
    return call;
}

std::optional<MakingNode> node_that_makes(PastedText& text, const std::string& tensor) {
    const auto& tokens = text.tokens();
    int tried = 0;
    for (std::size_t i = 0; i + 1 < tokens.size() && tried < kMostTried; ++i) {
        const bool printed = i > 0 && tokens[i - 1].is("%");
        if ((printed ? printed_name(tokens[i].text) : tokens[i].text) != tensor) continue;
        ++tried;
        const auto found = operator_behind(tokens, i);
        if (!found) continue;
        const bool protobuf = tokens[*found].kind == Token::Kind::string;
        return MakingNode{protobuf ? call_of_protobuf(text, *found) : call_of_text(text, *found), tokens[*found].text,
                          *found};
    }
    return {};
}

std::optional<Node> told_elements(PastedText& text, const std::string& tensor) {
    const auto& tokens = text.tokens();
    int tried = 0;
    for (std::size_t i = 0; i + 2 < tokens.size() && tried < kMostTried; ++i) {
        const Token& token = tokens[i];
        if (token.kind == Token::Kind::string && token.text == tensor) {
            ++tried;
            if (auto numbers = elements_of_protobuf(text, i)) return numbers;
        }
        if (!token.is_name()) continue;
        if (token.text == tensor) {
            if (auto numbers = elements_of_text(text, i)) return numbers;
        }
        if (auto numbers = elements_of_call(text, i, tensor)) return numbers;
    }
    return {};
}

}  // namespace convlens::pasted
