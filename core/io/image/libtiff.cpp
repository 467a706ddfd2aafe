#include "core/io/image/libtiff.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <new>

namespace convlens {

namespace {

TiffMemory& memory_of(thandle_t handle) { return *static_cast<TiffMemory*>(handle); }

std::span<const std::byte> content(const TiffMemory& memory) {
    return memory.writes ? std::span<const std::byte>(memory.made) : memory.file;
}

tmsize_t on_read(thandle_t handle, void* to, tmsize_t wanted) {
    TiffMemory& memory = memory_of(handle);
    const auto bytes = content(memory);
    if (memory.at >= bytes.size() || wanted <= 0) return 0;
    const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(wanted), bytes.size() - memory.at);
    std::memcpy(to, bytes.data() + memory.at, count);
    memory.at += count;
    return static_cast<tmsize_t>(count);
}

// No exception may pass through libtiff.
tmsize_t on_write(thandle_t handle, void* from, tmsize_t count) {
    TiffMemory& memory = memory_of(handle);
    if (!memory.writes || count <= 0) return 0;
    const auto end = static_cast<std::size_t>(memory.at) + static_cast<std::size_t>(count);
    try {
        if (end > memory.made.size()) memory.made.resize(end);
    } catch (const std::bad_alloc&) {
        memory.no_memory = true;
        return 0;
    }
    std::memcpy(memory.made.data() + memory.at, from, static_cast<std::size_t>(count));
    memory.at = end;
    return count;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    TiffMemory& memory = memory_of(handle);
    const std::uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : content(memory).size();
    memory.at = base + offset;
    return memory.at;
}

int on_close(thandle_t) { return 0; }
toff_t on_size(thandle_t handle) { return content(memory_of(handle)).size(); }

// What is read is not copied.
int on_map(thandle_t handle, void** base, toff_t* size) {
    const TiffMemory& memory = memory_of(handle);
    if (memory.writes) return 0;
    *base = const_cast<std::byte*>(memory.file.data());
    *size = memory.file.size();
    return 1;
}
void on_unmap(thandle_t, void*, toff_t) {}

int on_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    std::string& error = static_cast<TiffMemory*>(user)->error;
    if (!error.empty()) return 1;
    std::array<char, 300> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    error = text.data();
    return 1;  // nothing is printed
}

int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

}  // namespace

OpenTiff open_tiff(TiffMemory& memory, const char* mode, std::int64_t most) {
    memory.writes = mode[0] == 'w';
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   TIFFOpenOptionsFree);
    if (!options) return nullptr;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(most));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &memory);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, nullptr);
    return OpenTiff(TIFFClientOpenExt("image", mode, &memory, on_read, on_write, on_seek, on_close, on_size, on_map,
                                      on_unmap, options.get()));
}

}  // namespace convlens
