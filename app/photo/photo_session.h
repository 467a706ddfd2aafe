// The photo being filtered: loaded image, result, and where and how fast it was made.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/document/document.h"
#include "app/photo/result.h"
#include "core/image/image.h"
#include "core/text/message.h"

namespace convlens {

// Owned by the window; does the loading and filtering for the photo panels. CPU work runs as a cancelable job in the
// background, GPU work on the window's thread with its GL context. Shows the last result, marked stale, meanwhile.
class PhotoWork {
public:
    // `wake` is called on the background job's thread when there is something for update() to take.
    explicit PhotoWork(std::function<void()> wake);
    ~PhotoWork();
    PhotoWork(const PhotoWork&) = delete;
    PhotoWork& operator=(const PhotoWork&) = delete;

    // Starts what `photo` asks for if it is not what is shown or under way. Call once a frame; needs the GL context.
    void update(const Photo& photo);
    // True while a job runs: keep drawing frames (or wait for `wake`, which the job calls at its end).
    bool busy() const;
    bool loading() const;  // the image that was asked for is being read

    // The pixels of `before` that are shown: of a large image they are filtered first.
    void look_at(const PixelRect& visible_region);

    // Reads the file again, e.g. when it was not there before.
    void reload();

    ImageRef before() const;
    const std::string& before_path() const;     // its file, UTF-8; empty: the sample, or no image yet
    const std::string& before_content() const;  // content_hash() of that file, as it was read
    PhotoPreview before_preview() const;
    ImageRef after() const;
    // `after` with the chain that made it and the images in between; nullptr until there is one of `before`.
    std::shared_ptr<const PhotoResult> result() const;
    bool stale() const;  // `after` is of an earlier chain
    // The visible region, filtered as asked, or as asked a moment ago, while all of it is under way; without an image if
    // there is nothing yet.
    const VisibleResult& visible_result() const;
    bool visible_result_is_new() const;  // as asked
    Message where() const;               // "GPU (llvmpipe): 12.3 ms, 14 ms with transfers" or "CPU, 2 threads, 8.1 ms"
    Message gpu_reason() const;          // why the GPU is not used, if it is not
    Message problem() const;             // of loading or filtering, for people

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace convlens
