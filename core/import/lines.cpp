#include "core/import/lines.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/import/cpp.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr std::string_view kHeaders = "if elif else for while try except finally with def class switch case";
constexpr std::string_view kBranching = "if elif else for while except switch case";
constexpr std::string_view kMatlabOpening = "if for while switch try parfor";
constexpr std::string_view kMatlabClosing = "end endif endfor endwhile endswitch end_try_catch endfunction";

// Methods and functions that change what they are called on, or their first argument, without a _ at their end.
constexpr std::string_view kChanging =
    "fill sort put itemset resize partition byteswap append extend insert pop remove reverse clear set_weights assign "
    "assign_add assign_sub load_state_dict load_weights update setTo";
constexpr std::string_view kChangingFunctions =
    "fill_diagonal copyto put place putmask shuffle put_along_axis setattr at l1_unstructured random_unstructured";

constexpr std::string_view kLooking =
    "print disp fprintf printf display imshow cv2_imshow show plot title figure subplot imwrite imsave save savez "
    "savetxt "
    "summary eval train cuda to cpu float double requires_grad_ zero_grad backward compile build predict evaluate "
    "assert_allclose assert_array_equal assert_array_almost_equal assert_close assertEqual allclose isinstance len "
    "manual_seed seed set_random_seed register_forward_hook register_buffer register_module tic toc clc close clear "
    "imagesc colormap colorbar axis contourf surf matshow pcolormesh scatter hist info debug log write add_image "
    "children parameters named_parameters state_dict help type dir waitKey pprint share_memory_ savefig "
    "assert_equal assert_shape super __init__ assert size whos exit quit";

bool ends_line(const PastedText& text, const Token& token) {
    return token.ends_statement() || (text.manner() == Manner::matlab && token.is(","));
}

// The colon that ends the header at `from`; nothing where what stands there is none.
std::optional<std::size_t> header_end(const PastedText& text, std::size_t from, std::size_t to) {
    const auto& tokens = text.tokens();
    if (text.manner() == Manner::matlab || text.is_cpp() || !is_name(tokens[from], kHeaders)) return {};
    int open = 0;
    for (std::size_t i = from; i < to; ++i) {
        if (opens(tokens[i])) ++open;
        if (closes(tokens[i])) --open;
        if (open == 0 && tokens[i].is(":")) return i;
    }
    return {};
}

class LineReader {
public:
    explicit LineReader(const PastedText& text) : text_(text), tokens_(text.tokens()) {}

    std::vector<Line> run() {
        int open = 0;
        std::size_t from = 0;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (opens(tokens_[i])) ++open;
            if (closes(tokens_[i])) open = std::max(open - 1, 0);
            const bool last = tokens_[i].kind == Token::Kind::end;
            if (!last && (open > 0 || !ends_line(text_, tokens_[i]))) continue;
            if (i > from) take(from, i);
            from = i + 1;
        }
        return std::move(lines_);
    }

