// How long the GPU works on something.
#pragma once

#include <chrono>

#include "app/gpu/gl_object.h"

namespace convlens {

// Measures on the GPU what is issued between begin and end (GL_TIME_ELAPSED). Where that is not to be had, or the
// caller measures with it already, by the clock, waiting for the GPU on both sides. Software renderers must be measured
// by the clock: llvmpipe's queries leave out compute shaders.
class GlTimer {
public:
    explicit GlTimer(bool by_clock = false) : by_clock_(by_clock) {}
    ~GlTimer();
    GlTimer(GlTimer&&) = default;
    GlTimer& operator=(GlTimer&&) = delete;

    void begin();
    void end();
    // Waits for the GPU.
    double milliseconds() const;

private:
    GlQuery query_;
    bool by_clock_ = false;
    bool running_ = false;
    std::chrono::steady_clock::time_point start_;
    double milliseconds_ = 0;
};

}  // namespace convlens
