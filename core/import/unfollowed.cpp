// What a text does to a layer's arrays and to the layer itself, and is not followed: each such statement is named.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/import/lines.h"
#include "core/import/neighbours.h"
#include "core/import/programs.h"
#include "core/import/trace.h"

namespace convlens::pasted {

namespace {

constexpr std::size_t kMostWatched = 64;  // names
constexpr int kMostSteps = 20;            // names that are set to names
constexpr std::size_t kMostNoted = 8;
constexpr std::size_t kMostLooked = 2000;  // values that are looked through for names
constexpr int kMostMentions = 8;           // of a layer in one statement

// What gives the same cells again, which what changes one of them changes too: w.T, w[0], w.view(3, 3), np.asarray(w).
constexpr std::string_view kSharing =
    "T view reshape data numpy detach ravel squeeze unsqueeze transpose permute asarray asanyarray from_numpy swapaxes "
    "contiguous ascontiguousarray as_tensor requires_grad_ to cuda cpu";

// A variable that matters between two tokens.
struct Watched {
    std::string name;
    std::size_t from = 0;
    std::size_t to = 0;
    bool defined = false;  // by a statement of the text, at `from`
    bool told = false;     // its numbers are, so that cells that are set have been followed
    std::size_t seen = 0;  // the token before which statements that set it have been followed
};

// The variable whose cells a value shares; "" for one with cells of its own.
std::string shared_by(const Node& value) {
    switch (value.kind) {
        case Node::Kind::name: {
            const bool attribute = is_one_of(last_part(value.text), kSharing) && !first_parts(value.text).empty();
            return attribute ? std::string(first_parts(value.text)) : value.text;
        }
        case Node::Kind::call: {
            if (!is_one_of(last_part(value.text), kSharing)) return "";
            const std::string_view receiver = first_parts(value.text);
            const bool function = receiver.empty() || is_one_of(receiver, "np numpy torch jnp tf");
            if (!function) return std::string(receiver);
            return value.items.empty() ? "" : shared_by(value.items[0]);
        }
        case Node::Kind::method:
            return value.text.starts_with('[') || is_one_of(value.text, kSharing) ? shared_by(value.items[0]) : "";
        default: return "";
    }
}

class Unfollowed {
public:
    Unfollowed(PastedText& text, std::size_t layer, ImportedLayer& imported)
        : text_(text), layer_(layer), imported_(imported), lines_(lines_of(text)) {}

    void run() {
        const Node call = text_.call_at(layer_);
        for (const Node& item : call.items) watch(item, call.scope, kMostSteps);
        if (imported_.is_module) watch_module(call);
        for (const Line& line : lines_) {
            if (text_.is_taken(line.from)) watch_line(line);
        }
        watch_aliases();
        for (const Line& line : lines_) look_at(line);
        note_loop();
    }

private:
    // for i in range(3): x = F.conv2d(x, w), whose result is its next input.
    void note_loop() {
        const auto application =
            imported_.is_module ? application_of({text_, layer_, ""}, text_.call_at(layer_)) : std::nullopt;
        const Line* line = line_of(lines_, application ? application->scope : layer_);
        const auto& tokens = text_.tokens();
        if (!line || line->blocks.empty() || (imported_.is_module && !application)) return;
        if (!tokens[line->from].is_name() || !tokens[line->from + 1].is("=")) return;
        const std::size_t loop = line->blocks.back();
        if (!is_one_of(tokens[loop].text, "for while parfor") || !uses(*line, tokens[line->from].text)) return;
        if (loops_over(*line, loop)) return;
        text_.account(line->from);
        imported_.notes.push_back(
            msg("{line}: {code} is done again on its own result by the loop of {loop}; once was taken",
                "line"_is(line_place(text_, line->from)), "code"_is(line_written(text_, *line)),
                "loop"_is(line_place(text_, loop))));
    }

