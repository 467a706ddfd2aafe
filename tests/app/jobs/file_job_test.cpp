// Files that are written beside the window: in turn, whole or not at all.
#include "app/jobs/file_job.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/window/export.h"
#include "core/io/error.h"
#include "core/io/image/image_file.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using End = FileJob::Result::End;

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

FileJob::Result wait_for(FileJob& job) {
    for (int i = 0; i < 20000; ++i) {
        if (const auto result = job.take_result()) return *result;
        pause();
    }
    ADD_FAILURE() << "the job does not end";
    return {};
}

// Noise, which takes its time to be compressed.
ImageRef noise(std::int64_t width, std::int64_t height) {
    Image image(width, height, 3, Depth::u8);
    std::uint32_t state = 5;
    for (std::byte& sample : image.bytes()) {
        state = state * 1664525U + 1013904223U;
        sample = static_cast<std::byte>(state >> 25U);
    }
    return std::make_shared<const Image>(std::move(image));
}

std::size_t count_files(const TempFolder& folder) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()));
}

// Writes the picture as it is.
FileJob::Order unfiltered(ImageRef picture, std::string path) {
    return photo_order(std::make_shared<const PhotoResult>(PhotoResult{"", std::move(picture), {}, {}, {}}),
                       std::move(path));
}

TEST(FileJob, WritesInTurnAndTellsWhatBecameOfEach) {
    std::atomic<int> woken = 0;
    FileJob job([&woken] { ++woken; });
    EXPECT_FALSE(job.busy());
    EXPECT_FALSE(job.take_result());
    std::atomic<bool> go = false;
    std::vector<std::string> order;
    job.start({"/a", [&](const Progress& progress) {
                   progress.report(0.25);
                   while (!go) pause();
                   order.emplace_back("a");
                   return true;
               }});
    job.start({"/b", [&](const Progress&) -> bool {
                   order.emplace_back("b");
                   throw FileError("/b", verbatim("the disk is full"));
               }});
    while (!job.state()->share) pause();
    EXPECT_EQ(job.state()->path, "/a");
    EXPECT_EQ(job.state()->share, 0.25);
    EXPECT_EQ(job.state()->waiting, 1U);
    EXPECT_FALSE(job.take_result());
    go = true;
    const FileJob::Result first = wait_for(job);
    EXPECT_EQ(first.path, "/a");
    EXPECT_EQ(first.end, End::saved);
    const FileJob::Result second = wait_for(job);
    EXPECT_EQ(second.path, "/b");
    EXPECT_EQ(second.end, End::failed);
    EXPECT_EQ(english(second.reason), "the disk is full");
    EXPECT_FALSE(job.busy());
    EXPECT_FALSE(job.state());
    EXPECT_EQ(order, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(woken, 2);
}

std::chrono::steady_clock::duration time_to_save(const ImageRef& picture, const std::string& path) {
    const auto began = std::chrono::steady_clock::now();
    FileJob job([] {});
    job.start(unfiltered(picture, path));
    EXPECT_EQ(wait_for(job).end, End::saved);
    return std::chrono::steady_clock::now() - began;
}

TEST(FileJob, ACancelledPhotoLeavesTheOldFileAndNothingBeside) {
    const TempFolder folder;
    const ImageRef picture = noise(3000, 2000);
    for (const char* name : {"a.png", "a.jpg"}) {
        const std::string path = folder.write(name, "what was there");
        const std::size_t files = count_files(folder);
        const auto whole = time_to_save(picture, folder / (std::string("whole ") + name));
        FileJob job([] {});
        job.start(unfiltered(picture, path));
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        job.cancel();
        const auto began = std::chrono::steady_clock::now();
        EXPECT_TRUE(job.state()->cancelled);
        EXPECT_EQ(wait_for(job).end, End::cancelled) << name;
        EXPECT_LT(std::chrono::steady_clock::now() - began, whole / 2);
        EXPECT_EQ(folder.read(name), "what was there");
        EXPECT_EQ(count_files(folder), files + 1);
    }
}

TEST(FileJob, IsLeftAtOnceWhenTheWindowGoes) {
    const TempFolder folder;
    const auto began = std::chrono::steady_clock::now();
    {
        FileJob job([] {});
        job.start(unfiltered(noise(3000, 2000), folder / "a.png"));
        job.start(unfiltered(noise(7, 5), folder / "b.png"));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
    EXPECT_EQ(count_files(folder), 0U);
}

TEST(FileJob, APhotoIsWrittenAsItIs) {
    const TempFolder folder;
    const ImageRef picture = noise(61, 43);
    FileJob job([] {});
    job.start(unfiltered(picture, folder / "a.png"));
    EXPECT_EQ(wait_for(job).end, End::saved);
    const Image read = load_image(folder / "a.png");
    EXPECT_TRUE(std::ranges::equal(read.bytes(), picture->bytes()));
    job.start(unfiltered(picture, folder / "no folder/a.png"));
    const FileJob::Result failed = wait_for(job);
    EXPECT_EQ(failed.end, End::failed);
    EXPECT_FALSE(failed.reason.empty());
}

}  // namespace
}  // namespace convlens
