// Reading and writing whole files: whatever stands in a name's place stays what it is.
#include "core/io/bytes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "core/io/error.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

void write(const fs::path& path, std::string_view text) { write_bytes(path, bytes_of(text)); }

std::string read(const fs::path& path, std::int64_t most = 1000) {
    const std::vector<std::byte> bytes = read_bytes(path, most);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename Action>
std::string reason(const Action& action) {
    try {
        action();
    } catch (const FileError& error) {
        return error.reason();
    }
    return "nothing was refused";
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

mode_t mode_of(const fs::path& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0);
    return found.st_mode & 07777;
}

double seconds_of(const std::function<void()>& action) {
    const auto began = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

TEST(Bytes, AFileKeepsItsMode) {
    const TempFolder folder;
    for (const mode_t mode : {0600U, 0640U, 0755U, 0604U}) {
        const fs::path path = folder.write("a.bin", "before");
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        write(path, "after");
        EXPECT_EQ(folder.read("a.bin"), "after");
        EXPECT_EQ(mode_of(path), mode);
    }
    EXPECT_EQ(folder.entries(), 1);
}

// Not even for a moment does a name stand for half a file: who has the old one open reads it to its end.
TEST(Bytes, AFileIsReplacedAsAWhole) {
    const TempFolder folder;
    const fs::path path = folder.write("a.bin", "the old bytes");
    std::ifstream old(path);
    write(path, "new");
    std::string text;
    std::getline(old, text);
    EXPECT_EQ(text, "the old bytes");
    EXPECT_EQ(folder.read("a.bin"), "new");
    write_bytes_durably(path, bytes_of("durable"));
    EXPECT_EQ(folder.read("a.bin"), "durable");
    EXPECT_EQ(folder.entries(), 1);
}

TEST(Bytes, ANewFileHasTheUsersOwnMode) {
    const TempFolder folder;
    const mode_t before = ::umask(027);
    write(folder / "new.bin", "x");
    ::umask(before);
    EXPECT_EQ(mode_of(folder / "new.bin"), 0640U);
}

TEST(Bytes, AnOwnerIsKeptWhereRootWrites) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
    const TempFolder folder;
    const fs::path path = folder.write("a.bin", "before");
    ASSERT_EQ(::chown(path.c_str(), 1234, 4321), 0);
    ASSERT_EQ(::chmod(path.c_str(), 0620), 0);
    write(path, "after");
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_uid, 1234U);
    EXPECT_EQ(found.st_gid, 4321U);
    EXPECT_EQ(found.st_mode & 07777, 0620U);
}

TEST(Bytes, AFileThatMustNotBeWrittenIsNotReplaced) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write all files";
    const TempFolder folder;
    const fs::path path = folder.write("a.bin", "before");
    ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
    EXPECT_TRUE(has(reason([&] { write(path, "after"); }), "cannot be written"));
    EXPECT_EQ(folder.read("a.bin"), "before");
}

TEST(Bytes, LinksStayLinks) {
    const TempFolder folder;
    fs::create_directory(folder.path() / "deep");
    folder.write("deep/target.bin", "before");
    fs::create_symlink("deep/target.bin", folder.path() / "one");
    fs::create_symlink("one", folder.path() / "two");
    fs::create_symlink("deep", folder.path() / "shallow");
    write(folder / "two", "after");
    EXPECT_TRUE(fs::is_symlink(folder.path() / "two"));
    EXPECT_TRUE(fs::is_symlink(folder.path() / "one"));
    EXPECT_EQ(folder.read("deep/target.bin"), "after");
    write(folder / "shallow/target.bin", "once more");
    EXPECT_EQ(folder.read("deep/target.bin"), "once more");
    EXPECT_EQ(folder.entries(), 4);
}

TEST(Bytes, WhereALinkLeadsToNothingItsTargetIsMade) {
    const TempFolder folder;
    fs::create_directory(folder.path() / "deep");
    fs::create_symlink("deep/new.bin", folder.path() / "one");
    fs::create_symlink(folder.path() / "one", folder.path() / "two");
    EXPECT_TRUE(has(reason([&] { read(folder / "two"); }), "is a link to"));
    write(folder / "two", "made");
    EXPECT_TRUE(fs::is_symlink(folder.path() / "two"));
    EXPECT_EQ(folder.read("deep/new.bin"), "made");
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder.path() / "deep/new.bin")));
    fs::create_symlink("nowhere/new.bin", folder.path() / "three");
    EXPECT_TRUE(has(reason([&] { write(folder / "three", "x"); }), "there is no folder"));
    fs::create_symlink("circle", folder.path() / "circle");
    EXPECT_TRUE(has(reason([&] { write(folder / "circle", "x"); }), "cannot be written"));
    EXPECT_TRUE(has(reason([&] { read(folder / "circle"); }), "cannot be read"));
}