    bool uses(const Line& line, const std::string& name) const {
        const std::size_t from = line.from + 2;
        const auto& tokens = text_.tokens();
        const bool to_second = text_.is_cpp() && from == layer_ && from + 2 < line.to;  // f(x, y) sets y and reads x
        if (to_second) return tokens[from + 2].text == name && tokens[from + 3].is(",");
        for (std::size_t i = from; i < line.to; ++i) {
            if (text_.tokens()[i].is_name() && text_.tokens()[i].text == name) return true;
        }
        return false;
    }

    // for x in batches: x = conv(x), whose input is another one each time.
    bool loops_over(const Line& line, std::size_t loop) const {
        const Line* header = line_of(lines_, loop);
        const std::string& name = text_.tokens()[line.from].text;
        return header && effect_of(text_, *header, name) == Effect::changes;
    }

    void watch_module(const Node& call) {
        std::set<std::string> names;
        for (std::string& own : layer_variables(text_, layer_)) names.insert(std::move(own));
        if (const auto element = element_of(text_, layer_)) list_ = element->variable;
        if (!list_.empty()) names.insert(list_);
        const Neighbours around = neighbours_of(text_, layer_);
        added_ = around.added;
        if (!around.variable.empty()) names.insert(around.variable);
        for (const std::string& name : names) {
            objects_.push_back(name);
            if (const auto given = given_to({text_, layer_, ""}, name)) watch(*given, given->scope, kMostSteps);
        }
        if (const auto application = application_of({text_, layer_, ""}, call);
            application && !application->items.empty())
            watch(application->items[0], application->scope, kMostSteps);
    }

    // A statement that became the layer's, conv.weight.data = w: what it takes is what w is there.
    void watch_line(const Line& line) {
        for (std::size_t i = line.from; i < line.to; ++i) {
            if (!text_.tokens()[i].is_name() || ++looked_ >= kMostLooked) continue;
            Node name;
            name.kind = Node::Kind::name;
            name.text = text_.tokens()[i].text;
            name.scope = line.from;
            if (definition_of(name)) watch(name, line.from, kMostSteps);
        }
    }

    // The names in a value, back to what they are set to. `until`: the token up to which their cells matter.
    void watch(const Node& node, std::size_t until, int steps) {
        if (steps == 0 || watched_.size() >= kMostWatched || looked_ >= kMostLooked) return;
        ++looked_;
        if (node.kind == Node::Kind::name) watch_name(node, until, steps);
        if (node.kind == Node::Kind::call && !node.text.empty()) {
            Node receiver = node;
            receiver.kind = Node::Kind::name;
            receiver.items.clear();
            if (text_.manner() != Manner::matlab) receiver.text = first_parts(node.text);
            if (!receiver.text.empty() && definition_of(receiver)) watch_name(receiver, until, steps);
        }
        for (const Node& item : node.items) watch(item, until, steps);
    }

    void watch_name(const Node& name, std::size_t until, int steps) {
        static constexpr std::string_view kWords = "self True False None true false np torch nn F tf jnp cv2 signal";
        if (is_one_of(name.text, kWords)) return;
        const auto known = [&](const Watched& other) { return other.name == name.text && other.to == until; };
        if (std::ranges::any_of(watched_, known)) return;
        const Line* definition = definition_of(name);
        Watched watched{name.text, definition ? definition->from : 0, until, definition != nullptr, false, name.scope};
        if (!definition) watched.from = function_of(name.scope);
        watched.told = array_of(text_, name).has_value();
        watched_.push_back(watched);
        if (!definition) return watch_argument(name, steps);
        std::size_t token = definition->from + 2;
        const bool registered = !text_.registered_at(definition->from).empty();
        const Node value = registered ? text_.call_at(definition->from) : text_.value_at(token);
        const std::string shared = shared_by(value);
        watch(value, shared.empty() ? value.scope : until, steps - 1);
    }

