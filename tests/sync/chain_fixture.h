#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/sync/level_delivery.h"
#include "tests/support/power_cut_disk.h"
#include "tests/sync/broken_store.h"
#include "tests/sync/sync_fixture.h"

namespace stockd::support {

// The sources of a chain beside the till and the ERP of every fixture.
inline constexpr SourceId kShop{3};  // A web shop: the differences of its figures are what happens.
inline constexpr SourceId kMarket{4};  // Another one, whose channel keeps a unit back.
inline constexpr SourceId kBoard{5};   // Shows levels and tells nothing.
inline constexpr Quantity kMarketBuffer = 1;

// A daemon's inside with five sources, on a disk that may lose its power, and with a fault if a
// test wants one. What a session of an adapter does is called by hand, one thing after the other.
class ChainFixture : public DeviceFixture {
 public:
  // Everything that is broken from now on.
  void Break(Fault fault);
  bool is(Fault fault) const { return fault_ == fault; }

  // The daemon ends and starts again. If the power was cut, `random` says what the disk still
  // holds.
  void Restart(Random& random);

  // After so many more operations of the disk it loses its power: nothing works until Restart().
  void CutPowerAt(int64_t operation) { disk_.CutAt(operation); }
  bool is_dark() const { return disk_.is_cut(); }

  ItemId PutItem(const std::string& sku);
  // From now on the source calls the item so, in units of `units` of ours. Facts that waited for it
  // are tried again. False, as nothing of all below: the power was cut, nobody knows what was done.
  bool MapItem(SourceId source, const std::string& code, ItemId item, int64_t units);

  std::optional<sync::IntakeResult> TellFacts(SourceId source, const std::vector<v1::Fact>& facts);
  std::optional<sync::SnapshotOutcome> TellSnapshot(SourceId source, const std::string& id,
                                                    Timestamp as_of,
                                                    const std::vector<v1::SnapshotRow>& rows);
  // As CommitLevels() and SettleLevels().
  std::optional<std::vector<sync::SentLevel>> Commit(SourceId source,
                                                     std::vector<sync::SentLevel> levels);
  std::optional<std::vector<PositionKey>> SettleAnswer(SourceId source, Sequence cursor,
                                                       sync::LevelAnswer answer);
  storage::Shadow ShadowOf(SourceId source, PositionKey position);

  ChannelId market_channel() const { return market_channel_; }

  using DeviceFixture::clock;
  using DeviceFixture::devices;
  using DeviceFixture::engine;
  using DeviceFixture::reader;
  using DeviceFixture::records;
  using EngineFixture::Do;
  using EngineFixture::Reserve;

 protected:
  void SetUp() override;
  void TearDown() override;
  std::unique_ptr<GatedStore> MakeStore(storage::Store& real) override;

 private:
  void ConfigureRules();
  void PutRules(storage::AbsoluteRule rule, bool remove = false);

  PowerCutDisk disk_;  // Its syncs cost nothing, so that thousands of seeds take seconds.
  Fault fault_ = Fault::kNone;
  ChannelId market_channel_ = kNoChannel;
  uint64_t chain_batches_ = 0;
};

}  // namespace stockd::support
