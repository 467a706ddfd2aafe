#include "core/import/targets.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/import/call.h"
#include "core/import/lines.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr int kDeepest = 30;  // brackets within brackets of targets, or of a value

bool is_augmenting(const Token& token) {
    static constexpr std::array<std::string_view, 12> kSigns{
        "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", ">>="};
    return token.kind == Token::Kind::sign && (std::ranges::count(kSigns, token.text) > 0 || token.is("<<="));
}

// The first token of a sign outside of brackets and in front of any lambda; `to` for none.
std::size_t sign_in(const std::vector<Token>& tokens, Part part, std::string_view sign) {
    for (std::size_t i = part.from; i < part.to; ++i) {
        if (tokens[i].is(sign)) return i;
        if (is_name(tokens[i], "lambda")) break;
        if (opens(tokens[i])) i = std::max(i, std::min(closing_of(tokens, i), part.to));
    }
    return part.to;
}

bool holds_comma(const std::vector<Token>& tokens, Part part) { return sign_in(tokens, part, ",") < part.to; }

bool is_bracketed(const std::vector<Token>& tokens, Part part) {
    const bool bracket = part.from + 1 < part.to && (tokens[part.from].is("(") || tokens[part.from].is("["));
    return bracket && closing_of(tokens, part.from) + 1 == part.to;
}

// Names, parts of them and lists of both: what may stand in front of "=". Not ONNX's y = Conv <group = 2> (x, w).
bool may_be_targets(const std::vector<Token>& tokens, Part part) {
    for (std::size_t i = part.from; i < part.to; ++i) {
        if (opens(tokens[i])) {
            i = closing_of(tokens, i);
            continue;
        }
        if (!tokens[i].is_name() && !tokens[i].is(",") && !tokens[i].is(".") && !tokens[i].is("*")) return false;
    }
    return part.from < part.to;
}

class TargetReader {
public:
    explicit TargetReader(const std::vector<Token>& tokens) : tokens_(tokens) {}

    void take(Part part, std::vector<Target::Step> path, bool starred, int depth = 0) {
        if (part.from >= part.to || depth > kDeepest) return;
        if (tokens_[part.from].is("*")) return take({part.from + 1, part.to}, std::move(path), true, depth + 1);
        if (holds_comma(tokens_, part)) return take_each(part, path, starred, depth);
        if (is_bracketed(tokens_, part)) {
            const Part inner{part.from + 1, part.to - 1};
            const bool list = tokens_[part.from].is("[");
            return list ? take_each(inner, path, starred, depth) : take(inner, std::move(path), starred, depth + 1);
        }
        const bool name = part.from + 1 == part.to && tokens_[part.from].is_name();
        targets_.push_back({part.from, std::move(path), name, starred});
    }

    std::vector<Target> targets() { return std::move(targets_); }

private:
    void take_each(Part part, const std::vector<Target::Step>& path, bool starred, int depth) {
        const std::vector<Part> parts = parts_between_commas(tokens_, part);
        const bool star = std::ranges::any_of(parts, [&](const Part& each) { return tokens_[each.from].is("*"); });
        for (std::size_t i = 0; i < parts.size(); ++i) {
            std::vector<Target::Step> own = path;
            own.push_back({i, parts.size()});
            take(parts[i], std::move(own), starred || star, depth + 1);
        }
    }

    const std::vector<Token>& tokens_;
    std::vector<Target> targets_;
};

}  // namespace

std::vector<Part> parts_between_commas(const std::vector<Token>& tokens, Part all) {
    std::vector<Part> parts;
    while (all.from < all.to) {
        const std::size_t comma = sign_in(tokens, all, ",");
        Part part{all.from, comma};
        while (part.from < part.to && tokens[part.from].kind == Token::Kind::newline) ++part.from;
        while (part.from < part.to && tokens[part.to - 1].kind == Token::Kind::newline) --part.to;
        if (part.from < part.to) parts.push_back(part);
        all.from = comma + 1;
    }
    return parts;
}

Part without_brackets(const std::vector<Token>& tokens, Part part) {
    while (is_bracketed(tokens, part) && tokens[part.from].is("(") &&
           !holds_comma(tokens, {part.from + 1, part.to - 1}) && part.from + 2 < part.to) {
        ++part.from;
        --part.to;
        while (part.from < part.to && tokens[part.from].kind == Token::Kind::newline) ++part.from;
        while (part.from < part.to && tokens[part.to - 1].kind == Token::Kind::newline) --part.to;
    }
    return part;
}

std::optional<Assignment> assignment_at(const std::vector<Token>& tokens, std::size_t from, std::size_t to) {
    Assignment found;
    TargetReader reader(tokens);
    for (Part rest{from, to}; rest.from < rest.to;) {
        const std::size_t sign = sign_in(tokens, rest, "=");
        const Part part{rest.from, std::min(sign_in(tokens, {rest.from, sign}, ":"), sign)};
        if (sign == rest.to || !may_be_targets(tokens, part)) break;
        reader.take(part, {}, false);
        found.sign = sign;
        found.value = sign + 1;
        rest.from = sign + 1;
    }
    if (found.value == 0) {
        std::size_t sign = from;
        for (; sign < to && !is_augmenting(tokens[sign]); ++sign) {
            if (is_name(tokens[sign], "lambda")) return {};
            if (opens(tokens[sign])) sign = closing_of(tokens, sign);
        }
        if (sign >= to) return {};
        reader.take({from, sign}, {}, false);
        found.sign = sign;
        found.value = sign + 1;
    }
    found.targets = reader.targets();
    return found;
}

std::optional<std::vector<std::size_t>> place_in(const std::vector<Token>& tokens, Part value, std::size_t token) {
    std::vector<std::size_t> place;
    Part part = value;
    for (int depth = 0; depth < kDeepest && part.from <= token && token < part.to; ++depth) {
        const bool tuple = holds_comma(tokens, part);
        if (!tuple) part = without_brackets(tokens, part);
        const bool walrus = !tuple && part.from + 3 < part.to && tokens[part.from].is_name() &&
                            tokens[part.from + 1].is(":") && tokens[part.from + 2].is("=");
        if (walrus) part.from += 3;
        if (!tuple && part.from == token) return place;
        const bool list = !tuple && is_bracketed(tokens, part);
        if (walrus || (!tuple && !list)) {
            if (!walrus) return {};
            continue;
        }
        const std::vector<Part> parts = parts_between_commas(tokens, list ? Part{part.from + 1, part.to - 1} : part);
        const auto around =
            std::ranges::find_if(parts, [&](const Part& each) { return each.from <= token && token < each.to; });
        if (around == parts.end()) return {};
        place.push_back(static_cast<std::size_t>(around - parts.begin()));
        part = *around;
    }
    return {};
}

}  // namespace convlens::pasted
