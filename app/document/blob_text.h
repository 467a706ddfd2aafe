// Tensors too large for plain JSON, inside a document: their numbers as float64, little-endian, in C order, compressed
// by zlib and written as base64. Every bit is kept, those of NaN and −0 included. In Python:
//   numpy.frombuffer(zlib.decompress(base64.b64decode(text)), '<f8').reshape(shape)
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/document/blob.h"
#include "core/text/message.h"

namespace convlens {

// How the text is to be read, said beside it; a later way gets another name.
// no words: written into documents
inline constexpr std::string_view kBlobEncoding = "float64 zlib base64";

// A text that holds no such tensor, with the reason: "holds more numbers than its shape [1, 1, 80, 80]".
struct BlobTextError : std::runtime_error {
    explicit BlobTextError(Message why) : std::runtime_error(english(why)), words(std::move(why)) {}
    Message words;
};

std::string blob_text(const Tensor<double>& values);

// The tensor of `shape`. No more memory is taken than the shape says, and none where the text is too short to hold so
// many numbers. Throws BlobTextError. Precondition: element_count(shape) is small enough to hold.
Tensor<double> tensor_of_text(std::string_view text, const Shape4& shape);

}  // namespace convlens
