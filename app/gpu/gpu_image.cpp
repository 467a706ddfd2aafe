#include "app/gpu/gpu_image.h"

#include <glad/gl.h>

#include "app/gpu/gl_state.h"

namespace convlens {

void check_gl(Key doing) {
    if (const auto error = take_gl_error())
        throw GpuRefusal{msg("OpenGL reports {error} while {doing}", "error"_is(*error), "doing"_is(doing))};
}

GlTexture make_storage(unsigned int internal_format, std::int64_t width, std::int64_t height) {
    GlTexture texture = make_texture();
    glBindTexture(GL_TEXTURE_2D, texture.id());
    glTexStorage2D(GL_TEXTURE_2D, 1, internal_format, static_cast<GLsizei>(width), static_cast<GLsizei>(height));
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    check_gl(key("making a texture"));
    return texture;
}

GpuImage upload(const Image& image) {
    GpuImage on_gpu{{}, image.width(), image.height(), image.channels(), image.depth()};
    const TexelFormat format = on_gpu.format();
    on_gpu.texture = make_storage(format.internal, image.width(), image.height());
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, static_cast<GLsizei>(image.width()), static_cast<GLsizei>(image.height()),
                    format.client, format.type, image.bytes().data());
    check_gl(key("copying the image to the GPU"));
    return on_gpu;
}

Image read_back(const GpuImage& on_gpu) {
    Image image(on_gpu.width, on_gpu.height, on_gpu.channels, on_gpu.depth);
    const TexelFormat format = on_gpu.format();
    glBindTexture(GL_TEXTURE_2D, on_gpu.texture.id());
    glGetTexImage(GL_TEXTURE_2D, 0, format.client, format.type, image.bytes().data());
    check_gl(key("copying the result from the GPU"));
    return image;
}

GlTexture display_view(const GpuImage& on_gpu) {
    GlTexture view = make_texture();
    glTextureView(view.id(), GL_TEXTURE_2D, on_gpu.texture.id(), on_gpu.format().display, 0, 1, 0, 1);
    glBindTexture(GL_TEXTURE_2D, view.id());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    if (on_gpu.channels <= 2) {
        const GLint swizzle[] = {GL_RED, GL_RED, GL_RED, on_gpu.channels == 2 ? GL_GREEN : GL_ONE};
        glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, swizzle);
    }
    check_gl(key("making the result a texture"));
    return view;
}

}  // namespace convlens
