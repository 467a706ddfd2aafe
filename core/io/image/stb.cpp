// The one place where stb_image and stb_image_write are compiled.
//
// stb_image doubles a row of halved colours by a function of which the last column but one is wrong: it takes three parts
// of the sample before the last and one of the last, and libjpeg the other way round. So that function is compiled under
// another name (the macro has parentheses: it renames the function, and not where stb_image takes its address), and the one
// that stb_image finds under the name puts the column right. For 10 and 50 the four columns are 10, 20, 40, 50.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_ONLY_JPEG  // the other formats have readers of their own
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_STDIO

static unsigned char* stbi__resample_row_h_2(unsigned char* out, unsigned char* in_near, unsigned char* in_far,
                                             int width, int factor);
#define stbi__resample_row_h_2(out, near, far, width, factor) row_with_a_wrong_column(out, near, far, width, factor)
#include <stb_image.h>
#undef stbi__resample_row_h_2
#include <stb_image_write.h>

static unsigned char* stbi__resample_row_h_2(unsigned char* out, unsigned char* in_near, unsigned char* in_far,
                                             int width, int factor) {
    row_with_a_wrong_column(out, in_near, in_far, width, factor);
    if (width > 1)
        out[2 * width - 2] = static_cast<unsigned char>((in_near[width - 2] + 3 * in_near[width - 1] + 2) >> 2);
    return out;
}

#include "core/io/image/stb_reason.h"

namespace convlens {

void forget_failure_reason() { stbi__g_failure_reason = nullptr; }

}  // namespace convlens
