// Numbers and words of a pasted text.
#include "core/import/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/import/follower.h"
#include "core/text/edit_distance.h"

namespace convlens::pasted {

std::optional<double> Follower::number(const Node& node) {
    if (node.kind == Node::Kind::number) return node.number;
    if (node.kind == Node::Kind::name) {
        const std::optional<Node> value = assigned(node);
        if (!value) {
            --chain_;
            const bool pi = text_.manner() == Manner::matlab ? node.text == "pi"
                                                             : is_one_of(node.text, "np.pi numpy.pi math.pi torch.pi");
            return pi ? std::optional(std::numbers::pi) : std::nullopt;
        }
        const std::optional<double> found = number(*value);
        --chain_;
        return found;
    }
    if (node.kind == Node::Kind::unary) {
        const std::optional<double> operand = number(node.items[0]);
        return operand && node.text == "-" ? -*operand : operand;
    }
    if (node.kind == Node::Kind::call) return rounded(node);
    if (node.kind == Node::Kind::method) return indexed(node);
    if (node.kind != Node::Kind::binary) return {};
    const std::optional<double> left = number(node.items[0]);
    const std::optional<double> right = number(node.items[1]);
    if (!left || !right || node.text == "@") return {};
    const bool python = text_.manner() == Manner::python && !text_.is_cpp();
    if (python && *right == 0 && is_one_of(node.text, "/ // %"))
        text_.fail(node.at, key("this divides by zero; write another divisor"));
    const double result = arithmetic(node.text, *left, *right);
    const bool whole = text_.is_cpp() && node.text == "/" && !is_float(node.items[0]) && !is_float(node.items[1]);
    return whole ? std::trunc(result) : result;
}

Node Follower::resolve(const Node& node) {
    const int outer = chain_;
    Node found = node;
    while (found.kind == Node::Kind::name) {
        std::optional<Node> value = assigned(found);
        if (!value) break;
        found = std::move(*value);
    }
    chain_ = outer;
    return found;
}

// int(x), float(x), math.floor(x), math.ceil(x), math.sqrt(x)
std::optional<double> Follower::rounded(const Node& call) {
    const std::string_view name = last_part(call.text);
    if (!is_one_of(name, "int float floor ceil sqrt") || call.items.size() != 1) return {};
    const std::optional<double> value = number(call.items[0]);
    if (!value) return {};
    if (name == "float") return value;
    if (name == "sqrt") return std::sqrt(*value);
    return name == "int" ? std::trunc(*value) : name == "floor" ? std::floor(*value) : std::ceil(*value);
}

// sizes[1] of a list
std::optional<double> Follower::indexed(const Node& node) {
    std::size_t index = 0;
    const std::string_view text = node.text;
    if (!text.starts_with('[')) return {};
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), index);
    if (error != std::errc{} || std::string_view(end, text.data() + text.size()) != "]") return {};
    const Node list = resolve(node.items[0]);
    if (list.kind != Node::Kind::list || index >= list.items.size()) return {};
    return number(list.items[index]);
}

bool Follower::is_float(const Node& node) {
    switch (node.kind) {
        case Node::Kind::number: return node.is_float;
        case Node::Kind::name: {
            const Node value = resolve(node);
            return value.kind != Node::Kind::name && is_float(value);
        }
        case Node::Kind::unary: return is_float(node.items[0]);
        case Node::Kind::call: return is_one_of(last_part(node.text), "float double sqrt");
        case Node::Kind::binary:
            return (node.text == "/" && !text_.is_cpp()) || is_float(node.items[0]) || is_float(node.items[1]);
        default: return false;
    }
}

std::optional<double> number_of(PastedText& text, const Node& node) { return Follower(text).number(node); }
namespace {

// How a number is written that stands at a node, or in its lists; "" where it is not written.
std::string written_as(const Node& node, double number) {
    if (node.kind == Node::Kind::number) return node.number == number ? node.text : "";
    if (node.kind != Node::Kind::list) return "";
    for (const Node& item : node.items) {
        if (std::string found = written_as(item, number); !found.empty()) return found;
    }
    return "";
}

std::string quoted(PastedText& text, const Node& node, double number) {
    const std::string written = written_as(resolved(text, node), number);
    return written.empty() ? fmt::format("{:g}", number) : written;
}

}  // namespace

void refuse_too_large(PastedText& text, const Node& node, double number, const TooLarge& what, int bits) {
    if (std::abs(number) < std::ldexp(1.0, bits)) return;
    text.fail(node.at, msg(what, "number"_is(quoted(text, node, number)), "bits"_is(bits)));
}

void refuse_too_large(PastedText& text, const Node& node, double number, const Message& argument) {
    constexpr int kBits = 53;
    if (std::abs(number) < std::ldexp(1.0, kBits)) return;
    text.fail(node.at, msg("{argument}: {number} is too large; write a number below 2^{bits}", "argument"_is(argument),
                           "number"_is(quoted(text, node, number)), "bits"_is(kBits)));
}

bool is_float(PastedText& text, const Node& node) { return Follower(text).is_float(node); }
Node resolved(PastedText& text, const Node& node) { return Follower(text).resolve(node); }

std::string_view last_part(std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); }

std::string_view first_parts(std::string_view dotted) {
    const std::size_t dot = dotted.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : dotted.substr(0, dot);
}

Message numbers_text(std::size_t count) { return numbers_text(static_cast<std::int64_t>(count)); }

Message numbers_text(std::int64_t count) { return plural("{n} number", "{n} numbers", count); }

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > 40) return "";
    const std::string wanted = lower(word);
    std::string_view best;
    std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, lower(candidate));
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

bool is_one_of(std::string_view word, std::string_view spaced) { return std::ranges::count(words(spaced), word) > 0; }

std::vector<std::string_view> words(std::string_view spaced) {
    std::vector<std::string_view> result;
    while (!spaced.empty()) {
        const std::size_t end = std::min(spaced.find(' '), spaced.size());
        if (end > 0) result.push_back(spaced.substr(0, end));
        spaced.remove_prefix(std::min(end + 1, spaced.size()));
    }
    return result;
}

bool is_name(const Token& token, std::string_view spaced) { return token.is_name() && is_one_of(token.text, spaced); }

std::optional<Node> attribute_of(const Node& name) {
    const std::string_view owner = first_parts(name.text);
    if (owner.empty() || !is_one_of(last_part(name.text), "T mT data")) return {};
    Node inner = name;
    inner.text = std::string(owner);
    Node node = name;
    node.kind = Node::Kind::method;
    node.text = std::string(last_part(name.text));
    node.items.push_back(std::move(inner));
    node.keywords.emplace_back();
    node.depth = 2;
    return node;
}

}  // namespace convlens::pasted
