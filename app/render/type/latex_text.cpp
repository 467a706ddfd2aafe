#include "app/render/type/latex_text.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "app/render/type/latex_check.h"

namespace convlens {

namespace {

constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
    {"cdot", "·"},   {"times", "×"}, {"ldots", "…"}, {"to", "→"},   {"le", "≤"},   {"ge", "≥"}, {"lfloor", "⌊"},
    {"rfloor", "⌋"}, {"lceil", "⌈"}, {"rceil", "⌉"}, {"quad", " "}, {"nbsp", " "}, {",", " "},  {";", " "},
    {":", " "},      {"!", ""},      {"infty", "∞"}, {"neq", "≠"},  {"sum", "∑"},  {"pm", "±"},
};

// Their argument alone is read.
constexpr std::string_view kLooks[] = {"boldsymbol", "mathbf", "mathcal", "mathit", "mathrm", "mathsf",
                                       "mathtt",     "text",   "textbf",  "textit", "textrm", "texttt"};
// These have none.
constexpr std::string_view kStyles[] = {"displaystyle", "limits",    "nolimits",
                                        "scriptstyle",  "textstyle", "scriptscriptstyle"};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// What a fraction has above or below needs brackets unless it is one number or symbol.
std::string one_line(const std::string& part) {
    return part.find(' ') == std::string::npos && part.find("·") == std::string::npos ? part : "(" + part + ")";
}

class Reader {
public:
    explicit Reader(std::string_view latex) : rest_(latex) {}

    // Up to the end, or to the brace that closes a group.
    std::string row() {
        std::string text;
        while (!rest_.empty() && rest_[0] != '}') {
            const bool closes = rest_.starts_with("\\right") && (rest_.size() == 6 || !is_letter(rest_[6]));
            if (closes && text.ends_with(' ')) text.pop_back();  // which only parts it from the command
            text += next();
        }
        return text;
    }

private:
    // What one character, group or command says.
    std::string next() {
        const char c = rest_[0];
        if (c == '{') return group();
        rest_.remove_prefix(1);
        switch (c) {
            case '\\': return command();
            case '-': return "−";
            default: return {c};
        }
    }

    std::string group() {
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
        if (!rest_.starts_with('{')) return {};
        rest_.remove_prefix(1);
        std::string text = row();
        if (!rest_.empty()) rest_.remove_prefix(1);
        return text;
    }

    // Its backslash has been read.
    std::string command() {
        std::size_t end = 0;
        while (end < rest_.size() && is_letter(rest_[end])) ++end;
        const std::string_view name = rest_.substr(0, std::max<std::size_t>(end, 1));
        rest_.remove_prefix(name.size());
        if (end > 0 && rest_.starts_with(' ')) rest_.remove_prefix(1);  // which ends the name alone
        if (name == "left" || name == "right") {
            if (rest_.starts_with('.')) rest_.remove_prefix(1);  // no bracket at all
            return {};
        }
        if (name == "textcolor" || name == "fgcolor") return group(), group();
        if (name == "frac") {
            const std::string above = one_line(group());
            return above + "/" + one_line(group());
        }
        if (name == "sqrt") return "√" + one_line(group());
        if (std::ranges::find(kLooks, name) != std::end(kLooks)) return group();
        if (std::ranges::find(kStyles, name) != std::end(kStyles)) return {};
        const auto* const sign = std::ranges::find(kSigns, name, &std::pair<std::string_view, std::string_view>::first);
        return std::string(sign != std::end(kSigns) ? sign->second : name);
    }

    std::string_view rest_;
};

}  // namespace

std::string latex_text(std::string_view latex) { return latex_problem(latex) ? std::string() : Reader(latex).row(); }

}  // namespace convlens