private:
    struct Block {
        std::size_t header;
        std::size_t column;
        bool branches;
        bool scopes = false;
    };

    void take(std::size_t from, std::size_t to) {
        if (text_.manner() == Manner::matlab) return take_matlab(from, to);
        if (text_.is_cpp()) return take_cpp(from, to);
        const bool first = from == 0 || tokens_[from - 1].kind == Token::Kind::newline;
        const std::size_t column = first ? text_.column_of(from) : column_;
        column_ = column;
        while (first && !blocks_.empty() && blocks_.back().column >= column) blocks_.pop_back();
        const auto colon = header_end(text_, from, to);
        if (!colon) return add(from, to);
        add(from, *colon);
        blocks_.push_back({from, column, is_name(tokens_[from], kBranching), is_name(tokens_[from], "def class")});
        if (*colon + 1 < to) add(*colon + 1, to);
    }

    // The braces of a block stand alone, behind the header that they are of.
    void take_cpp(std::size_t from, std::size_t to) {
        const bool opening = tokens_[from].is(kBlockOpen);
        if (opening) blocks_.push_back(header_.value_or(Block{from, 0, false}));
        if (tokens_[from].is(kBlockClose) && !blocks_.empty()) blocks_.pop_back();
        header_.reset();
        if (opening || tokens_[from].is(kBlockClose)) return;
        add(from, to);
        const bool branches = is_name(tokens_[from], kBranching);
        const bool scopes = is_name(tokens_[from], "def class");
        if (branches || scopes) header_ = Block{from, 0, branches, scopes};
    }

    // if z, w = 1; else, w = 2; end
    void take_matlab(std::size_t from, std::size_t to) {
        if (is_name(tokens_[from], kMatlabClosing) || is_name(tokens_[from], "else elseif case otherwise catch")) {
            if (blocks_.empty())
                function_.reset();
            else
                blocks_.pop_back();
        }
        if (is_name(tokens_[from], "function")) {  // up to the next one, where no "end" ends it
            blocks_.clear();
            function_ = from;
        }
        if (is_name(tokens_[from], kMatlabOpening) || is_name(tokens_[from], "else elseif case otherwise catch"))
            blocks_.push_back({from, 0, true});
        const bool bare = is_name(tokens_[from], "else otherwise try");
        const std::size_t body = bare                                            ? from + 1
                                 : is_name(tokens_[from], "if elseif while for") ? body_of(from, to)
                                                                                 : to;
        if (!bare) add(from, body);
        if (body < to) add(body, to);
    }

    // if z k = k / 9; end: MATLAB needs no comma behind a condition, which ends where two operands stand side by side.
    std::size_t body_of(std::size_t from, std::size_t to) const {
        int open = 0;
        for (std::size_t i = from + 1; i + 1 < to; ++i) {
            if (opens(tokens_[i])) ++open;
            if (closes(tokens_[i])) --open;
            const bool operand = tokens_[i].is_name() || tokens_[i].kind == Token::Kind::number || closes(tokens_[i]);
            if (open == 0 && operand && tokens_[i + 1].is_name()) return i + 1;
        }
        return to;
    }

    void add(std::size_t from, std::size_t to) {
        Line line{from, to, {}, {}};
        for (const Block& block : blocks_) {
            if (block.branches && line.blocks.size() < kMostBlocks) line.blocks.push_back(block.header);
            if (block.scopes && line.scopes.size() < kMostBlocks) line.scopes.push_back(block.header);
        }
        if (function_) line.scopes.push_back(*function_);
        lines_.push_back(std::move(line));
    }

    static constexpr std::size_t kMostBlocks = 16;
    const PastedText& text_;
    const std::vector<Token>& tokens_;
    std::vector<Block> blocks_;
    std::vector<Line> lines_;
    std::optional<std::size_t> function_;  // MATLAB's, as the token that it begins at
    std::size_t column_ = 0;               // of the line at hand
    std::optional<Block> header_;          // C++'s, which a block may follow
};

// Whether one of the targets in front of `sign` is of the name: k; k[0]; k, j; (k, j); k.data. `parts` counts them.
bool is_target(const std::vector<Token>& tokens, std::size_t from, std::size_t sign, std::string_view name) {
    bool found = false;
    for (std::size_t i = from; i < sign; ++i) {
        const bool subscript =
            opens(tokens[i]) && i > from && (tokens[i - 1].is_name() || closes(tokens[i - 1]) || tokens[i - 1].is("'"));
        if (subscript) {
            i = closing_of(tokens, i);
            continue;
        }
        found = found || is_of(tokens[i], name);
    }
    return found;
}

bool ends_in_place(std::string_view function) {
    const std::string_view last = last_part(function);
    return last.size() > 2 && last.ends_with('_') && !last.ends_with("__") && last != "requires_grad_";
}

// The name that a chain of subscripts and methods begins with, in front of the dot at `dot`: w of w[0].T.fill_(3).
std::size_t root_of(const std::vector<Token>& tokens, std::size_t dot, std::size_t from) {
    std::size_t at = dot;
    while (at > from && (closes(tokens[at - 1]) || tokens[at - 1].is("'") || tokens[at - 1].is("."))) {
        int open = 0;
        do {
            --at;
            if (closes(tokens[at])) ++open;
            if (opens(tokens[at])) --open;
        } while (open > 0 && at > from);
        if (at > from && tokens[at - 1].is_name() && (at < from + 2 || !tokens[at - 2].is("."))) return at - 1;
        if (at > from + 1 && tokens[at - 1].is_name()) --at;
    }
    return at;
}

