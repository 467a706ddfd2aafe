#include "core/import/scope.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/import/call.h"
#include "core/import/lines.h"
#include "core/import/scope_tree.h"
#include "core/import/targets.h"
#include "core/import/value.h"

namespace convlens::pasted {

namespace {

constexpr char kMark = '\x01';  // which no name has: the lexer makes it a sign

class Namer {
public:
    Namer(std::vector<Token>& tokens, const std::vector<Line>& lines)
        : tokens_(tokens), lines_(lines), tree_(read_scopes(tokens, lines)) {}

    Variables run() {
        for (const Line& line : lines_) find_attributes(line);
        find_objects();
        find_set();
        find_fields();
        mark_attributes();
        mark_names();
        take_bindings();
        variables_.method_of = std::move(tree_.method_of);
        return std::move(variables_);
    }

private:
    const Token& at(std::size_t i) const { return tokens_[std::min(i, tokens_.size() - 1)]; }

    static std::string_view head_of(std::string_view name) { return name.substr(0, name.find('.')); }
    // "conv" of self.conv.weight; "" where there is none.
    static std::string_view attribute_in(std::string_view name) {
        const std::size_t dot = name.find('.');
        return dot == std::string_view::npos ? "" : head_of(name.substr(dot + 1));
    }

    void find_attributes(const Line& line) {
        const std::size_t scope = tree_.around(line);
        const auto add = [&](std::string_view name, std::string_view attribute, std::size_t token) {
            const auto owner_class = tree_.class_of_self(name, scope);
            if (!owner_class || attribute.empty()) return;
            tree_.scopes[*owner_class].attributes.emplace(attribute);
            places_.try_emplace({*owner_class, std::string(attribute)}, token);
        };
        const Token& first = tokens_[line.from];
        if (first.is_name() && is_one_of(last_part(first.text), "register_buffer register_parameter add_module") &&
            at(line.from + 1).is("(") && at(line.from + 2).kind == Token::Kind::string) {
            const auto owner_class = tree_.class_of_self(head_of(first.text), scope);
            if (owner_class) registered_.push_back({line.from + 2, *owner_class});
            return add(head_of(first.text), at(line.from + 2).text, line.from + 2);
        }
        const auto assignment = assignment_at(tokens_, line.from, line.to);
        for (const Target& target : assignment ? assignment->targets : std::vector<Target>{}) {
            const std::string& name = tokens_[target.token].text;
            const bool whole = target.is_name && std::ranges::count(name, '.') == 1;
            if (whole) add(head_of(name), attribute_in(name), target.token);
        }
    }

    bool sets(std::size_t in_class, std::string_view attribute) const {
        const Scope& scope = tree_.scopes[in_class];
        return scope.attributes.contains(attribute) || scope.bound.contains(attribute);
    }

    // The class that gives an object of `in_class` an attribute: itself, what it derives from, or the one class that
    // derives from it.
    std::size_t giver(std::size_t in_class, std::string_view attribute, int steps = 0) const {
        constexpr int kMostSteps = 20;
        if (sets(in_class, attribute) || steps > kMostSteps) return in_class;
        for (const std::size_t base : tree_.scopes[in_class].bases) {
            const std::size_t found = giver(base, attribute, steps + 1);
            if (sets(found, attribute)) return found;
        }
        if (steps > 0) return in_class;
        std::optional<std::size_t> derived;
        constexpr std::size_t kMostClasses = 200;
        for (std::size_t i = 0; tree_.classes.size() < kMostClasses && i < tree_.scopes.size(); ++i) {
            if (tree_.scopes[i].bases.empty() || !derives(i, in_class) || !sets(i, attribute)) continue;
            if (derived) return in_class;
            derived = i;
        }
        return derived.value_or(in_class);
    }

    bool derives(std::size_t in_class, std::size_t base, int steps = 0) const {
        constexpr int kMostSteps = 20;
        return steps < kMostSteps && std::ranges::any_of(tree_.scopes[in_class].bases, [&](std::size_t each) {
                   return each == base || derives(each, base, steps + 1);
               });
    }

