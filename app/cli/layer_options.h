// The options that describe a layer, in PyTorch's words: `shape` reads them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command.h"
#include "core/conv/problem.h"

namespace convlens {

// What was typed of each setting that has an option, by Field; "" where it was not given.
struct LayerTexts {
    std::array<std::string, kFieldCount> texts;
    std::array<bool, kFieldCount> switched_on{};  // options that take no value

    const std::string& of(Field field) const { return texts[static_cast<std::size_t>(field)]; }
    bool given(Field field) const { return !of(field).empty() || switched_on[static_cast<std::size_t>(field)]; }
};

void add_layer_options(OptionList list, LayerTexts& texts);

// Throws WrongUse where a text is not what its option takes. What comes out may still be impossible: validate() it.
LayerShape layer_from_texts(const LayerTexts& texts);

// Of each option that was given and changes nothing, a sentence: the operation has no such setting, or another option
// overrules it. `spec` is what the texts make.
std::vector<Message> left_out(const LayerTexts& texts, const ConvSpec& spec);

// "3" or "3,5,…": at least one, at most `most` whole numbers. `option` is for the message.
std::vector<std::int64_t> parse_numbers(std::string_view option, std::string_view text, std::size_t most);
// One number for both, or rows,columns.
Size2 parse_pair(std::string_view option, std::string_view text);

// Says the problem on `console.err`: reason and fixes, one a line.
void say_problem(const Problem& problem, Console console);
Json problem_json(const Problem& problem);
// Tells all of them, and whose rules take the layer as it stands (`accepted`), as one JSON object too where that was
// asked for; `more` stands in it beside them. Returns kRefused.
int refuse(const std::vector<Problem>& problems, const std::vector<Dialect>& accepted, bool json, Console console,
           const Json& more = Json::object());

}  // namespace convlens
