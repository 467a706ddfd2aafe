#include "app/gpu/gl_timer.h"

#include <glad/gl.h>

namespace convlens {

GlTimer::~GlTimer() {
    if (running_) end();  // a query that is left open would spoil the next one
}

void GlTimer::begin() {
    running_ = true;
    GLint in_use = 0, bits = 0;
    glGetQueryiv(GL_TIME_ELAPSED, GL_CURRENT_QUERY, &in_use);
    glGetQueryiv(GL_TIME_ELAPSED, GL_QUERY_COUNTER_BITS, &bits);
    if (!by_clock_ && in_use == 0 && bits > 0) {
        query_ = make_query();
        glBeginQuery(GL_TIME_ELAPSED, query_.id());
    } else {
        glFinish();
        start_ = std::chrono::steady_clock::now();
    }
}

void GlTimer::end() {
    running_ = false;
    if (query_) return glEndQuery(GL_TIME_ELAPSED);
    glFinish();
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
}

double GlTimer::milliseconds() const {
    if (!query_) return milliseconds_;
    GLuint64 nanoseconds = 0;
    glGetQueryObjectui64v(query_.id(), GL_QUERY_RESULT, &nanoseconds);
    return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace convlens