    // Those that give an object of a class that derives from `in_class` another value of an attribute.
    const std::vector<Override>& overrides_of(std::size_t in_class, const std::string& attribute) {
        constexpr std::size_t kMostClasses = 200;
        const auto [known, is_new] = overrides_.try_emplace({in_class, attribute});
        if (!is_new || tree_.classes.size() >= kMostClasses) return known->second;
        std::set<std::size_t> givers{giver(in_class, attribute)};
        for (std::size_t i = 0; i < tree_.scopes.size(); ++i) {
            if (tree_.scopes[i].bases.empty() || !derives(i, in_class)) continue;
            const std::size_t other = giver(i, attribute);
            if (!sets(other, attribute) || !givers.insert(other).second) continue;
            const std::size_t header = tree_.scopes[other].header;
            const auto place = places_.find({other, attribute});
            known->second.push_back({header, place == places_.end() ? header : place->second});
        }
        return known->second;
    }

    // The attributes that classes of the text set; not register_buffer of self.register_buffer, which all modules have.
    void find_set() {
        for (std::size_t i = 0; i < tree_.scopes.size(); ++i) {
            const Scope& scope = tree_.scopes[i];
            if (scope.kind != Scope::Kind::in_class) continue;
            set_.insert(scope.attributes.begin(), scope.attributes.end());
            for (const std::string& name : scope.bound) {
                if (!tree_.methods.contains({i, name})) set_.insert(name);
            }
        }
    }

    // Config(k=5) of a class without an __init__ of its own, as dataclasses and Flax's modules are: its k is what each
    // object is made with.
    void find_fields() {
        for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
            if (!tokens_[i].is_name() || !tokens_[i + 1].is("(") || (i > 0 && is_name(tokens_[i - 1], "class")))
                continue;
            const auto in_class = tree_.classes.find(tokens_[i].text);
            if (in_class == tree_.classes.end()) continue;
            const std::size_t maker = giver(in_class->second, "__init__");
            if (!tree_.methods.contains({maker, "__init__"})) take_fields(in_class->second, i + 1);
        }
    }

    void take_fields(std::size_t in_class, std::size_t bracket) {
        std::set<std::string, std::less<>> given;
        bool by_place = false;
        if (at(bracket + 1).is(")")) return;
        for (const Part& part : parts_between_commas(tokens_, {bracket + 1, closing_of(tokens_, bracket)})) {
            if (at(part.from + 1).is("="))
                given.insert(tokens_[part.from].text);
            else
                by_place = true;
        }
        for (const auto& [token, scope] : tree_.own) {
            const bool field = scope == in_class && (by_place || given.contains(tokens_[token].text));
            if (field) tree_.bindings.push_back({{"", token, Bound::changed}, scope});
        }
    }

    struct Attribute {
        std::size_t token;
        std::size_t in_class;
        std::string name;
        std::string rest;  // ".weight"
    };

