#include "core/import/bound_anew.h"

#include <algorithm>

#include "core/import/later.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr int kMostSteps = 20;  // names that are set to names

bool is_dotted(std::string_view name) { return name.find('.') != std::string_view::npos; }

}  // namespace

BoundAnew::BoundAnew(const PastedText& text, const Imports& imports) : text_(text), imports_(imports) {
    if (text.manner() != Manner::python || text.is_cpp()) return;
    lines_ = lines_of(text);
    for (const Line& line : lines_) take_line(line);
    for (std::size_t i = 0; i < text.tokens().size(); ++i) {
        if (is_name(text.tokens()[i], "lambda")) lambdas_.push_back(i);
    }
    take_others();
    for (auto& [name, all] : bindings_) std::ranges::sort(all, {}, &Rebinding::token);
}

// A dotted name is known by what its import line makes of it, so that torch.nn.Conv2d is nn.Conv2d.
void BoundAnew::add(std::string_view name, Rebinding::How how, std::size_t token, const Line& line, std::size_t value) {
    if (name.starts_with("self.")) return;
    bindings_[is_dotted(name) ? imports_.full(name) : std::string(name)].push_back({how, token, line, value});
}

void BoundAnew::take_line(const Line& line) {
    const auto& tokens = text_.tokens();
    const auto at = [&](std::size_t i) -> const Token& { return tokens[std::min(i, tokens.size() - 1)]; };
    for (std::size_t i = line.from; i < line.to && i < line.from + 3; ++i) {  // async def f
        const bool method = !line.scopes.empty() && tokens[line.scopes.back()].text == "class";
        if (!method && tokens[i].is_name() && is_defined(tokens, i))
            add(tokens[i].text, Rebinding::How::defined, i, line);
    }
    const bool by_name = is_name(tokens[line.from], "setattr") && at(line.from + 1).is("(") &&
                         at(line.from + 2).is_name() && at(line.from + 3).is(",") &&
                         at(line.from + 4).kind == Token::Kind::string;
    if (by_name) add(at(line.from + 2).text + "." + at(line.from + 4).text, Rebinding::How::set, line.from + 2, line);
    const auto assignment = assignment_at(tokens, line.from, line.to);
    if (!assignment) return;
    const bool alone = assignment->value + 1 == line.to && tokens[assignment->value].is_name();
    for (const Target& target : assignment->targets) {
        if (target.is_name)
            add(tokens[target.token].text, Rebinding::How::set, target.token, line, alone ? assignment->value : 0);
    }
}

// Imports, loops, with and the like.
void BoundAnew::take_others() {
    for (const Binding& binding : text_.variables().bindings) {
        const bool inner = binding.how == Bound::comprehension || binding.how == Bound::lambda;
        const Line* line = line_of(lines_, binding.token);
        if (inner || binding.how == Bound::changed || !line) continue;
        add(binding.name, binding.how == Bound::imported ? Rebinding::How::imported : Rebinding::How::set,
            binding.token, *line);
    }
}

const std::vector<Rebinding>& BoundAnew::of(std::string_view name) const {
    static const std::vector<Rebinding> kNone;
    const auto found = bindings_.find(name);
    return found == bindings_.end() ? kNone : found->second;
}

bool BoundAnew::runs_later(std::size_t at, const Line& line) const {
    const auto lambda = std::ranges::lower_bound(lambdas_, line.from);
    return (lambda != lambdas_.end() && *lambda < at && is_in_lambda(text_, at)) ||
           std::ranges::any_of(line.scopes, [&](std::size_t header) { return text_.tokens()[header].text != "class"; });
}

// The last binding of a name that counts at a token, if it makes the name something else.
const Rebinding* BoundAnew::last(std::string_view name, std::size_t at, const IsSame& is_same, int steps) const {
    const std::vector<Rebinding>& all = of(name);
    const Line* use = line_of(lines_, at);
    if (all.empty() || !use || steps == 0) return nullptr;
    const bool later = runs_later(at, *use);
    for (std::size_t i = all.size(); i-- > 0;) {
        const Rebinding& binding = all[i];
        if (!later && binding.line.to > at) continue;
        const bool apart = binding.line.is_apart_from(*use);
        const bool failing = apart && i > 0 && is_name(text_.tokens()[binding.line.blocks.back()], "except");
        if (failing) continue;  // what is done where the import of a try is not there
        switch (binding.how) {
            case Rebinding::How::defined: return &binding;
            case Rebinding::How::set: {
                const bool same = binding.value != 0 && is_same(text_.tokens()[binding.value].text);
                if (!same) return &binding;
                const std::string& value = text_.tokens()[binding.value].text;
                const std::string known = is_dotted(value) ? imports_.full(value) : value;
                if (const Rebinding* found = last(known, binding.value, is_same, steps - 1)) return found;
                break;
            }
            case Rebinding::How::imported:  // of a module whose function has been set before
                for (const Rebinding& of_module : of(imports_.full(name))) {
                    if (is_dotted(imports_.full(name)) && of_module.token < binding.token) return &of_module;
                }
                break;
        }
        if (!apart) return nullptr;
    }
    return nullptr;
}

const Rebinding* BoundAnew::of_call(std::size_t call, const IsSame& is_same) const {
    const std::string& name = text_.tokens()[call].text;
    if (!is_dotted(name)) return last(name, call, is_same, kMostSteps);
    if (const Rebinding* found = last(imports_.full(name), call, is_same, kMostSteps)) return found;
    if (!imports_.line_of(name)) return nullptr;
    // signal = other behind the import of signal
    const std::string_view head = first_part(name);
    const auto behind = name.substr(head.size());
    return last(
        head, call,
        [&](std::string_view module) { return imports_.full(std::string(module) + behind) == imports_.full(name); },
        kMostSteps);
}

}  // namespace convlens::pasted
