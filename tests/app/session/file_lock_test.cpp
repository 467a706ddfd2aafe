#include "app/session/file_lock.h"

#include <array>
#include <csignal>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

using Kind = FileLock::Kind;
using State = FileLock::State;

TEST(FileLock, IsHeldByOneAndDroppedAtItsEnd) {
    const TempFolder folder;
    {
        FileLock first(folder / "a.lock", Kind::exclusive);
        EXPECT_EQ(first.state(), State::held);
        EXPECT_EQ(FileLock(folder / "a.lock", Kind::exclusive).state(), State::elsewhere);
        EXPECT_EQ(FileLock(folder / "b.lock", Kind::exclusive).state(), State::held);
        const FileLock moved = std::move(first);
        EXPECT_EQ(FileLock(folder / "a.lock", Kind::shared).state(), State::elsewhere);
    }
    const FileLock one(folder / "a.lock", Kind::shared), two(folder / "a.lock", Kind::shared);
    EXPECT_TRUE(one && two) << "several may share it";
    EXPECT_EQ(FileLock(folder / "a.lock", Kind::exclusive).state(), State::elsewhere);
}

// A process that takes the lock and then does nothing more.
pid_t holder_of(const std::string& path) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return -1;
    const pid_t child = fork();
    if (child == 0) {
        const FileLock lock(path, Kind::exclusive);
        const char held = lock ? 1 : 0;
        if (write(ends[1], &held, 1) != 1) _exit(1);
        while (true) pause();
    }
    char held = 0;
    EXPECT_EQ(read(ends[0], &held, 1), 1);
    EXPECT_EQ(held, 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

TEST(FileLock, GoesWithAProcessThatIsKilled) {
    const TempFolder folder;
    const pid_t child = holder_of(folder / "a.lock");
    ASSERT_GT(child, 0);
    EXPECT_EQ(FileLock(folder / "a.lock", Kind::exclusive).state(), State::elsewhere);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_EQ(FileLock(folder / "a.lock", Kind::exclusive).state(), State::held);
}

TEST(FileLock, SaysWhereThereCanBeNone) {
    const TempFolder folder;
    EXPECT_EQ(FileLock(folder / "no/such/folder.lock", Kind::exclusive).state(), State::impossible);
    std::filesystem::create_directory(folder.path() / "folder.lock");
    EXPECT_EQ(FileLock(folder / "folder.lock", Kind::shared).state(), State::held) << "a folder has a lock, too";
}

TEST(FileLock, KeepsANumberForTheNextWhoHoldsIt) {
    const TempFolder folder;
    {
        const FileLock lock(folder / "a.lock", Kind::exclusive);
        EXPECT_EQ(lock.number(), 0);
        lock.set_number(13);
        lock.set_number(2);
    }
    EXPECT_EQ(FileLock(folder / "a.lock", Kind::exclusive).number(), 2);
    EXPECT_EQ(FileLock(folder.write("words.lock", "seven"), Kind::exclusive).number(), 0);
}

}  // namespace
}  // namespace convlens
