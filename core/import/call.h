// Pasted text as calls with arguments: enough of the syntax of Python, MATLAB and C++ to read a layer out of what
// stands around it. For core/import alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/import.h"
#include "core/import/scope.h"
#include "core/import/targets.h"

namespace convlens::pasted {

// They differ in what ' and % mean, and in [1 -2], which is one number in Python and two in MATLAB.
enum class Manner { python, matlab };

struct Token {
    enum class Kind { name, number, string, sign, newline, end };
    Kind kind = Kind::end;
    std::string text;  // a name with its dots (nn.Conv2d; C++'s :: reads as a dot), a string without its quotes
    double number = 0;
    std::size_t at = 0;   // offset into the text
    bool spaced = false;  // a blank stands in front

    bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
    bool is_name() const { return kind == Kind::name; }
    bool ends_statement() const { return kind == Kind::newline || kind == Kind::end || is(";"); }
};

inline bool opens(const Token& token) { return token.is("(") || token.is("[") || token.is("{"); }
inline bool closes(const Token& token) { return token.is(")") || token.is("]") || token.is("}"); }

inline constexpr std::string_view kRow = "row";
inline constexpr std::string_view kColon = "colon";  // MATLAB's function of the range 1:3

struct Node {
    enum class Kind {
        number,   // `number`
        string,   // `text`
        name,     // `text`, with dots
        list,     // items: a list, a tuple, or MATLAB's [ ], where rows are lists with the text kRow
        call,     // text(items), each with a keyword or ""
        method,   // items[0].text(items[1], ...); a subscript has the text "[1:, 0]", without blanks
        applied,  // items[0](items[1], ...) where items[0] is a call itself: Conv2D(8, 3)(x)
        unary,    // text items[0]
        binary,   // items[0] text items[1]
        opaque,   // anything else; `text` as written
    };
    Kind kind = Kind::opaque;
    double number = 0;
    bool is_float = false;  // of a number: Python's float, 3.0 or 1e3
    std::string text;
    std::vector<Node> items;
    std::vector<std::string> keywords;  // of a call, method or applied, one an item
    std::size_t at = 0;                 // offset into the text
    std::size_t scope = 0;              // token before which variables count
    std::size_t end = 0;                // of a call: the token behind it
    int depth = 1;                      // of the tree below
};

class PastedText {
public:
    // Throws ImportError where the text is longer than kMaxImportBytes.
    PastedText(std::string_view text, Manner manner);

    Manner manner() const { return manner_; }
    // Whether the text is C++: its tokens are then what cpp.h makes of it, in the manner of Python.
    bool is_cpp() const { return cpp_; }
    const std::vector<Token>& tokens() const { return tokens_; }  // the last is of Kind::end
    std::string written(std::size_t from, std::size_t to) const { return text_.substr(from, to - from); }  // offsets

    // The call whose name is the token `name` and whose bracket, round or not, is the next one.
    Node call_at(std::size_t name);
    // The arguments in the bracket at a token, as a call without a name.
    Node arguments_at(std::size_t bracket);
    // What stands at `token`; opaque up to the next comma or closing bracket if it is no expression. Moves `token`.
    Node value_at(std::size_t& token);
    // The same of a value that nothing ends, as in protobuf's "ints: 1 ints: 2".
    Node field_at(std::size_t& token);
    // What the last assignment to a name's variable before its scope says, if there is one. Not one in a function that
    // the scope does not stand in, nor in a branch of which a run takes the scope's instead (if beside else); one in
    // another branch or loop that it does not stand in only where there is no other. What a function or a lambda reads may
    // be set further down, where nothing else sets it (see later.h).
    std::optional<Node> assigned(const Node& name);
    // Whether the statement that begins at a token sets the name in a way that assigned() follows.
    bool is_followed(std::size_t statement, const std::string& name);
    // The variable that a statement self.register_buffer("k", value) at a token sets, "self.k"; "" for other statements.
    std::string registered_at(std::size_t statement) const;

    // A statement x[1:, 0] = value, the last one before a name's scope that sets its variable. Not
    // `is_followed` where it stands in a loop or a branch that the scope does not stand in: it may be done or not.
    struct CellsSet {
        Node target;  // the subscript x[1:, 0], MATLAB's call x(2:end, 1)
        Node value;
        Node before;  // the variable, as it was until then
        bool is_followed = false;
    };
    std::optional<CellsSet> cells_set(const Node& name);
    // Whether the last statement before its scope that sets a variable changes what it was: x[0] = 1, x += 1.
    bool is_set_in_place(const Node& name) const;

    // Of each statement there is an account: that at a token was read, is named by a note, or became the layer's. What
    // assigned() and cells_set() give is accounted for by them.
    void account(std::size_t token) { accounted_.insert(token); }
    bool is_accounted(std::size_t from, std::size_t to) const {
        const auto next = accounted_.lower_bound(from);
        return next != accounted_.end() && *next < to;
    }

