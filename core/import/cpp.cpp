#include "core/import/cpp.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::string_view kQualifiers =
    "const static constexpr inline volatile extern register mutable virtual explicit friend thread_local";
constexpr std::string_view kPlainTypes = "unsigned signed long short int float double char bool";
constexpr std::string_view kFloats = "float double";
// Words that begin no declaration, though a name may stand behind them.
constexpr std::string_view kNoTypes =
    "return delete throw goto new case else using namespace typedef template public private protected operator sizeof "
    "break continue default enum union";
constexpr std::string_view kWithResult = "filter2D sepFilter2D blur boxFilter";
constexpr int kDeepest = 60;  // statements, or brackets with what is rewritten in them, within each other

bool is_name(const Token& token, std::string_view words) { return token.is_name() && is_one_of(token.text, words); }

class CppReader {
public:
    explicit CppReader(const std::vector<Token>& tokens) {
        const bool has_ends = std::ranges::any_of(tokens, [](const Token& token) { return token.is(";"); });
        for (const Token& token : tokens) {
            if (token.kind != Token::Kind::newline)
                in_.push_back(token);
            else if (!has_ends)
                in_.push_back(made(";", token.at));
        }
        find_closings();
    }

    std::vector<Token> run() {
        while (!at_end()) statement();
        out_.push_back(in_.back());
        return std::move(out_);
    }

private:
    static Token made(std::string_view sign, std::size_t at) {
        Token token;
        token.kind = Token::Kind::sign;
        token.text = sign;
        token.at = at;
        return token;
    }

