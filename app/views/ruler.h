// The size ruler's scene in parts, for a panel that has words of its own for its caption. See build_ruler().
#pragma once

namespace convlens {

// The height of the line of its caption, with what stands above it, pixels: the strip begins below.
float ruler_caption_height(float text_size);

}  // namespace convlens
