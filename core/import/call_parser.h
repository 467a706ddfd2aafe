// The parser behind core/import/parser.h: calls and lists in parser.cpp, what stands in them in expressions.cpp. Internal to
// core/import.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/import/call.h"

namespace convlens::pasted {

inline constexpr int kDeepest = 100;  // brackets within brackets, and operations within operations

// Recursive descent over the tokens of a text. Functions that return nothing have met what is no expression; the
// caller that knows where it ends takes it for opaque.
class CallParser {
public:
    CallParser(PastedText& text, std::size_t token, std::size_t scope) : text_(text), pos_(token), scope_(scope) {}

    std::size_t position() const { return pos_; }
    Node call();
    Node brackets();
    Node value();
    Node field();

private:
    struct Deeper {
        explicit Deeper(CallParser& parser_) : parser(parser_) {
            if (++parser.nesting_ > kDeepest)
                parser.fail_here(
                    msg("more than {most} brackets or signs stand within each other; paste the layer alone",
                        "most"_is(kDeepest)));
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
    [[noreturn]] void fail_here(const Message& reason) const { text_.fail(here().at, reason); }
    static Message not_closed(std::string_view opening, std::string_view closing) {
        return msg("the \"{opening}\" is not closed; add \"{closing}\"", "opening"_is(opening), "closing"_is(closing));
    }

    Node make(Node::Kind kind);
    void adopt(Node& parent, Node child);
    void skip_newlines();
    bool at_value_end();
    bool at_lambda() const;
    Node skipped();
    void arguments(Node& node);
    std::string keyword();
    Node list(std::string_view closing);
    bool begins_row_end() const { return here().is(";") || here().is(",") || here().kind == Token::Kind::newline; }
    void cell(Node& row, bool round);
    bool cell_end(Node& node, Node& row, bool& rows);

    std::optional<Node> compared();
    std::optional<Node> counted(std::optional<Node> first);
    std::optional<Node> expression();
    std::optional<Node> term();

    // In a MATLAB matrix "1 -2" is two numbers, "1 - 2" and "1-2" one.
    bool begins_next_cell() const { return in_matrix_ && here().spaced && !after().spaced; }

    template <typename Part>
    std::optional<Node> chain(std::initializer_list<std::string_view> signs, Part part);
    Node joined(const std::string& sign, Node left, Node right);
    std::string written_from(std::size_t at) const;
    Node binary(const std::string& sign, Node left, Node right);
    std::optional<Node> factor();
    std::optional<Node> python_power(std::optional<Node> base);
    std::optional<Node> matlab_powers(std::optional<Node> base);
    std::optional<Node> signed_operand();
    std::optional<Node> postfix();

    // (a * b)[None] and [1, 2][::-1]
    bool behind_bracket() const { return pos_ > 0 && closes(text_.tokens_[pos_ - 1]); }
    static bool subscripted(const Node& node);
    static bool applicable(const Node& node);
    Node applied(Node callee);
    Node subscript(Node receiver);
    Node method(Node receiver);
    std::optional<Node> primary();
    // Python's (k := 3), whose value is that of what stands behind the sign.
    bool begins_walrus() const {
        const auto is = [&](std::size_t ahead, std::string_view sign) {
            return pos_ + ahead < text_.tokens_.size() && text_.tokens_[pos_ + ahead].is(sign);
        };
        return here().is_name() && bracket_ > 0 && is(1, ":") && is(2, "=") && !text_.tokens_[pos_ + 2].spaced &&
               !is_matlab() && !text_.is_cpp();
    }
    Node called();
    static void as_number(Node& node, double number);

    PastedText& text_;
    std::size_t pos_;
    std::size_t scope_;
    int nesting_ = 0;
    int bracket_ = 0;
    bool in_matrix_ = false;  // directly within MATLAB's [ ], where blanks separate
    bool in_angle_ = false;   // directly within ONNX's < >
};

}  // namespace convlens::pasted
