#include "core/base/parallel.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace convlens {

namespace {

// How long a thread looks for work, or for the end of it, before it sleeps: about what waking up costs.
constexpr std::chrono::microseconds kLookFor{30};

void pause_a_moment() {
#if defined(__x86_64__)
    _mm_pause();
#endif
}

template <typename Condition>
bool comes_soon(const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + kLookFor;
    do {
        for (int look = 0; look < 64; ++look) {
            if (condition()) return true;
            pause_a_moment();
        }
    } while (std::chrono::steady_clock::now() < until);
    return condition();
}

// A job while it runs. Helpers may join until its bands are handed out; the caller waits for those who did.
struct Running {
    explicit Running(const BandJob& of, int threads) : job(of), seats(threads - 1) {}

    const BandJob& job;
    std::atomic<std::int64_t> next = 0;
    int seats;                     // helpers that may still join (under the pool's mutex)
    int joined = 0;                // (under the pool's mutex)
    std::atomic<int> working = 0;  // helpers that have not left
    std::mutex failing;
    std::exception_ptr failure;

    void work(int worker) {
        try {
            for (std::int64_t first = next.fetch_add(job.band); first < job.count; first = next.fetch_add(job.band))
                job.call(job.body, first, std::min(first + job.band, job.count), worker);
        } catch (...) {
            const std::lock_guard lock(failing);
            if (!failure) failure = std::current_exception();
            next = job.count;
        }
    }
};

// The kept threads.
class Helpers {
public:
    ~Helpers() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }

    void run(const BandJob& job, int threads) {
        Running running(job, threads);
        open(running, threads);
        running.work(0);
        close(running);
        if (running.failure) std::rethrow_exception(running.failure);
    }

private:
    void open(Running& running, int threads) {
        const std::lock_guard lock(mutex_);
        try {
            while (static_cast<int>(threads_.size()) < threads - 1) threads_.emplace_back([this] { help(); });
        } catch (const std::system_error&) {
            // The machine has no more threads to give: those there are do the work, at worst the caller alone.
        }
        jobs_.push_back(&running);
        offers_.fetch_add(1);
        if (threads == 2) {
            wake_.notify_one();
        } else {
            wake_.notify_all();
        }
    }

    void close(Running& running) {
        {
            const std::lock_guard lock(mutex_);
            std::erase(jobs_, &running);
        }
        const auto all_left = [&running] { return running.working.load() == 0; };
        if (comes_soon(all_left)) return;
        std::unique_lock lock(mutex_);
        left_.wait(lock, all_left);
    }

    // What a helper does for as long as the program runs.
    void help() {
        std::unique_lock lock(mutex_);
        while (!ending_) {
            if (Running* running = join()) {
                const int worker = running->joined;
                lock.unlock();
                running->work(worker);
                lock.lock();
                // The caller may be gone as soon as this is seen, so nothing of `running` is touched after it.
                if (running->working.fetch_sub(1) == 1) left_.notify_all();
                continue;
            }
            const std::int64_t seen = offers_.load();
            lock.unlock();
            const bool offered = comes_soon([&] { return offers_.load() != seen; });
            lock.lock();
            if (!offered) wake_.wait(lock, [&] { return ending_ || offers_.load() != seen; });
        }
    }

    // A job with a free seat and bands left, taken. Under the mutex.
    Running* join() {
        for (Running* running : jobs_) {
            if (running->seats == 0 || running->next.load() >= running->job.count) continue;
            --running->seats;
            ++running->joined;
            running->working.fetch_add(1);
            return running;
        }
        return nullptr;
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable left_;
    std::vector<std::thread> threads_;
    std::vector<Running*> jobs_;
    std::atomic<std::int64_t> offers_ = 0;
    bool ending_ = false;
};

}  // namespace

void run_bands(const BandJob& job, int threads) {
    static Helpers helpers;
    const std::int64_t bands = (job.count + job.band - 1) / job.band;
    helpers.run(job, static_cast<int>(std::min<std::int64_t>(threads, bands)));
}

}  // namespace convlens
