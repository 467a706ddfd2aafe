// Expressions: operations from the loosest to the tightest, and what may stand behind a value.
#include <fmt/format.h>

#include "core/import/call_parser.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

// inf, np.inf, math.nan, torch.inf, MATLAB's Inf and NaN, C's INFINITY; nothing for other names.
std::optional<double> not_finite(std::string_view name) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const std::string_view owner = first_parts(name);
    if (!owner.empty() && !is_one_of(owner, "np numpy jnp jax.numpy math torch tf.experimental.numpy")) return {};
    const std::string_view last = last_part(name);
    if (is_one_of(last, "inf Inf infty Infinity PINF INFINITY")) return kInfinity;
    if (last == "NINF") return -kInfinity;
    return is_one_of(last, "nan NaN NAN") ? std::optional(std::numeric_limits<double>::quiet_NaN()) : std::nullopt;
}

// float('-inf'), float("nan"), np.float32('1.5'): the number that the word is.
std::optional<double> number_in_word(const Node& call) {
    if (!is_one_of(last_part(call.text), "float float32 float64 double") || call.items.size() != 1) return {};
    if (call.items[0].kind != Node::Kind::string) return {};
    std::string_view word = call.items[0].text;
    if (word.starts_with('+')) word.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool whole = error == std::errc{} && end == word.data() + word.size();
    return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

// a > 3; not in ONNX's < >, which such a sign may end.
std::optional<Node> CallParser::compared() {
    std::optional<Node> left = expression();
    static constexpr std::array<std::string_view, 7> kSigns{"<", ">", "<=", ">=", "==", "!=", "~="};
    const bool compares = std::ranges::any_of(kSigns, [&](std::string_view sign) { return here().is(sign); });
    if (!left || in_angle_ || !compares) return left;
    const std::string sign = here().text;
    ++pos_;
    skip_newlines();
    std::optional<Node> right = expression();
    if (!right) return {};
    return binary(sign, std::move(*left), std::move(*right));
}

// MATLAB's 1:3 and 5:-1:1 as the call that they stand for, colon(5, -1, 1).
std::optional<Node> CallParser::counted(std::optional<Node> first) {
    if (!first || !is_matlab() || !here().is(":")) return first;
    Node range = make(Node::Kind::call);
    range.at = first->at;
    range.text = kColon;
    adopt(range, std::move(*first));
    while (here().is(":") && range.items.size() < 3) {
        ++pos_;
        std::optional<Node> next = expression();
        if (!next) return {};
        adopt(range, std::move(*next));
    }
    range.keywords.resize(range.items.size());
    range.end = pos_;
    return range;
}

std::optional<Node> CallParser::expression() {
    const Deeper deeper(*this);
    return chain({"+", "-"}, [this] { return term(); });
}

std::optional<Node> CallParser::term() {
    return chain({"*", "/", "//", "%", ".*", "./", "@"}, [this] { return factor(); });
}

template <typename Part>
std::optional<Node> CallParser::chain(std::initializer_list<std::string_view> signs, Part part) {
    std::optional<Node> left = part();
    while (left) {
        if (!in_matrix_) skip_newlines();
        const bool sign = std::ranges::any_of(signs, [&](std::string_view s) { return here().is(s); });
        if (!sign || begins_next_cell()) break;
        const std::string text = here().text;
        ++pos_;
        skip_newlines();
        std::optional<Node> right = part();
        if (!right) return {};
        left = joined(text, std::move(*left), std::move(*right));
    }
    return left;
}

Node CallParser::joined(const std::string& sign, Node left, Node right) {
    const bool by_zero = right.kind == Node::Kind::number && right.number == 0 && is_one_of(sign, "/ // %");
    const bool refused = by_zero && !is_matlab() && !text_.is_cpp();  // where it is read as a number
    if (left.kind == Node::Kind::number && right.kind == Node::Kind::number && sign != "@" && !refused) {
        const bool real = left.is_float || right.is_float;
        left.number = arithmetic(sign, left.number, right.number);
        if (text_.is_cpp() && sign == "/" && !real) left.number = std::trunc(left.number);
        left.is_float = real || (sign == "/" && !text_.is_cpp());
        left.text = written_from(left.at);
        return left;
    }
    return binary(sign, std::move(left), std::move(right));
}

// What is written from an offset up to the token that was read last.
std::string CallParser::written_from(std::size_t at) const {
    std::string written = text_.written(at, here().at);
    while (!written.empty() && (written.back() == ' ' || written.back() == '\n')) written.pop_back();
    return written;
}

Node CallParser::binary(const std::string& sign, Node left, Node right) {
    Node node = make(Node::Kind::binary);
    node.at = left.at;
    node.text = sign;
    adopt(node, std::move(left));
    adopt(node, std::move(right));
    return node;
}

std::optional<Node> CallParser::factor() {
    const Deeper deeper(*this);
    if (here().is("-") || here().is("+")) {
        Node node = make(Node::Kind::unary);
        node.text = here().text;
        ++pos_;
        std::optional<Node> operand = factor();
        if (!operand) return {};
        if (operand->kind == Node::Kind::number) {
            if (node.text == "-") operand->number = -operand->number;
            operand->at = node.at;
            operand->text = written_from(node.at);
            return operand;
        }
        adopt(node, std::move(*operand));
        return node;
    }
    std::optional<Node> base = postfix();
    return is_matlab() ? matlab_powers(std::move(base)) : python_power(std::move(base));
}

std::optional<Node> CallParser::python_power(std::optional<Node> base) {
    if (!base || !here().is("**")) return base;
    ++pos_;
    std::optional<Node> exponent = factor();
    if (!exponent) return {};
    return joined("**", std::move(*base), std::move(*exponent));
}

// From the left: 2^3^2 is 64. Of matrices ^ is the matrix power and .^ that of every cell.
std::optional<Node> CallParser::matlab_powers(std::optional<Node> base) {
    while (base && (here().is("^") || here().is(".^") || here().is("**"))) {
        const std::string sign = here().is("^") ? "^" : "**";
        ++pos_;
        std::optional<Node> exponent = signed_operand();
        if (!exponent) return {};
        base = joined(sign, std::move(*base), std::move(*exponent));
    }
    return base;
}

// The exponent of 2^-1.
std::optional<Node> CallParser::signed_operand() {
    const bool minus = here().is("-");
    if (!minus && !here().is("+")) return postfix();
    const Deeper deeper(*this);
    Node node = make(Node::Kind::unary);
    node.text = here().text;
    ++pos_;
    std::optional<Node> operand = signed_operand();
    if (!operand) return {};
    if (operand->kind == Node::Kind::number) {
        if (minus) operand->number = -operand->number;
        return operand;
    }
    adopt(node, std::move(*operand));
    return node;
}

std::optional<Node> CallParser::postfix() {
    std::optional<Node> node = primary();
    while (node) {
        if (here().is(".") && after().is_name()) {
            ++pos_;
            node = method(std::move(*node));
        } else if ((here().is("'") || here().is(".'")) && !here().spaced) {
            Node transposed = make(Node::Kind::method);
            transposed.text = "T";
            transposed.keywords.emplace_back();
            adopt(transposed, std::move(*node));
            ++pos_;
            node = std::move(transposed);
        } else if (here().is("[") && !here().spaced && !is_matlab() && (subscripted(*node) || behind_bracket())) {
            node = subscript(std::move(*node));
        } else if (here().is("(") && !here().spaced && !is_matlab() && applicable(*node)) {
            node = applied(std::move(*node));
        } else {
            break;
        }
    }
    return node;
}

Node CallParser::applied(Node callee) {
    Node node = make(Node::Kind::applied);
    node.at = callee.at;
    node.keywords.emplace_back();
    adopt(node, std::move(callee));
    arguments(node);
    return node;
}

// x[..., ::-1]: what stands in the brackets is kept as it is written.
Node CallParser::subscript(Node receiver) {
    Node node = make(Node::Kind::method);
    node.keywords.emplace_back();
    adopt(node, std::move(receiver));
    int open = 0;
    do {
        if (at_end()) fail_here(not_closed("[", "]"));
        if (opens(here())) ++open;
        if (closes(here())) --open;
        if (here().kind != Token::Kind::newline) node.text += here().text;
        ++pos_;
    } while (open > 0);
    return node;
}

Node CallParser::method(Node receiver) {
    Node node = make(Node::Kind::method);
    node.text = here().text;
    ++pos_;
    node.keywords.emplace_back();
    adopt(node, std::move(receiver));
    if (here().is("(")) arguments(node);
    return node;
}

std::optional<Node> CallParser::primary() {
    skip_newlines();
    const Token& token = here();
    if (begins_walrus()) {
        pos_ += 3;
        return compared();
    }
    if (token.is_name() && after().is("(") && !(in_matrix_ && after().spaced)) return called();
    if (token.is("(")) return list(")");
    if (token.is("[")) return list("]");
    Node node;
    switch (token.kind) {
        case Token::Kind::number: node = make(Node::Kind::number); break;
        case Token::Kind::string: node = make(Node::Kind::string); break;
        case Token::Kind::name: node = make(Node::Kind::name); break;
        default: return {};
    }
    node.number = token.number;
    node.text = token.text;
    node.is_float = token.kind == Token::Kind::number && token.text.find_first_of(".eE") != std::string::npos;
    ++pos_;
    if (const auto number = node.kind == Node::Kind::name ? not_finite(node.text) : std::nullopt;
        number && !text_.assignments_.contains(node.text))
        as_number(node, *number);
    return node;
}

// A call, or the number that it is: float('-inf').
Node CallParser::called() {
    Node node = call();
    const auto number = is_matlab() ? std::nullopt : number_in_word(node);
    if (!number) return node;
    Node value = make(Node::Kind::number);
    value.at = node.at;
    value.text = fmt::format("{}(\"{}\")", node.text, node.items[0].text);
    as_number(value, *number);
    return value;
}

void CallParser::as_number(Node& node, double number) {
    node.kind = Node::Kind::number;
    node.number = number;
    node.is_float = true;
}

}  // namespace convlens::pasted