    // What the one call of a function gives its parameter.
    void watch_argument(const Node& name, int steps) {
        if (!text_.variables().parameters.contains(name.text)) return;
        if (const auto argument = text_.assigned(name); argument && steps > 0)
            watch(*argument, argument->scope, steps - 1);
    }

    // The last statement before the name's place that sets it and nothing else, and is no branch; nullptr for none.
    const Line* definition_of(const Node& name) {
        const Line* use = line_of(lines_, name.scope);
        const Line* found = nullptr;
        for (const Line& line : lines_) {
            if (line.from >= name.scope) break;
            const Token& first = text_.tokens()[line.from];
            const bool sets = first.is_name() && first.text == name.text && text_.tokens()[line.from + 1].is("=");
            if (!sets && text_.registered_at(line.from) != name.text) continue;
            const bool hidden = use && line.is_hidden_from(*use) && !name.text.starts_with("self.");
            if (!use || (!line.is_apart_from(*use) && !hidden)) found = &line;
        }
        return found;
    }

    // Where the function that a token stands in begins: a name that the text does not set may be its parameter.
    std::size_t function_of(std::size_t token) const {
        std::size_t start = 0;
        for (const Line& line : lines_) {
            if (line.from < token && text_.tokens()[line.from].text == "def") start = line.from;
        }
        return start;
    }

    // v = w: what changes v changes w.
    void watch_aliases() {
        for (const Line& line : lines_) {
            const auto& tokens = text_.tokens();
            if (line.from + 2 >= line.to || !tokens[line.from].is_name() || !tokens[line.from + 1].is("=")) continue;
            for (std::size_t i = 0; i < watched_.size() && watched_.size() < kMostWatched; ++i) {
                const Watched of = watched_[i];
                if (line.from <= of.from || line.from >= of.to || tokens[line.from].text == of.name) continue;
                if (!is_of(tokens[line.from + 2], of.name) && !tokens[line.from + 2].text.ends_with("asarray"))
                    continue;
                std::size_t token = line.from + 2;
                if (shared_by(text_.value_at(token)) != of.name || text_.manner() == Manner::matlab) continue;
                watched_.push_back({tokens[line.from].text, line.from, of.to, true, false, 0});
            }
        }
    }

    void look_at(const Line& line) {
        if ((layer_ >= line.from && layer_ < line.to) || text_.is_taken(line.from)) return;
        for (const Watched& watched : watched_) {
            if (line.from > watched.from && line.from < watched.to && is_unfollowed(line, watched))
                return is_taken_from_branch(line, watched) ? note_branch(line) : note(line, watched.name);
        }
        for (const std::string& object : objects_) {
            if (changes_object(line, object)) return note(line, object);
        }
    }

    bool is_unfollowed(const Line& line, const Watched& watched) {
        const Effect effect = effect_of(text_, line, watched.name);
        const Line* use = line_of(lines_, watched.to);
        const bool apart = use && line.is_apart_from(*use);
        if (effect == Effect::none) return false;
        const bool hidden = use && line.is_hidden_from(*use) && !watched.name.starts_with("self.");
        if (hidden && is_local(line, watched.name)) return false;
        if (effect == Effect::sets) return (apart || hidden) && !keeps(line, watched.name);
        const auto& tokens = text_.tokens();
        const Token& first = tokens[line.from];
        const bool own = first.is_name() && first.text == watched.name;
        if (!apart && line.from < watched.seen && watched.told && text_.is_followed(line.from, watched.name))
            return false;
        if (!apart && own && line.from < watched.seen && watched.told && opens(tokens[line.from + 1]))
            return !sets_followed_cells(line);
        const bool anew = !own && !watched.defined && is_set_with_others(line);
        return !anew;
    }

