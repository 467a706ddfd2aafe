#include "app/gpu/compute_program.h"

#include <glad/gl.h>

#include <utility>
#include <vector>

namespace convlens {

namespace {

// A slider over kernel sizes makes a program for each: enough for its way there and back.
constexpr std::size_t kMostPrograms = 64;

std::string first_line(const std::string& text) {
    const std::size_t end = text.find('\n');
    return text.substr(0, end);
}

std::string shader_log(GLuint shader) {
    GLint length = 0;
    glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &length);
    std::vector<char> log(static_cast<std::size_t>(length) + 1);
    glGetShaderInfoLog(shader, length, nullptr, log.data());
    return first_line(log.data());
}

std::string program_log(GLuint program) {
    GLint length = 0;
    glGetProgramiv(program, GL_INFO_LOG_LENGTH, &length);
    std::vector<char> log(static_cast<std::size_t>(length) + 1);
    glGetProgramInfoLog(program, length, nullptr, log.data());
    return first_line(log.data());
}

GlProgram build(const std::string& text, Message& reason) {
    const GlShader shader(glCreateShader(GL_COMPUTE_SHADER));
    const char* source = text.c_str();
    glShaderSource(shader.id(), 1, &source, nullptr);
    glCompileShader(shader.id());
    GLint done = GL_FALSE;
    glGetShaderiv(shader.id(), GL_COMPILE_STATUS, &done);
    if (done != GL_TRUE) {
        reason = msg("the driver cannot compile the filter's shader: {log}", "log"_is(shader_log(shader.id())));
        return {};
    }
    GlProgram program(glCreateProgram());
    glAttachShader(program.id(), shader.id());
    glLinkProgram(program.id());
    glDetachShader(program.id(), shader.id());
    glGetProgramiv(program.id(), GL_LINK_STATUS, &done);
    if (done != GL_TRUE) {
        reason = msg("the driver cannot link the filter's shader: {log}", "log"_is(program_log(program.id())));
        return {};
    }
    return program;
}

}  // namespace

ComputePrograms::ComputePrograms(std::string shader) : shader_(std::move(shader)) {}

unsigned int ComputePrograms::get(const std::string& definitions, Message& reason) {
    const auto known = programs_.find(definitions);
    if (known != programs_.end()) return known->second.id();
    GlProgram program = build("#version 430 core\n" + definitions + "#line 1\n" + shader_, reason);
    if (!program) return 0;
    if (programs_.size() >= kMostPrograms) programs_.clear();
    return programs_.emplace(definitions, std::move(program)).first->second.id();
}

}  // namespace convlens
