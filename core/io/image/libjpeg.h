// libjpeg-turbo's errors, for the reader and the writer. libjpeg reports failures by longjmp, which skips destructors:
// everything that owns memory lives outside of the functions that call setjmp.
#pragma once

#include <csetjmp>
#include <cstdio>  // jpeglib.h uses FILE without naming it

#include <jpeglib.h>

namespace convlens {

// `base` comes first: libjpeg hands back a pointer to it.
struct LibjpegErrors {
    jpeg_error_mgr base{};
    std::jmp_buf back{};
    bool truncated = false;          // the file ends before the image does
    bool damaged = false;            // libjpeg would go on with other samples than were written
    char reason[JMSG_LENGTH_MAX]{};  // libjpeg's own words
};

// Sets libjpeg's callbacks. Errors, and those warnings that tell of lost samples, are noted and lead to `back`; bytes
// that belong to nothing and other oddities are passed over.
jpeg_error_mgr* with_callbacks(LibjpegErrors& errors);

}  // namespace convlens
