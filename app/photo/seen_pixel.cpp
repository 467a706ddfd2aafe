#include "app/photo/seen_pixel.h"

#include "core/engine/filter/filter_chain.h"

namespace convlens {

SeenPixel seen_pixel(const PhotoResult* result, const VisibleResult& visible_result, std::int64_t x, std::int64_t y) {
    SeenPixel seen;
    if (visible_result.image) {
        const PixelRect& part = visible_result.part;
        const std::int64_t s = visible_result.stride;
        const PixelRect own{x / s, y / s, 1, 1};
        if (!common(part, own).empty())
            return {visible_result.image, visible_result.chain, own.x - part.x, own.y - part.y, s, true, false};
    }
    if (!result) return seen;
    seen.chain = result->chain();
    seen.image = result->after();
    seen.stride = chain_stride(seen.chain, seen.chain.size());
    seen.x = x / seen.stride;
    seen.y = y / seen.stride;
    seen.outdated = visible_result.image != nullptr;
    return seen;
}

}  // namespace convlens
