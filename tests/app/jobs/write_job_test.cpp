#include "app/jobs/write_job.h"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace convlens {
namespace {

TEST(WriteJob, TheNewestOfOneKeyTakesThePlaceOfTheOneThatWaits) {
    std::promise<void> begun, go;
    std::string done;
    WriteJob job;
    job.post("a", [&] {
        begun.set_value();
        go.get_future().wait();
        done += "a";
    });
    begun.get_future().wait();
    job.post("a", [&] { done += "b"; });
    job.post("c", [&] { done += "c"; });
    job.post("a", [&] { done += "d"; });
    EXPECT_TRUE(job.busy());
    go.set_value();
    job.wait();
    EXPECT_EQ(done, "adc") << "what has begun ends; a key keeps its turn";
    EXPECT_FALSE(job.busy());
}

TEST(WriteJob, TellsWhatFailedAndGoesOn) {
    std::atomic<int> wakes = 0;
    WriteJob job([&] { ++wakes; });
    job.post("bad", [] { throw std::runtime_error("the disk is full"); });
    job.post("good", [] {});
    job.wait();
    const auto outcomes = job.take();
    ASSERT_EQ(outcomes.size(), 2U);
    EXPECT_EQ(outcomes[0].key, "bad");
    EXPECT_EQ(english(outcomes[0].problem), "the disk is full");
    EXPECT_TRUE(outcomes[1].problem.empty());
    EXPECT_TRUE(job.take().empty());
}

TEST(WriteJob, ItsEndDoesWhatIsStillWaiting) {
    int done = 0;
    {
        WriteJob job;
        for (int i = 0; i < 7; ++i) job.post(std::to_string(i), [&] { ++done; });
    }
    EXPECT_EQ(done, 7);
}

}  // namespace
}  // namespace convlens
