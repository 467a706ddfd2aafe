// The GPU side of the photo: the filter's steps on the window's thread, as long as that is quick.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "app/photo/result.h"
#include "core/text/message.h"

namespace convlens {

// Why the GPU does not do it, for people.
struct PhotoGpuError : std::runtime_error {
    explicit PhotoGpuError(Message why) : std::runtime_error(english(why)), words(std::move(why)) {}
    Message words;
};

// Needs the current GL context from the first call to the end.
class PhotoGpu {
public:
    PhotoGpu();
    ~PhotoGpu();
    PhotoGpu(const PhotoGpu&) = delete;
    PhotoGpu& operator=(const PhotoGpu&) = delete;

    // Why it cannot be used at all; empty when it can.
    Message unavailable();
    bool software();         // no GPU, but the processor in its place
    std::string renderer();  // "llvmpipe"

    // Adds the steps of `chain` that `known` has not. Throws PhotoGpuError, also for work that would keep the window
    // still for more than a second.
    void filter(PhotoResult& known, const std::vector<FilterStep>& chain);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace convlens
