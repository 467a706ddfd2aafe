// Compute programs made from one shader text by definitions put in front, compiled when first wanted and kept.
#pragma once

#include <map>
#include <string>

#include "app/gpu/gl_object.h"
#include "core/text/message.h"

namespace convlens {

class ComputePrograms {
public:
    // The text begins behind "#version 430 core" and the definitions.
    explicit ComputePrograms(std::string shader);

    // The program for definitions such as "#define PASS 0\n", or 0 and what the compiler says.
    unsigned int get(const std::string& definitions, Message& reason);

    std::size_t size() const { return programs_.size(); }

private:
    std::string shader_;
    std::map<std::string, GlProgram> programs_;
};

}  // namespace convlens
