// Where a filter chain runs when nobody says where: one rule for the window and the command line.
#pragma once

#include <cstdint>
#include <span>

#include "app/document/document.h"
#include "core/image/image.h"
#include "core/text/message.h"

namespace convlens {

// What a step costs: sums of weight times sample that it makes on an image of this size.
double filter_work(const FilterStep& filter, std::int64_t width, std::int64_t height, const Image& like);
// Of a whole chain.
double chain_work(std::span<const FilterStep> chain, const Image& image);

// Remembers what each side took, and compares what the next chain would take.
class BackendRule {
public:
    enum class Choice {
        gpu,
        cpu_for_real,   // the GPU is a software renderer, which runs on the processor as well
        cpu_is_faster,  // by what was measured of both
    };
    // Whether a GPU whose context is there takes the next chain. `software`: it is the processor in place of a GPU.
    Choice choose(bool software) const;
    // Whether the processor would take longer for so many products (chain_work) than a GPU that has never run: to make
    // its context alone takes some tenths of a second.
    bool worth_waking(double work) const;

    // Milliseconds that so many products keep a GPU busy: as the last step did that it computed; before there is one, as a
    // slow GPU of its kind would take.
    double expected_gpu_ms(double work, bool software) const;
    // A step took so long on the GPU alone, without the transfers to it and back. Steps of little work are passed over.
    void computed_on_gpu(double work, double ms);

    // A chain took so long, with the transfers to and from the GPU. Chains of little work are passed over, and of the GPU the
    // first ones, in which the driver compiles.
    void took(bool on_gpu, double work, double ms);

private:
    // Milliseconds for one product; 0: not measured.
    double cpu_cost_ = 0, gpu_cost_ = 0;  // of chains, with the transfers to and from the GPU
    double gpu_step_cost_ = 0;            // of the last step, without
    int gpu_runs_ = 0;
};

// "CPU, 1 thread", "CPU, 2 threads"; 0: as many threads as the machine has cores.
Message cpu_words(int threads);

}  // namespace convlens
