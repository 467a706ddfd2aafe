#include "app/gpu/texel_format.h"

#include <glad/gl.h>

#include <cassert>

namespace convlens {

namespace {

// All of them are formats that image stores must support (GL 4.5 core, table 8.26), and each display format is of its
// internal format's view class (table 8.22).
constexpr TexelFormat kBytes[] = {
    {GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE, GL_R8, "r8ui", true},
    {GL_RG8UI, GL_RG_INTEGER, GL_UNSIGNED_BYTE, GL_RG8, "rg8ui", true},
    {GL_RGBA8UI, GL_RGB_INTEGER, GL_UNSIGNED_BYTE, GL_RGBA8, "rgba8ui", true},
    {GL_RGBA8UI, GL_RGBA_INTEGER, GL_UNSIGNED_BYTE, GL_RGBA8, "rgba8ui", true},
};
constexpr TexelFormat kWords[] = {
    {GL_R16UI, GL_RED_INTEGER, GL_UNSIGNED_SHORT, GL_R16, "r16ui", true},
    {GL_RG16UI, GL_RG_INTEGER, GL_UNSIGNED_SHORT, GL_RG16, "rg16ui", true},
    {GL_RGBA16UI, GL_RGB_INTEGER, GL_UNSIGNED_SHORT, GL_RGBA16, "rgba16ui", true},
    {GL_RGBA16UI, GL_RGBA_INTEGER, GL_UNSIGNED_SHORT, GL_RGBA16, "rgba16ui", true},
};
constexpr TexelFormat kFloats[] = {
    {GL_R32F, GL_RED, GL_FLOAT, GL_R32F, "r32f", false},
    {GL_RG32F, GL_RG, GL_FLOAT, GL_RG32F, "rg32f", false},
    {GL_RGBA32F, GL_RGB, GL_FLOAT, GL_RGBA32F, "rgba32f", false},
    {GL_RGBA32F, GL_RGBA, GL_FLOAT, GL_RGBA32F, "rgba32f", false},
};

}  // namespace

TexelFormat texel_format(Depth depth, int channels) {
    assert(depth != Depth::s16);
    switch (depth) {
        case Depth::u8: return kBytes[channels - 1];
        case Depth::u16: return kWords[channels - 1];
        case Depth::s16:
        case Depth::f32: break;
    }
    return kFloats[channels - 1];
}

}  // namespace convlens
