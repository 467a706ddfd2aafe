// Statements of C++: declarations, blocks, headers, functions and classes.
#include <algorithm>

#include "core/import/cpp.h"
#include "core/import/cpp_reader.h"
#include "core/import/lines.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::string_view kQualifiers =
    "const static constexpr inline volatile extern register mutable virtual explicit friend thread_local";
constexpr std::string_view kPlainTypes = "unsigned signed long short int float double char bool";
// Words that begin no declaration, though a name may stand behind them.
constexpr std::string_view kNoTypes =
    "return delete throw goto new case else using namespace typedef template public private protected operator sizeof "
    "break continue default enum union";
constexpr std::string_view kWithResult = "filter2D sepFilter2D blur boxFilter";

}  // namespace

std::vector<Token> CppReader::run() {
    closing_ = closings_of(in_);
    while (!at_end()) statement();
    out_.push_back(in_.back());
    return std::move(out_);
}

void CppReader::put_name(std::string_view name, std::size_t at) {
    Token token = made(name, at);
    token.kind = Token::Kind::name;
    put(std::move(token));
}

void CppReader::put_string(std::string_view text, std::size_t at) {
    Token token = made(text, at);
    token.kind = Token::Kind::string;
    put(std::move(token));
}

void CppReader::end_statement(std::size_t at) {
    Token token = made("\n", at);
    token.kind = Token::Kind::newline;
    put(std::move(token));
}

void CppReader::put_block(std::string_view sign) {
    end_statement(here().at);
    put_sign(sign, here().at);
    end_statement(here().at);
}

void CppReader::skip_to_end() {
    while (!at_end() && !here().is(";") && !here().is("{") && !here().is("}")) ++at_;
    if (here().is(";")) ++at_;
}

void CppReader::statement() {
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

void CppReader::header() {
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

void CppReader::counting(std::size_t end) {
    const Token& word = at(at_ - 1);
    const auto type = type_at(at_ + 1);
    const std::size_t name = type ? type->to : at_ + 1;
    const bool sets = name < end && at(name).is_name() && (at(name + 1).is("=") || at(name + 1).is(":"));
    put_name(sets ? "for" : "while", word.at);
    if (!sets) return;
    put(at(name));
    put_name("in", at(name).at);
}

void CppReader::class_header() {
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

std::optional<std::size_t> CppReader::angle_end(std::size_t from) const {
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

std::optional<CppReader::Type> CppReader::type_at(std::size_t from) const {
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

bool CppReader::definition() {
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

void CppReader::parameters(std::size_t from, std::size_t to) {
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

bool CppReader::is_prototype(std::size_t open) const {
    const std::size_t close = closing_[open];
    if (close == open + 1) return true;
    if (is_name(at(open + 1), "const void")) return true;
    if (at(open + 2).is("*") && !is_name(at(open + 1), kPlainTypes)) return false;  // Mat k(a * b, 1)
    const auto type = type_at(open + 1);
    if (!type || type->to >= close) return false;
    const Token& behind = at(type->to + 1);
    return behind.is(",") || behind.is(")") || behind.is("=");
}

bool CppReader::declaration() {
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

void CppReader::declarator(const Type& type, std::size_t start) {
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

std::size_t CppReader::end_of(std::size_t from, bool at_comma) const {
    std::size_t i = from;
    for (int open = 0; at(i).kind != Token::Kind::end; ++i) {
        if (opens(at(i))) ++open;
        if (closes(at(i)) && --open < 0) break;
        if (open == 0 && (at(i).is(";") || (at_comma && at(i).is(",")))) break;
    }
    return i;
}

std::size_t CppReader::value_end(std::size_t from) const {
    std::size_t i = end_of(from, true);
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

bool CppReader::has_fraction(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i) {
        if (at(i).kind == Token::Kind::number && at(i).text.find_first_of(".e") != std::string::npos) return true;
    }
    return false;
}

void CppReader::initialized(const Type& type, const std::vector<std::pair<std::size_t, std::size_t>>& lengths) {
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

void CppReader::expression_statement() {
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
    const std::size_t to = end_of(at_, false);
    copy(at_, to);
    at_ = to;
    end_statement(here().at);
    if (!here().is("}") || at_ == from) at_ += at_end() ? 0 : 1;
}

bool CppReader::changed_by_one() {
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

void CppReader::put_result() {
    if (!here().is_name() || !at(at_ + 1).is("(") || !is_one_of(last_part(here().text), kWithResult)) return;
    const std::size_t i = end_of(at_ + 2, true);
    if (!at(i).is(",") || !at(i + 1).is_name() || !(at(i + 2).is(",") || at(i + 2).is(")"))) return;
    Token result = at(i + 1);
    result.at = here().at;
    put_variable(std::move(result));
    put_sign("=", here().at);
}

}  // namespace convlens::pasted
