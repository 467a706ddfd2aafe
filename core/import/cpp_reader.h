// Reads the tokens of a C++ text and puts others, those that core/import/cpp.h tells. Internal to core/import.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

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
    }
    std::vector<Token> run();

private:
    // Statements, or brackets with what is rewritten in them, within each other.
    static constexpr int kDeepest = 60;
    static constexpr std::string_view kFloats = "float double";

    static Token made(std::string_view sign, std::size_t at) {
        Token token;
        token.kind = Token::Kind::sign;
        token.text = sign;
        token.at = at;
        return token;
    }

    const Token& at(std::size_t i) const { return in_[std::min(i, in_.size() - 1)]; }
    const Token& here() const { return at(at_); }
    bool at_end() const { return here().kind == Token::Kind::end; }

    void put(Token token) { out_.push_back(std::move(token)); }
    void put_sign(std::string_view sign, std::size_t at) { out_.push_back(made(sign, at)); }
    void put_name(std::string_view name, std::size_t at);
    void put_number(std::string_view text, double number, std::size_t at);
    void put_string(std::string_view text, std::size_t at);
    // The members of a class that are named so by habit, kernel_ and m_kernel, are those of the object, as self.x is.
    void put_variable(Token token);
    void end_statement(std::size_t at);
    void put_block(std::string_view sign);

    void skip_to_end();
    void statement();
    // if (...), for (...), else if (...), and what hangs on it, with braces or without.
    void header();
    // for (int i = 0; ...) and for (auto x : list) as "for i in" in front of the bracket; for (;;) as "while".
    void counting(std::size_t end);
    void class_header();
    // Behind < ... > with types and numbers in it; nothing where it is a comparison.
    std::optional<std::size_t> angle_end(std::size_t from) const;
    struct Type {
        std::string name;      // "cv.Mat_", "float"
        std::string inner;     // what it is of: "float" of Mat_<float>
        std::size_t from = 0;  // tokens
        std::size_t to = 0;    // of the name that it declares
    };
    // const cv::Mat_<float>& in front of a name.
    std::optional<Type> type_at(std::size_t from) const;
    // void f(const cv::Mat& x, int n = 3) { and, in a class, Net() : a(3) {
    bool definition();
    void parameters(std::size_t from, std::size_t to);
    // Mat f(const Mat& x); declares a function.
    bool is_prototype(std::size_t open) const;
    bool declaration();
    // One variable with what it is set to.
    void declarator(const Type& type, std::size_t start);

    // Where an expression ends: at the semicolon or the bracket behind it, or at a comma too. `from` is a token.
    std::size_t end_of(std::size_t from, bool at_comma) const;
    // Where a value ends, with the numbers that << fills it with.
    std::size_t value_end(std::size_t from) const;
    bool has_fraction(std::size_t from, std::size_t to) const;
    // What stands behind float a[2] = or in the brackets of int n(3).
    void initialized(const Type& type, const std::vector<std::pair<std::size_t, std::size_t>>& lengths);

    // The name of a type with the arguments that make one: cv.Mat(3, 3, CV_32F).
    void constructed(const std::string& type, const std::string& inner, std::size_t place);
    void put_type(const std::string& inner, std::size_t place);
    void expression_statement();
    // i++; and --i;
    bool changed_by_one();
    // filter2D(x, y, ...) sets its second argument.
    void put_result();
    // [1, 0, -1] of what stands behind <<, up to the bracket or the semicolon that ends it.
    void put_list();
    // With its brackets.
    void copy_group();
    // The tokens of an expression as Python would write it.
    void copy(std::size_t from, std::size_t to);
    void part(std::size_t to);
    // &k[0] and &k[0][0], which are k: at_ becomes the last token of it.
    bool first_cell(std::size_t to);
    // (float)x, (double)(a + b), (int)f(x)
    bool cast(std::size_t to);
    void name_part(std::size_t to);
    void constructed_here(const Token& name, const std::string& inner);
    void braces();
    // Mat_<float>(3, 3), Mat_<float>::ones(3, 3), and with << 1, 2, 3 behind it.
    void matrix_part(std::size_t behind, const std::string& inner);
    bool has_comma(std::size_t open) const;
    // k.at<float>(1, 2) and k(1, 2)
    void cell_part(std::string_view matrix, std::size_t open);

    std::vector<Token> in_;             // without the ends of lines
    std::vector<std::size_t> closing_;  // of each bracket that opens, the one that closes it; the last token for none
    std::vector<Token> out_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::set<std::string, std::less<>> matrices_;  // variables of the type Mat_<...>
};

}  // namespace convlens::pasted
