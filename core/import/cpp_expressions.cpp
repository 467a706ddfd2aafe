// Expressions of C++ as Python would write them: casts, cells, matrices with the numbers that fill them.
#include <algorithm>

#include "core/import/cpp.h"
#include "core/import/cpp_reader.h"
#include "core/import/value.h"

namespace convlens::pasted {

void CppReader::put_number(std::string_view text, double number, std::size_t at) {
    Token token = made(text, at);
    token.kind = Token::Kind::number;
    token.number = number;
    put(std::move(token));
}

void CppReader::put_variable(Token token) {
    const std::string& text = token.text;
    const bool plain = text.find('.') == std::string::npos && text.size() > 2;
    const bool type = is_one_of(text, "Mat_ Scalar_ Size_ Point_ Rect_");
    if (plain && !type && (text.ends_with('_') || text.starts_with("m_"))) token.text.insert(0, "self.");
    put(std::move(token));
}

void CppReader::constructed(const std::string& type, const std::string& inner, std::size_t place) {
    const std::size_t open = at_;
    const std::size_t close = closing_[open];
    put_name(type, place);
    put_sign("(", at(open).at);
    copy(open + 1, close);
    if (!inner.empty()) put_type(inner, at(close).at);
    put_sign(")", at(close).at);
    at_ = close + 1;
}

void CppReader::put_type(const std::string& inner, std::size_t place) {
    if (!out_.back().is("(")) put_sign(",", place);
    put_name("type", place);
    put_sign("=", place);
    put_string(inner, place);
}

void CppReader::put_list() {
    const std::size_t to = end_of(at_, false);
    put_sign("[", here().at);
    copy(at_, to);
    put_sign("]", at(to).at);
    at_ = to;
}

void CppReader::copy_group() {
    const std::size_t end = closing_[at_];
    put(here());
    copy(at_ + 1, end);
    if (end < in_.size() - 1) put(at(end));
    at_ = end + 1;
}

void CppReader::copy(std::size_t from, std::size_t to) {
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

void CppReader::part(std::size_t to) {
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

bool CppReader::first_cell(std::size_t to) {
    const bool address = here().is("&") && at(at_ + 1).is_name() && at_ + 2 < to && at(at_ + 2).is("[") &&
                         !out_.empty() && (out_.back().is("(") || out_.back().is(",") || out_.back().is("="));
    if (!address) return false;
    std::size_t end = at_ + 2;
    while (at(end).is("[") && at(end + 1).text == "0" && at(end + 2).is("]")) end += 3;
    if (at(end).is("[") || end == at_ + 2) return false;
    put(at(at_ + 1));
    at_ = end - 1;
    return true;
}

bool CppReader::cast(std::size_t to) {
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

void CppReader::name_part(std::size_t to) {
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

void CppReader::constructed_here(const Token& name, const std::string& inner) {
    ++at_;
    constructed(name.text, inner, name.at);
}

void CppReader::braces() {
    const std::size_t close = closing_[at_];
    put_sign("(", here().at);
    copy(at_ + 1, close);
    put_sign(")", at(close).at);
    at_ = close + 1;
}

void CppReader::matrix_part(std::size_t behind, const std::string& inner) {
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

bool CppReader::has_comma(std::size_t open) const {
    for (std::size_t i = open + 1; i < closing_[open]; ++i) {
        if (opens(at(i)))
            i = closing_[i];
        else if (at(i).is(","))
            return true;
    }
    return false;
}

void CppReader::cell_part(std::string_view matrix, std::size_t open) {
    put_name(matrix, here().at);
    const std::size_t close = closing_[std::min(open, in_.size() - 1)];
    put_sign("[", at(open).at);
    copy(open + 1, close);
    put_sign("]", at(close).at);
    at_ = close + 1;
}

}  // namespace convlens::pasted
