// Whose function a name of a pasted text is: the text's import lines and the name's prefix decide. For
// core/import alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/import/call.h"

namespace convlens::pasted {

// A library that text may be pasted from. `roots` are the words that its names begin with: the package, then what
// people call it.
struct Library {
    std::string_view title;  // "MindSpore"
    std::string_view roots;  // "mindspore ms"
    bool read = false;       // its layers can be read here
    bool neural = true;      // it has layers that are called as PyTorch's are
};

// The library whose name begins with `root`, read here or not; nullptr for none that is known.
const Library* library_of(std::string_view root);

// What a library's names begin with that a whole name, without its import line's words, is of: "mlx" of mlx.nn.Conv2d, and
// of mx.conv2d, which MXNet does not have; "" of a name without dots.
std::string_view root_of(std::string_view full);

// Of a call that no import line speaks of: the package of the one library that takes the arguments in its brackets, as
// has_bias= is MindSpore's alone; "" where they show none. `name` is the token of its function, without the module.
std::string_view package_shown_by_call(const std::vector<Token>& tokens, std::size_t name);

// Whether what stands in front of a method may be a tensor, x of x.conv2d: a variable, and no module or object. In a text
// that does not show the method's library it is one of the names that tensors usually have.
bool may_be_tensor(std::string_view receiver, bool in_own_text);

// The first part of "torch.nn.Conv2d"; "" of a name without dots.
std::string_view first_part(std::string_view dotted);

// A name that an import line gives, and what it stands for: nn and torch.nn, F and torch.nn.functional. `full` is
// relative (".models.Conv") where the line is.
struct ImportedName {
    std::string name;
    std::string full;
    std::size_t at = 0;  // offset of the line's first word
};

// PyTorch's layers of rounded numbers, torch.nn.quantized.Conv2d, which round what they compute.
bool is_of_whole_numbers(std::string_view full);

// Whether the name at a token is one that the text defines there: def name, class name.
bool is_defined(const std::vector<Token>& tokens, std::size_t at);

// What the import lines of a text, Python's, tell.
class Imports {
public:
    Imports() = default;
    explicit Imports(const std::vector<Token>& tokens);

    // The line that gives the first part of a dotted name, or all of a name without dots; nullptr for none.
    const ImportedName* line_of(std::string_view dotted) const;
    // "torch.nn.Conv2d" of "nn.Conv2d"; the name itself where no line gives it.
    std::string full(std::string_view dotted) const;
    // Whether any line names one of these packages.
    bool names_any(std::string_view roots) const;
    // The neural library of the first line that names one, but for `except`'s; nullptr for none. Of a text whose lines
    // name none, the library whose way of writing a model it shows.
    const Library* other_than(std::string_view except) const;
    // What shows that library, "nn.Cell", where no line names it; "" else.
    std::string_view shown_by() const { return shown_by_; }
    // Whether the text itself defines a function or class of this name, or sets it to one that it makes: partial, lambda.
    bool defines(std::string_view name) const;

private:
    std::size_t take_import(const std::vector<Token>& tokens, std::size_t at);
    std::size_t take_from(const std::vector<Token>& tokens, std::size_t at);
    void add(std::string_view name, std::string full, std::size_t at);
    void take_shown(const std::vector<Token>& tokens);

    std::vector<ImportedName> names_;
    std::vector<std::string> packages_;  // the first part of every line's module
    std::vector<std::string> defined_;
    std::string_view shown_by_;
};

}  // namespace convlens::pasted
