// How images of each depth and number of channels are kept as textures that compute shaders read and write exactly:
// whole numbers as whole numbers, floats as floats.
#pragma once

#include "core/image/image.h"

namespace convlens {

struct TexelFormat {
    unsigned int internal = 0;  // GL_RGBA8UI; three channels are kept as four, which every GL can store to
    unsigned int client = 0;    // GL_RGB_INTEGER: how an Image's rows are handed over
    unsigned int type = 0;      // GL_UNSIGNED_BYTE
    unsigned int display = 0;   // GL_RGBA8: the same bits, drawn with 1 as white
    const char* layout = "";    // "rgba8ui", for GLSL
    bool whole = true;          // whole numbers
};

// Precondition: not s16, which the GPU does not filter.
TexelFormat texel_format(Depth depth, int channels);

}  // namespace convlens
