#include "core/import/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr int kDeepest = 100;  // brackets within brackets, and operations within operations

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

// Recursive descent over the tokens of a text. Functions that return nothing have met what is no expression; the
// caller that knows where it ends takes it for opaque.
class CallParser {
public:
    CallParser(PastedText& text, std::size_t token, std::size_t scope) : text_(text), pos_(token), scope_(scope) {}

    std::size_t position() const { return pos_; }

    Node call() {
        Node node = make(Node::Kind::call);
        node.text = here().text;
        ++pos_;
        arguments(node);
        return node;
    }

    Node value() {
        if (at_lambda()) return skipped();
        const std::size_t start = pos_;
        auto node = compared();
        if (bracket_ == 0) node = counted(std::move(node));
        if (node && at_value_end()) return std::move(*node);
        pos_ = start;
        return skipped();
    }

    Node field() {
        const std::size_t start = pos_;
        if (auto node = expression()) return std::move(*node);
        pos_ = start;
        return skipped();
    }

private:
    struct Deeper {
        explicit Deeper(CallParser& parser_) : parser(parser_) {
            if (++parser.nesting_ > kDeepest)
                parser.fail_here(fmt::format("more than {} brackets or signs stand within each other", kDeepest));
        }
        ~Deeper() { --parser.nesting_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        CallParser& parser;
    };

    const Token& here() const { return text_.tokens_[std::min(pos_, text_.tokens_.size() - 1)]; }
    const Token& after() const { return text_.tokens_[std::min(pos_ + 1, text_.tokens_.size() - 1)]; }
    bool at_end() const { return here().kind == Token::Kind::end; }
    bool is_matlab() const { return text_.manner_ == Manner::matlab; }
    [[noreturn]] void fail_here(const std::string& message) const { text_.fail(here().at, message); }

    Node make(Node::Kind kind) {
        if (text_.nodes_left_ == 0) fail_here("there is too much to work out; paste the layer alone");
        --text_.nodes_left_;
        Node node;
        node.kind = kind;
        node.at = here().at;
        node.scope = scope_;
        return node;
    }

    void adopt(Node& parent, Node child) {
        parent.depth = std::max(parent.depth, child.depth + 1);
        if (parent.depth > kDeepest) fail_here("the expression is too deep; write its value");
        parent.items.push_back(std::move(child));
    }

    void skip_newlines() {
        while (bracket_ > 0 && here().kind == Token::Kind::newline) ++pos_;
    }

    bool at_value_end() {
        skip_newlines();
        return here().is(",") || closes(here()) || here().is(";") || (in_angle_ && here().is(">")) ||
               here().kind == Token::Kind::newline || at_end();
    }

    // Python's lambda key, shape: …, whose parameters have commas of their own.
    bool at_lambda() const {
        const bool behind = after().is_name() || after().is("*") || after().is("**") || after().is(":");
        return !is_matlab() && !text_.is_cpp() && here().is_name() && here().text == "lambda" && behind;
    }

    // Up to the comma, closing bracket or, outside of brackets, end of line that ends a value.
    Node skipped() {
        Node node = make(Node::Kind::opaque);
        const std::size_t from = here().at;
        int open = 0;
        for (bool parameters = at_lambda(); !at_end(); ++pos_) {
            if (opens(here())) ++open;
            if (open == 0 && ((here().is(",") && !parameters) || closes(here()))) break;
            if (open == 0 && bracket_ == 0 && here().ends_statement()) break;
            if (open == 0 && here().is(":")) parameters = false;
            if (closes(here())) --open;
        }
        node.text = text_.text_.substr(from, std::min<std::size_t>(here().at - from, 60));
        while (!node.text.empty() && (node.text.back() == ' ' || node.text.back() == '\n')) node.text.pop_back();
        return node;
    }

