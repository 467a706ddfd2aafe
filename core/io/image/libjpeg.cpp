#include "core/io/image/libjpeg.h"

#include <jerror.h>

namespace convlens {

namespace {

LibjpegErrors& errors_of(j_common_ptr codec) { return *reinterpret_cast<LibjpegErrors*>(codec->err); }

[[noreturn]] void leave(j_common_ptr codec) {
    LibjpegErrors& errors = errors_of(codec);
    errors.base.format_message(codec, errors.reason);
    std::longjmp(errors.back, 1);
}

void on_error(j_common_ptr codec) {
    LibjpegErrors& errors = errors_of(codec);
    errors.truncated = errors.base.msg_code == JERR_INPUT_EMPTY || errors.base.msg_code == JERR_INPUT_EOF;
    leave(codec);
}

bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

// Bytes between segments, or behind the last sample, are in the way of nobody. In front of a restart they are samples
// that were not decoded.
bool tells_damage(const jpeg_error_mgr& errors) {
    switch (errors.msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_MUST_RESYNC: return true;
        case JWRN_EXTRANEOUS_DATA: return is_restart(errors.msg_parm.i[1]);
        default: return false;
    }
}

void on_message(j_common_ptr codec, int level) {
    if (level >= 0) return;  // what is warned of is -1, what is told for debugging more
    LibjpegErrors& errors = errors_of(codec);
    errors.truncated = errors.base.msg_code == JWRN_JPEG_EOF;
    errors.damaged = tells_damage(errors.base);
    if (errors.truncated || errors.damaged) leave(codec);
}

void on_output(j_common_ptr) {}

}  // namespace

jpeg_error_mgr* with_callbacks(LibjpegErrors& errors) {
    jpeg_error_mgr* base = jpeg_std_error(&errors.base);
    base->error_exit = on_error;
    base->emit_message = on_message;
    base->output_message = on_output;
    return base;
}

}  // namespace convlens
