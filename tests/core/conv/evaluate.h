// Evaluates a line as the program prints it, so that tests can ask whether it is true.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <string_view>

namespace convlens {

// "⌊27/2⌋ + 1" is 14. Knows + − · / brackets, floor, ceiling, max(a, b) and numbers; the ellipsis of "3.333…" stands for
// a little more. Anything else, or text that is left over, gives NaN.
class Evaluator {
public:
    explicit Evaluator(std::string_view text) : text_(text) {}

    double value() {
        const double result = sum();
        skip();
        return text_.empty() ? result : std::nan("");
    }

private:
    void skip() {
        while (text_.starts_with(' ')) text_.remove_prefix(1);
    }
    bool take(std::string_view token) {
        skip();
        if (!text_.starts_with(token)) return false;
        text_.remove_prefix(token.size());
        return true;
    }
    double closed(double inner, std::string_view by) { return take(by) ? inner : std::nan(""); }

    double sum() {
        double result = product();
        while (true) {
            if (take("+")) {
                result += product();
            } else if (take("−")) {
                result -= product();
            } else {
                return result;
            }
        }
    }
    double product() {
        double result = factor();
        while (true) {
            if (take("·")) {
                result *= factor();
            } else if (take("/")) {
                result /= factor();
            } else {
                return result;
            }
        }
    }
    double factor() {
        if (take("−")) return -factor();
        if (take("(")) return closed(sum(), ")");
        if (take("⌊")) return closed(std::floor(sum()), "⌋");
        if (take("⌈")) return closed(std::ceil(sum()), "⌉");
        if (take("max(")) return largest();
        return number();
    }
    double largest() {
        const double a = sum();
        const double b = closed(0, ",") + sum();
        return closed(std::max(a, b), ")");
    }
    double number() {
        skip();
        std::size_t length = 0;
        while (length < text_.size() &&
               (std::isdigit(static_cast<unsigned char>(text_[length])) || text_[length] == '.'))
            ++length;
        if (length == 0) return std::nan("");
        const double read = std::stod(std::string(text_.substr(0, length)));
        text_.remove_prefix(length);
        constexpr double kLittle = 1e-6;
        return take("…") ? read + kLittle : read;
    }

    std::string_view text_;
};

inline double evaluated(std::string_view text) { return Evaluator(text).value(); }

}  // namespace convlens