    void find_closings() {
        closing_.assign(in_.size(), in_.size() - 1);
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < in_.size(); ++i) {
            if (opens(in_[i])) open.push_back(i);
            if (!closes(in_[i]) || open.empty()) continue;
            closing_[open.back()] = i;
            open.pop_back();
        }
    }

    const Token& at(std::size_t i) const { return in_[std::min(i, in_.size() - 1)]; }
    const Token& here() const { return at(at_); }
    bool at_end() const { return here().kind == Token::Kind::end; }

    void put(Token token) { out_.push_back(std::move(token)); }
    void put_sign(std::string_view sign, std::size_t at) { out_.push_back(made(sign, at)); }
    void put_name(std::string_view name, std::size_t at) {
        Token token = made(name, at);
        token.kind = Token::Kind::name;
        put(std::move(token));
    }
    void put_number(std::string_view text, double number, std::size_t at) {
        Token token = made(text, at);
        token.kind = Token::Kind::number;
        token.number = number;
        put(std::move(token));
    }
    void put_string(std::string_view text, std::size_t at) {
        Token token = made(text, at);
        token.kind = Token::Kind::string;
        put(std::move(token));
    }
    // The members of a class that are named so by habit, kernel_ and m_kernel, are those of the object, as self.x is.
    void put_variable(Token token) {
        const std::string& text = token.text;
        const bool plain = text.find('.') == std::string::npos && text.size() > 2;
        const bool type = is_one_of(text, "Mat_ Scalar_ Size_ Point_ Rect_");
        if (plain && !type && (text.ends_with('_') || text.starts_with("m_"))) token.text.insert(0, "self.");
        put(std::move(token));
    }
    void end_statement(std::size_t at) {
        Token token = made("\n", at);
        token.kind = Token::Kind::newline;
        put(std::move(token));
    }
    void put_block(std::string_view sign) {
        end_statement(here().at);
        put_sign(sign, here().at);
        end_statement(here().at);
    }

    void skip_to_end() {
        while (!at_end() && !here().is(";") && !here().is("{") && !here().is("}")) ++at_;
        if (here().is(";")) ++at_;
    }

    void statement() {
        ++depth_;
        if (here().is(";")) {
            ++at_;
        } else if (here().is("{") || here().is("}")) {
            put_block(here().is("{") ? kBlockOpen : kBlockClose);
            ++at_;
        } else if (depth_ > kDeepest) {
            expression_statement();
        } else if (is_name(here(), "if while for switch else do try catch")) {
            header();
        } else if (is_name(here(), "using typedef namespace friend")) {
            skip_to_end();
        } else if (is_name(here(), "public private protected default") && at(at_ + 1).is(":")) {
            at_ += 2;
        } else if (is_name(here(), "template") && at(at_ + 1).is("<")) {
            at_ = angle_end(at_ + 1).value_or(at_ + 1);
        } else if (is_name(here(), "class struct")) {
            class_header();
        } else if (!definition() && !declaration()) {
            expression_statement();
        }
        --depth_;
    }

    // if (...), for (...), else if (...), and what hangs on it, with braces or without.
    void header() {
        const bool silent = is_name(here(), "do try catch");
        const bool other = is_name(here(), "else");
        const bool loop = is_name(here(), "for");
        const std::size_t open = other && is_name(at(at_ + 1), "if") ? at_ + 2 : at_ + 1;
        if (!silent && !loop) put(here());
        at_ = open;
        if (here().is("(")) {
            const std::size_t end = closing_[at_];
            if (loop) counting(end);
            if (!silent) copy_group();
            at_ = end + 1;
        } else if (loop) {
            put(at(open - 1));
        }
        if (!silent) end_statement(here().at);
        if (here().is("{") || here().is(";") || here().is("}") || at_end()) return;
        put_block(kBlockOpen);
        statement();
        put_block(kBlockClose);
    }

    // for (int i = 0; ...) and for (auto x : list) as "for i in" in front of the bracket; for (;;) as "while".
    void counting(std::size_t end) {
        const Token& word = at(at_ - 1);
        const auto type = type_at(at_ + 1);
        const std::size_t name = type ? type->to : at_ + 1;
        const bool sets = name < end && at(name).is_name() && (at(name + 1).is("=") || at(name + 1).is(":"));
        put_name(sets ? "for" : "while", word.at);
        if (!sets) return;
        put(at(name));
        put_name("in", at(name).at);
    }

    void class_header() {
        std::size_t end = at_;
        while (at(end).kind != Token::Kind::end && !at(end).is("{") && !at(end).is(";") && !at(end).is("=")) ++end;
        if (at(end).is("{") && at(at_ + 1).is_name()) {
            put_name("class", here().at);
            put(at(at_ + 1));
            end_statement(at(end).at);
        }
        at_ = end;
        if (!here().is("{")) skip_to_end();
    }

    // Behind < ... > with types and numbers in it; nothing where it is a comparison.
    std::optional<std::size_t> angle_end(std::size_t from) const {
        constexpr std::size_t kMost = 24;
        int open = 0;
        for (std::size_t i = from; i < from + kMost && i < in_.size(); ++i) {
            const Token& token = in_[i];
            if (token.is("<")) ++open;
            if (token.is(">") && --open == 0) return i + 1;
            const bool part = token.is_name() || token.kind == Token::Kind::number || token.is("<") || token.is(">") ||
                              token.is(",") || token.is("*") || token.is("&") || token.is(":");
            if (!part) return {};
        }
        return {};
    }

    struct Type {
        std::string name;      // "cv.Mat_", "float"
        std::string inner;     // what it is of: "float" of Mat_<float>
        std::size_t from = 0;  // tokens
        std::size_t to = 0;    // of the name that it declares
    };

    // const cv::Mat_<float>& in front of a name.
    std::optional<Type> type_at(std::size_t from) const {
        Type type;
        type.from = from;
        std::size_t i = from;
        while (is_name(at(i), kQualifiers)) ++i;
        bool plain = false;
        for (; is_name(at(i), kPlainTypes); ++i, plain = true) {
            if (type.name.empty() || is_one_of(at(i).text, kFloats)) type.name = at(i).text;
        }
        if (!plain) {
            if (!at(i).is_name() || is_name(at(i), kNoTypes)) return {};
            type.name = at(i).text;
            ++i;
            if (at(i).is("<")) {
                const auto end = angle_end(i);
                if (!end) return {};
                if (at(i + 1).is_name()) type.inner = at(i + 1).text;
                i = *end;
            }
        }
        while (at(i).is("&") || at(i).is("*") || is_name(at(i), "const")) ++i;
        if (!at(i).is_name() || is_name(at(i), kNoTypes)) return {};
        type.to = i;
        return type;
    }

    // void f(const cv::Mat& x, int n = 3) { and, in a class, Net() : a(3) {
    bool definition() {
        const auto type = type_at(at_);
        const std::size_t name = type ? type->to : at_;
        if (!at(name).is_name() || !at(name + 1).is("(")) return false;
        const std::size_t close = closing_[std::min(name + 1, in_.size() - 1)];
        std::size_t end = close + 1;
        while (is_name(at(end), "const noexcept override final") || at(end).is("&")) ++end;
        if (at(end).is(":") && !type) {
            while (at(end).kind != Token::Kind::end && !at(end).is("{") && !at(end).is(";")) ++end;
        }
        if (!at(end).is("{")) return false;
        put_name("def", here().at);
        put_name(at(name).text, at(name).at);
        put_sign("(", at(name + 1).at);
        parameters(name + 2, close);
        put_sign(")", at(close).at);
        end_statement(at(close).at);
        at_ = end;
        return true;
    }

    void parameters(std::size_t from, std::size_t to) {
        bool first = true;
        for (std::size_t i = from; i < to;) {
            std::size_t end = i;
            std::size_t name = to;
            std::optional<std::size_t> value;
            for (int open = 0; end < to && (open > 0 || !at(end).is(",")); ++end) {
                if (opens(at(end)) || at(end).is("<")) ++open;
                if (closes(at(end)) || at(end).is(">")) --open;
                if (open == 0 && at(end).is("=") && !value) value = end;
                if (open == 0 && !value && at(end).is_name() && end > i) name = end;
            }
            if (name < to) {
                if (!first) put_sign(",", at(name).at);
                first = false;
                put(at(name));
                if (value) {
                    put_sign("=", at(*value).at);
                    copy(*value + 1, end);
                }
            }
            i = end + 1;
        }
    }

    // Mat f(const Mat& x); declares a function.
    bool is_prototype(std::size_t open) const {
        const std::size_t close = closing_[open];
        if (close == open + 1) return true;
        if (is_name(at(open + 1), "const void")) return true;
        if (at(open + 2).is("*") && !is_name(at(open + 1), kPlainTypes)) return false;  // Mat k(a * b, 1)
        const auto type = type_at(open + 1);
        if (!type || type->to >= close) return false;
        const Token& behind = at(type->to + 1);
        return behind.is(",") || behind.is(")") || behind.is("=");
    }

    bool declaration() {
        const auto type = type_at(at_);
        if (!type) return false;
        const Token& next = at(type->to + 1);
        const bool declares = next.is("=") || next.is(";") || next.is(",") || next.is("(") || next.is("{") ||
                              next.is("[") || next.kind == Token::Kind::end;
        if (!declares) return false;
        if (next.is("(") && is_prototype(type->to + 1)) {
            skip_to_end();
            return true;
        }
        std::size_t start = here().at;
        at_ = type->to;
        while (here().is_name()) {
            declarator(*type, start);
            if (!here().is(",")) break;
            ++at_;
            while (here().is("*") || here().is("&")) ++at_;
            start = here().at;
        }
        skip_to_end();
        return true;
    }

    // One variable with what it is set to.
    void declarator(const Type& type, std::size_t start) {
        Token name = here();
        name.at = start;
        ++at_;
        std::vector<std::pair<std::size_t, std::size_t>> lengths;
        while (here().is("[")) {
            lengths.emplace_back(at_ + 1, closing_[at_]);
            at_ = closing_[at_] + 1;
        }
        const std::string_view base = last_part(type.name);
        if (base == "Mat_") matrices_.insert(name.text);
        if (here().is("=")) {
            ++at_;
            put_variable(name);
            put_sign("=", here().at);
            initialized(type, lengths);
            end_statement(here().at);
        } else if ((here().is("(") || here().is("{")) && closing_[at_] > at_ + 1) {
            put(name);
            put_sign("=", here().at);
            const bool list = here().is("{") && is_one_of(base, "vector array initializer_list");
            if (!lengths.empty() || list || is_one_of(base, "Size Size2i") || is_one_of(type.name, kPlainTypes))
                initialized(type, lengths);
            else
                constructed(type.name, type.inner, name.at);
            end_statement(here().at);
        }
        while (!at_end() && !here().is(",") && !here().is(";") && !here().is("}")) at_ += 1;
    }

    std::size_t value_end(std::size_t from) const {
        std::size_t i = from;
        for (int open = 0; at(i).kind != Token::Kind::end; ++i) {
            if (opens(at(i))) ++open;
            if (closes(at(i)) && --open < 0) break;
            if (open == 0 && (at(i).is(",") || at(i).is(";"))) break;
        }
        // Commas behind << are those of the numbers that fill a matrix.
        for (std::size_t k = from; k + 1 < i; ++k) {
            if (!opens(at(k))) {
                if (at(k).is("<") && at(k + 1).is("<")) {
                    while (at(i).kind != Token::Kind::end && !at(i).is(";")) ++i;
                    break;
                }
                continue;
            }
            k = closing_[k];
        }
        return i;
    }

    bool has_fraction(std::size_t from, std::size_t to) const {
        for (std::size_t i = from; i < to; ++i) {
            if (at(i).kind == Token::Kind::number && at(i).text.find_first_of(".e") != std::string::npos) return true;
        }
        return false;
    }

    // What stands behind float a[2] = or in the brackets of int n(3).
    void initialized(const Type& type, const std::vector<std::pair<std::size_t, std::size_t>>& lengths) {
        std::size_t to = value_end(at_);
        const std::size_t place = here().at;
        if (!lengths.empty()) {
            put_name(kCArray, place);
            put_sign("(", place);
            copy(at_, to);
            for (const auto& [from, end] : lengths) {
                put_sign(",", place);
                if (from == end)
                    put_number("0", 0, place);
                else
                    copy(from, end);
            }
            put_sign(")", place);
        } else if (is_one_of(type.name, kFloats) || is_one_of(type.name, kPlainTypes)) {
            const bool real = is_one_of(type.name, kFloats);
            const bool cut = !real && has_fraction(at_, to);
            std::size_t from = at_;
            if (here().is("{")) ++from;
            const std::size_t end = here().is("{") ? to - 1 : to;
            if (real) {
                put_number("1.0", 1, place);
                put_sign("*", place);
            }
            if (cut) put_name("int", place);
            if (real || cut) put_sign("(", place);
            copy(from, end);
            if (real || cut) put_sign(")", place);
        } else {
            copy(at_, to);
        }
        at_ = to;
    }

    // The name of a type with the arguments that make one: cv.Mat(3, 3, CV_32F).
    void constructed(const std::string& type, const std::string& inner, std::size_t place) {
        const std::size_t open = at_;
        const std::size_t close = closing_[open];
        put_name(type, place);
        put_sign("(", at(open).at);
        copy(open + 1, close);
        if (!inner.empty()) put_type(inner, at(close).at);
        put_sign(")", at(close).at);
        at_ = close + 1;
    }

    void put_type(const std::string& inner, std::size_t place) {
        if (!out_.back().is("(")) put_sign(",", place);
        put_name("type", place);
        put_sign("=", place);
        put_string(inner, place);
    }

    void expression_statement() {
        const std::size_t from = at_;
        const std::size_t start = here().at;
        const bool bracketed = here().is("(") && at(at_ + 1).is_name() && at(at_ + 2).is("<") && at(at_ + 3).is("<");
        if (bracketed) ++at_;
        const bool fills =
            here().is_name() && matrices_.contains(here().text) && at(at_ + 1).is("<") && at(at_ + 2).is("<");
        if (fills) {  // k << 1, 0, -1;
            Token name = here();
            name.at = start;
            put(name);
            put_sign("=", start);
            put_name(kCommaInitializer, start);
            put_sign("(", start);
            put(here());
            at_ += 3;
            put_sign(",", start);
            put_list();
            put_sign(")", start);
            end_statement(here().at);
            return skip_to_end();
        }
        if (bracketed) --at_;
        if (changed_by_one()) return;
        put_result();
        std::size_t to = at_;
        for (int open = 0; at(to).kind != Token::Kind::end; ++to) {
            if (opens(at(to))) ++open;
            if (closes(at(to)) && --open < 0) break;
            if (open == 0 && at(to).is(";")) break;
        }
        copy(at_, to);
        at_ = to;
        end_statement(here().at);
        if (!here().is("}") || at_ == from) at_ += at_end() ? 0 : 1;
    }

    // i++; and --i;
    bool changed_by_one() {
        const auto twice = [&](std::size_t i, std::string_view sign) { return at(i).is(sign) && at(i + 1).is(sign); };
        for (const std::string_view sign : {"+", "-"}) {
            const bool before = twice(at_, sign) && at(at_ + 2).is_name() && at(at_ + 3).is(";");
            const bool behind = here().is_name() && twice(at_ + 1, sign) && at(at_ + 3).is(";");
            if (!before && !behind) continue;
            const std::size_t place = here().at;
            put_name(at(before ? at_ + 2 : at_).text, place);
            put_sign(sign == "+" ? "+=" : "-=", place);
            put_number("1", 1, place);
            at_ += 3;
            end_statement(here().at);
            skip_to_end();
            return true;
        }
        return false;
    }

    // filter2D(x, y, ...) sets its second argument.
    void put_result() {
        if (!here().is_name() || !at(at_ + 1).is("(") || !is_one_of(last_part(here().text), kWithResult)) return;
        std::size_t i = at_ + 2;
        for (int open = 0; at(i).kind != Token::Kind::end; ++i) {
            if (opens(at(i))) ++open;
            if (closes(at(i)) && --open < 0) return;
            if (open == 0 && at(i).is(",")) break;
        }
        if (!at(i + 1).is_name() || !(at(i + 2).is(",") || at(i + 2).is(")"))) return;
        Token result = at(i + 1);
        result.at = here().at;
        put_variable(std::move(result));
        put_sign("=", here().at);
    }

    // [1, 0, -1] of what stands behind <<, up to the bracket or the semicolon that ends it.
    void put_list() {
        std::size_t to = at_;
        for (int open = 0; at(to).kind != Token::Kind::end; ++to) {
            if (opens(at(to))) ++open;
            if (closes(at(to)) && --open < 0) break;
            if (open == 0 && at(to).is(";")) break;
        }
        put_sign("[", here().at);
        copy(at_, to);
        put_sign("]", at(to).at);
        at_ = to;
    }

    void copy_group() {  // with its brackets
        const std::size_t end = closing_[at_];
        put(here());
        copy(at_ + 1, end);
        if (end < in_.size() - 1) put(at(end));
        at_ = end + 1;
    }

    // The tokens of an expression as Python would write it.
    void copy(std::size_t from, std::size_t to) {
        const std::size_t outer = std::exchange(at_, from);
        const bool plain = ++depth_ > 2 * kDeepest;
        while (at_ < to && !at_end()) {
            if (plain) {
                put(here());
                ++at_;
            } else {
                part(to);
            }
        }
        --depth_;
        at_ = outer;
    }

    void part(std::size_t to) {
        if (here().is_name()) return name_part(to);
        if (here().is("{") || here().is("}")) {
            put_sign(here().is("{") ? "[" : "]", here().at);
            ++at_;
            return;
        }
        if (cast(to)) return;
        if (!first_cell(to)) put(here());
        ++at_;
    }

    // &k[0] and &k[0][0], which are k: at_ becomes the last token of it.
    bool first_cell(std::size_t to) {
        const bool address = here().is("&") && at(at_ + 1).is_name() && at_ + 2 < to && at(at_ + 2).is("[") &&
                             (out_.back().is("(") || out_.back().is(",") || out_.back().is("="));
        if (!address) return false;
        std::size_t end = at_ + 2;
        while (at(end).is("[") && at(end + 1).text == "0" && at(end + 2).is("]")) end += 3;
        if (at(end).is("[") || end == at_ + 2) return false;
        put(at(at_ + 1));
        at_ = end - 1;
        return true;
    }

    // (float)x, (double)(a + b), (int)f(x)
    bool cast(std::size_t to) {
        const bool typed = here().is("(") && is_name(at(at_ + 1), "float double int") && at(at_ + 2).is(")");
        if (!typed || at_ + 3 >= to) return false;
        const Token& operand = at(at_ + 3);
        const bool simple = operand.is_name() || operand.kind == Token::Kind::number || operand.is("(");
        if (!simple) return false;
        const std::size_t place = here().at;
        const bool real = is_one_of(at(at_ + 1).text, kFloats);
        std::size_t end = operand.is("(") ? closing_[at_ + 3] + 1 : at_ + 4;
        while (end < to && (at(end).is("(") || at(end).is("["))) end = closing_[end] + 1;
        if (!real) put_name("int", place);
        put_sign("(", place);
        if (real) {
            put_number("1.0", 1, place);
            put_sign("*", place);
        }
        copy(at_ + 3, std::min(end, to));
        put_sign(")", place);
        at_ = std::min(end, to);
        return true;
    }

    void name_part(std::size_t to) {
        const Token& name = here();
        const std::string_view last = last_part(name.text);
        const auto angle = at(at_ + 1).is("<") ? angle_end(at_ + 1) : std::nullopt;
        const std::string inner = angle && at(at_ + 2).is_name() ? at(at_ + 2).text : "";
        if (last == "Mat_" && angle) return matrix_part(*angle, inner);
        if (last == "at" && angle && at(*angle).is("(") && has_comma(*angle))
            return cell_part(first_parts(name.text), *angle);
        if (matrices_.contains(name.text) && at(at_ + 1).is("(") && has_comma(at_ + 1))
            return cell_part(name.text, at_ + 1);
        if (last == "static_cast" && angle && at(*angle).is("(")) {
            if (is_one_of(inner, "float double int")) put_name(inner, name.at);
            at_ = *angle;
            return;
        }
        if (is_one_of(last, "Size Size2i") && (at(at_ + 1).is("(") || at(at_ + 1).is("{"))) {
            put_sign("(", name.at);
            copy(at_ + 2, closing_[at_ + 1]);
            put_sign(")", name.at);
            at_ = closing_[at_ + 1] + 1;
            return;
        }
        const bool made_with_braces = at(at_ + 1).is("{") && at_ + 1 < to;
        if (made_with_braces) return constructed_here(name, "");
        if (angle && (at(*angle).is("(") || at(*angle).is("{")) && *angle < to) {  // f<float>(x), vector<float>{1, 2}
            const bool list = is_one_of(last, "vector array initializer_list") && at(*angle).is("{");
            if (!list) put(name);
            at_ = *angle;
            if (!list && here().is("{")) return braces();
            return;
        }
        const bool object = name.text == "this" && at(at_ + 1).is("->") && at(at_ + 2).is_name();
        if (object) {
            put_name("self." + at(at_ + 2).text, name.at);
            at_ += 3;
            return;
        }
        Token own = name;
        const bool bare = name.text == "blur" && at(at_ + 1).is("(");  // after `using namespace cv`
        if (bare) own.text = "cv.blur";
        put_variable(std::move(own));
        ++at_;
    }

    void constructed_here(const Token& name, const std::string& inner) {
        ++at_;
        constructed(name.text, inner, name.at);
    }

    void braces() {
        const std::size_t close = closing_[at_];
        put_sign("(", here().at);
        copy(at_ + 1, close);
        put_sign(")", at(close).at);
        at_ = close + 1;
    }

    // Mat_<float>(3, 3), Mat_<float>::ones(3, 3), and with << 1, 2, 3 behind it.
    void matrix_part(std::size_t behind, const std::string& inner) {
        Token name = here();
        at_ = behind;
        if (here().is(":") && at(at_ + 1).is(":") && at(at_ + 2).is_name()) {
            name.text += "." + at(at_ + 2).text;
            at_ += 3;
        }
        if (!here().is("(") && !here().is("{")) return put(name);
        const std::size_t first = out_.size();
        constructed(name.text, inner, name.at);
        if (!here().is("<") || !at(at_ + 1).is("<")) return;
        const std::size_t place = name.at;
        Token open = made("(", place);
        Token fill = made(kCommaInitializer, place);
        fill.kind = Token::Kind::name;
        out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(first), {fill, open});
        at_ += 2;
        put_sign(",", place);
        put_list();
        put_sign(")", place);
    }

    bool has_comma(std::size_t open) const {
        for (std::size_t i = open + 1; i < closing_[open]; ++i) {
            if (opens(at(i)))
                i = closing_[i];
            else if (at(i).is(","))
                return true;
        }
        return false;
    }

    // k.at<float>(1, 2) and k(1, 2)
    void cell_part(std::string_view matrix, std::size_t open) {
        put_name(matrix, here().at);
        const std::size_t close = closing_[std::min(open, in_.size() - 1)];
        put_sign("[", at(open).at);
        copy(open + 1, close);
        put_sign("]", at(close).at);
        at_ = close + 1;
    }

    std::vector<Token> in_;             // without the ends of lines
    std::vector<std::size_t> closing_;  // of each bracket that opens, the one that closes it; the last token for none
    std::vector<Token> out_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::set<std::string, std::less<>> matrices_;  // variables of the type Mat_<...>
};

