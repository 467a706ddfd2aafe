// What the nodes around a layer's result do to it: what is a setting of the layer becomes one, what else changes the result
// is said. Internal to core/import.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/import.h"
#include "core/import/lines.h"
#include "core/import/programs.h"
#include "core/import/slices.h"
#include "core/import/trace.h"

namespace convlens::pasted {

using Path = std::vector<const Node*>;  // a node, then those around it, the innermost first

// A statement: the variable that it sets, "" for none, and the expression.
struct Statement {
    std::string sets;
    std::string sign;  // "=", "+=", "" for none
    bool returns = false;
    bool into_part = false;  // y[:, 0] = ...: a part of the variable
    Node value;
    std::size_t at = 0;  // its first token
    Line line;
};

// Whether a call by this name only looks at a result: print, plt.imshow.
bool only_looks(std::string_view name);

class ResultChanges {
public:
    // Of a layer as it was read so far; is_layer: whether a name is that of a call that makes a layer.
    ResultChanges(PastedText& text, ImportedLayer& imported, const IsLayer& is_layer)
        : text_(text), imported_(imported), is_layer_(is_layer), letters_(imported.axes) {}

    const std::string& letters() const { return letters_; }  // of the result at hand, one an axis
    int left_out() const { return left_out_; }               // changes that were met and left out
    // A module has these names: calls of them are the layer applied again.
    void set_names(std::vector<std::string> names) { names_ = std::move(names); }

    // These say what they leave out, and are false where the result is not to be followed any further.
    //
    // The nodes around the first of a path, which stands for the result.
    bool take(const Path& path, const Statement& statement);
    // What `node` does to the result, which `inside` has become so far.
    bool step(const Node& node, const Node* inside, const Statement& statement);
    // y + bias, y + bias.reshape(1, -1, 1, 1): one number a channel; and other signs.
    bool add(std::string_view sign, const Node& value, const Statement& statement);
    // The part of the result that slices take; nothing of slices that are not read.
    bool cut(const std::optional<std::vector<Slice>>& slices, const std::string& written, const Statement& statement);

    // The border becomes the layer's; false, and nothing is said, where that is not the same.
    bool take_border(const Border& border);
    // Behind a change that is left out, the others of its statement are too, from one of the path's nodes on: of
    // .relu().sum() both are said.
    void name_rest(const Path& path, std::size_t from, const Statement& statement);

    // Says that this is left out, for whoever does not follow it: false. Of very many changes the first are said.
    bool left_out(const Message& what, const Statement& statement);
    bool left_out(const std::string& code, const Statement& statement) { return left_out(verbatim(code), statement); }
    bool left_out(const Message& what, std::size_t at);
    bool left_out(const std::string& code, std::size_t at) { return left_out(verbatim(code), at); }

    // At the end: says which parts became settings.
    void finish();

private:
    void name_call(const std::string& written, std::string_view name, const Statement& statement);
    bool called(const Node& node, std::string_view name, const std::string& written, const Statement& statement);
    bool reorder(const Node& node, std::string_view method, std::size_t first);
    bool pad(const Node& call, const Statement& statement);
    bool divides(const Node& value);

    PastedText& text_;
    ImportedLayer& imported_;
    const IsLayer& is_layer_;
    std::string letters_;
    std::vector<Message> taken_;  // parts of the text that became settings
    std::vector<std::string> names_;
    int left_out_ = 0;
    bool looks_ = false;  // the statement at hand prints or plots
};

}  // namespace convlens::pasted
