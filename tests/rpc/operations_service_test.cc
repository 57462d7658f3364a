#include <filesystem>

#include <sqlite3.h>

#include "daemon/daemon_parts.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using Operations = GrpcClient::Operations;

class OperationsCalls : public DaemonFixture {
 protected:
  v1::VerifyResponse Verify(int differences_max = 0) {
    v1::VerifyRequest request;
    request.set_differences_max(differences_max);
    v1::VerifyResponse response;
    const grpc::Status status =
        client().Call(client().operations(), &Operations::Verify, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
  grpc::Status Backup(const std::string& name, v1::BackupResponse& response) {
    v1::BackupRequest request;
    request.set_file_name(name);
    return client().Call(client().operations(), &Operations::Backup, request, response);
  }
  // Some of everything: facts, a claim in each state, a rule.
  void Trade() {
    Stock("MUG", "S01", 10);
    Stock("TEA", "S02", 20);
    Reserve("held", "MUG", "S01", 2);
    Reserve("ordered", "TEA", "S02", 3);
    v1::CommitReservationRequest commit;
    commit.set_reservation_id("ordered");
    commit.set_request_id("q-1");
    commit.set_order_id("o-1");
    v1::CommitReservationResponse committed;
    ASSERT_TRUE(client()
                    .Call(client().reservation(), &GrpcClient::Reservation::CommitReservation,
                          commit, committed)
                    .ok());
  }
};

TEST_F(OperationsCalls, StatusCountsWhatThereIs) {
  Trade();
  const v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.version(), "0.1.0");
  EXPECT_EQ(status.writer_state(), v1::WRITER_STATE_RUNNING);
  EXPECT_EQ(status.failure(), "");
  EXPECT_EQ(status.sequence(), 8U);
  EXPECT_EQ(status.position_count(), 2);
  EXPECT_EQ(status.item_count(), 3);
  EXPECT_EQ(status.reservation_open_count(), 2);
  EXPECT_EQ(status.queue_depth(), 0);
  EXPECT_GT(status.commit_count(), 5U);
  EXPECT_GT(status.command_count(), 5U);
  EXPECT_GT(status.database_bytes(), 0);
  EXPECT_TRUE(status.has_start_time());
}

TEST_F(OperationsCalls, AnAuditOfSoundBooksFindsNoDrift) {
  Trade();
  const v1::VerifyResponse audit = Verify();
  EXPECT_EQ(audit.drift_count(), 0) << audit.DebugString();
  EXPECT_EQ(audit.position_count(), 2);
  EXPECT_EQ(audit.entry_count(), 8);
  EXPECT_EQ(audit.reservation_count(), 2);
  EXPECT_EQ(audit.sequence(), Status().sequence());
}

// One audit after the other must not find the first one still running.
TEST_F(OperationsCalls, AuditsMayFollowEachOtherWithoutAPause) {
  Trade();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Verify().drift_count(), 0);
}

// A row that somebody changed by hand while the daemon was down.
TEST_F(OperationsCalls, AnAuditNamesWhatDoesNotAddUp) {
  Trade();
  Stop();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder() / "stockd.sqlite").c_str(), &database), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(database, "UPDATE position_row SET on_hand = on_hand + 5 WHERE reserved > 0",
                   nullptr, nullptr, nullptr),
      SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
  Start();
  const v1::VerifyResponse audit = Verify();
  EXPECT_GT(audit.drift_count(), 0);
  bool named = false;
  for (const v1::Difference& difference : audit.differences()) {
    named |= difference.subject() == "position MUG@S01" && difference.quantity() == "on_hand" &&
             difference.expected() == 10 && difference.actual() == 15;
  }
  EXPECT_TRUE(named) << audit.DebugString();
  EXPECT_LE(Verify(1).differences_size(), 1);
  EXPECT_EQ(Verify(1).drift_count(), audit.drift_count());
}

TEST_F(OperationsCalls, ABackupIsADatabaseThatADaemonCanServe) {
  Trade();
  v1::BackupResponse backup;
  const grpc::Status status = Backup("monday.sqlite", backup);
  ASSERT_TRUE(status.ok()) << Describe(status);
  EXPECT_EQ(backup.path(), (folder() / "backups" / "monday.sqlite").string());
  EXPECT_EQ(backup.sequence(), Status().sequence());
  EXPECT_EQ(backup.size_bytes(), static_cast<int64_t>(std::filesystem::file_size(backup.path())));
  Stock("MUG", "S01", 1);  // Not in the backup.
  Stop();
  config.storage.database = backup.path();
  Start();
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 10);
  EXPECT_EQ(Available("MUG", "S01").quantities().reserved(), 2);
  EXPECT_EQ(Verify().drift_count(), 0);
}

TEST_F(OperationsCalls, ABackupNeverOverwrites) {
  v1::BackupResponse backup;
  ASSERT_TRUE(Backup("a.sqlite", backup).ok());
  const grpc::Status again = Backup("a.sqlite", backup);
  EXPECT_EQ(again.error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(support::ReasonOf(again), "BACKUP_EXISTS");
}

TEST_F(OperationsCalls, ABackupThatCannotBeWrittenSaysSoAndLeavesNothing) {
  WriteFile(folder() / "backups", "a file where the folder should be");
  v1::BackupResponse backup;
  const grpc::Status status = Backup("a.sqlite", backup);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION) << Describe(status);
  EXPECT_EQ(support::ReasonOf(status), "BACKUP_FAILED");
}

// What a copy that was cut short left behind is neither taken for a backup nor in the way.
TEST_F(OperationsCalls, AnUnfinishedBackupIsNotInTheWay) {
  std::filesystem::create_directories(folder() / "backups");
  WriteFile(folder() / "backups" / "a.sqlite.unfinished", "half a copy");
  v1::BackupResponse backup;
  const grpc::Status status = Backup("a.sqlite", backup);
  EXPECT_TRUE(status.ok()) << Describe(status);
  EXPECT_FALSE(std::filesystem::exists(folder() / "backups" / "a.sqlite.unfinished"));
}

TEST_F(OperationsCalls, BooksAreTheSameAfterARestart) {
  Trade();
  const std::string before = Fingerprint();
  Restart();
  EXPECT_EQ(Fingerprint(), before);
  EXPECT_EQ(Verify().drift_count(), 0);
}

}  // namespace
}  // namespace stockd::support