TEST(Bytes, DevicesAreWrittenAndStayDevices) {
    write("/dev/null", "gone");
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    const TempFolder folder;
    fs::create_symlink("/dev/null", folder.path() / "sink");
    write(folder / "sink", "gone");
    EXPECT_TRUE(fs::is_symlink(folder.path() / "sink"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_TRUE(has(reason([] { write("/dev/full", "x"); }), "No space left"));
}

TEST(Bytes, WhatIsOpenAlreadyIsAddedTo) {
    const TempFolder folder;
    const fs::path path = folder.write("out.bin", "first ");
    const int file = ::open(path.c_str(), O_WRONLY);
    ASSERT_EQ(::lseek(file, 6, SEEK_SET), 6);
    write("/dev/fd/" + std::to_string(file), "second ");
    ASSERT_EQ(::write(file, "third", 5), 5);
    ::close(file);
    EXPECT_EQ(folder.read("out.bin"), "first second third");
}

TEST(Bytes, PipesCarryWhatIsWritten) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const std::string much(300'000, 'x');  // more than a pipe holds
    std::string got;
    std::thread reader([&] { got = read(pipe, 1'000'000); });
    write(pipe, much + "end");
    reader.join();
    EXPECT_EQ(got, much + "end");
    EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(Bytes, AReaderThatGoesAwayIsAnErrorAndNotTheEnd) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread reader([&] {
        const int file = ::open(pipe.c_str(), O_RDONLY);
        std::byte first{};
        EXPECT_EQ(::read(file, &first, 1), 1);
        ::close(file);
    });
    EXPECT_TRUE(has(reason([&] { write(pipe, std::string(300'000, 'x')); }), "Broken pipe"));
    reader.join();
}

TEST(Bytes, APipeThatNobodyHoldsIsRefusedAfterASecond) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::string writing;
    std::thread other([&] {
        const TempFolder own;
        const fs::path unread = own / "pipe";
        ASSERT_EQ(::mkfifo(unread.c_str(), 0600), 0);
        writing = reason([&] { write(unread, "x"); });
    });
    EXPECT_LT(seconds_of([&] { EXPECT_TRUE(has(reason([&] { read(pipe); }), "no program writes")); }), 5);
    other.join();
    EXPECT_TRUE(has(writing, "no program reads")) << writing;
}

TEST(Bytes, AWriterMayBeSlow) {
    const TempFolder folder;
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const int file = ::open(pipe.c_str(), O_WRONLY);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        EXPECT_EQ(::write(file, "one ", 4), 4);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        EXPECT_EQ(::write(file, "two", 3), 3);
        ::close(file);
    });
    EXPECT_EQ(read(pipe), "one two");
    writer.join();
}

TEST(Bytes, SocketsAndFoldersAreRefused) {
    const TempFolder folder;
    const std::string name = folder / "socket";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(name.size(), sizeof address.sun_path);
    std::memcpy(&address.sun_path, name.c_str(), name.size() + 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(has(reason([&] { write(name, "x"); }), "socket"));
    EXPECT_TRUE(has(reason([&] { read(name); }), "socket"));
    ::close(socket);
    EXPECT_TRUE(has(reason([&] { write(folder.path(), "x"); }), "folder"));
    EXPECT_TRUE(has(reason([&] { read(folder.path()); }), "folder"));
}

TEST(Bytes, EndlessAndLargeFilesAreRefused) {
    EXPECT_TRUE(has(reason([] { read("/dev/zero", 5'000'000); }), "5000000 bytes"));
    const TempFolder folder;
    const fs::path sparse = folder.write("sparse.bin", "");
    fs::resize_file(sparse, std::uintmax_t{1} << 36);  // 64 GiB, told by its size
    EXPECT_LT(seconds_of([&] { EXPECT_TRUE(has(reason([&] { read_bytes(sparse); }), "4294967296 bytes")); }), 1);
    EXPECT_EQ(read(folder.write("exact.bin", "12345"), 5), "12345");
    EXPECT_TRUE(has(reason([&] { read(folder / "exact.bin", 4); }), "4 bytes"));
    EXPECT_FALSE(read("/proc/self/status", 1 << 20).empty());  // has no size
}

TEST(Bytes, AGlanceAtTheBeginningCanRefuse) {
    const TempFolder folder;
    const fs::path path = folder.write("long.bin", std::string(9000, 'a') + "end");
    std::size_t seen = 0;
    EXPECT_EQ(read_bytes(path, 10'000, [&](std::span<const std::byte> beginning) { seen = beginning.size(); }).size(),
              9003U);
    EXPECT_EQ(seen, kBeginning);
    const Glance refuse = [](std::span<const std::byte>) { throw FileError("it", verbatim("is refused")); };
    EXPECT_LT(seconds_of([&] {
                  EXPECT_EQ(reason([&] { read_bytes("/dev/zero", std::int64_t{1} << 40, refuse); }), "is refused");
              }),
              1);
}

TEST(Bytes, OneFileIsKnownByAllItsNames) {
    const TempFolder folder;
    folder.write("a.bin", "a");
    folder.write("b.bin", "a");
    fs::create_hard_link(folder / "a.bin", folder / "hard");
    fs::create_symlink("a.bin", folder / "soft");
    EXPECT_TRUE(same_file(folder / "a.bin", folder / "hard"));
    EXPECT_TRUE(same_file(folder / "soft", folder / "hard"));
    EXPECT_TRUE(same_file(folder / "a.bin", folder.path() / "." / "a.bin"));
    EXPECT_FALSE(same_file(folder / "a.bin", folder / "b.bin"));
    EXPECT_FALSE(same_file(folder / "a.bin", folder / "missing"));
    EXPECT_FALSE(same_file(folder / "missing", folder / "missing"));
    EXPECT_FALSE(same_file("/dev/null", "/dev/null"));
}

}  // namespace
}  // namespace convlens
