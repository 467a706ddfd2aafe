// A call's arguments under their names, and the layer while it is being read. For core/import alone.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/import.h"
#include "core/import/trace.h"
#include "core/import/value.h"

namespace convlens::pasted {

// A function as its program declares it.
struct Signature {
    std::string_view function;    // "nn.Conv2d", for messages
    std::string_view parameters;  // in the order of positions; those behind a * go by name only
    std::string_view left_out;    // of them, what is no part of a layer and worth a note
};

// A name that an argument may have, and what it means. `Value` is an enum or a number.
template <typename Value>
struct Choice {
    std::string_view word;
    Value value;
};

// Whether capitals matter in a program's words: padding="Same" is Keras's, and no PyTorch's.
enum class Case { exact, any };

struct Draft;

// "padding of nn.Conv2d"
Message argument_of(std::string_view argument, std::string_view function);

// Of an argument that changes no layer.
Message left_out_note(const Message& argument);

// Of an array, its name: what changes it is not followed; what makes it, or one of its numbers, is not read.
Message change_note(const Message& array, const Message& change);
Message maker_note(const Message& array, const Message& maker);
Message number_note(const Message& array, const Message& number);
// Of an array whose shape is told.
Message numbers_note(const Message& array, const Message& maker);

// The arguments of one call. Every reader throws ImportError, with the argument's name and what to put, where the value
// is not told or of the wrong kind; an absent argument, and None, gives `otherwise`.
class Arguments {
public:
    // Binds. Throws ImportError for an unknown name, with the nearest known one. What is left out goes to `notes`,
    // which outlives this.
    Arguments(PastedText& text, Node call, const Signature& signature, std::vector<Message>& notes);
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    const Node* given(std::string_view name) const;  // nullptr: absent or None
    const Node& required(std::string_view name, std::string_view example) const;

    std::int64_t whole(std::string_view name, std::int64_t otherwise) const;
    double number(std::string_view name, double otherwise) const;
    bool flag(std::string_view name, bool otherwise) const;
    std::vector<std::int64_t> wholes(std::string_view name) const;  // a number or a flat list; empty if absent
    std::optional<std::string> word(std::string_view name) const;   // a string, or a bare name; nothing else
    std::optional<ToldArray> array(std::string_view name) const;  // nothing where not told; a note where it is changed

    // What is said of an array that is not known: "w is not told", or that it is made by a call that is not read.
    Message untold(std::string_view name) const;

    // The layer's input or weight, its axes as `letters` names them. What pads or cuts the input before goes to the
    // draft's border, what rotates the kernel by 180 degrees to its `flipped`; a note names what is not followed.
    std::optional<ToldArray> input(Draft& draft, std::string_view name, std::string_view letters) const;
    std::optional<ToldArray> weight(Draft& draft, std::string_view name, std::string_view letters) const;

    // Whether the layer has a bias, and its numbers; a note names a bias whose numbers are not read.
    void bias(Draft& draft, std::string_view name) const;

    // One number for both axes, or two. In a layer along one axis (`axes` 1) the height has `neutral`.
    Size2 lengths(std::string_view name, Size2 otherwise, int axes = 2, std::int64_t neutral = 1) const;

    template <typename Value>
    Value choice(std::string_view name, std::span<const Choice<Value>> choices, Value otherwise,
                 Case letters = Case::exact) const {
        if (!given(name)) return otherwise;
        std::vector<std::string_view> all;
        for (const auto& choice : choices) all.push_back(choice.word);
        const std::string chosen = chosen_word(name, all, letters);
        for (const auto& choice : choices) {
            if (choice.word == chosen) return choice.value;
        }
        return otherwise;
    }

    // The function of the text, def f(a, b), that the call stands in and both names are parameters of; "" for none.
    std::string function_with(std::string_view a, std::string_view b) const;

    std::string_view function() const { return signature_.function; }
    [[noreturn]] void fail(std::string_view name, Message reason) const;

private:
    void bind_position(std::size_t item, std::size_t& position);
    void bind_name(std::size_t item);
    std::int64_t whole_of(std::string_view name, const Node& node) const;
    double number_in(std::string_view name, const Node& node) const;
    std::string chosen_word(std::string_view name, const std::vector<std::string_view>& all, Case letters) const;

    PastedText& text_;
    Node call_;
    Signature signature_;
    std::vector<Message>& notes_;
    std::vector<std::string_view> positional_;
    std::vector<std::string_view> all_;
    std::map<std::string_view, const Node*> bound_;
};

// A layer being read, and what the text tells of its input.
struct Draft {
    ImportedLayer result;
    std::optional<std::int64_t> n, c, h, w;
    std::int64_t usual_channels = 0;  // where C is not told; 0: one a group
    std::optional<Border> border;     // that the text makes around the input
    std::vector<Border> made_before;  // in front of `border`, the first one first, where no one border is the same
    bool input_unread = false;        // the text tells something of it that is not read
    bool flipped = false;             // the text rotates the kernel by 180 degrees: the layer's flip is the other one

    ConvSpec& spec() { return result.layer.spec; }
    void note(Message text) { result.notes.push_back(std::move(text)); }
};

// Shape and numbers of the input, [N, C, H, W] or fewer axes with the leading ones left out.
void take_input(Draft& draft, const ToldArray& array);
// Of the weight, in our order: kernel and channels of the layer follow. groups and op must be set.
void take_weight(Draft& draft, const ToldArray& array);
void take_bias(Draft& draft, const ToldArray& array);

// weight_shape() of settings that are not checked yet: fewer groups than 1 are taken for 1.
Shape4 told_weight_shape(ConvSpec spec, std::int64_t in_channels);

// Takes what was followed back from a layer's array: the input's border, the kernel's turn; notes what was not.
// `name`: "input of F.conv2d".
std::optional<ToldArray> taken_input(Draft& draft, Traced traced, const Message& name);
std::optional<ToldArray> taken_weight(Draft& draft, Traced traced, const Message& name);

// The draft's borders become padding, or a part of the input, or notes.
void take_border(Draft& draft);

// Settings that only the dialect refuses, such as unequal sides of PyTorch's, are taken by the dialect convlens.
void widen_dialect(ImportedLayer& imported);

// Chooses what is not told of the input, with notes, and gives the layer.
ImportedLayer finished(Draft draft);

// Where H and W of the input were guessed, and its spec has changed since: makes them as large as the layer now needs,
// and the note of them true.
void grow_guessed_plane(ImportedLayer& imported);

// The channels of all groups together. Throws ImportError where they are beyond all counting.
std::int64_t channels_of(std::int64_t groups, std::int64_t each);

// Products that cannot overflow: the nearest number that fits.
std::int64_t product(std::int64_t a, std::int64_t b);

}  // namespace convlens::pasted
