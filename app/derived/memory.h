// Whether a document's layers find room in the memory of this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "app/document/document.h"
#include "core/text/message.h"

namespace convlens {

// Bytes that programs can still take without any being put aside for it. Linux tells (MemAvailable in /proc/meminfo,
// proc_meminfo(5)); nothing where it is not told.
std::optional<std::int64_t> free_memory();

// Bytes that each layer takes once it is derived, on top of the document: its output, and the padded input, or the
// uncropped output and the zero-inserted input.
std::vector<std::int64_t> bytes_to_derive(const Document& document);

// The document's layers do not fit into the memory that is free.
class MemoryError : public std::runtime_error {
public:
    explicit MemoryError(Message words) : std::runtime_error(english(words)), words_(std::move(words)) {}
    const Message& words() const { return words_; }

private:
    Message words_;
};

// Throws a MemoryError where the layers that are not `kept` take more together than is `free`, which is asked for large
// ones only.
void check_memory(const Document& document, const std::vector<bool>& kept,
                  std::optional<std::int64_t> (*free)() = free_memory);

}  // namespace convlens