    // self.conv of each class, and k of its body, which becomes self.k.
    void mark_attributes() {
        std::vector<Attribute> all;
        for (const auto& [token, scope] : tree_.own) {
            if (tree_.scopes[scope].kind == Scope::Kind::in_class)
                places_.insert_or_assign({scope, tokens_[token].text}, token);
        }
        for (const Use& use : tree_.uses) {
            const std::string text = tokens_[use.token].text;
            const std::string_view head = head_of(text);
            const std::string behind = text.substr(head.size());
            if (const auto in_class = tree_.class_of_self(head, use.scope)) {
                done_.insert(use.token);
                if (behind.empty()) {
                    tokens_[use.token].text = "self";
                    continue;
                }
                const std::string name(attribute_in(text));
                all.push_back({use.token, giver(*in_class, name), name, behind.substr(name.size() + 1)});
                for (const Override& each : overrides_of(*in_class, name))
                    variables_.overrides.insert({use.token, each});
                continue;
            }
            const std::size_t scope = tree_.owner(head, use.scope);
            const bool of_body = scope != 0 && tree_.scopes[scope].kind == Scope::Kind::in_class &&
                                 !tree_.methods.contains({scope, std::string(head)});
            if (of_body) {
                done_.insert(use.token);
                all.push_back({use.token, scope, std::string(head), behind});
                continue;
            }
            const auto known = scope == 0 && !behind.empty() ? class_named(head) : std::nullopt;
            const std::string name(attribute_in(text));
            if (!known || !tree_.scopes[*known].bound.contains(name) || tree_.methods.contains({*known, name}))
                continue;
            done_.insert(use.token);
            all.push_back({use.token, *known, name, behind.substr(name.size() + 1)});
        }
        for (const auto& [token, in_class] : registered_) all.push_back({token, in_class, tokens_[token].text, ""});
        std::map<std::string, std::vector<std::size_t>> classes;  // by attribute, in the order of the text
        std::ranges::sort(all, {}, &Attribute::token);
        for (const Attribute& each : all) {
            auto& known = classes[each.name];
            if (std::ranges::count(known, each.in_class) == 0) known.push_back(each.in_class);
        }
        for (const Attribute& each : all) {
            const auto& known = classes[each.name];
            const bool is_method = tree_.methods.contains({each.in_class, each.name}) || !set_.contains(each.name);
            std::string name = each.name;
            if (known.size() > 1 && known.front() != each.in_class && !is_method)
                name += mark_of(each.in_class, "self." + each.name);
            const bool word = tokens_[each.token].kind == Token::Kind::string;
            tokens_[each.token].text = (word ? "" : "self.") + name + each.rest;
        }
    }

    // Config of Config.k, and cfg where cfg = Config() and nothing else sets it.
    std::optional<std::size_t> class_named(std::string_view name) const {
        const auto found = tree_.classes.find(name);
        if (found != tree_.classes.end()) return found->second;
        const auto object = objects_.find(name);
        return object == objects_.end() ? std::nullopt : object->second;
    }

    void find_objects() {
        for (const auto& [token, scope] : tree_.own) {
            const bool made = at(token + 1).is("=") && at(token + 2).is_name() && at(token + 3).is("(");
            const auto maker = made ? tree_.classes.find(at(token + 2).text) : tree_.classes.end();
            const auto in_class = maker == tree_.classes.end() ? std::nullopt : std::optional(maker->second);
            const auto [object, is_new] = objects_.try_emplace(tokens_[token].text, in_class);
            if (!is_new) object->second.reset();
        }
    }

    std::string mark_of(std::size_t scope, const std::string& name) {
        const auto [at, is_new] = marks_.try_emplace({scope, name}, 0);
        if (is_new) at->second = marks_.size();
        return kMark + std::to_string(at->second);
    }

    bool is_parameter(std::size_t token) const {
        return std::ranges::any_of(tree_.parameters, [&](const auto& each) { return each.first == token; });
    }

    // Whether a variable of a function is a library that it is given, def forward(self, F, x): its functions keep their
    // names. It is one where all that is done with it is to take something behind its dot.
    bool is_module(std::string_view head, std::size_t scope) {
        if (!is_one_of(head, "nn F tf keras layers torch K L np jnp")) return false;
        const auto [known, is_new] = modules_.try_emplace({scope, std::string(head)}, true);
        if (!is_new) return known->second;
        for (const Use& use : tree_.uses) {
            if (tokens_[use.token].text == head && tree_.owner(head, use.scope) == scope && !is_parameter(use.token))
                known->second = false;
        }
        return known->second;
    }

