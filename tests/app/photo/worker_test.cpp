// The thread that loads and filters photos.
#include "app/photo/worker.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "app/document/sample_image.h"
#include "core/engine/filter/filter_chain.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using namespace std::chrono_literals;

// Waits for the worker's next outcome.
class Waiting {
    struct Bell {
        void release() {
            const std::lock_guard lock(mutex);
            ++rings;
            changed.notify_one();
        }
        bool try_acquire_for(std::chrono::seconds time) {
            std::unique_lock lock(mutex);
            if (!changed.wait_for(lock, time, [this] { return rings > 0; })) return false;
            --rings;
            return true;
        }
        std::mutex mutex;
        std::condition_variable changed;
        int rings = 0;
    };
    Bell woken_;

public:
    PhotoWorker worker{[this] { woken_.release(); }};

    std::optional<PhotoWorker::Outcome> outcome() {
        if (!woken_.try_acquire_for(20s)) return std::nullopt;
        return worker.take();
    }
};

FilterStep named(const std::string& name) {
    FilterStep step;
    step.name = name;
    step.kernel = parse_kernel(name);
    return step;
}

TEST(PhotoWorker, LoadsTheSampleWhenThePathIsEmpty) {
    Waiting waiting;
    waiting.worker.load("");
    const auto outcome = waiting.outcome();
    ASSERT_TRUE(outcome && outcome->result);
    EXPECT_TRUE(outcome->loaded);
    EXPECT_EQ(outcome->result->before, sample_image());
    EXPECT_TRUE(outcome->problem.empty());
}

TEST(PhotoWorker, SaysWhyAFileCannotBeOpened) {
    const TempFolder folder;
    const auto outcome = load_photo(folder / "gone.png");
    EXPECT_FALSE(outcome.result);
    EXPECT_TRUE(english(outcome.problem).starts_with("“gone.png” could not be opened: ")) << english(outcome.problem);
}

TEST(PhotoWorker, FiltersStepByStepAndKeepsWhatLiesBetween) {
    Waiting waiting;
    const std::vector<FilterStep> chain{named("box"), named("sharpen")};
    waiting.worker.filter({"", sample_image(), {}, {}, {}}, chain);
    const auto outcome = waiting.outcome();
    ASSERT_TRUE(outcome && outcome->result);
    ASSERT_EQ(outcome->result->steps.size(), 2U);
    const Depth depth = sample_image()->depth();
    const Image first = *filter(*sample_image(), chain[0], step_options({}, depth, 0, 2));
    const Image second = *filter(first, chain[1], step_options({}, depth, 1, 2));
    EXPECT_EQ(first.depth(), Depth::f32);
    EXPECT_EQ(second.depth(), depth);
    EXPECT_TRUE(std::ranges::equal(outcome->result->steps[0].image->bytes(), first.bytes()));
    EXPECT_TRUE(std::ranges::equal(outcome->result->after()->bytes(), second.bytes()));
}

TEST(PhotoWorker, GoesOnFromTheStepsThatAreKnown) {
    Waiting waiting;
    waiting.worker.filter({"", sample_image(), {}, {}, {}}, {named("box"), named("sharpen")});
    const auto first = waiting.outcome();
    ASSERT_TRUE(first && first->result);
    waiting.worker.filter(*first->result, {named("box"), named("sobel_x")});
    const auto second = waiting.outcome();
    ASSERT_TRUE(second && second->result);
    EXPECT_EQ(second->result->steps[0].image, first->result->steps[0].image);
    EXPECT_EQ(second->result->steps.size(), 2U);
}

// What is the last step of one chain and not of the other is made again: only the last one is rounded.
TEST(PhotoWorker, AStepThatIsNoLongerTheLastIsMadeAgainInFloat) {
    Waiting waiting;
    const std::vector<FilterStep> long_chain{named("laplacian"), named("laplacian"), named("box")};
    PhotoResult known{"", sample_image(), {}, {}, {}};
    for (const std::size_t steps : {1, 3, 2, 1}) {
        const std::vector<FilterStep> chain(long_chain.begin(),
                                            long_chain.begin() + static_cast<std::ptrdiff_t>(steps));
        waiting.worker.filter(known, chain);
        const auto outcome = waiting.outcome();
        ASSERT_TRUE(outcome && outcome->result);
        known = *outcome->result;
        ASSERT_EQ(known.steps.size(), steps);
        EXPECT_TRUE(std::ranges::equal(known.after()->bytes(), filter_chain(*sample_image(), chain).value().bytes()));
    }
}

TEST(PhotoWorker, ANewerOrderTakesThePlaceOfOneThatIsUnderWay) {
    Waiting waiting;
    // Long enough that the next order comes while it runs: 961 weights that are no outer product, many times over.
    const std::vector<FilterStep> slow(200, named("unsharp:size=31,sigma=5"));
    waiting.worker.filter({"", sample_image(), {}, {}, {}}, slow);
    waiting.worker.filter({"", sample_image(), {}, {}, {}}, {named("box")});
    const auto outcome = waiting.outcome();
    ASSERT_TRUE(outcome && outcome->result);
    EXPECT_EQ(outcome->result->steps.size(), 1U);
    EXPECT_FALSE(waiting.worker.take());
}

