// A full disk: nothing that did not reach the disk is acknowledged, reads go on, and once there is
// space all that was acknowledged is there.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "tests/support/temp_directory.h"
#include "tests/system/daemon_fixture.h"

namespace stockd::system_test {
namespace {

using std::chrono::seconds;
using support::Describe;
using support::GrpcClient;
using support::In;
using support::ReasonOf;
using support::WaitUntil;

class StorageFailure : public DaemonFixture {
 protected:
  using DaemonFixture::DaemonFixture;

  void StartWithStock() {
    ASSERT_NO_FATAL_FAILURE(StartDaemon());
    positions_ = PutNames(100, 1);
    ASSERT_NO_FATAL_FAILURE(Deliver(positions_, 1'000'000));
  }

  // One unit at every position, so that each call needs some space.
  v1::CreateReservationRequest LargeWish(const std::string& id) const {
    v1::CreateReservationRequest request = Wish(id, positions_[0], 1, seconds(3600));
    for (size_t i = 1; i < positions_.size(); ++i) {
      v1::LineRequest& line = *request.add_lines();
      line.mutable_position()->set_sku(positions_[i].first);
      line.mutable_position()->set_location(positions_[i].second);
      line.set_quantity(1);
    }
    return request;
  }

  // Reserves until a call fails, which it must with UNAVAILABLE (STORAGE_FAILED).
  void ReserveUntilItFails() {
    grpc::Status status;
    for (int i = 0; status.ok() && i < 20'000; ++i) {
      const std::string id = "r" + std::to_string(i);
      status = Reserve(LargeWish(id));
      if (status.ok()) {
        acknowledged_.push_back(id);
      } else {
        refused_ = id;
      }
    }
    ASSERT_FALSE(refused_.empty()) << "the disk never became full";
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << Describe(status);
    EXPECT_EQ(ReasonOf(status), "STORAGE_FAILED") << Describe(status);
    std::printf("%zu reservations were acknowledged before the disk was full\n",
                acknowledged_.size());
  }

  // The writer has stopped; everything else goes on.
  void ExpectSafeAndVisible() {
    EXPECT_TRUE(WaitUntil(In(), [&] { return client_.Health() == "NOT_SERVING"; }));
    const v1::GetStatusResponse status = DaemonStatus();
    EXPECT_EQ(status.writer_state(), v1::WRITER_STATE_FAILED);
    EXPECT_FALSE(status.failure().empty());
    EXPECT_NE(daemon_.log().find("writer failed"), std::string::npos) << daemon_.log();

    const auto reserved = static_cast<int64_t>(acknowledged_.size());
    for (const PositionName& position : positions_) {
      EXPECT_EQ(Read(position).quantities().reserved(), reserved);
    }
    v1::Reservation reservation;
    EXPECT_TRUE(Get(acknowledged_.back(), reservation).ok());
    EXPECT_EQ(Get(refused_, reservation).error_code(), grpc::StatusCode::NOT_FOUND);

    const grpc::Status another = Reserve(Wish("another", positions_[0], 1, seconds(60)));
    EXPECT_EQ(another.error_code(), grpc::StatusCode::UNAVAILABLE) << Describe(another);
    EXPECT_EQ(ReasonOf(another), "STORAGE_FAILED");
    support::AdapterStream stream(client_);
    if (stream.Open("till")) {
      EXPECT_FALSE(
          stream.Send(1, {support::ToFact({.event_id = "e", .sku = "SKU-0", .location = "L0"})}));
    }
    const grpc::Status end = stream.Finish();
    EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE) << Describe(end);
    EXPECT_EQ(ReasonOf(end), "STORAGE_FAILED") << Describe(end);
  }

  void ExpectAllThere() {
    EXPECT_TRUE(WaitUntil(In(), [&] { return client_.Health() == "SERVING"; }));
    for (const std::string& id : acknowledged_) {
      v1::Reservation reservation;
      const grpc::Status status = Get(id, reservation);
      ASSERT_TRUE(status.ok()) << id << " " << Describe(status);
      EXPECT_EQ(reservation.lines_size(), static_cast<int>(positions_.size()));
    }
    // The caller whose call failed repeats it with the same id.
    EXPECT_TRUE(Reserve(LargeWish(refused_)).ok());
    EXPECT_EQ(Read(positions_[0]).quantities().reserved(),
              static_cast<int64_t>(acknowledged_.size()) + 1);
    ExpectNoDrift();
  }

  std::vector<PositionName> positions_;
  std::vector<std::string> acknowledged_;
  std::string refused_;
};

// A small file system in memory.
class SmallDisk {
 public:
  SmallDisk() {
    is_mounted_ = mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=6m") == 0;
    if (!is_mounted_) std::printf("no small disk can be mounted: %s\n", std::strerror(errno));
  }
  ~SmallDisk() {
    if (is_mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  const std::filesystem::path& disk() const { return folder_.path(); }
  bool Grow() const {
    return mount("tmpfs", disk().c_str(), "tmpfs", MS_REMOUNT, "size=256m") == 0;
  }

 private:
  support::TempDirectory folder_;
  bool is_mounted_ = false;
};

class DiskFull : protected SmallDisk, public StorageFailure {
 protected:
  DiskFull() : StorageFailure("", disk() / "stockd.sqlite") {}
};

TEST_F(DiskFull, StopsTheWriterSafelyAndLosesNothingAcknowledged) {
  if (!is_mounted()) GTEST_SKIP() << "mounting a small disk is not allowed here";
  ASSERT_NO_FATAL_FAILURE(StartWithStock());
  ASSERT_NO_FATAL_FAILURE(ReserveUntilItFails());
  ExpectSafeAndVisible();
  const auto exit = daemon_.Terminate();
  ASSERT_TRUE(exit) << daemon_.log();
  EXPECT_EQ(exit->signal, 0) << daemon_.log();
  ASSERT_TRUE(Grow());
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  ExpectAllThere();
}

// The same after a crash on the full disk, which leaves the log as it is.
TEST_F(DiskFull, ThenKilledItLosesNothingAcknowledged) {
  if (!is_mounted()) GTEST_SKIP() << "mounting a small disk is not allowed here";
  ASSERT_NO_FATAL_FAILURE(StartWithStock());
  ASSERT_NO_FATAL_FAILURE(ReserveUntilItFails());
  daemon_.Kill();
  ASSERT_TRUE(Grow());
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  ExpectAllThere();
}

// What a quota or a limit of the service manager does; needs no privilege to try.
TEST_F(StorageFailure, AtALimitOfFileSizesTheWriterStopsSafely) {
  daemon_.set_file_bytes_max(4'000'000);
  ASSERT_NO_FATAL_FAILURE(StartWithStock());
  ASSERT_NO_FATAL_FAILURE(ReserveUntilItFails());
  ExpectSafeAndVisible();
  const auto exit = daemon_.Terminate();
  ASSERT_TRUE(exit) << daemon_.log();
  EXPECT_EQ(exit->signal, 0) << daemon_.log();
  daemon_.set_file_bytes_max(std::nullopt);
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  ExpectAllThere();
}

}  // namespace
}  // namespace stockd::system_test
