// What an adapter must not forget.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/sqlite_file.h"
#include "adapters/sdk/timestamp_text.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sdk {

// What goes with facts that are told together.
struct TellOptions {
  // The numbered device (till) that recorded them. The facts get its next number, all the same one:
  // they are the lines of one receipt. Empty: they are not numbered here.
  std::string device;
  // The adapter's place in its own journal behind these facts: kept in the same instant as the
  // facts, so that after a crash it reads on without repeating or missing one. Empty name: none.
  std::string place_name;
  std::string place;
  // The facts are sales out of this quota: its rest shrinks in the same instant. Empty: they are
  // not. See Adapter::SellFromQuota(), which chooses one.
  std::string quota_id;
};

// Units that the adapter may sell while it is cut off from the daemon.
struct HeldQuota {
  std::string quota_id;
  std::string sku;
  std::string location;
  int64_t quantity = 0;  // As granted.
  int64_t sold = 0;      // As told here, whether or not the daemon has heard of it.
  Timestamp ends_at{};   // From then on nothing may be sold out of it.

  int64_t left() const { return quantity - sold; }
};

// One SQLite file with the facts that were told and are not acknowledged, the numbers of devices,
// and named values (the cursor of the levels, the adapter's place in its journal). May be called
// from any thread.
//
// What Add() took survives a crash of the process and of the machine: the source may forget it, so
// every Add() waits for the disk (synchronous = FULL); tell many facts at once where that matters.
// All else is of a kind where an older state costs repetition, and does not wait (NORMAL).
class AdapterStore {
 public:
  struct StoredFact {
    int64_t number = 0;  // Grows by one from fact to fact while the file is open.
    v1::Fact fact;
  };

  struct StoredOrderFact {
    int64_t number = 0;
    v1::OrderFact fact;
  };

  // Facts that wait.
  struct Backlog {
    int64_t depth = 0;
    std::optional<google::protobuf::Timestamp> oldest;  // When the one told first happened.
  };

  // Creates the file when there is none. As SqliteFile::Open().
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<AdapterStore>> Open(
      const std::filesystem::path& path, int64_t facts_max);

  // Takes all facts or none.
  //   RESOURCE_EXHAUSTED    more than `facts_max` would wait, or the disk is full; try again later.
  //   FAILED_PRECONDITION   the quota of the options has not so many units left.
  //   INTERNAL              the disk refuses.
  [[nodiscard]] absl::Status Add(std::vector<v1::Fact> facts, const TellOptions& options);

  // Up to `count_max` facts with numbers above `number`, in order.
  [[nodiscard]] absl::StatusOr<std::vector<StoredFact>> FactsAfter(int64_t number, int count_max);
  // The facts up to this number are acknowledged.
  [[nodiscard]] absl::Status RemoveUpTo(int64_t number);

  // The same for facts about orders, of which fewer may wait.
  static constexpr int64_t kOrderFactsMax = 100'000;
  [[nodiscard]] absl::Status AddOrderFacts(const std::vector<v1::OrderFact>& facts);
  // The oldest, in order.
  [[nodiscard]] absl::StatusOr<std::vector<StoredOrderFact>> FirstOrderFacts(int count_max);
  [[nodiscard]] absl::Status RemoveOrderFactsUpTo(int64_t number);
  [[nodiscard]] int64_t order_fact_depth();

  [[nodiscard]] absl::StatusOr<std::optional<std::string>> Get(std::string_view name);
  [[nodiscard]] absl::Status Put(std::string_view name, std::string_view value);

  [[nodiscard]] Backlog backlog();

  // Keeps a quota; what was sold out of one that is known stays.
  [[nodiscard]] absl::Status PutQuota(const HeldQuota& quota);
  // Those that are kept, by their ids.
  [[nodiscard]] absl::StatusOr<std::vector<HeldQuota>> Quotas();
  [[nodiscard]] absl::Status RemoveQuota(std::string_view quota_id);

 private:
  AdapterStore(std::unique_ptr<SqliteFile> file, int64_t facts_max);

  absl::Status Prepare();
  absl::Status LoadCounts();
  absl::Status CountOrderFacts();
  absl::Status InsertAll(std::vector<v1::Fact>& facts, const TellOptions& options);
  absl::Status PutLocked(std::string_view name, std::string_view value);
  absl::StatusOr<uint64_t> NextDeviceNumber(const std::string& device);
  absl::Status TakeFromQuota(const std::string& quota_id, const std::vector<v1::Fact>& sales);

  const std::unique_ptr<SqliteFile> file_;  // Outlives the statements.
  const int64_t facts_max_;
  std::mutex mutex_;
  int64_t next_number_ = 1;
  int64_t depth_ = 0;
  SqliteStatement insert_;
  SqliteStatement select_;
  SqliteStatement remove_;
  SqliteStatement get_;
  SqliteStatement put_;
  SqliteStatement number_;
  int64_t order_facts_ = 0;  // That wait.
  SqliteStatement insert_order_fact_;
  SqliteStatement select_order_facts_;
  SqliteStatement remove_order_facts_;
  SqliteStatement count_order_facts_;
  SqliteStatement put_quota_;
  SqliteStatement list_quotas_;
  SqliteStatement sell_;
  SqliteStatement remove_quota_;
};

}  // namespace stockd::sdk
