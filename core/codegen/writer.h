// Collects a program line by line, and its notes.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/codegen/emit.h"

namespace convlens {

class Writer {
public:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        code_.text += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }
    void blank() { code_.text += '\n'; }

    // Says each thing once.
    void note(Message sentence) {
        if (std::ranges::find(code_.notes, sentence) == code_.notes.end()) code_.notes.push_back(std::move(sentence));
    }
    CodeText take() && { return std::move(code_); }

private:
    CodeText code_;
};

}  // namespace convlens