// Whether a word stands in the text as one.
bool has_word(std::string_view text, std::string_view word) {
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || (!is_part(text[at - 1]) && text[at - 1] != '.');
        if (begins) return true;
    }
    return false;
}

}  // namespace

bool is_cpp_text(std::string_view text) {
    constexpr std::array<std::string_view, 8> kSigns{
        "cv::", "using namespace cv", "Mat_<", "Mat::", "Mat kernel", "Mat dst", "Mat src", "Mat img"};
    if (text.starts_with("import ") || text.find("\nimport ") != std::string_view::npos ||
        text.find("\nfrom ") != std::string_view::npos)
        return false;
    return text.find("#include <opencv") != std::string_view::npos ||
           text.find("#include \"opencv") != std::string_view::npos ||
           std::ranges::any_of(kSigns, [&](std::string_view sign) { return has_word(text, sign); });
}

namespace {

// #define K 5 as K=5; in as many bytes: a macro with a value is a variable that is set once.
void define_variables(std::string& text) {
    constexpr std::string_view kDefine = "#define ";
    for (std::size_t at = text.find(kDefine); at != std::string::npos; at = text.find(kDefine, at + 1)) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at + kDefine.size(), end - at - kDefine.size());
        const std::size_t blank = line.find(' ');
        const std::size_t bracket = line.find('(');
        if (blank == std::string::npos || blank == 0 || bracket < blank || line.ends_with('\\')) continue;
        if ((at > 0 && text[at - 1] != '\n') || line.find_first_not_of(' ', blank) == std::string::npos) continue;
        std::string set = line;
        set[blank] = '=';
        text.replace(at, end - at, std::string(kDefine.size() - 1, ' ') + set + ";");
    }
}

}  // namespace

std::string without_cpp_comments(std::string text) {
    char quote = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (quote != 0) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == quote || text[i] == '\n')
                quote = 0;
            continue;
        }
        if (text[i] == '"' || text[i] == '\'') quote = text[i];
        if (text[i] != '/' || (text[i + 1] != '/' && text[i + 1] != '*')) continue;
        const bool line = text[i + 1] == '/';
        const std::size_t found = text.find(line ? "\n" : "*/", i + 2);
        const std::size_t end = found == std::string::npos ? text.size() : line ? found : found + 2;
        for (; i < end; ++i) {
            if (text[i] != '\n') text[i] = ' ';
        }
        --i;
    }
    define_variables(text);
    return text;
}

std::vector<Token> cpp_statements(const std::vector<Token>& tokens) { return CppReader(tokens).run(); }

}  // namespace convlens::pasted