    // ( a, b, name = c, ), the opening bracket being here. ONNX writes types too: name: ints = c.
    void arguments(Node& node) {
        const Deeper deeper(*this);
        const Token opening = here();
        const std::string closing = opening.is("(") ? ")" : opening.is("[") ? "]" : ">";
        const bool outer_matrix = std::exchange(in_matrix_, false);
        const bool outer_angle = std::exchange(in_angle_, closing == ">");
        ++pos_;
        ++bracket_;
        for (skip_newlines(); !here().is(closing); skip_newlines()) {
            if (at_end())
                text_.fail(opening.at, fmt::format("the \"{}\" of {} is not closed; add \"{}\" where its arguments end",
                                                   opening.text, node.text, closing));
            node.keywords.push_back(keyword());
            adopt(node, value());
            if (here().is(","))
                ++pos_;
            else if (!here().is(closing) && !at_end())
                fail_here(fmt::format("\"{}\" stands where a comma or \"{}\" should", here().text, closing));
        }
        ++pos_;
        --bracket_;
        in_matrix_ = outer_matrix;
        in_angle_ = outer_angle;
        node.end = pos_;
    }

    std::string keyword() {
        if (!here().is_name()) return "";
        std::size_t sign = pos_ + 1;
        const auto at = [&](std::size_t i) -> const Token& {
            return text_.tokens_[std::min(i, text_.tokens_.size() - 1)];
        };
        if (at(sign).is(":") && at(sign + 1).is_name()) sign += 2;
        if (!at(sign).is("=")) return "";
        std::string name = here().text;
        pos_ = sign + 1;
        skip_newlines();
        return name;
    }

