// The account of a pasted text: every statement of it has been read, is named by a note, is harmless by its form, or
// shares no variable with the layer; the others are named here, so that nothing goes without a word.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/import/harmless.h"
#include "core/import/later.h"
#include "core/import/mentions.h"
#include "core/import/neighbours.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

constexpr std::size_t kMostWritten = 4;  // statements in the note
constexpr int kMostPasses = 12;          // through the text, for variables that hang on variables
// Functions that make an array of their arguments alone.
constexpr std::string_view kMakers =
    "zeros ones randn rand randint empty full arange linspace tensor array asarray as_tensor from_numpy eye Input "
    "Variable constant";
constexpr std::size_t kForever = Variable::kOutside;

// The statements in which a variable matters to the layer, by the tokens that they begin at.
struct Reach {
    std::size_t from = 0;
    std::size_t until = 0;
};

class Account {
public:
    Account(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer)
        : text_(text),
          layer_(layer),
          imported_(imported),
          is_layer_(is_layer),
          lines_(lines_of(text)),
          mentions_(text, lines_),
          own_(line_of(lines_, layer)) {}

    void run() {
        if (!own_) return;
        find_own_names();
        until_ = until_of(*own_);
        if (const auto application = application_at(); application) until_ = std::max(until_, until_of(*application));
        watch_what_is_read();
        watch_results();
        note_set_again();
        note_overrides();
        find_unread();
        note_unread();
        note_unused();
        note_defaults();
    }

private:
    bool is_read(const Line& line) const { return &line == own_ || text_.is_accounted(line.from, line.to); }

    // The layer's variable, that of its sequence, and the classes and functions that it stands in.
    void find_own_names() {
        const Neighbours around = neighbours_of(text_, layer_);
        if (imported_.is_module) {
            own_names_ = layer_variables(text_, layer_);
            for (const Line& line : lines_) account_alias(line);
            if (!around.variable.empty()) own_names_.push_back(around.variable);
            if (around.added) adding_ = around.variable;
            for (const Variable& variable : mentions_.set_by(*own_)) watch(variable, {0, kForever});
        }
        bool in_class = false;
        for (const std::size_t scope : own_->scopes) {
            if (!in_class) watch({text_.tokens()[scope + 1].text, Variable::kOutside}, {0, kForever});
            in_class = in_class || text_.tokens()[scope].text == "class";
        }
    }

    // self.conv = conv, another name of the layer.
    void account_alias(const Line& line) {
        const auto& tokens = text_.tokens();
        const bool plain = line.from + 3 == line.to && tokens[line.from + 1].is("=") && tokens[line.from + 2].is_name();
        if (plain && std::ranges::count(own_names_, tokens[line.from].text) > 0 &&
            std::ranges::count(own_names_, tokens[line.from + 2].text) > 0)
            text_.account(line.from);
    }

    const Line* application_at() const {
        if (!imported_.is_module) return nullptr;
        const auto application = application_of({text_, layer_, ""}, text_.call_at(layer_));
        return application ? line_of(lines_, application->scope) : nullptr;
    }

    // Behind a statement, or behind the loop that it stands in, what is done comes too late for it.
    std::size_t until_of(const Line& line) const {
        for (const std::size_t block : line.blocks) {
            if (!is_one_of(text_.tokens()[block].text, "for while parfor")) continue;
            std::size_t end = line.to;
            for (const Line& other : lines_) {
                if (std::ranges::count(other.blocks, block) > 0) end = std::max(end, other.to);
            }
            return end;
        }
        return line.to;
    }

    bool watch(const Variable& variable, Reach reach) {
        const auto [at, is_new] = watched_.try_emplace(variable, reach);
        if (is_new) return true;
        const Reach before = at->second;
        at->second = {std::min(before.from, reach.from), std::max(before.until, reach.until)};
        return before.from != at->second.from || before.until != at->second.until;
    }

    // What is not a function's own may be changed from anywhere before the function is called.
    Reach reach_of(const Variable& variable, const Line& line, std::size_t until) const {
        const bool attribute = variable.owner == Variable::kOfObject;
        const bool called_later =
            variable.owner == Variable::kOutside && mentions_.function_of(line) != Variable::kOutside;
        return {0, attribute || called_later ? kForever : until};
    }