    // Whether a statement in a branch is one that the text's reader took, as none outside of the branches sets the name.
    bool is_taken_from_branch(const Line& line, const Watched& watched) {
        const Line* use = line_of(lines_, watched.to);
        if (watched.defined || !use || line.from >= watched.seen || noted_ > kMostNoted) return false;
        Node name;
        name.kind = Node::Kind::name;
        name.text = watched.name;
        name.scope = watched.seen;
        const Message left_out = left_out_before(name);
        for (int steps = 0; steps < kMostSteps && left_out_before(name) == left_out; ++steps) {
            const auto value = text_.assigned(name);
            if (!value || value->scope >= name.scope) return false;
            if (value->scope == line.from) return true;
            name.scope = value->scope;
        }
        return false;
    }

    // The change at which the trace of an input ends: the same further back, as long as what lies between was followed.
    Message left_out_before(const Node& name) { return traced(text_, name, "NCHW", Role::input).left_out; }

    void note_branch(const Line& line) {
        text_.account(line.from);
        imported_.notes.push_back(msg("{line}: {code} stands in a branch or a loop; it was taken, as if done once",
                                      "line"_is(line_place(text_, line.from)), "code"_is(line_written(text_, line))));
    }

    // Whether a name within a function is another than outside of it: a parameter, or one that the function sets.
    bool is_local(const Line& line, const std::string& name) {
        if (name.starts_with("self.") || line.scopes.empty()) return false;
        const auto [known, is_new] = locals_.try_emplace({line.scopes.back(), name}, false);
        if (is_new) known->second = is_local_of(line.scopes.back(), name);
        return known->second;
    }

    bool is_local_of(std::size_t function, const std::string& name) const {
        for (const Line* other = line_of(lines_, function); other && other < lines_.data() + lines_.size(); ++other) {
            const bool header = other->from == function;
            if (!header && std::ranges::count(other->scopes, function) == 0) return false;
            const Token& first = text_.tokens()[other->from];
            const bool named = std::any_of(text_.tokens().begin() + static_cast<std::ptrdiff_t>(other->from) + 1,
                                           text_.tokens().begin() + static_cast<std::ptrdiff_t>(other->to),
                                           [&](const Token& token) { return token.text == name; });
            if (named && first.is_name() && is_one_of(first.text, "global nonlocal")) return false;
            if ((header && named) || effect_of(text_, *other, name) == Effect::sets) return true;
        }
        return false;
    }

    // w[0] = 5, which arrays follow; not w[0] *= 5 or w[0].fill_(5).
    bool sets_followed_cells(const Line& line) const {
        const auto& tokens = text_.tokens();
        return tokens[std::min(closing_of(tokens, line.from + 1) + 1, tokens.size() - 1)].is("=");
    }

    // for x, y in batches; k, j = 1, 2; cv::Mat k = ...: where a variable comes from, if nothing sets it before.
    bool is_set_with_others(const Line& line) const {
        const auto& tokens = text_.tokens();
        const Token& first = tokens[line.from];
        return is_one_of(first.text, "for with") || !tokens[line.from + 1].is("(");
    }

    // if gpu: x = x.cuda()
    bool keeps(const Line& line, const std::string& name) {
        const auto& tokens = text_.tokens();
        const Token& value = tokens[std::min(line.from + 2, tokens.size() - 1)];
        return is_of(value, name) && is_one_of(last_part(value.text), "cuda to cpu contiguous detach");
    }

    bool changes_object(const Line& line, const std::string& object) {
        const auto& tokens = text_.tokens();
        int mentions = 0;
        const bool own = object.starts_with("self.");
        const std::string bare = own ? object.substr(5) : object;
        for (std::size_t i = line.from; i < line.to; ++i) {
            const std::string name = part_of_name(tokens[i], bare, own);
            if (name.empty() || i == layer_ || ++mentions > kMostMentions) continue;
            const Effect effect = effect_of(text_, line, name);
            const bool attribute =
                effect == Effect::none && tokens[i].text != name && i == line.from && tokens[i + 1].is("=");
            if ((effect == Effect::changes || attribute) && !is_harmless(line)) return true;
            if (goes_through(line, tokens[i]) && changes_in_body(line)) return true;
        }
        return false;
    }

