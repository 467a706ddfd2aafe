// Figures written while the window stays alive: PNG of the picture as it stands, GIF of the whole play.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/derived/derived.h"
#include "app/scene/build.h"

namespace convlens {

class ExportJob {
public:
    enum class Kind { png, gif };
    struct Order {
        Kind kind = Kind::png;
        Derived derived;  // a snapshot; its blobs are shared
        Playhead playhead;
        bool dark = false;
        bool motion = true;
        float speed = 1;
        bool loop = true;
        std::string path;  // UTF-8
    };

    ExportJob() = default;
    ~ExportJob();
    ExportJob(const ExportJob&) = delete;
    ExportJob& operator=(const ExportJob&) = delete;

    bool busy() const { return thread_.joinable(); }
    // False while another one is under way. The job posts an empty event at its end.
    bool start(Order order);

    struct Result {
        std::string text;  // for people
        bool problem = false;
    };
    // Once, after the job has ended.
    std::optional<Result> take_result();

private:
    std::jthread thread_;
    std::mutex mutex_;
    std::optional<Result> result_;
};

}  // namespace convlens