// A method call at token `at`, name( or .name(, that changes what it is called on.
bool changes_receiver(const std::vector<Token>& tokens, std::size_t at, std::size_t from, std::string_view name) {
    const Token& token = tokens[at];
    const std::string_view last = last_part(token.text);
    if (!ends_in_place(last) && !is_one_of(last, kChanging)) return false;
    if (at > from && tokens[at - 1].is(".")) return is_of(tokens[root_of(tokens, at - 1, from)], name);
    return token.text != name && is_of(token, name);
}

bool changes_first(const std::vector<Token>& tokens, std::size_t at, std::string_view name) {
    const std::string_view last = last_part(tokens[at].text);
    const bool own = tokens[at].text.starts_with("self.");  // a module of that name
    if (!ends_in_place(last) && (own || !is_one_of(last, kChangingFunctions))) return false;
    return is_of(tokens[at + 2], name);
}

// f(x, out=w), cv2.flip(k, -1, dst=k), F.relu(x, inplace=True)
bool writes_to(const std::vector<Token>& tokens, std::size_t at, std::string_view name) {
    const bool told = tokens[at + 1].is("=") && at + 2 < tokens.size();
    if (!told) return false;
    if (is_one_of(tokens[at].text, "out dst")) return is_of(tokens[at + 2], name);
    return false;
}

// F.relu(x, inplace=True)
bool is_in_place_of(const std::vector<Token>& tokens, std::size_t at, std::string_view name) {
    if (!is_of(tokens[at + 2], name)) return false;
    const std::size_t end = closing_of(tokens, at + 1);
    for (std::size_t i = at + 2; i + 2 < tokens.size() && i < end; ++i) {
        if (is_name(tokens[i], "inplace") && tokens[i + 1].is("=") && is_name(tokens[i + 2], "True")) return true;
    }
    return false;
}

bool calls_that_change(const PastedText& text, const Line& line, std::string_view name) {
    const auto& tokens = text.tokens();
    for (std::size_t i = line.from; i + 2 < tokens.size() && i < line.to; ++i) {
        if (!tokens[i].is_name()) continue;
        const bool walrus = tokens[i].text == name && tokens[i + 1].is(":") && tokens[i + 2].is("=");
        if (walrus || (i > line.from && writes_to(tokens, i, name))) return true;
        if (!tokens[i + 1].is("(")) continue;
        if (changes_receiver(tokens, i, line.from, name) || changes_first(tokens, i, name) ||
            is_in_place_of(tokens, i, name))
            return true;
    }
    return false;
}

// A call as a statement, whose result nobody takes: it is made for what it changes, if it does not only look.
bool is_call_for_effect(const PastedText& text, const Line& line, std::string_view name) {
    const auto& tokens = text.tokens();
    if (text.manner() == Manner::matlab || line.from + 1 >= line.to) return false;
    const Token& function = tokens[line.from];
    if (!function.is_name() || !tokens[line.from + 1].is("(") || is_name(function, kHeaders) ||
        is_one_of(function.text, "return assert yield raise await not in and or") || is_looking(function.text))
        return false;
    const std::size_t end = closing_of(tokens, line.from + 1);
    if (end + 1 < line.to) return false;  // f(w).g(): whatever it is, it is more than a call
    if (function.text != name && is_of(function, name)) return true;
    for (std::size_t i = line.from + 2; i < end; ++i) {
        const Token& before = tokens[i - 1];
        const Token& after = tokens[i + 1];
        if (is_of(tokens[i], name) && (before.is("(") || before.is(",") || before.is("=")) &&
            (after.is(",") || after.is(")")))
            return true;
    }
    return false;
}

bool loops_over(const std::vector<Token>& tokens, const Line& line, std::string_view name) {
    if (!is_name(tokens[line.from], "for with")) return false;
    const bool loop = tokens[line.from].text == "for";
    bool on = loop;
    for (std::size_t i = line.from + 1; i < line.to; ++i) {
        if (is_name(tokens[i], "in")) return false;
        if (on && tokens[i].is_name() && tokens[i].text == name) return true;
        on = loop || is_name(tokens[i], "as");
    }
    return false;
}

}  // namespace

bool is_looking(std::string_view function) { return is_one_of(last_part(function), kLooking); }