    bool watch_names(const Line& line, std::size_t until) {
        bool more = false;
        const auto set = imported_.is_module ? std::nullopt : assignment_in(text_.tokens(), line);
        for (const Mention& mention : mentions_.in(line)) {
            if (mention.called || mention.inner || mention.variable.name == "self") continue;
            if (&line == own_ && set && mention.token < *set) continue;
            more = watch(mention.variable, reach_of(mention.variable, line, until)) || more;
        }
        return more;
    }

    void watch_what_is_read() {
        for (const Line& line : lines_) {
            if (is_read(line) && form_of(text_, line) != Form::harmless)
                watch_names(line, line.from < until_ ? until_ : line.to);
        }
    }

    bool applies_layer(const Line& line) const {
        return std::ranges::any_of(own_names_, [&](const std::string& name) {
            for (std::size_t i = line.from; i < line.to; ++i) {
                if (text_.tokens()[i].is_name() && text_.tokens()[i].text == name && text_.tokens()[i + 1].is("("))
                    return true;
            }
            return false;
        });
    }

    // A statement about another layer of the text, which the note of the layers names.
    bool holds_other_layer(const Line& line) const {
        if (&line == own_) return false;
        const auto& tokens = text_.tokens();
        for (std::size_t i = line.from; i < line.to; ++i) {
            if (!tokens[i].is_name() || !opens(tokens[i + 1])) continue;
            if (std::ranges::count(own_names_, tokens[i].text) == 0 && is_layer_(tokens[i].text)) return true;
        }
        return false;
    }

    // The layer's result and what is made of it, up to where the variable is set to something else.
    void watch_results() {
        std::map<Variable, std::size_t> results;  // and the statement from which on
        const auto end = [&](const Variable& variable, std::size_t until) {
            if (const auto found = results.extract(variable); !found.empty()) watch(variable, {found.mapped(), until});
        };
        for (const Line& line : lines_) {
            const bool makes = (&line == own_ && !imported_.is_module) || applies_layer(line);
            if (line.from < own_->from && !makes) continue;
            const auto mentioned = mentions_.in(line);
            const bool uses = std::ranges::any_of(mentioned, [&](const Mention& mention) {
                return results.contains(mention.variable) && !mention.looks && !mention.inner;
            });
            const auto sign = assignment_in(text_.tokens(), line);
            const bool plain = sign && text_.tokens()[*sign].is("=");
            for (const Variable& variable : mentions_.set_by(line)) {
                if (variable.name == "self") continue;
                if (makes || (uses && !holds_other_layer(line)))
                    results.try_emplace(variable, line.to);
                else if (plain && !line.is_apart_from(*own_) && *sign == line.from + 1)
                    end(variable, line.from + 1);
            }
        }
        while (!results.empty()) end(Variable(results.begin()->first), kForever);
    }

    bool is_added_beside(const Line& line) const {
        const std::string& first = text_.tokens()[line.from].text;
        return !adding_.empty() && (first == adding_ + ".add" || first == adding_ + ".append");
    }

    // model = Net(), main(): what holds the layer is made, or run.
    bool runs_holder(const Line& line) const {
        const auto& tokens = text_.tokens();
        const auto sign = assignment_in(tokens, line);
        const std::size_t name = sign ? *sign + 1 : line.from;
        if (name + 3 != line.to || !tokens[name].is_name() || !tokens[name + 1].is("(")) return false;
        return std::ranges::any_of(own_->scopes,
                                   [&](std::size_t scope) { return tokens[scope + 1].text == tokens[name].text; });
    }

    bool is_kept(const Line& line) const {
        return is_read(line) || form_of(text_, line) == Form::harmless || is_added_beside(line) ||
               holds_other_layer(line);
    }

