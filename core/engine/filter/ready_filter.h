// One filter step made ready for images of one size and kind, to be run many times: the sums and all scratch memory
// are made once.
#pragma once

#include <memory>
#include <stop_token>

#include "core/engine/filter/filter.h"

namespace convlens {

class ReadyFilter {
public:
    // For images of the width, height, channels and depth of `like`. Preconditions as filter().
    ReadyFilter(const FilterStep& step, const Image& like, const FilterOptions& options);
    ~ReadyFilter();
    ReadyFilter(ReadyFilter&&) noexcept;
    ReadyFilter& operator=(ReadyFilter&&) noexcept;

    // An image of the result's size, channels and depth.
    Image make_result() const;

    // Writes every sample of `result` (as made by make_result). Allocates nothing but in its first run, or for the
    // first image that the Fourier transform or running sums cannot take. False when stopped: then only some rows are
    // written. One run at a time. Precondition: the image is of the size, channels and depth that it was made for.
    bool run(const Image& image, Image& result, const std::stop_token& stop = {});

    // How the last run was computed: by sums or by the Fourier transform. FilterMethod::automatic before the first one.
    FilterMethod method() const;

private:
    struct Methods;
    std::unique_ptr<Methods> methods_;
};

}  // namespace convlens
