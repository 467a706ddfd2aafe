#include "app/gpu/gl_object.h"

#include <glad/gl.h>

namespace convlens {

void GlTextureKind::destroy(unsigned int id) { glDeleteTextures(1, &id); }
void GlBufferKind::destroy(unsigned int id) { glDeleteBuffers(1, &id); }
void GlProgramKind::destroy(unsigned int id) { glDeleteProgram(id); }
void GlShaderKind::destroy(unsigned int id) { glDeleteShader(id); }
void GlQueryKind::destroy(unsigned int id) { glDeleteQueries(1, &id); }

GlTexture make_texture() {
    GLuint id = 0;
    glGenTextures(1, &id);
    return GlTexture(id);
}

GlBuffer make_buffer() {
    GLuint id = 0;
    glGenBuffers(1, &id);
    return GlBuffer(id);
}

GlQuery make_query() {
    GLuint id = 0;
    glGenQueries(1, &id);
    return GlQuery(id);
}

}  // namespace convlens
