// kill -9 at any moment loses nothing that was acknowledged, and does nothing twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "tests/support/random.h"
#include "tests/system/claim_worker.h"
#include "tests/system/daemon_fixture.h"
#include "tests/system/fact_worker.h"
#include "tests/system/seed.h"

namespace stockd::system_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::Describe;
using support::In;
using support::WaitUntil;

constexpr int kKills = 25;
constexpr int kClaimWorkers = 4;
constexpr int kSampled = 100;

// What a reservation has promised; sold units stay part of the promise.
std::string PromiseOf(const v1::Reservation& reservation) {
  std::string text = reservation.reservation_id();
  for (const v1::ReservationLine& line : reservation.lines()) {
    text += " " + line.position().sku() + "@" + line.position().location() + " granted " +
            std::to_string(line.granted()) + " held " + std::to_string(line.held()) + " sure " +
            std::to_string(line.committed() + line.consumed()) + " released " +
            std::to_string(line.released());
  }
  return text;
}

class Crash : public DaemonFixture {
 protected:
  // Few positions and little stock, so that callers are in each other's way.
  void StartLoad(uint64_t seed) {
    positions_ = PutNames(/*sku_count=*/10, /*location_count=*/2);
    for (int i = 0; i < kClaimWorkers; ++i) {
      claimers_.push_back(std::make_unique<ClaimWorker>(
          ClaimWorker::Options{.address = daemon_.address(),
                               .name = "buyer" + std::to_string(i),
                               .positions = positions_,
                               .seed = seed * 100 + static_cast<uint64_t>(i)}));
    }
    facts_ = std::make_unique<FactWorker>(
        FactWorker::Options{.address = daemon_.address(),
                            .source = "till",
                            .positions = positions_,
                            .seed = seed * 100 + 99,
                            .next_sale = [this]() -> std::optional<v1::Reservation> {
                              for (const auto& claimer : claimers_) {
                                if (auto reservation = claimer->TakeCommitted()) return reservation;
                              }
                              return std::nullopt;
                            }});
  }

  int64_t AnsweredCount() const {
    int64_t count = 0;
    for (const auto& claimer : claimers_) count += claimer->answered_count();
    return count;
  }

  void StopLoad() {
    facts_->Stop();
    for (const auto& claimer : claimers_) claimer->Stop();
    EXPECT_EQ(facts_->surprises(), std::vector<std::string>{});
    for (const auto& claimer : claimers_) {
      EXPECT_EQ(claimer->surprises(), std::vector<std::string>{});
    }
  }

  // The newest acknowledged answers, and some of the others.
  std::vector<v1::Reservation> Sample(support::Random& random) {
    std::vector<v1::Reservation> sample;
    for (const auto& claimer : claimers_) {
      std::vector<v1::Reservation> settled;
      for (auto& [id, reservation] : claimer->SettledReservations()) {
        settled.push_back(std::move(reservation));
      }
      std::ranges::sort(settled, {}, [](const v1::Reservation& reservation) {
        return -static_cast<int64_t>(reservation.version());
      });
      for (size_t i = 0; i < settled.size() && i < kSampled / 2; ++i) sample.push_back(settled[i]);
      for (int i = 0; i < kSampled / 2 && !settled.empty(); ++i) {
        sample.push_back(random.Pick(settled));
      }
    }
    return sample;
  }

  void ExpectPromisesKept(const std::vector<v1::Reservation>& promised) {
    for (const v1::Reservation& before : promised) {
      v1::Reservation now;
      const grpc::Status status = Get(before.reservation_id(), now);
      ASSERT_TRUE(status.ok()) << Describe(status) << " " << before.ShortDebugString();
      ASSERT_EQ(PromiseOf(now), PromiseOf(before));
    }
  }

  void ExpectNothingOversold() {
    for (const v1::Availability& row : ReadAll()) {
      const v1::Quantities& units = row.quantities();
      EXPECT_GE(units.on_hand() - units.reserved() - units.committed(), 0)
          << row.ShortDebugString();
    }
  }

  // Without load: all figures are what the acknowledged answers add up to.
  void ExpectFiguresAddUp() {
    std::map<PositionName, ClaimWorker::Claimed> claims;
    const std::set<std::string> sold(facts_->sold().begin(), facts_->sold().end());
    for (const auto& claimer : claimers_) {
      for (const auto& [id, reservation] : claimer->reservations()) {
        for (const v1::ReservationLine& line : reservation.lines()) {
          auto& claimed = claims[{line.position().sku(), line.position().location()}];
          claimed.held += line.held();
          if (!sold.contains(id)) claimed.committed += line.committed();
        }
      }
    }
    for (const PositionName& position : positions_) {
      const v1::Quantities units = Read(position).quantities();
      const std::string name = position.first + "@" + position.second;
      const auto moved = facts_->moved().find(position);
      EXPECT_EQ(units.on_hand(), moved == facts_->moved().end() ? 0 : moved->second) << name;
      EXPECT_EQ(units.reserved(), claims[position].held) << name;
      EXPECT_EQ(units.committed(), claims[position].committed) << name;
    }
  }

  std::vector<PositionName> positions_;
  std::vector<std::unique_ptr<ClaimWorker>> claimers_;
  std::unique_ptr<FactWorker> facts_;
};

