#include "core/import/parser.h"

#include <utility>

#include "core/import/call_parser.h"
#include "core/import/value.h"

namespace convlens::pasted {

Node CallParser::call() {
    Node node = make(Node::Kind::call);
    node.text = here().text;
    ++pos_;
    arguments(node);
    return node;
}

Node CallParser::brackets() {
    Node node = make(Node::Kind::call);
    arguments(node);
    return node;
}

Node CallParser::value() {
    if (at_lambda()) return skipped();
    const std::size_t start = pos_;
    auto node = compared();
    if (bracket_ == 0) node = counted(std::move(node));
    if (node && at_value_end()) return std::move(*node);
    pos_ = start;
    return skipped();
}

Node CallParser::field() {
    const std::size_t start = pos_;
    if (auto node = expression()) return std::move(*node);
    pos_ = start;
    return skipped();
}

Node CallParser::make(Node::Kind kind) {
    if (text_.nodes_left_ == 0) fail_here(key("there is too much to work out; paste the layer alone"));
    --text_.nodes_left_;
    Node node;
    node.kind = kind;
    node.at = here().at;
    node.scope = scope_;
    return node;
}

void CallParser::adopt(Node& parent, Node child) {
    parent.depth = std::max(parent.depth, child.depth + 1);
    if (parent.depth > kDeepest) fail_here(key("the expression is too deep; write its value"));
    parent.items.push_back(std::move(child));
}

void CallParser::skip_newlines() {
    while (bracket_ > 0 && here().kind == Token::Kind::newline) ++pos_;
}

bool CallParser::at_value_end() {
    skip_newlines();
    return here().is(",") || closes(here()) || here().is(";") || (in_angle_ && here().is(">")) ||
           here().kind == Token::Kind::newline || at_end();
}

// Python's lambda key, shape: …, whose parameters have commas of their own.
bool CallParser::at_lambda() const {
    const bool behind = after().is_name() || after().is("*") || after().is("**") || after().is(":");
    return !is_matlab() && !text_.is_cpp() && here().is_name() && here().text == "lambda" && behind;
}

// Up to the comma, closing bracket or, outside of brackets, end of line that ends a value.
Node CallParser::skipped() {
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
void CallParser::arguments(Node& node) {
    const Deeper deeper(*this);
    const Token opening = here();
    const std::string closing = opening.is("(") ? ")" : opening.is("[") ? "]" : ">";
    const bool outer_matrix = std::exchange(in_matrix_, false);
    const bool outer_angle = std::exchange(in_angle_, closing == ">");
    ++pos_;
    ++bracket_;
    for (skip_newlines(); !here().is(closing); skip_newlines()) {
        if (here().is(","))
            fail_here(key("an argument is missing in front of this comma; write it, or take the comma away"));
        if (at_end())
            text_.fail(opening.at,
                       msg("the \"{opening}\" of {function} is not closed; add \"{closing}\" where its arguments end",
                           "opening"_is(opening.text), "function"_is(node.text), "closing"_is(closing)));
        node.keywords.push_back(keyword());
        adopt(node, value());
        if (here().is(","))
            ++pos_;
        else if (!here().is(closing) && !at_end())
            fail_here(msg("\"{sign}\" stands where a comma or \"{closing}\" should", "sign"_is(here().text),
                          "closing"_is(closing)));
    }
    ++pos_;
    --bracket_;
    in_matrix_ = outer_matrix;
    in_angle_ = outer_angle;
    node.end = pos_;
}

std::string CallParser::keyword() {
    if (!here().is_name()) return "";
    std::size_t sign = pos_ + 1;
    const auto at = [&](std::size_t i) -> const Token& { return text_.tokens_[std::min(i, text_.tokens_.size() - 1)]; };
    if (at(sign).is(":") && at(sign + 1).is_name()) sign += 2;
    if (!at(sign).is("=")) return "";
    std::string name = here().text;
    pos_ = sign + 1;
    skip_newlines();
    return name;
}

bool CallParser::subscripted(const Node& node) {
    return node.kind == Node::Kind::name || node.kind == Node::Kind::method || applicable(node);
}

bool CallParser::applicable(const Node& node) {
    const bool item = node.kind == Node::Kind::method && node.text.starts_with('[');  // convs[1](x)
    return node.kind == Node::Kind::call || node.kind == Node::Kind::applied || item;
}

// [1, 2], (1, 2), [1 2; 3 4]; (1) is the 1 itself.
Node CallParser::list(std::string_view closing) {
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
        if (at_end()) text_.fail(opening.at, not_closed(opening.text, closing));
        if (closes(here()))
            fail_here(msg("\"{closing}\" closes the \"{opening}\" of {place}", "closing"_is(here().text),
                          "opening"_is(opening.text), "place"_is(text_.place(opening.at))));
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

void CallParser::cell(Node& row, bool round) {
    const std::size_t start = pos_;
    auto node = counted(round ? compared() : expression());
    if (node) return adopt(row, std::move(*node));
    pos_ = start;
    adopt(row, skipped());
}

// Steps over what separates cells and rows; whether there was any. Two cells may have a blank alone between them.
bool CallParser::cell_end(Node& node, Node& row, bool& rows) {
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

Parsed parse_call(PastedText& text, std::size_t token, std::size_t scope) {
    CallParser parser(text, token, scope);
    Node node = parser.call();
    return {std::move(node), parser.position()};
}

Parsed parse_arguments(PastedText& text, std::size_t bracket, std::size_t scope) {
    CallParser parser(text, bracket, scope);
    Node node = parser.brackets();
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
