#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "daemon/storage/connection.h"
#include "daemon/storage/migrations.h"
#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Why the database cannot be opened; empty when it can.
std::string Refusal(const std::string& path) {
  const auto opened = OpenSqlite({.path = path, .readers_max = 1});
  const Status* status = std::get_if<Status>(&opened);
  return status == nullptr ? "" : status->error;
}

// A child process that runs `work`, says so through a pipe, and waits until it is released.
class Child {
 public:
  explicit Child(const std::function<std::string()>& work) {
    int to_parent[2];
    int to_child[2];
    EXPECT_EQ(pipe(to_parent), 0);
    EXPECT_EQ(pipe(to_child), 0);
    id_ = fork();
    if (id_ == 0) {
      close(to_child[1]);
      const std::string said = work() + "\n";
      if (write(to_parent[1], said.data(), said.size()) < 0) _exit(1);
      char wait;
      if (read(to_child[0], &wait, 1) < 0) _exit(1);
      _exit(0);
    }
    close(to_parent[1]);
    close(to_child[0]);
    release_ = to_child[1];
    char character;
    while (read(to_parent[0], &character, 1) == 1 && character != '\n') said_ += character;
    close(to_parent[0]);
  }
  ~Child() {
    close(release_);
    waitpid(id_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t id() const { return id_; }
  const std::string& said() const { return said_; }
  void Kill() const { kill(id_, SIGKILL); }

 private:
  pid_t id_ = 0;
  int release_ = -1;
  std::string said_;
};

// Opens the database and keeps it open until the process ends.
std::string OpenForEver(const std::string& path) {
  auto opened = OpenSqlite({.path = path, .readers_max = 1});
  if (const Status* status = std::get_if<Status>(&opened)) return status->error;
  static SqliteDatabase database;
  database = std::move(std::get<SqliteDatabase>(opened));
  return "open";
}

TEST(StorageOpen, RefusesAFileThatAnotherProcessServesAndNamesIt) {
  Database database;
  database.Close();
  {
    const Child child([&] { return OpenForEver(database.path()); });
    ASSERT_EQ(child.said(), "open");
    EXPECT_THAT(Refusal(database.path()),
                AllOf(HasSubstr(database.path()),
                      HasSubstr("in use by process " + std::to_string(child.id()))));
    // A person may look at any time.
    EXPECT_EQ(database.Query("SELECT count(*) FROM position_view").at(0), "0");
  }
  EXPECT_EQ(Refusal(database.path()), "");
}

TEST(StorageOpen, TakesOverFromAProcessThatWasKilled) {
  Database database;
  database.Close();
  {
    const Child child([&] { return OpenForEver(database.path()); });
    ASSERT_EQ(child.said(), "open");
    child.Kill();
  }
  EXPECT_EQ(Refusal(database.path()), "");
}

TEST(StorageOpen, RefusesASecondOwnerUnderAnotherName) {
  Database database;
  EXPECT_THAT(Refusal(database.path()), HasSubstr("in use by process"));
  const auto other_name = database.folder() / "link.sqlite";
  std::filesystem::create_symlink(database.path(), other_name);
  EXPECT_THAT(Refusal(other_name.string()), HasSubstr("in use by process"));
}

TEST(StorageOpen, RefusesANewerSchema) {
  Database database;
  database.Close();
  database.Execute("PRAGMA user_version = 99");
  EXPECT_THAT(Refusal(database.path()), AllOf(HasSubstr("newer stockd"), HasSubstr("version 99")));
  EXPECT_EQ(database.Query("PRAGMA user_version").at(0), "99");
}

TEST(StorageOpen, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  Database database;
  database.Close();
  const std::string path = (database.folder() / "other.sqlite").string();
  {
    Connection other;
    ASSERT_EQ(other.Open(path, Access::kReadWrite), SQLITE_OK);
    ASSERT_EQ(other.Execute("CREATE TABLE position (key INTEGER)"), SQLITE_OK);
  }
  const std::string before = support::ReadFile(path);
  EXPECT_THAT(Refusal(path), HasSubstr("another program"));
  EXPECT_EQ(support::ReadFile(path), before);
}

TEST(StorageOpen, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const support::TempDirectory directory;
  const std::string path = (directory.path() / "notes.txt").string();
  for (const std::string& content : {std::string("milk\n"), std::string(50'000, 'x')}) {
    support::WriteFile(path, content);
    EXPECT_THAT(Refusal(path), HasSubstr("not a database"));
    EXPECT_EQ(support::ReadFile(path), content);
  }
  std::filesystem::create_directory(directory.path() / "folder");
  EXPECT_THAT(Refusal((directory.path() / "folder").string()), HasSubstr("not a file"));
}

TEST(StorageOpen, RefusesATruncatedFile) {
  Database database;
  Write(database.store(), [](Store& to) {
    for (uint32_t i = 0; i < 5'000; ++i) to.SavePosition({.item = ItemId{i}}, {.on_hand = 1});
  });
  database.Close();
  const auto size = std::filesystem::file_size(database.path());
  for (const uintmax_t left :
       {size - 1, size / 2, uintmax_t{4'096}, uintmax_t{100}, uintmax_t{60}}) {
    std::filesystem::resize_file(database.path(), left);
    EXPECT_THAT(Refusal(database.path()),
                AllOf(HasSubstr("truncated"), HasSubstr("Restore it from a backup"),
                      HasSubstr(std::to_string(left))));
  }
}

// SQLite takes an empty file for a new database and throws the log beside it away.
TEST(StorageOpen, RefusesAFileThatWasEmptiedBesideItsLog) {
  Database database;
  Write(database.store(), [](Store& to) { to.SavePosition(kShirtHere, {.on_hand = 1}); });
  const std::string log = support::ReadFile(database.path() + "-wal");
  ASSERT_NE(log, "");
  database.Close();
  std::filesystem::resize_file(database.path(), 0);
  support::WriteFile(database.path() + "-wal", log);
  EXPECT_THAT(Refusal(database.path()), HasSubstr("truncated"));
  EXPECT_EQ(support::ReadFile(database.path() + "-wal"), log);
}

TEST(StorageOpen, NamesTheTableThatIsCorrupt) {
  Database database;
  Write(database.store(), [](Store& to) {
    for (uint32_t i = 0; i < 5'000; ++i) to.SavePosition({.item = ItemId{i}}, {.on_hand = 1});
  });
  database.Close();
  std::string bytes = support::ReadFile(database.path());
  const size_t last_page = bytes.size() / 4'096 - 1;
  std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(last_page * 4'096), 4'096, 'x');
  support::WriteFile(database.path(), bytes);
  database.Open();
  Counters counters;
  const LoadVisitor visitor{.position = [](PositionKey, const ledger::Position&) {}};
  EXPECT_THAT(database.store().Load(visitor, counters).error,
              AllOf(HasSubstr("table position"), HasSubstr("SQLITE_CORRUPT"), HasSubstr("backup")));
  EXPECT_THROW(database.reader().Verify(10), ReadError);
}

TEST(StorageOpen, NamesARowThatCannotBeUnderstood) {
  Database database;
  Write(database.store(), [](Store& to) { to.InsertReservation(FullReservation(1)); });
  database.Close();
  database.Execute("UPDATE reservation SET lines = '[[1,2]]'");
  database.Open();
  Counters counters;
  const LoadVisitor visitor{.open_reservation = [](ledger::Reservation) {}};
  EXPECT_THAT(database.store().Load(visitor, counters).error, HasSubstr("table reservation"));
  EXPECT_THROW(database.reader().FindReservation("basket-1"), ReadError);
}

TEST(StorageOpen, SaysThatTheFolderIsMissing) {
  const support::TempDirectory directory;
  EXPECT_THAT(Refusal((directory.path() / "no" / "stock.sqlite").string()),
              AllOf(HasSubstr("does not exist"), HasSubstr("Create it")));
  support::WriteFile(directory.path() / "file", "");
  EXPECT_THAT(Refusal((directory.path() / "file" / "stock.sqlite").string()),
              HasSubstr("not a folder"));
}

// The superuser may write anywhere, so a child becomes somebody else first.
std::string RefusalAsNobody(const std::string& path) {
  const Child child([&]() -> std::string {
    constexpr uid_t kNobody = 65'534;
    if (geteuid() == 0 && setuid(kNobody) != 0) return "cannot become nobody";
    return Refusal(path);
  });
  return child.said();
}

TEST(StorageOpen, SaysThatTheFolderIsReadOnly) {
  Database database;
  database.Close();
  std::filesystem::remove(database.path() + ".lock");
  ASSERT_EQ(chmod(database.folder().c_str(), 0555), 0);
  EXPECT_THAT(RefusalAsNobody(database.path()),
              AllOf(HasSubstr("read-only"), HasSubstr("right to write")));
  ASSERT_EQ(chmod(database.folder().c_str(), 0755), 0);
}

TEST(StorageOpen, SaysThatTheFileIsReadOnly) {
  Database database;
  database.Close();
  std::filesystem::remove(database.path() + ".lock");
  ASSERT_EQ(chmod(database.folder().c_str(), 0777), 0);
  ASSERT_EQ(chmod(database.path().c_str(), 0444), 0);
  EXPECT_THAT(RefusalAsNobody(database.path()),
              AllOf(HasSubstr("read-only"), HasSubstr("right to write")));
}

TEST(StorageOpen, MarksItsFilesAndKeepsTheMigrationsNumbered) {
  Database database;
  EXPECT_EQ(database.Query("PRAGMA application_id").at(0), std::to_string(kApplicationId));
  EXPECT_EQ(database.Query("PRAGMA user_version").at(0), std::to_string(SchemaVersion()));
  int version = 0;
  for (const Migration& migration : Migrations()) EXPECT_EQ(migration.version, ++version);
}

}  // namespace
}  // namespace stockd::storage