    // A header such as for x in batches: or if k.sum() > 3:, which sets nothing in place and calls nothing.
    bool is_quiet_header(const Line& line) const {
        const auto& tokens = text_.tokens();
        if (!is_one_of(tokens[line.from].text, "if elif while for switch elseif parfor") ||
            !tokens[line.from].is_name())
            return false;
        for (std::size_t i = line.from + 1; i < line.to; ++i) {
            const bool walrus = tokens[i].is(":") && tokens[i + 1].is("=");
            const bool calls = tokens[i].is_name() && tokens[i + 1].is("(");
            if (walrus) return false;
            if (calls && !is_one_of(last_part(tokens[i].text),
                                    "range len isinstance print zip enumerate sum mean max min abs any all size dim "
                                    "parameters items keys values tqdm modules children batch is_available empty and "
                                    "or not in if"))
                return false;
        }
        return true;
    }

    bool touches(const Line& line) const {
        if (form_of(text_, line) == Form::setting) return line.from < until_ || !own_->scopes.empty();
        return std::ranges::any_of(mentions_.in(line), [&](const Mention& mention) { return touches(line, mention); });
    }

    bool touches(const Line& line, const Mention& mention) const {
        if (mention.looks) return false;
        if (is_one_of(mention.variable.name, "self.register_buffer self.register_parameter")) return any_attribute();
        if (mention.variable.name == "self") return mention.variable.owner == Variable::kOfObject && any_attribute();
        const auto found = watched_.find(mention.variable);
        return found != watched_.end() && line.from >= found->second.from && line.from < found->second.until;
    }

    bool any_attribute() const {
        return std::ranges::any_of(watched_,
                                   [](const auto& entry) { return entry.first.owner == Variable::kOfObject; });
    }

    // What an unread statement names hangs on the layer as well: before it whatever is named, behind it what is set.
    bool spread(const Line& line) {
        if (runs_holder(line) || line.from >= until_) {
            bool more = false;
            for (const Variable& variable : mentions_.set_by(line)) more = watch(variable, {line.to, kForever}) || more;
            return more;
        }
        return watch_names(line, until_);
    }

    void find_unread() {
        std::vector<bool> open(lines_.size());
        for (std::size_t i = 0; i < lines_.size(); ++i) open[i] = !is_kept(lines_[i]) && !is_quiet_header(lines_[i]);
        bool more = true;
        for (int pass = 0; more && pass < kMostPasses; ++pass) {
            more = false;
            for (std::size_t k = 0; k < lines_.size(); ++k) {
                const std::size_t i = pass % 2 == 0 ? k : lines_.size() - 1 - k;
                if (!open[i] || !touches(lines_[i])) continue;
                open[i] = false;
                spread(lines_[i]);
                more = true;
                if (!runs_holder(lines_[i])) unread_.push_back(i);
            }
        }
        for (std::size_t i = 0; more && i < lines_.size(); ++i) {
            if (open[i]) unread_.push_back(i);
        }
        std::ranges::sort(unread_);
    }

    Message written(const Line& line) const {
        return msg("{line} `{code}`", "line"_is(line_place(text_, line.from)), "code"_is(line_written(text_, line)));
    }

    void note_unread() {
        if (unread_.empty()) return;
        std::vector<Message> statements;
        const std::size_t count = std::min(unread_.size(), kMostWritten);
        for (std::size_t i = 0; i < count; ++i) statements.push_back(written(lines_[unread_[i]]));
        const auto listed = "statements"_is(in_a_row(std::move(statements)));
        if (count == unread_.size()) {
            imported_.notes.push_back(msg("not read: {statements}", listed));
            return;
        }
        imported_.notes.push_back(
            msg("not read: {statements}, and {more} more from {line} on, which may have no part in the layer", listed,
                "more"_is(unread_.size() - count), "line"_is(line_place(text_, lines_[unread_[count]].from))));
    }

    // The call of a library's function that computes of a variable what nobody takes: F.pad(x, (1, 1)), or y = F.pad(x, (1, 1))
    // without a y behind it. An array that is only made is no part of what was meant.
    std::optional<std::size_t> unused_call(const Line& line) const {
        const auto& tokens = text_.tokens();
        const auto sign = assignment_in(tokens, line);
        if (sign && (!tokens[*sign].is("=") || *sign != line.from + 1)) return {};
        const std::size_t name = sign ? *sign + 1 : line.from;
        if (name + 1 >= line.to || !tokens[name].is_name() || !tokens[name + 1].is("(")) return {};
        if (!gives_result(tokens[name].text) || is_one_of(last_part(tokens[name].text), kMakers)) return {};
        const auto used = mentions_.in(line);
        const bool computes = std::ranges::any_of(
            used, [&](const Mention& mention) { return mention.token > name && !mention.called && !mention.looks; });
        if (!computes || (sign && is_named_behind(line))) return {};
        return name;
    }

