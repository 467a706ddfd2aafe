// An image on the GPU as compute shaders see it, and how it gets there and back. Callers hold a TextureState.
#pragma once

#include <cstdint>
#include <string>

#include "app/gpu/gl_object.h"
#include "app/gpu/texel_format.h"
#include "core/image/image.h"
#include "core/text/message.h"

namespace convlens {

// Why something is not for the GPU, for people. Thrown and caught within app/gpu.
struct GpuRefusal {
    Message reason;
};

// Throws GpuRefusal where OpenGL reports an error: "OpenGL reports out of memory while making a texture".
void check_gl(Key doing);

struct GpuImage {
    GlTexture texture;
    std::int64_t width = 0, height = 0;
    int channels = 0;
    Depth depth = Depth::u8;

    TexelFormat format() const { return texel_format(depth, channels); }
};

// One level, which never changes its size, so that it can be fetched from without a sampler and stored to.
GlTexture make_storage(unsigned int internal_format, std::int64_t width, std::int64_t height);

GpuImage upload(const Image& image);
Image read_back(const GpuImage& on_gpu);

// The same texels as a texture to draw: 1 for white, and grey in all colours. It lives on without the image.
GlTexture display_view(const GpuImage& on_gpu);

}  // namespace convlens
