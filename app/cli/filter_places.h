// Where `convlens filter` puts each image: decided, and refused where something would be lost, before anything is
// computed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace convlens {

struct InOut {
    std::string in, out;
    bool in_folder = false;  // which is made if it is not there
};

// The last path is a file, or a folder: where it is one already, or ends in "/", or for several images where its name
// has no ending. In a folder an image keeps its name; where its format is not written or does not hold `save_as`, it
// gets the ending .png, or .npy where PNG does not hold that either. The built-in image is called "sample". Throws
// WrongUse where several images would go into one file or a path that is not there names a kernel, and RefusedInput
// where two results would go into one.
std::vector<InOut> places(std::span<const std::string> paths, const std::optional<Depth>& save_as);

// Throws RefusedInput where the result of one image would replace another one of the images that are read.
void check_apart_from_inputs(std::span<const InOut> places);

// Throws RefusedInput where the image is a folder, with the pattern that names what is in it: folders are not searched.
void check_no_folder(const InOut& place);

// Throws RefusedInput where the result would replace a file: the image itself or any other, of whatever kind. Devices and
// pipes are written to. Not to be called where --overwrite was given.
void check_replaces_nothing(const InOut& place);

// Makes the folder that was named. Throws FileError.
void make_folder(std::span<const InOut> places);

}  // namespace convlens