    // The variables of a Python text, whose names are in the tokens with marks (see scope.h); empty for others.
    const Variables& variables() const { return variables_; }
    // How often the text sets a variable.
    std::size_t times_set(std::string_view name) const {
        const auto found = assignments_.find(name);
        return found == assignments_.end() ? 0 : found->second.size();
    }
    // The tokens that statements begin at, in their order; of C++ and MATLAB those outside of brackets.
    const std::vector<std::size_t>& statements() const { return statements_; }
    // The statement that a token stands in as an assignment; nothing where it is none.
    const std::optional<Assignment>& assignment_around(std::size_t token) const;
    // The tokens that are a name, in their order.
    const std::vector<std::size_t>& tokens_named(const std::string& name) const;
    // Why a variable's value is not told though the text gives it one, "k is set by a loop …"; empty where the text does
    // not set it.
    Message why_not_told(const Node& name) const;
    // The headers of the functions and classes that a token stands in.
    const std::vector<std::size_t>& scopes_around(std::size_t token) const;
    // The statement that a token stands in: the tokens that it begins at and ends before.
    std::pair<std::size_t, std::size_t> statement_around(std::size_t token) const;

    // Parameters whose defaults were taken, def f(k=5), with their functions.
    const std::set<std::pair<std::string, std::string>>& defaults() const { return defaults_; }

    // The first full-width sign that was read as ASCII, "" for none.
    const std::string& wide_sign() const { return wide_sign_; }

    std::size_t column_of(std::size_t token) const;  // from 0, in bytes

    // Statements that became the layer's, by the tokens that they begin at: nothing needs to be said of them.
    void take_statement(std::size_t token) {
        taken_.push_back(token);
        account(token);
    }
    bool is_taken(std::size_t token) const { return std::ranges::find(taken_, token) != taken_.end(); }

    // Throws ImportError with the place in front. `at` is an offset into the text.
    [[noreturn]] void fail(std::size_t at, Message reason) const;
    Message place(std::size_t at) const;       // "line 1, column 5"
    Message line_place(std::size_t at) const;  // "line 1"

private:
    friend class CallParser;  // counts nodes_left_ down

    std::size_t statement_of(std::size_t token) const;  // the token that it starts at
    void take_bindings();
    void note_assignments(std::size_t statement);
    void note_python_assignments(std::size_t from, std::size_t to);
    std::optional<Node> part_of_value(Node value, const std::vector<Target::Step>& path);
    std::optional<Node> value_of_walrus(const Node& name);
    std::optional<Node> value_of_parameter(const Node& name);
    std::optional<Node> default_in_cpp(const Node& name);
    std::optional<Node> argument_for(const Parameter& parameter);
    // The bracket of the one call of a function that the text has; nothing where it may be called from elsewhere too.
    std::optional<std::size_t> only_call(std::size_t function);
    std::optional<Node> value_behind(std::size_t at);
    Node changed_by(std::size_t at, std::string_view sign, Node value);
    Node values_from(std::size_t& token, std::size_t scope);
    bool is_seen(const std::string& name, std::size_t assignment, std::size_t scope, bool in_branches) const;
    // The last assignment to a name that its scope sees, and the one before that, as positions in `found`; -1 for none.
    struct LastTwo {
        std::ptrdiff_t last = -1;
        std::ptrdiff_t before = -1;
    };
    LastTwo last_two(const Node& name, const std::vector<std::size_t>& found) const;
    std::optional<Node> value_set_at(std::size_t at);
    std::optional<Node> value_registered_at(std::size_t at);

    std::string text_;
    std::string wide_sign_;
    Manner manner_;
    bool cpp_ = false;
    std::vector<Token> tokens_;
    std::map<std::string, std::vector<std::size_t>, std::less<>>
        assignments_;                                            // by name, the tokens that they start at
    std::vector<std::size_t> statements_;                        // tokens that statements start at
    std::map<std::size_t, std::vector<std::size_t>> branches_;   // of a line, by its first token: see Line::blocks
    std::map<std::size_t, std::vector<std::size_t>> functions_;  // see Line::scopes
    std::map<std::size_t, std::size_t> chains_;                  // of a branch's header, the first one: if of elif
    std::map<std::size_t, std::size_t> ends_;                    // of a line, by its first token
    Variables variables_;
    std::map<std::size_t, Bound> bound_;                                     // names that no "=" sets, by their tokens
    std::map<std::string, std::vector<std::size_t>, std::less<>> walruses_;  // by name, the tokens of (k := 3)
    std::map<std::size_t, std::optional<std::size_t>> only_calls_;           // by function: see only_call()
    mutable std::map<std::size_t, std::optional<Assignment>> found_assignments_;  // by statement
    mutable std::map<std::string, std::vector<std::size_t>> named_;               // all tokens that are names
    std::vector<std::size_t> taken_;
    std::set<std::size_t> accounted_;
    std::set<std::pair<std::string, std::string>> defaults_;
    std::size_t nodes_left_ = kMaxImportBytes;
};

// + - * .* / ./ // % **, and comparisons, which give 1 or 0. Division and remainder round down as Python's do.
double arithmetic(std::string_view sign, double a, double b);

}  // namespace convlens::pasted