TEST_F(Crash, KilledAtRandomMomentsEveryAcknowledgedAnswerStandsAndNothingHappensTwice) {
  const uint64_t seed = AnnouncedSeed();
  support::Random random(seed);
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  StartLoad(seed);
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    const int64_t moment = AnsweredCount() + random.Between(1, 300);
    ASSERT_TRUE(WaitUntil(In(), [&] { return AnsweredCount() >= moment; }));
    daemon_.Kill();
    // Nothing is acknowledged from here until it runs again.
    const std::vector<v1::Reservation> promised = Sample(random);
    ASSERT_NO_FATAL_FAILURE(StartDaemon());
    ASSERT_NO_FATAL_FAILURE(ExpectPromisesKept(promised));
    ExpectNothingOversold();
  }
  StopLoad();
  ExpectFiguresAddUp();
  for (const auto& claimer : claimers_) {
    std::vector<v1::Reservation> promised;
    for (const auto& [id, reservation] : claimer->reservations()) promised.push_back(reservation);
    ExpectPromisesKept(promised);
  }
  ExpectNoDrift();

  ClaimWorker::Tally sum;
  for (const auto& claimer : claimers_) {
    sum.granted += claimer->tally().granted;
    sum.refused += claimer->tally().refused;
    sum.committed += claimer->tally().committed;
    sum.replayed += claimer->tally().replayed;
    sum.repeated += claimer->tally().repeated;
  }
  std::printf("kills %d, reservations granted %" PRId64 ", refused %" PRId64 ", committed %" PRId64
              ", sold %zu, facts %" PRId64 "; calls without an answer, made again %" PRId64
              ", batches %" PRId64 "; calls answered, made again %" PRId64 "\n",
              kKills, sum.granted, sum.refused, sum.committed, facts_->sold().size(),
              facts_->fact_count(), sum.repeated, facts_->repeated_count(), sum.replayed);
  EXPECT_GT(sum.repeated, 0);  // Else no call was cut off, and the test proved little.
}

// A deadline is an instant, not a time to wait: a crash neither extends nor forgets it.
TEST_F(Crash, DeadlinesSurviveARestart) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const PositionName position = PutNames(1, 1).front();
  ASSERT_NO_FATAL_FAILURE(Deliver({position}, 10));
  v1::Reservation soon;
  v1::Reservation later;
  ASSERT_TRUE(Reserve(Wish("soon", position, 1, milliseconds(300)), &soon).ok());
  ASSERT_TRUE(Reserve(Wish("later", position, 2, seconds(4)), &later).ok());
  daemon_.Kill();
  const auto end_of = [](const v1::Reservation& reservation) {
    return std::chrono::system_clock::time_point(
        seconds(reservation.expire_time().seconds()) +
        std::chrono::nanoseconds(reservation.expire_time().nanos()));
  };
  // The first deadline passes while nobody is there to notice.
  ASSERT_TRUE(WaitUntil(In(), [&] { return support::CalendarNow() > end_of(soon); }));
  ASSERT_NO_FATAL_FAILURE(StartDaemon());

  v1::Reservation now;
  const grpc::Status found = Get("soon", now);
  ASSERT_TRUE(found.ok()) << Describe(found);
  EXPECT_EQ(now.state(), v1::RESERVATION_STATE_EXPIRED);
  EXPECT_EQ(now.lines(0).held(), 0);
  ASSERT_TRUE(Get("later", now).ok());
  EXPECT_EQ(now.expire_time().SerializeAsString(), later.expire_time().SerializeAsString());
  const v1::Availability held = Read(position);
  if (support::CalendarNow() < end_of(later)) {
    EXPECT_EQ(held.quantities().reserved(), 2);
    EXPECT_EQ(held.available(), 8);
  }
  ASSERT_TRUE(WaitUntil(In(), [&] { return Read(position).available() == 10; }));
  EXPECT_GE(support::CalendarNow(), end_of(later));
  // The units are free for the next buyer.
  EXPECT_TRUE(Reserve(Wish("next", position, 10, seconds(60))).ok());
  ExpectNoDrift();
}

// Facts that waited for a name are tried again when it becomes known. A crash right then must not
// leave them waiting for something that is there.
TEST_F(Crash, FactsThatWaitedForANameAreAppliedThoughTheDaemonDiesWhenItBecomesKnown) {
  constexpr int kFacts = 20'000;
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  support::AdapterStream stream(client_);
  ASSERT_TRUE(stream.Open("till"));
  for (int batch = 1; batch <= kFacts / 1000; ++batch) {
    std::vector<v1::Fact> facts;
    for (int i = 0; i < 1000; ++i) {
      facts.push_back(support::ToFact(
          {.event_id = std::to_string(batch * 1000 + i), .sku = "SKU-0", .location = "L0"}));
    }
    ASSERT_TRUE(stream.Send(static_cast<uint64_t>(batch), facts));
  }
  ASSERT_EQ(DaemonStatus().quarantine_count(), kFacts);
  PutNames(1, 1);
  daemon_.Kill();
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const auto on_hand = [&] { return Read({"SKU-0", "L0"}).quantities().on_hand(); };
  EXPECT_TRUE(WaitUntil(In(), [&] { return on_hand() == kFacts; }))
      << on_hand() << " applied, " << DaemonStatus().quarantine_count() << " waiting";
  EXPECT_EQ(DaemonStatus().quarantine_count(), 0);
  ExpectNoDrift();
}

}  // namespace
}  // namespace stockd::system_test
