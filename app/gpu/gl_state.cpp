#include "app/gpu/gl_state.h"

#include <glad/gl.h>

#include <iterator>

namespace convlens {

namespace {

struct PixelSetting {
    GLenum name;
    GLint plain;
};
constexpr PixelSetting kPlainPixels[] = {
    {GL_UNPACK_ALIGNMENT, 1},   {GL_UNPACK_ROW_LENGTH, 0}, {GL_UNPACK_IMAGE_HEIGHT, 0}, {GL_UNPACK_SKIP_ROWS, 0},
    {GL_UNPACK_SKIP_PIXELS, 0}, {GL_UNPACK_SWAP_BYTES, 0}, {GL_UNPACK_SKIP_IMAGES, 0},  {GL_PACK_ALIGNMENT, 1},
    {GL_PACK_ROW_LENGTH, 0},    {GL_PACK_IMAGE_HEIGHT, 0}, {GL_PACK_SKIP_ROWS, 0},      {GL_PACK_SKIP_PIXELS, 0},
    {GL_PACK_SWAP_BYTES, 0},    {GL_PACK_SKIP_IMAGES, 0},
};

GLint integer(GLenum name) {
    GLint value = 0;
    glGetIntegerv(name, &value);
    return value;
}

GLint indexed(GLenum name, GLuint index = 0) {
    GLint value = 0;
    glGetIntegeri_v(name, index, &value);
    return value;
}

}  // namespace

TextureState::TextureState() : active_(integer(GL_ACTIVE_TEXTURE)) {
    static_assert(std::size(kPlainPixels) == TextureState::kPixelSettings);
    for (GLuint unit = 0; unit < kUnits; ++unit) {
        glActiveTexture(GL_TEXTURE0 + unit);
        textures_[unit] = integer(GL_TEXTURE_BINDING_2D);
        samplers_[unit] = integer(GL_SAMPLER_BINDING);
        glBindSampler(unit, 0);  // a sampler would filter in place of the texture's own settings
    }
    glActiveTexture(GL_TEXTURE0);
    pack_buffer_ = integer(GL_PIXEL_PACK_BUFFER_BINDING);
    unpack_buffer_ = integer(GL_PIXEL_UNPACK_BUFFER_BINDING);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    for (std::size_t i = 0; i < pixels_.size(); ++i) {
        pixels_[i] = integer(kPlainPixels[i].name);
        glPixelStorei(kPlainPixels[i].name, kPlainPixels[i].plain);
    }
}

TextureState::~TextureState() {
    for (std::size_t i = 0; i < pixels_.size(); ++i) glPixelStorei(kPlainPixels[i].name, pixels_[i]);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, static_cast<GLuint>(pack_buffer_));
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, static_cast<GLuint>(unpack_buffer_));
    for (GLuint unit = 0; unit < kUnits; ++unit) {
        glActiveTexture(GL_TEXTURE0 + unit);
        glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(textures_[unit]));
        glBindSampler(unit, static_cast<GLuint>(samplers_[unit]));
    }
    glActiveTexture(static_cast<GLenum>(active_));
}

ComputeState::ComputeState()
    : program_(integer(GL_CURRENT_PROGRAM)),
      buffer_(integer(GL_SHADER_STORAGE_BUFFER_BINDING)),
      slot_buffer_(indexed(GL_SHADER_STORAGE_BUFFER_BINDING)),
      image_name_(indexed(GL_IMAGE_BINDING_NAME)),
      image_level_(indexed(GL_IMAGE_BINDING_LEVEL)),
      image_layered_(indexed(GL_IMAGE_BINDING_LAYERED)),
      image_layer_(indexed(GL_IMAGE_BINDING_LAYER)),
      image_access_(indexed(GL_IMAGE_BINDING_ACCESS)),
      image_format_(indexed(GL_IMAGE_BINDING_FORMAT)) {
    GLint64 value = 0;
    glGetInteger64i_v(GL_SHADER_STORAGE_BUFFER_START, 0, &value);
    slot_start_ = value;
    glGetInteger64i_v(GL_SHADER_STORAGE_BUFFER_SIZE, 0, &value);
    slot_size_ = value;
}

ComputeState::~ComputeState() {
    glUseProgram(static_cast<GLuint>(program_));
    if (slot_size_ > 0) {
        glBindBufferRange(GL_SHADER_STORAGE_BUFFER, 0, static_cast<GLuint>(slot_buffer_),
                          static_cast<GLintptr>(slot_start_), static_cast<GLsizeiptr>(slot_size_));
    } else {
        glBindBufferBase(GL_SHADER_STORAGE_BUFFER, 0, static_cast<GLuint>(slot_buffer_));
    }
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, static_cast<GLuint>(buffer_));
    glBindImageTexture(0, static_cast<GLuint>(image_name_), image_level_, static_cast<GLboolean>(image_layered_),
                       image_layer_, static_cast<GLenum>(image_access_), static_cast<GLenum>(image_format_));
}

void clear_gl_errors() {
    // A lost context may report for ever.
    for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) {
    }
}

std::optional<Key> take_gl_error() {
    const GLenum error = glGetError();
    clear_gl_errors();
    switch (error) {
        case GL_NO_ERROR: return std::nullopt;
        case GL_OUT_OF_MEMORY: return key("out of memory");
        case GL_INVALID_ENUM: return key("an invalid enumerator");
        case GL_INVALID_VALUE: return key("an invalid value");
        case GL_INVALID_OPERATION: return key("an invalid operation");
        case GL_INVALID_FRAMEBUFFER_OPERATION: return key("an invalid framebuffer");
        case GL_CONTEXT_LOST: return key("the context was lost");
        default: return key("an unknown error");
    }
}

}  // namespace convlens