    bool is_named_behind(const Line& line) const {
        const std::vector<Variable> set = mentions_.set_by(line);
        return std::ranges::any_of(lines_, [&](const Line& other) {
            if (other.from <= line.from) return false;
            return std::ranges::any_of(mentions_.in(other), [&](const Mention& mention) {
                return std::ranges::count(set, mention.variable) > 0;
            });
        });
    }

    void note_unused() {
        if (text_.manner() != Manner::python || text_.is_cpp()) return;
        std::size_t noted = 0;
        for (std::size_t i = 0; i < lines_.size() && noted < kMostWritten; ++i) {
            if (&lines_[i] == own_ || is_kept(lines_[i]) || std::ranges::count(unread_, i) > 0) continue;
            const auto call = unused_call(lines_[i]);
            if (!call) continue;
            ++noted;
            imported_.notes.push_back(msg("{line}: the result of {function} is not used; it was left out",
                                          "line"_is(line_place(text_, lines_[i].from)),
                                          "function"_is(text_.tokens()[*call].text)));
        }
    }

    // k = 5 behind def f(): return nn.Conv2d(1, 1, k), of which the k in front of it was taken.
    void note_set_again() {
        std::vector<SetAgain> again;
        SetAgainFinder finder(text_);
        for (const Line& line : lines_) {
            if (!is_read(line)) continue;
            for (SetAgain& each : finder.behind(line.from)) again.push_back(std::move(each));
        }
        for (const auto& [variable, token] : again) {
            text_.account(text_.statement_around(token).first);
            imported_.notes.push_back(
                msg("{line} sets {variable} again, which a function in front of it reads; the value from before was "
                    "taken, and a call further down takes the new one",
                    "line"_is(line_place(text_, token)), "variable"_is(variable)));
        }
    }

    // stride = 2 in class Down(Base), where a method of Base reads self.stride.
    void note_overrides() {
        const auto& tokens = text_.tokens();
        std::set<std::size_t> told;
        for (const Line& line : lines_) {
            if (text_.variables().overrides.empty() || !is_read(line)) continue;
            const auto& assignment = text_.assignment_around(line.from);
            for (std::size_t i = assignment ? assignment->value : line.from; i < line.to; ++i) {
                const auto [from, to] = text_.variables().overrides.equal_range(i);
                if (from == to || tokens[i + 1].is("(")) continue;  // another layer, or a method that makes one
                for (auto each = from; each != to; ++each) {
                    const auto [in_class, token] = each->second;
                    if (!told.insert(token).second) continue;
                    imported_.notes.push_back(
                        msg("{line} sets {variable} for the objects of {class}, which derives from the class that is "
                            "read; the value for that class was taken",
                            "line"_is(line_place(text_, token)), "variable"_is(tokens[i].text),
                            "class"_is("class " + tokens[in_class + 1].text)));
                }
            }
        }
    }

    // def f(k=5): a call may give another.
    void note_defaults() {
        for (const auto& [name, function] : text_.defaults()) {
            imported_.notes.push_back(
                msg("{argument} was taken from the default of {function}; a call of it may give another",
                    "argument"_is(name), "function"_is(function)));
        }
    }

    PastedText& text_;
    std::size_t layer_;
    ImportedLayer& imported_;
    const IsLayer& is_layer_;
    std::vector<Line> lines_;
    Mentions mentions_;
    const Line* own_;
    std::vector<std::string> own_names_;  // of a module: what it is called by
    std::string adding_;                  // the sequence that the layer is added to by add()
    std::size_t until_ = 0;               // the statement that takes the layer's arrays ends here
    std::map<Variable, Reach> watched_;
    std::vector<std::size_t> unread_;
};

}  // namespace

void note_unread_statements(PastedText& text, std::size_t layer, ImportedLayer& imported, const IsLayer& is_layer) {
    Account(text, layer, imported, is_layer).run();
}

}  // namespace convlens::pasted