// Ten seconds of work on this machine, whatever it is: a worker that went on to the end of it would not end in time.
TEST(PhotoWorker, EndsAtOnceInTheMiddleOfWork) {
    const auto picture = std::make_shared<const Image>(1200, 900, 1, Depth::u8);
    const FilterStep step = named("unsharp:size=31,sigma=5");
    const auto seconds_of = [](const auto& work) {
        const auto began = std::chrono::steady_clock::now();
        work();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    const auto once = [&] { filter(*picture, step, step_options({}, picture->depth(), 0, 2)); };
    const double one = std::min(seconds_of(once), seconds_of(once));
    const auto steps = static_cast<std::size_t>(std::clamp(10 / one, 3.0, 1000.0));
    auto waiting = std::make_unique<Waiting>();
    waiting->worker.filter({"", picture, {}, {}, {}}, std::vector<FilterStep>(steps, step));
    std::this_thread::sleep_for(200ms);
    EXPECT_GT(waiting->worker.running_ms(), 0);
    EXPECT_LT(seconds_of([&] { waiting.reset(); }), 3) << steps << " steps of " << one << " s";
}

TEST(PhotoWorker, OfALargeImageTheVisibleRegionComesFirst) {
    Image large(2000, 1500, 3, Depth::u8);
    for (std::size_t i = 0; i < large.bytes().size(); ++i) large.bytes()[i] = static_cast<std::byte>(i / 5 * 7);
    const auto picture = std::make_shared<const Image>(std::move(large));
    FilterStep half = named("sharpen");
    half.stride = 2;
    const std::vector<FilterStep> chain{named("box"), half};
    for (const PixelRect& visible_region : {PixelRect{501, 400, 300, 200}, {0, 0, 2000, 1500}, {}}) {
        Waiting waiting;
        waiting.worker.filter({"", picture, {}, {}, {}}, chain, visible_region);
        auto outcome = waiting.outcome();
        if (!outcome) outcome = waiting.outcome();
        ASSERT_TRUE(outcome && outcome->result);
        const auto visible_result = waiting.worker.take_visible_result();
        ASSERT_EQ(visible_result.has_value(), visible_region.w == 300);
        if (!visible_result) continue;
        EXPECT_EQ(visible_result->stride, 2);
        EXPECT_EQ(visible_result->chain, chain);
        EXPECT_EQ(visible_result->part, (PixelRect{250, 200, 151, 100}));
        EXPECT_TRUE(std::ranges::equal(visible_result->image->bytes(),
                                       crop(*outcome->result->after(), visible_result->part).bytes()));
        EXPECT_FALSE(waiting.worker.take_visible_result());
    }
}

TEST(PhotoWorker, AnEmptyChainIsThePictureAsItIs) {
    Waiting waiting;
    waiting.worker.filter({"", sample_image(), {}, {}, {}}, {});
    const auto outcome = waiting.outcome();
    ASSERT_TRUE(outcome && outcome->result);
    EXPECT_EQ(outcome->result->after(), sample_image());
}

// Hours and gigabytes: the same refusal as on the command line, and the worker goes on with what is asked next.
TEST(InDepth, OfAPictureWithoutStepsIsThePictureConverted) {
    const ImageRef sample = sample_image();
    const PhotoResult result{"", sample, {}, {}, {}};
    const ImageRef floats = in_depth(result, Depth::f32, {});
    ASSERT_EQ(floats->depth(), Depth::f32);
    EXPECT_EQ(floats->sample(3, 5, 1), converted(*sample, Depth::f32).sample(3, 5, 1));
    EXPECT_EQ(in_depth(result, sample->depth(), {}), sample);
}

TEST(PhotoWorker, HopelessWorkIsRefusedAndTheNextOrderIsDone) {
    Waiting waiting;
    const auto picture = std::make_shared<const Image>(4000, 3000, 1, Depth::u8);
    FilterStep far = named("box:size=999");
    far.dilation = 999;
    const PhotoResult known{"", picture, {}, {}, {}};
    waiting.worker.filter(known, {named("identity"), far}, {100, 100, 200, 200});
    const auto refused = waiting.outcome();
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused->result);
    EXPECT_TRUE(english(refused->problem)
                    .starts_with("The image was not filtered. box:size=999: 999×999 weights over "
                                 "4000 × 3000 px need "))
        << english(refused->problem);
    EXPECT_TRUE(
        english(refused->problem).ends_with("With a dilation of at most 4 the kernel spans no more than the image."))
        << english(refused->problem);
    EXPECT_FALSE(waiting.worker.take_visible_result());
    waiting.worker.filter(known, {named("identity")});
    const auto next = waiting.outcome();
    ASSERT_TRUE(next && next->result);
    EXPECT_EQ(next->result->steps.size(), 1U);
}

}  // namespace
}  // namespace convlens