    // for p in conv.parameters(), for conv in convs
    bool goes_through(const Line& line, const Token& token) const {
        static constexpr std::string_view kParts =
            "parameters named_parameters modules named_modules children named_children state_dict trainable_weights "
            "weights variables";
        const bool all = is_one_of(last_part(token.text), kParts) || (!list_.empty() && token.text == list_);
        return text_.tokens()[line.from].text == "for" && all;
    }

    // Whether a statement in the block of a header does more than look: nn.init.ones_(p), p.data = 1.
    bool changes_in_body(const Line& header) const {
        static constexpr std::string_view kLooks = "print append numel size len format sum item";
        const auto& tokens = text_.tokens();
        return std::ranges::any_of(lines_, [&](const Line& line) {
            const bool within = std::ranges::count(line.blocks, header.from) > 0 && line.from != header.from;
            if (!within || is_harmless(line) || line.from + 1 >= line.to) return false;
            const bool counts = tokens[line.from + 1].is("+=");
            return !counts && !is_one_of(last_part(tokens[line.from].text), kLooks) &&
                   std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(line.from),
                               tokens.begin() + static_cast<std::ptrdiff_t>(line.to),
                               [](const Token& token) { return token.is("(") || token.is("="); });
        });
    }

    // Model attributes that change no result.
    bool is_harmless(const Line& line) const {
        const Token& first = text_.tokens()[line.from];
        return is_one_of(last_part(first.text), "requires_grad trainable training name") ||
               (added_ && is_one_of(last_part(first.text), "add append"));
    }

    // "net.conv" of the token net.conv.weight, where the layer is self.conv; "" where the token is another's.
    static std::string part_of_name(const Token& token, const std::string& bare, bool own) {
        if (!token.is_name()) return "";
        if (is_of(token, bare) && !own) return bare;
        if (!own) return "";
        // Behind another name than self. the attribute may be that of any class.
        const std::string attribute = token.text.starts_with("self.") ? bare : unmarked(bare);
        const std::size_t at = ("." + token.text + ".").find("." + attribute + ".");
        return at == std::string::npos || at == 0 ? "" : token.text.substr(0, at + attribute.size());
    }

    void note(const Line& line, const std::string& name) {
        if (noted_ > kMostNoted) return;
        text_.account(line.from);
        if (noted_ == kMostNoted) {
            ++noted_;
            imported_.notes.push_back(
                msg("{line} changes {variable} too, and so may lines below it; they are not followed",
                    "line"_is(line_place(text_, line.from)), "variable"_is(name)));
            return;
        }
        const Message text =
            msg("{line}: {code} changes {variable} and is not followed", "line"_is(line_place(text_, line.from)),
                "code"_is(line_written(text_, line)), "variable"_is(name));
        if (std::ranges::count(imported_.notes, text) > 0) return;
        ++noted_;
        imported_.notes.push_back(text);
    }

    PastedText& text_;
    std::size_t layer_;
    ImportedLayer& imported_;
    std::vector<Line> lines_;
    std::vector<Watched> watched_;
    std::vector<std::string> objects_;  // the layer's variable, and that of what holds it
    std::string list_;                  // the variable of the list that the layer is an item of
    bool added_ = false;                // the layer, by model.add(...), as are its neighbours
    std::map<std::pair<std::size_t, std::string>, bool> locals_;  // by function, whether a name is its own
    std::size_t looked_ = 0;
    std::size_t noted_ = 0;
};

}  // namespace

void note_unfollowed(PastedText& text, std::size_t layer, ImportedLayer& imported) {
    try {
        Unfollowed(text, layer, imported).run();
    } catch (const ImportError& error) {
        imported.notes.push_back(msg("what else changes the layer was not looked for in all of the text: {reason}",
                                     "reason"_is(error.words())));
    }
}

}  // namespace convlens::pasted
