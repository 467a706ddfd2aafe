#include "app/render/type/latex_check.h"

#include <algorithm>
#include <cctype>

#include "macro/macro.h"

#include "app/render/type/typeface.h"

namespace convlens {

namespace {

constexpr std::size_t kLongest = 20000;  // bytes
constexpr int kDeepest = 60;             // braces in braces: MicroTeX recurses

struct Command {
    std::string_view name;
    int arguments;  // each in braces
};
constexpr Command kCommands[] = {
    {"!", 0},
    {",", 0},
    {":", 0},
    {";", 0},
    {"bar", 1},
    {"boldsymbol", 1},
    {"displaystyle", 0},
    {"dot", 1},
    {"fgcolor", 2},
    {"frac", 2},
    {"hat", 1},
    {"limits", 0},
    {"mathbf", 1},
    {"mathcal", 1},
    {"mathit", 1},
    {"mathrm", 1},
    {"mathsf", 1},
    {"mathtt", 1},
    {"nbsp", 0},
    {"nolimits", 0},
    {"overbrace", 1},
    {"overline", 1},
    {"overset", 2},
    {"quad", 0},
    {"scriptscriptstyle", 0},
    {"scriptstyle", 0},
    {"sqrt", 1},
    {"text", 1},
    {"textbf", 1},
    {"textcolor", 2},
    {"textit", 1},
    {"textrm", 1},
    {"textstyle", 0},
    {"texttt", 1},
    {"tilde", 1},
    {"underbrace", 1},
    {"underline", 1},
    {"underset", 2},
    {"vec", 1},
    {"widehat", 1},
    {"widetilde", 1},
};

const Command* find(std::string_view name) {
    const auto* found = std::ranges::find(kCommands, name, &Command::name);
    return found == std::end(kCommands) ? nullptr : found;
}

// Walks through the text once; the first problem ends the walk.
// no words: read by whoever writes a formula of the program's own
class Reader {
public:
    explicit Reader(std::string_view latex) : latex_(latex) {}

    std::optional<std::string> problem() {
        while (at_ < latex_.size() && problem_.empty()) read();
        if (problem_.empty() && depth_ > 0) problem_ = "a { without its }";
        if (problem_.empty() && lefts_ > 0) problem_ = "a \\left without its \\right";
        return problem_.empty() ? std::nullopt : std::optional(problem_);
    }

private:
    void read() {
        const char c = latex_[at_++];
        if (c == '\\') return command();
        if (c == '{' && ++depth_ > kDeepest) problem_ = "too many braces in braces";
        if (c == '}' && --depth_ < 0) problem_ = "a } without its {";
        if (c == '$') problem_ = "a $: all of it is mathematics already";
        if ((c == '^' || c == '_') && !has_script()) problem_ = "a ^ or _ without a script";
        if (static_cast<unsigned char>(c) < ' ') problem_ = "a control character";
    }

    bool has_script() {
        skip_spaces();
        return at_ < latex_.size() && std::string_view("}^_&").find(latex_[at_]) == std::string_view::npos;
    }

    // Its backslash has been read.
    void command() {
        std::size_t end = at_;
        while (end < latex_.size() && std::isalpha(static_cast<unsigned char>(latex_[end])) != 0) ++end;
        const std::string_view name = latex_.substr(at_, std::max<std::size_t>(end - at_, 1));
        at_ += name.size();
        if (name.empty()) {
            problem_ = "a backslash at the end";
        } else if (name == "left" || name == "right") {
            delimiter(name == "left" ? 1 : -1);
        } else if (const Command* known = find(name)) {
            if (!has_arguments(known->arguments))
                problem_ = "\\" + std::string(name) + " without its arguments in braces";
        } else if (name == "begin" || name == "end" || microtex::MacroInfo::get(std::string(name)) != nullptr) {
            problem_ = "\\" + std::string(name) + " is not supported";
        }
    }

    void delimiter(int opened) {
        skip_spaces();
        if (at_ == latex_.size() || std::string_view("()[]|/.<>\\").find(latex_[at_]) == std::string_view::npos)
            problem_ = "a \\left or \\right without its bracket";
        lefts_ += opened;
        if (lefts_ < 0) problem_ = "a \\right without its \\left";
    }

    // Looks ahead only: what is in the braces is read like the rest.
    bool has_arguments(int count) const {
        std::size_t at = at_;
        for (int i = 0; i < count; ++i) {
            while (at < latex_.size() && latex_[at] == ' ') ++at;
            if (at == latex_.size() || latex_[at] != '{') return false;
            at = after_group(at);
        }
        return true;
    }

    std::size_t after_group(std::size_t at) const {
        int depth = 0;
        for (; at < latex_.size(); ++at) {
            if (latex_[at] == '\\')
                ++at;
            else if (latex_[at] == '{')
                ++depth;
            else if (latex_[at] == '}' && --depth == 0)
                return at + 1;
        }
        return latex_.size();
    }

    void skip_spaces() {
        while (at_ < latex_.size() && latex_[at_] == ' ') ++at_;
    }

    std::string_view latex_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int lefts_ = 0;
    std::string problem_;
};

}  // namespace

// no words: read by whoever writes a formula of the program's own
std::optional<std::string> latex_problem(std::string_view latex) {
    if (latex.size() > kLongest) return "the formula is too long";
    for (std::string_view rest = latex; !rest.empty();)
        if (take_character(rest) == 0xFFFD) return "the formula is not UTF-8";
    return Reader(latex).problem();
}

}  // namespace convlens
