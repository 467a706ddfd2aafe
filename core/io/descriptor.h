// An open file of the system, closed with its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace convlens {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, kNone)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    // False, with the reason in errno, where the system could not keep what was written.
    bool close() { return number_ < 0 || ::close(std::exchange(number_, kNone)) == 0; }

private:
    static constexpr int kNone = -1;
    int number_ = kNone;
};

}  // namespace convlens
