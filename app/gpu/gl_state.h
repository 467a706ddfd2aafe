// Keeps what the caller has bound: made before work of our own on a shared context, it puts everything back at its end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/text/message.h"

namespace convlens {

// Active unit, the 2-D texture and sampler of the first two units, and how pixels are packed and unpacked; sets the
// latter to rows without gaps, and no buffer in their way.
class TextureState {
public:
    TextureState();
    ~TextureState();
    TextureState(const TextureState&) = delete;
    TextureState& operator=(const TextureState&) = delete;

private:
    static constexpr int kUnits = 2;
    static constexpr int kPixelSettings = 14;
    int active_ = 0;
    std::array<int, kUnits> textures_{}, samplers_{};
    std::array<int, kPixelSettings> pixels_{};
    int pack_buffer_ = 0, unpack_buffer_ = 0;
};

// What a compute dispatch binds besides: program, the storage buffer and its first slot, the first image unit.
class ComputeState {
public:
    ComputeState();
    ~ComputeState();
    ComputeState(const ComputeState&) = delete;
    ComputeState& operator=(const ComputeState&) = delete;

private:
    int program_ = 0;
    int buffer_ = 0, slot_buffer_ = 0;
    std::int64_t slot_start_ = 0, slot_size_ = 0;
    int image_name_ = 0, image_level_ = 0, image_layered_ = 0, image_layer_ = 0, image_access_ = 0, image_format_ = 0;
};

// The error flags are the whole context's: those that the caller left are thrown away, so that ours are ours.
void clear_gl_errors();
// The first error since, as "out of memory"; nothing when there is none. Clears the flags.
std::optional<Key> take_gl_error();

}  // namespace convlens