    // a > 3; not in ONNX's < >, which such a sign may end.
    std::optional<Node> compared() {
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
    std::optional<Node> counted(std::optional<Node> first) {
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

    std::optional<Node> expression() {
        const Deeper deeper(*this);
        return chain({"+", "-"}, [this] { return term(); });
    }
    std::optional<Node> term() {
        return chain({"*", "/", "//", "%", ".*", "./", "@"}, [this] { return factor(); });
    }

    // In a MATLAB matrix "1 -2" is two numbers, "1 - 2" and "1-2" one.
    bool begins_next_cell() const { return in_matrix_ && here().spaced && !after().spaced; }

    template <typename Part>
    std::optional<Node> chain(std::initializer_list<std::string_view> signs, Part part) {
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

    Node joined(const std::string& sign, Node left, Node right) {
        if (left.kind == Node::Kind::number && right.kind == Node::Kind::number && sign != "@") {
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
    std::string written_from(std::size_t at) const {
        std::string written = text_.written(at, here().at);
        while (!written.empty() && (written.back() == ' ' || written.back() == '\n')) written.pop_back();
        return written;
    }

    Node binary(const std::string& sign, Node left, Node right) {
        Node node = make(Node::Kind::binary);
        node.at = left.at;
        node.text = sign;
        adopt(node, std::move(left));
        adopt(node, std::move(right));
        return node;
    }

    std::optional<Node> factor() {
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

    std::optional<Node> python_power(std::optional<Node> base) {
        if (!base || !here().is("**")) return base;
        ++pos_;
        std::optional<Node> exponent = factor();
        if (!exponent) return {};
        return joined("**", std::move(*base), std::move(*exponent));
    }

    // From the left: 2^3^2 is 64. Of matrices ^ is the matrix power and .^ that of every cell.
    std::optional<Node> matlab_powers(std::optional<Node> base) {
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
    std::optional<Node> signed_operand() {
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

    std::optional<Node> postfix() {
        std::optional<Node> node = primary();
        while (node) {
            if (here().is(".") && after().is_name()) {
                ++pos_;
                node = method(std::move(*node));
            } else if ((here().is("'") || here().is(".'")) && !here().spaced) {
                Node turned = make(Node::Kind::method);
                turned.text = "T";
                turned.keywords.emplace_back();
                adopt(turned, std::move(*node));
                ++pos_;
                node = std::move(turned);
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

    // (a * b)[None] and [1, 2][::-1]
    bool behind_bracket() const { return pos_ > 0 && closes(text_.tokens_[pos_ - 1]); }

    static bool subscripted(const Node& node) {
        return node.kind == Node::Kind::name || node.kind == Node::Kind::method || applicable(node);
    }
    static bool applicable(const Node& node) {
        return node.kind == Node::Kind::call || node.kind == Node::Kind::applied;
    }

    Node applied(Node callee) {
        Node node = make(Node::Kind::applied);
        node.at = callee.at;
        node.keywords.emplace_back();
        adopt(node, std::move(callee));
        arguments(node);
        return node;
    }

    // x[..., ::-1]: what stands in the brackets is kept as it is written.
    Node subscript(Node receiver) {
        Node node = make(Node::Kind::method);
        node.keywords.emplace_back();
        adopt(node, std::move(receiver));
        int open = 0;
        do {
            if (at_end()) fail_here("a \"[\" is not closed; add \"]\"");
            if (opens(here())) ++open;
            if (closes(here())) --open;
            if (here().kind != Token::Kind::newline) node.text += here().text;
            ++pos_;
        } while (open > 0);
        return node;
    }

    Node method(Node receiver) {
        Node node = make(Node::Kind::method);
        node.text = here().text;
        ++pos_;
        node.keywords.emplace_back();
        adopt(node, std::move(receiver));
        if (here().is("(")) arguments(node);
        return node;
    }

    std::optional<Node> primary() {
        skip_newlines();
        const Token& token = here();
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
    Node called() {
        Node node = call();
        const auto number = is_matlab() ? std::nullopt : number_in_word(node);
        if (!number) return node;
        Node value = make(Node::Kind::number);
        value.at = node.at;
        value.text = fmt::format("{}(\"{}\")", node.text, node.items[0].text);
        as_number(value, *number);
        return value;
    }

    static void as_number(Node& node, double number) {
        node.kind = Node::Kind::number;
        node.number = number;
        node.is_float = true;
    }

    // [1, 2], (1, 2), [1 2; 3 4]; (1) is the 1 itself.
    Node list(std::string_view closing) {
        const Deeper deeper(*this);
        const Token opening = here();
        const bool outer_matrix = std::exchange(in_matrix_, is_matlab() && closing == "]");
        Node node = make(Node::Kind::list);
        ++pos_;
        ++bracket_;
        bool separated = false;
        bool rows = false;
        Node row = node;
        if (is_matlab()) row.text = kRow;
        for (; !here().is(closing); separated = cell_end(node, row, rows) || separated) {
            if (at_end())
                text_.fail(opening.at, fmt::format("the \"{}\" is not closed; add \"{}\"", opening.text, closing));
            if (closes(here()))
                fail_here(
                    fmt::format("\"{}\" closes the \"{}\" of {}", here().text, opening.text, text_.place(opening.at)));
            if (!begins_row_end()) cell(row, closing == ")");
        }
        ++pos_;
        --bracket_;
        in_matrix_ = outer_matrix;
        if (rows && !row.items.empty())
            adopt(node, std::move(row));
        else if (!rows) {
            node = std::move(row);
            node.text.clear();
        }
        if (closing == ")" && node.items.size() == 1 && !separated) return Node(std::move(node.items[0]));
        return node;
    }

    bool begins_row_end() const { return here().is(";") || here().is(",") || here().kind == Token::Kind::newline; }

    void cell(Node& row, bool round) {
        const std::size_t start = pos_;
        auto node = counted(round ? compared() : expression());
        if (node) return adopt(row, std::move(*node));
        pos_ = start;
        adopt(row, skipped());
    }

    // Steps over what separates cells and rows; whether there was any. Two cells may have a blank alone between them.
    bool cell_end(Node& node, Node& row, bool& rows) {
        bool separated = false;
        for (; begins_row_end(); ++pos_) {
            const bool ends_row = here().is(";") || (here().kind == Token::Kind::newline && in_matrix_);
            if (here().kind != Token::Kind::newline) separated = true;
            if (!ends_row || row.items.empty()) continue;
            rows = true;
            Node full = make(Node::Kind::list);
            full.text = row.text;
            std::swap(full, row);
            adopt(node, std::move(full));
        }
        return separated;
    }

    PastedText& text_;
    std::size_t pos_;
    std::size_t scope_;
    int nesting_ = 0;
    int bracket_ = 0;
    bool in_matrix_ = false;  // directly within MATLAB's [ ], where blanks separate
    bool in_angle_ = false;   // directly within ONNX's < >
};

Parsed parse_call(PastedText& text, std::size_t token, std::size_t scope) {
    CallParser parser(text, token, scope);
    Node node = parser.call();
    return {std::move(node), parser.position()};
}

Parsed parse_value(PastedText& text, std::size_t token, std::size_t scope) {
    CallParser parser(text, token, scope);
    Node node = parser.value();
    return {std::move(node), parser.position()};
}

Parsed parse_field(PastedText& text, std::size_t token) {
    CallParser parser(text, token, token);
    Node node = parser.field();
    return {std::move(node), parser.position()};
}

}  // namespace convlens::pasted
