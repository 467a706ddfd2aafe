// What a layer that is a module, nn.Conv2d(...), is given: in its own brackets, where its variable is called, or by the
// module in front of it in a sequence.
#include <algorithm>
#include <utility>

#include "core/import/lines.h"
#include "core/import/neighbours.h"
#include "core/import/programs.h"

namespace convlens::pasted {

namespace {

// model.add( and (conv1): and ('conv1', between two modules of a sequence.
bool is_between(const std::vector<Token>& tokens, std::size_t at) {
    const Token& token = tokens[at];
    if (token.kind == Token::Kind::newline || token.kind == Token::Kind::string || token.kind == Token::Kind::number)
        return true;
    if (token.is(",") || token.is(":") || token.is(";") || token.is("(") || token.is(")") || token.is("[")) return true;
    if (!token.is_name()) return false;
    const bool label = at + 2 < tokens.size() && tokens[at + 1].is(")") && tokens[at + 2].is(":");
    return label || is_one_of(last_part(token.text), "add append");
}

// The token of the nearest padding module in front of a token; nothing for none.
std::optional<std::size_t> padding_in_front(const std::vector<Token>& tokens, std::size_t at) {
    for (std::size_t i = at; i-- > 0;) {
        if (tokens[i].is_name() && is_padding_module(tokens[i].text) && tokens[i + 1].is("(")) return i;
    }
    return {};
}

bool are_neighbours(const std::vector<Token>& tokens, const Node& call, std::size_t next) {
    bool neighbours = call.end <= next;
    for (std::size_t i = call.end; neighbours && i < next; ++i) neighbours = is_between(tokens, i);
    return neighbours;
}

// Whether nothing stands between two tokens but what opens around the second: the names of modules that hold it.
bool is_held_behind(const std::vector<Token>& tokens, const Node& call, std::size_t next) {
    for (std::size_t i = call.end; i < next; ++i) {
        const bool holder = tokens[i].is_name() && tokens[i + 1].is("(") && closing_of(tokens, i + 1) > next;
        if (!holder && !is_between(tokens, i)) return false;
    }
    return call.end <= next;
}

// Where a padding module stands: what is in front of the layer in its sequence surely pads the layer's input.
enum class Place { beside, in_sequence };

// Why a padding module was left out.
using LeftOut = SentenceWith<"module", "place">;
constexpr LeftOut kUntold =
    key("{module} at {place} may pad the layer's input, which the text does not tell; it was left out");
constexpr LeftOut kPadsUntold =
    key("{module} at {place} pads the layer's input in a way that the text does not tell; it was left out");
constexpr LeftOut kMayPadUntold =
    key("{module} at {place} may pad the layer's input in a way that the text does not tell; it was left out");
constexpr LeftOut kInFront =
    key("{module} at {place} pads the layer's input, in front of one that was left out; it was left out");

void note_padding_left_out(Draft& draft, const PastedText& text, const Node& call, const LeftOut& why) {
    draft.note(msg(why, "module"_is(call.text), "place"_is(text.place(call.at))));
}

// Puts a border in front of all that the draft has: it is made first.
void put_in_front(Draft& draft, const Border& border) {
    if (!draft.border) {
        draft.border = border;
        return;
    }
    Border& next = draft.made_before.empty() ? *draft.border : draft.made_before.front();
    if (const auto both = joined(border, next))
        next = *both;
    else
        draft.made_before.insert(draft.made_before.begin(), border);
}

// Takes a padding module in front of those that the draft has already; a note says where its pads are not told.
bool take_padding(Draft& draft, const Found& found, const Node& call, std::string_view letters, Place place) {
    const auto border = module_border(found.text, call, letters);
    if (border)
        put_in_front(draft, *border);
    else
        note_padding_left_out(draft, found.text, call, place == Place::in_sequence ? kPadsUntold : kMayPadUntold);
    return border.has_value();
}

// The padding modules of the layer's own sequence, and of those that hold it, up to the first module that does more.
void take_from_sequence(Draft& draft, const Found& found, const std::vector<std::size_t>& before,
                        std::string_view letters) {
    const auto& tokens = found.text.tokens();
    bool taken = true;
    for (std::size_t i = before.size(); i-- > 0;) {
        const std::string& name = tokens[before[i]].text;
        if (is_one_of(last_part(name), "Identity Input InputLayer")) continue;
        if (!is_padding_module(name)) return;
        const Node call = found.text.call_at(before[i]);
        if (taken)
            taken = take_padding(draft, found, call, letters, Place::in_sequence);
        else
            note_padding_left_out(draft, found.text, call, kInFront);
    }
}

// Padding modules directly in front of the layer, of which each pads what those before it have made.
void take_neighbours(Draft& draft, const Found& found, std::string_view letters) {
    PastedText& text = found.text;
    const auto& tokens = text.tokens();
    std::size_t next = place_in_sequence(text, found.token);
    const std::vector<std::size_t> before = neighbours_of(text, found.token).before;
    const bool in_sequence =
        std::ranges::any_of(before, [&](std::size_t at) { return is_padding_module(tokens[at].text); });
    if (in_sequence) return take_from_sequence(draft, found, before, letters);
    while (const auto padding = padding_in_front(tokens, next)) {
        const Node call = text.call_at(*padding);
        if (!are_neighbours(tokens, call, next)) {
            if (!draft.border || is_held_behind(tokens, call, next)) note_padding_left_out(draft, text, call, kUntold);
            return;
        }
        if (!take_padding(draft, found, call, letters, Place::beside)) return;
        next = *padding;
    }
}

}  // namespace

// The variable of a sequence whose input is the layer's: before the layer nothing stands but what pads it.
std::string sequence_variable(const Found& found) {
    const Neighbours around = neighbours_of(found.text, found.token);
    const auto& tokens = found.text.tokens();
    const bool first = std::ranges::all_of(around.before, [&](std::size_t at) {
        return is_padding_module(tokens[at].text) || is_one_of(last_part(tokens[at].text), "Identity Input InputLayer");
    });
    return first ? around.variable : "";
}

std::optional<ToldArray> module_input(Draft& draft, const Found& found, const Node& call, std::string_view letters) {
    std::optional<Node> input;
    if (const auto application = application_of(found, call); application && !application->items.empty())
        input = Node(application->items[0]);
    const Message input_name = msg("the input of {layer}", "layer"_is(found.name));
    if (input) return taken_input(draft, traced(found.text, *input, letters, Role::input), input_name);
    take_neighbours(draft, found, letters);
    const std::string sequence = sequence_variable(found);
    if (!sequence.empty()) input = given_to(found, sequence);
    if (!input) draft.input_unread = draft.input_unread || is_used_otherwise(found);
    if (!input) return {};
    const std::optional<Border> modules = std::exchange(draft.border, std::nullopt);
    auto array = taken_input(draft, traced(found.text, *input, letters, Role::input), input_name);
    if (!modules) return array;
    const std::optional<Border> first = std::exchange(draft.border, modules);
    if (first) put_in_front(draft, *first);
    return array;
}

}  // namespace convlens::pasted