    void mark_names() {
        std::map<std::string, std::set<std::size_t>, std::less<>> owners;
        for (const Use& use : tree_.uses) {
            if (done_.contains(use.token)) continue;
            const std::string head(head_of(tokens_[use.token].text));
            owners[head].insert(tree_.owner(head, use.scope));
        }
        std::map<std::size_t, std::string> named;
        for (const Use& use : tree_.uses) {
            if (done_.contains(use.token)) continue;
            const std::string& text = tokens_[use.token].text;
            const std::string head(head_of(text));
            const std::size_t scope = tree_.owner(head, use.scope);
            if (scope == 0 || owners[head].size() < 2 || head == "self" || is_module(head, scope)) continue;
            named[use.token] = head + mark_of(scope, head) + text.substr(head.size());
        }
        find_own();
        for (auto& [token, name] : named) tokens_[token].text = std::move(name);
    }

    // Before the names are marked: which bare names mean variables that the text sets.
    void find_own() {
        std::set<std::pair<std::string, std::size_t>> set;
        std::map<std::string, std::size_t> first;  // of the module, the token from which on
        for (const auto& [token, scope] : tree_.own) {
            const std::string& name = tokens_[token].text;
            const std::size_t of = tree_.owner(name, scope);
            set.insert({name, of});
            if (of == 0) first.try_emplace(name, token);
        }
        for (const auto& [token, parameter] : tree_.parameters) {
            if (const auto scope = tree_.of_header.find(parameter.function); scope != tree_.of_header.end())
                set.insert({parameter.keyword, scope->second});
        }
        for (const auto& [binding, scope] : tree_.bindings) {
            if (binding.how == Bound::lambda) set.insert({tokens_[binding.token].text, scope});
        }
        for (const Use& use : tree_.uses) {
            const std::string& name = tokens_[use.token].text;
            if (name.find('.') != std::string::npos) continue;
            const std::size_t of = tree_.owner(name, use.scope);
            if (!set.contains({name, of})) continue;
            const bool before = of == 0 && use.scope == 0 && use.token < first[name];
            if (!before) variables_.own.insert(use.token);
        }
    }

    void take_bindings() {
        for (auto& [binding, scope] : tree_.bindings) {
            binding.name = tokens_[binding.token].text;
            variables_.bindings.push_back(std::move(binding));
        }
        std::ranges::sort(variables_.bindings, {}, &Binding::token);
        for (auto& [token, parameter] : tree_.parameters)
            variables_.parameters.insert_or_assign(tokens_[token].text, std::move(parameter));
    }

    std::vector<Token>& tokens_;
    const std::vector<Line>& lines_;
    ScopeTree tree_;
    std::map<std::string, std::optional<std::size_t>, std::less<>> objects_;  // variables, and the one class of each
    std::vector<std::pair<std::size_t, std::size_t>> registered_;  // words of register_buffer(), with their classes
    std::map<std::pair<std::size_t, std::string>, std::size_t> places_;  // where classes set attributes, by both
    std::map<std::pair<std::size_t, std::string>, std::vector<Override>> overrides_;  // see overrides_of()
    std::set<std::size_t> done_;                                                      // tokens that are attributes
    std::map<std::pair<std::size_t, std::string>, std::size_t> marks_;                // by scope and name
    std::set<std::string, std::less<>> set_;                                          // see find_set()
    std::map<std::pair<std::size_t, std::string>, bool> modules_;  // see is_module(), by scope and name
    Variables variables_;
};

}  // namespace

Variables name_variables(std::vector<Token>& tokens, const std::vector<Line>& lines) {
    return Namer(tokens, lines).run();
}

std::string unmarked(std::string_view name) {
    std::string plain;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != kMark) {
            plain += name[i];
            continue;
        }
        while (i + 1 < name.size() && name[i + 1] >= '0' && name[i + 1] <= '9') ++i;
    }
    return plain;
}

Message unmarked(Message message) {
    for (Argument& argument : message.arguments) {
        if (auto* const text = std::get_if<std::string>(&argument.value))
            *text = unmarked(*text);
        else if (auto* const inner = std::get_if<Message>(&argument.value))
            *inner = unmarked(std::move(*inner));
    }
    return message;
}

}  // namespace convlens::pasted
