#include "adapters/sdk/adapter_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace stockd::sdk {
namespace {

// Two since quotas are kept: an older version would forget what was sold out of them.
constexpr int kSchemaVersion = 2;
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS fact (number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS order_fact (number INTEGER PRIMARY KEY, content BLOB NOT NULL) "
    "STRICT;"
    "CREATE TABLE IF NOT EXISTS value (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS device (device TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS quota (id TEXT PRIMARY KEY, sku TEXT NOT NULL, location TEXT NOT "
    "NULL, quantity INTEGER NOT NULL, sold INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID";

}  // namespace

AdapterStore::AdapterStore(std::unique_ptr<SqliteFile> file, int64_t facts_max)
    : file_(std::move(file)), facts_max_(facts_max) {}

absl::StatusOr<std::unique_ptr<AdapterStore>> AdapterStore::Open(const std::filesystem::path& path,
                                                                 int64_t facts_max) {
  absl::StatusOr<std::unique_ptr<SqliteFile>> file = SqliteFile::Open(
      path, {.schema_version = kSchemaVersion,
             .schema = kSchema,
             .damaged_advice = "restore it, or move it away: facts that the daemon had not taken "
                               "yet are then lost unless the source tells them again"});
  if (!file.ok()) return file.status();
  std::unique_ptr<AdapterStore> store(new AdapterStore(*std::move(file), facts_max));
  absl::Status status = store->Prepare();
  if (status.ok()) status = store->LoadCounts();
  if (!status.ok()) return status;
  return store;
}

absl::Status AdapterStore::Prepare() {
  const std::pair<const char*, SqliteStatement*> statements[] = {
      {"INSERT INTO fact VALUES (?1, CAST(?2 AS BLOB))", &insert_},
      {"SELECT number, content FROM fact WHERE number > ?1 ORDER BY number LIMIT ?2", &select_},
      {"DELETE FROM fact WHERE number <= ?1", &remove_},
      {"INSERT INTO order_fact (content) VALUES (CAST(?1 AS BLOB))", &insert_order_fact_},
      {"SELECT number, content FROM order_fact ORDER BY number LIMIT ?1", &select_order_facts_},
      {"DELETE FROM order_fact WHERE number <= ?1", &remove_order_facts_},
      {"SELECT count(*) FROM order_fact", &count_order_facts_},
      {"SELECT value FROM value WHERE name = ?1", &get_},
      {"INSERT INTO value VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
       &put_},
      {"INSERT INTO device VALUES (?1, 1) ON CONFLICT (device) DO UPDATE SET number = number + 1 "
       "RETURNING number",
       &number_},
      {"INSERT INTO quota VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET ends_at = "
       "excluded.ends_at",
       &put_quota_},
      {"SELECT id, sku, location, quantity, sold, ends_at FROM quota ORDER BY id", &list_quotas_},
      {"UPDATE quota SET sold = sold + ?2 WHERE id = ?1 AND sold + ?2 <= quantity RETURNING sold",
       &sell_},
      {"DELETE FROM quota WHERE id = ?1", &remove_quota_}};
  for (const auto& [sql, statement] : statements) {
    absl::StatusOr<SqliteStatement> prepared = file_->Prepare(sql);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

absl::Status AdapterStore::LoadCounts() {
  absl::StatusOr<SqliteStatement> count =
      file_->Prepare("SELECT count(*), ifnull(max(number), 0) FROM fact");
  if (!count.ok()) return count.status();
  const absl::StatusOr<bool> has_row = count->Step();
  if (!has_row.ok()) return has_row.status();
  depth_ = count->Integer(0);
  next_number_ = count->Integer(1) + 1;
  return CountOrderFacts();
}

absl::Status AdapterStore::CountOrderFacts() {
  const absl::StatusOr<bool> has_row = count_order_facts_.Step();
  if (!has_row.ok()) return has_row.status();
  order_facts_ = count_order_facts_.Integer(0);
  count_order_facts_.Reset();
  return absl::OkStatus();
}

absl::Status AdapterStore::Add(std::vector<v1::Fact> facts, const TellOptions& options) {
  const std::scoped_lock lock(mutex_);
  if (depth_ + static_cast<int64_t>(facts.size()) > facts_max_) {
    return absl::ResourceExhaustedError(
        fmt::format("the outbox is full: {} facts wait for the daemon, {} are the most; tell them "
                    "again later",
                    depth_, facts_max_));
  }
  absl::Status status = file_->Run("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  status = InsertAll(facts, options);
  if (status.ok()) status = file_->Run("COMMIT");
  if (!status.ok()) {
    static_cast<void>(file_->Run("ROLLBACK"));  // What went wrong is known already.
    return status;
  }
  next_number_ += static_cast<int64_t>(facts.size());
  depth_ += static_cast<int64_t>(facts.size());
  return absl::OkStatus();
}

absl::Status AdapterStore::InsertAll(std::vector<v1::Fact>& facts, const TellOptions& options) {
  if (!options.device.empty() && !facts.empty()) {
    const absl::StatusOr<uint64_t> number = NextDeviceNumber(options.device);
    if (!number.ok()) return number.status();
    for (v1::Fact& fact : facts) {
      fact.set_device(options.device);
      fact.set_device_sequence(*number);
    }
  }
  if (!options.quota_id.empty()) {
    if (absl::Status status = TakeFromQuota(options.quota_id, facts); !status.ok()) return status;
  }
  int64_t number = next_number_;
  for (const v1::Fact& fact : facts) {
    const std::string content = fact.SerializeAsString();
    if (absl::Status status = insert_.Bind(1, number++).Bind(2, content).Run(); !status.ok()) {
      return status;
    }
  }
  if (options.place_name.empty()) return absl::OkStatus();
  return PutLocked(options.place_name, options.place);
}

absl::StatusOr<uint64_t> AdapterStore::NextDeviceNumber(const std::string& device) {
  const absl::StatusOr<bool> has_row = number_.Bind(1, device).Step();
  if (!has_row.ok()) return has_row.status();
  const auto number = static_cast<uint64_t>(number_.Integer(0));
  number_.Reset();
  return number;
}

absl::Status AdapterStore::TakeFromQuota(const std::string& quota_id,
                                         const std::vector<v1::Fact>& sales) {
  int64_t quantity = 0;
  for (const v1::Fact& sale : sales) quantity += sale.quantity();
  const absl::StatusOr<bool> has_row = sell_.Bind(1, quota_id).Bind(2, quantity).Step();
  if (!has_row.ok()) return has_row.status();
  sell_.Reset();
  if (*has_row) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("quota {} has not {} units left", quota_id, quantity));
}

absl::Status AdapterStore::PutQuota(const HeldQuota& quota) {
  const std::scoped_lock lock(mutex_);
  // What may be sold must not come back after a crash as if it had not been asked for.
  if (absl::Status status = file_->Run("PRAGMA synchronous = FULL"); !status.ok()) return status;
  return put_quota_.Bind(1, quota.quota_id)
      .Bind(2, quota.sku)
      .Bind(3, quota.location)
      .Bind(4, quota.quantity)
      .Bind(5, quota.sold)
      .Bind(6, int64_t{quota.ends_at.time_since_epoch().count()})
      .Run();
}

absl::StatusOr<std::vector<HeldQuota>> AdapterStore::Quotas() {
  const std::scoped_lock lock(mutex_);
  std::vector<HeldQuota> quotas;
  for (;;) {
    const absl::StatusOr<bool> has_row = list_quotas_.Step();
    if (!has_row.ok()) return has_row.status();
    if (!*has_row) break;
    quotas.push_back({.quota_id = list_quotas_.Text(0),
                      .sku = list_quotas_.Text(1),
                      .location = list_quotas_.Text(2),
                      .quantity = list_quotas_.Integer(3),
                      .sold = list_quotas_.Integer(4),
                      .ends_at = Timestamp(std::chrono::microseconds(list_quotas_.Integer(5)))});
  }
  list_quotas_.Reset();
  return quotas;
}

absl::Status AdapterStore::RemoveQuota(std::string_view quota_id) {
  const std::scoped_lock lock(mutex_);
  return remove_quota_.Bind(1, quota_id).Run();
}

absl::StatusOr<std::vector<AdapterStore::StoredFact>> AdapterStore::FactsAfter(int64_t number,
                                                                               int count_max) {
  const std::scoped_lock lock(mutex_);
  std::vector<StoredFact> facts;
  select_.Bind(1, number).Bind(2, int64_t{count_max});
  for (;;) {
    const absl::StatusOr<bool> has_row = select_.Step();
    if (!has_row.ok()) return has_row.status();
    if (!*has_row) break;
    StoredFact& stored = facts.emplace_back();
    stored.number = select_.Integer(0);
    if (!stored.fact.ParseFromString(select_.Text(1))) {
      select_.Reset();
      return absl::DataLossError(
          fmt::format("fact {} of the outbox cannot be read: the file is damaged", stored.number));
    }
  }
  select_.Reset();
  return facts;
}

absl::Status AdapterStore::RemoveUpTo(int64_t number) {
  const std::scoped_lock lock(mutex_);
  absl::Status status = file_->Run("PRAGMA synchronous = NORMAL");
  if (status.ok()) status = remove_.Bind(1, number).Run();
  if (status.ok()) {
    // Numbers have no gaps: they begin behind the ones that were removed before.
    depth_ = std::min(depth_, std::max(int64_t{0}, next_number_ - 1 - number));
  }
  return status;
}

absl::Status AdapterStore::AddOrderFacts(const std::vector<v1::OrderFact>& facts) {
  const std::scoped_lock lock(mutex_);
  const auto count = static_cast<int64_t>(facts.size());
  if (order_facts_ + count > kOrderFactsMax) {
    return absl::ResourceExhaustedError(
        fmt::format("the outbox is full: {} facts about orders wait for the daemon; tell them "
                    "again later",
                    order_facts_));
  }
  absl::Status status = file_->Run("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  for (const v1::OrderFact& fact : facts) {
    const std::string content = fact.SerializeAsString();
    if (status.ok()) status = insert_order_fact_.Bind(1, content).Run();
  }
  if (status.ok()) status = file_->Run("COMMIT");
  if (!status.ok()) {
    static_cast<void>(file_->Run("ROLLBACK"));  // What went wrong is known already.
    return status;
  }
  order_facts_ += count;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<AdapterStore::StoredOrderFact>> AdapterStore::FirstOrderFacts(
    int count_max) {
  const std::scoped_lock lock(mutex_);
  std::vector<StoredOrderFact> facts;
  select_order_facts_.Bind(1, int64_t{count_max});
  for (;;) {
    const absl::StatusOr<bool> has_row = select_order_facts_.Step();
    if (!has_row.ok()) return has_row.status();
    if (!*has_row) break;
    StoredOrderFact& stored = facts.emplace_back();
    stored.number = select_order_facts_.Integer(0);
    if (!stored.fact.ParseFromString(select_order_facts_.Text(1))) {
      select_order_facts_.Reset();
      return absl::DataLossError(
          fmt::format("fact {} about an order cannot be read: the file is damaged", stored.number));
    }
  }
  select_order_facts_.Reset();
  return facts;
}

absl::Status AdapterStore::RemoveOrderFactsUpTo(int64_t number) {
  const std::scoped_lock lock(mutex_);
  absl::Status status = file_->Run("PRAGMA synchronous = NORMAL");
  if (status.ok()) status = remove_order_facts_.Bind(1, number).Run();
  return status.ok() ? CountOrderFacts() : status;
}

int64_t AdapterStore::order_fact_depth() {
  const std::scoped_lock lock(mutex_);
  return order_facts_;
}

absl::StatusOr<std::optional<std::string>> AdapterStore::Get(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const absl::StatusOr<bool> has_row = get_.Bind(1, name).Step();
  if (!has_row.ok()) return has_row.status();
  std::optional<std::string> value;
  if (*has_row) value = get_.Text(0);
  get_.Reset();
  return value;
}

absl::Status AdapterStore::Put(std::string_view name, std::string_view value) {
  const std::scoped_lock lock(mutex_);
  if (absl::Status status = file_->Run("PRAGMA synchronous = NORMAL"); !status.ok()) return status;
  return PutLocked(name, value);
}

absl::Status AdapterStore::PutLocked(std::string_view name, std::string_view value) {
  return put_.Bind(1, name).Bind(2, value).Run();
}

AdapterStore::Backlog AdapterStore::backlog() {
  Backlog backlog;
  {
    const std::scoped_lock lock(mutex_);
    backlog.depth = depth_;
  }
  if (backlog.depth == 0) return backlog;
  const absl::StatusOr<std::vector<StoredFact>> first = FactsAfter(0, 1);
  if (first.ok() && !first->empty()) backlog.oldest = first->front().fact.occurred_at();
  return backlog;
}

}  // namespace stockd::sdk
