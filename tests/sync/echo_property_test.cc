// Invariant 8: a web shop whose absolute figures are taken as differences sells, is written levels,
// loses acknowledgements, reports late and twice; the daemon ends at any moment. Whatever the
// order: in the end the books are what was really sold, and the shop shows them.
#include <deque>
#include <variant>

#include "tests/support/random.h"
#include "tests/support/seeds.h"
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;

// What the shop's adapter has still to tell, in the order in which it came about.
struct Report {
  enum class Kind : uint8_t { kSnapshot, kCount, kSale, kAnswer };
  Kind kind = Kind::kSnapshot;
  std::string id;
  Quantity quantity = 0;
  Sequence version = 0;
};

class EchoProperty : public WebShopFixture {
 protected:
  // One random history. The units that must stand there at its end.
  void Run(uint64_t seed) {
    random_ = Random(seed);
    name_ = "SKU-" + std::to_string(seed);
    tells_sales_ = random_.Percent(30);
    reports_.clear();
    expected_ = 0;
    BeginWith(name_);
    Arrive(static_cast<Quantity>(random_.Below(40)) + 1);
    for (int step = 0; step < 60; ++step) Step();
    Quiesce();
    EXPECT_EQ(on_hand(), expected_ - shop.sold);
    EXPECT_EQ(shop.figure, std::max<Quantity>(0, on_hand()));
    EXPECT_EQ(reports_.size(), 0u);
    EXPECT_FALSE(Send()) << "it is still told levels";
  }

 private:
  void Arrive(Quantity quantity) {
    Elsewhere(EntryKind::kReceipt, quantity);
    expected_ += quantity;
  }

  void Step() {
    clock.Advance(kTick);
    constexpr uint64_t kWeights[] = {20, 6, 8, 18, 18, 18, 16, 14, 4, 2};
    switch (random_.Weighted(kWeights)) {
      case 0: Sell(); break;
      case 1: Arrive(static_cast<Quantity>(random_.Below(10)) + 1); break;
      case 2: SellElsewhere(); break;
      case 3: Send(); break;
      case 4: DeliverOrRefuse(random_.Percent(15)); break;
      case 5: Tell(); break;
      case 6: Note(); break;
      case 7: Tell(); break;
      case 8: Reconnect(); break;
      case 9:
        ForgetAnswers();
        Restart();
        break;
      default: break;
    }
  }

  void Sell() {
    if (shop.figure == 0) return;
    const auto quantity = static_cast<Quantity>(random_.Below(
                              static_cast<uint64_t>(std::min<Quantity>(3, shop.figure)))) +
                          1;
    ASSERT_TRUE(shop.Sell(quantity));
    if (tells_sales_) reports_.push_back({Report::Kind::kSale, NextId(), quantity, 0});
  }

  void SellElsewhere() {
    const auto quantity = static_cast<Quantity>(random_.Below(3)) + 1;
    Elsewhere(EntryKind::kSale, quantity);
    expected_ -= quantity;
  }

  void DeliverOrRefuse(bool refuses) {
    if (!on_its_way || delivered) return;
    Deliver([refuses]() -> std::optional<sync::LevelProblem> {
      if (!refuses) return std::nullopt;
      return sync::LevelProblem{.outcome = v1::LEVEL_OUTCOME_RETRY, .reason = "throttled"};
    });
    // An adapter that knows the version says it first: then there is no doubt.
    if (InDoubt()) Note();
    reports_.push_back({.kind = Report::Kind::kAnswer, .id = {}});
  }

  // Answers that were not told are lost with the session.
  void ForgetAnswers() {
    std::erase_if(reports_,
                  [](const Report& report) { return report.kind == Report::Kind::kAnswer; });
  }
  void Reconnect() {
    ForgetAnswers();
    Connect();
  }

  // The adapter reads the figure; it is told some time later. Before the first level was written
  // nothing is known of the shop that could differ.
  void Note() {
    if (shop.version == 0) return;
    const auto kind = random_.Percent(50) ? Report::Kind::kSnapshot : Report::Kind::kCount;
    reports_.push_back({kind, NextId(), shop.figure, shop.version});
  }

  void Tell() {
    if (reports_.empty()) return;
    const Report report = reports_.front();
    // The acknowledgement may be lost: then it is told again.
    const bool is_lost = report.kind != Report::Kind::kAnswer && random_.Percent(20);
    if (!is_lost) reports_.pop_front();
    switch (report.kind) {
      case Report::Kind::kSnapshot: TellSnapshot(report.id, report.quantity, report.version); break;
      case Report::Kind::kCount: TellCount(report.id, report.quantity, report.version); break;
      case Report::Kind::kSale: TellDelta(report.id, v1::FACT_KIND_SALE, report.quantity); break;
      case Report::Kind::kAnswer: Acknowledge(); break;
    }
  }

  void TellAll() {
    while (!reports_.empty()) Tell();
  }

  void Exchange() {
    for (int round = 0; round < 100; ++round) {
      const bool sent = Send();
      const bool waits = on_its_way.has_value();
      DeliverOrRefuse(false);
      TellAll();
      if (!sent && !waits) return;
    }
    ADD_FAILURE() << "levels are sent without end";
  }

  void Quiesce() {
    TellAll();
    // A refused level is tried again after its pause; a last report tells what was sold since.
    for (int round = 0; round < 3; ++round) {
      clock.Advance(std::chrono::minutes(10));
      Exchange();
      Note();
      TellAll();
    }
    Exchange();
  }

  std::string NextId() { return name_ + "-" + std::to_string(++ids_); }

  Random random_{0};
  std::string name_;
  bool tells_sales_ = false;  // The shop tells each sale as a fact, too.
  Quantity expected_ = 0;     // Without what the shop sold.
  std::deque<Report> reports_;
  int ids_ = 0;
};

TEST_F(EchoProperty, TheBooksAreWhatWasSoldAndTheShopShowsThem) {
  ForEachSeed(40, [&](uint64_t seed) { Run(seed); });
  EXPECT_EQ(reader().Verify(10).drift_count, 0);
}

// A level written before that was sent once more, and one that sales moved below 0 on its way.
TEST_F(EchoProperty, SeedsThatFoundAFaultHold) {
  for (const uint64_t seed : {1474, 1642}) Run(seed);
}

}  // namespace
}  // namespace stockd::support