bool Line::is_apart_from(const Line& other) const {
    return std::ranges::any_of(blocks, [&](std::size_t block) { return std::ranges::count(other.blocks, block) == 0; });
}

bool Line::is_hidden_from(const Line& other) const {
    return std::ranges::any_of(scopes, [&](std::size_t scope) { return std::ranges::count(other.scopes, scope) == 0; });
}

std::vector<Line> lines_of(const PastedText& text) { return LineReader(text).run(); }

const Line* line_of(const std::vector<Line>& lines, std::size_t token) {
    const auto next = std::ranges::upper_bound(lines, token, {}, &Line::from);
    if (next == lines.begin()) return nullptr;
    const Line& line = *(next - 1);
    return token < line.to ? &line : nullptr;
}

bool is_of(const Token& token, std::string_view name) {
    if (!token.is_name() || !token.text.starts_with(name)) return false;
    return token.text.size() == name.size() || token.text[name.size()] == '.';
}

std::size_t closing_of(const std::vector<Token>& tokens, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
        if (opens(tokens[i])) ++depth;
        if (closes(tokens[i]) && --depth == 0) return i;
    }
    return tokens.size() - 1;
}

std::vector<std::size_t> closings_of(const std::vector<Token>& tokens) {
    std::vector<std::size_t> closings(tokens.size(), tokens.size() - 1);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (opens(tokens[i])) open.push_back(i);
        if (!closes(tokens[i]) || open.empty()) continue;
        closings[open.back()] = i;
        open.pop_back();
    }
    return closings;
}

std::optional<std::size_t> assignment_in(const std::vector<Token>& tokens, const Line& line) {
    std::optional<std::size_t> found;
    int open = 0;
    for (std::size_t i = line.from; i < line.to; ++i) {
        if (opens(tokens[i])) ++open;
        if (closes(tokens[i])) --open;
        const bool compares = tokens[i].is("==") || tokens[i].is("<=") || tokens[i].is(">=") || tokens[i].is("!=");
        if (open == 0 && tokens[i].kind == Token::Kind::sign && tokens[i].text.ends_with('=') && !compares) found = i;
        if (is_name(tokens[i], "lambda")) break;
    }
    return found;
}

Effect effect_of(const PastedText& text, const Line& line, std::string_view name) {
    const auto& tokens = text.tokens();
    const auto touches = [&](const Token& token) { return is_of(token, name); };
    const bool mentioned = std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(line.from),
                                       tokens.begin() + static_cast<std::ptrdiff_t>(line.to), touches);
    if (!mentioned || is_name(tokens[line.from], "import from def class global")) return Effect::none;
    if (is_name(tokens[line.from], "del")) return touches(tokens[line.from + 1]) ? Effect::changes : Effect::none;
    if (loops_over(tokens, line, name)) return Effect::changes;
    if (calls_that_change(text, line, name)) return Effect::changes;
    if (is_name(tokens[line.from], kHeaders)) return Effect::none;
    if (const auto sign = assignment_in(tokens, line)) {
        if (!is_target(tokens, line.from, *sign, name)) return Effect::none;
        const bool plain = *sign == line.from + 1 && tokens[*sign].is("=") && tokens[line.from].text == name;
        return plain ? Effect::sets : Effect::changes;
    }
    return is_call_for_effect(text, line, name) ? Effect::changes : Effect::none;
}

Message line_place(const PastedText& text, std::size_t token) { return text.line_place(text.tokens()[token].at); }

std::string line_written(const PastedText& text, const Line& line) {
    constexpr std::size_t kMost = 60;
    std::string written;
    for (const char c : text.written(text.tokens()[line.from].at, text.tokens()[line.to].at)) {
        const bool blank = c == ' ' || c == '\n' || c == '\t';
        if (blank && (written.empty() || written.back() == ' ')) continue;
        written += blank ? ' ' : c;
    }
    while (!written.empty() && written.back() == ' ') written.pop_back();
    if (written.size() <= kMost) return written;
    std::size_t cut = kMost;
    while (cut > 0 && (static_cast<unsigned char>(written[cut]) & 0xC0) == 0x80) --cut;
    return written.substr(0, cut) + "…";
}

}  // namespace convlens::pasted
