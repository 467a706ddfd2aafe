// Owners of OpenGL objects. Each must be destroyed while its context is current.
#pragma once

#include <utility>

namespace convlens {

// Owns one GL name; `Kind::destroy(name)` deletes it. 0 is no object.
template <typename Kind>
class GlObject {
public:
    GlObject() = default;
    explicit GlObject(unsigned int id) : id_(id) {}
    ~GlObject() { reset(); }
    GlObject(GlObject&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
    GlObject& operator=(GlObject&& other) noexcept {
        if (this != &other) {
            reset();
            id_ = std::exchange(other.id_, 0);
        }
        return *this;
    }

    unsigned int id() const { return id_; }
    explicit operator bool() const { return id_ != 0; }
    void reset() {
        if (id_ != 0) Kind::destroy(id_);
        id_ = 0;
    }

private:
    unsigned int id_ = 0;
};

struct GlTextureKind {
    static void destroy(unsigned int id);
};
struct GlBufferKind {
    static void destroy(unsigned int id);
};
struct GlProgramKind {
    static void destroy(unsigned int id);
};
struct GlShaderKind {
    static void destroy(unsigned int id);
};
struct GlQueryKind {
    static void destroy(unsigned int id);
};

using GlTexture = GlObject<GlTextureKind>;
using GlBuffer = GlObject<GlBufferKind>;
using GlProgram = GlObject<GlProgramKind>;
using GlShader = GlObject<GlShaderKind>;
using GlQuery = GlObject<GlQueryKind>;

// New names. With a lost context they may be 0.
GlTexture make_texture();
GlBuffer make_buffer();
GlQuery make_query();

}  // namespace convlens
