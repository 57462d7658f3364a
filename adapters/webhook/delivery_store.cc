#include "adapters/webhook/delivery_store.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace stockd::webhook {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS endpoint (name TEXT PRIMARY KEY, cursor INTEGER, closed TEXT NOT "
    "NULL DEFAULT '') STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS delivery (endpoint TEXT NOT NULL, number INTEGER NOT NULL, "
    "order_id TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, "
    "first_attempt_us INTEGER NOT NULL DEFAULT 0, is_dead INTEGER NOT NULL DEFAULT 0, error TEXT "
    "NOT NULL DEFAULT '', PRIMARY KEY (endpoint, number)) STRICT, WITHOUT ROWID";

}  // namespace

absl::StatusOr<std::unique_ptr<DeliveryStore>> DeliveryStore::Open(
    const std::filesystem::path& path) {
  auto file = sdk::SqliteFile::Open(
      path, {.schema = kSchema,
             .damaged_advice = "move it away: the adapter then begins where `start` says, and what "
                               "waited in it is lost"});
  if (!file.ok()) return file.status();
  std::unique_ptr<DeliveryStore> store(new DeliveryStore(*std::move(file)));
  if (absl::Status status = store->Prepare(); !status.ok()) return status;
  return store;
}

absl::Status DeliveryStore::Prepare() {
  const std::pair<sdk::SqliteStatement*, const char*> statements[] = {
      {&get_cursor_, "SELECT cursor FROM endpoint WHERE name = ?1 AND cursor IS NOT NULL"},
      {&put_cursor_,
       "INSERT INTO endpoint (name, cursor) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
       "cursor = excluded.cursor"},
      {&insert_, "INSERT INTO delivery (endpoint, number, order_id, body) VALUES (?1, ?2, ?3, ?4)"},
      {&list_,
       "SELECT number, order_id, attempts, first_attempt_us, is_dead, error FROM delivery WHERE "
       "endpoint = ?1 ORDER BY number"},
      {&get_body_, "SELECT body FROM delivery WHERE endpoint = ?1 AND number = ?2"},
      {&remove_, "DELETE FROM delivery WHERE endpoint = ?1 AND number = ?2"},
      {&update_,
       "UPDATE delivery SET attempts = ?3, first_attempt_us = ?4, is_dead = ?5, error = ?6 WHERE "
       "endpoint = ?1 AND number = ?2"},
      {&get_closed_, "SELECT closed FROM endpoint WHERE name = ?1"},
      {&put_closed_,
       "INSERT INTO endpoint (name, closed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
       "closed = excluded.closed"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = file_->Prepare(sql);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<uint64_t>> DeliveryStore::CursorLocked(std::string_view endpoint) {
  const auto has_row = get_cursor_.Bind(1, endpoint).Step();
  if (!has_row.ok()) return has_row.status();
  std::optional<uint64_t> cursor;
  if (*has_row) cursor = static_cast<uint64_t>(get_cursor_.Integer(0));
  get_cursor_.Reset();
  return cursor;
}

absl::StatusOr<std::optional<uint64_t>> DeliveryStore::Cursor(std::string_view endpoint) {
  const std::scoped_lock lock(mutex_);
  return CursorLocked(endpoint);
}

absl::Status DeliveryStore::InsertAll(std::string_view endpoint, uint64_t cursor,
                                      const std::vector<NewDelivery>& deliveries) {
  const auto old_cursor = CursorLocked(endpoint);
  if (!old_cursor.ok()) return old_cursor.status();
  for (const NewDelivery& delivery : deliveries) {
    if (delivery.number <= old_cursor->value_or(0)) continue;
    const absl::Status status = insert_.Bind(1, endpoint)
                                    .Bind(2, static_cast<int64_t>(delivery.number))
                                    .Bind(3, delivery.order)
                                    .Bind(4, delivery.body)
                                    .Run();
    if (!status.ok()) return status;
  }
  return put_cursor_.Bind(1, endpoint).Bind(2, static_cast<int64_t>(cursor)).Run();
}

absl::Status DeliveryStore::Append(std::string_view endpoint, uint64_t cursor,
                                   const std::vector<NewDelivery>& deliveries) {
  const std::scoped_lock lock(mutex_);
  if (absl::Status status = file_->Run("BEGIN IMMEDIATE"); !status.ok()) return status;
  absl::Status status = InsertAll(endpoint, cursor, deliveries);
  if (status.ok()) status = file_->Run("COMMIT");
  // After some failures SQLite has rolled back by itself; then this one says so, and is of no use.
  if (!status.ok()) (void)file_->Run("ROLLBACK");
  return status;
}

absl::StatusOr<std::vector<WaitingDelivery>> DeliveryStore::Waiting(std::string_view endpoint) {
  const std::scoped_lock lock(mutex_);
  std::vector<WaitingDelivery> waiting;
  list_.Bind(1, endpoint);
  for (;;) {
    const auto has_row = list_.Step();
    if (!has_row.ok()) return has_row.status();
    if (!*has_row) break;
    waiting.push_back({.number = static_cast<uint64_t>(list_.Integer(0)),
                       .order = list_.Text(1),
                       .attempts = static_cast<int>(list_.Integer(2)),
                       .first_attempt = sdk::Timestamp(std::chrono::microseconds(list_.Integer(3))),
                       .is_dead = list_.Integer(4) != 0,
                       .error = list_.Text(5)});
  }
  list_.Reset();
  return waiting;
}

absl::StatusOr<std::string> DeliveryStore::Body(std::string_view endpoint, uint64_t number) {
  const std::scoped_lock lock(mutex_);
  const auto has_row = get_body_.Bind(1, endpoint).Bind(2, static_cast<int64_t>(number)).Step();
  if (!has_row.ok()) return has_row.status();
  std::string body;
  if (*has_row) body = get_body_.Text(0);
  get_body_.Reset();
  if (!*has_row) return absl::NotFoundError(fmt::format("no message {} waits", number));
  return body;
}

absl::Status DeliveryStore::Remove(std::string_view endpoint, uint64_t number) {
  const std::scoped_lock lock(mutex_);
  return remove_.Bind(1, endpoint).Bind(2, static_cast<int64_t>(number)).Run();
}

absl::Status DeliveryStore::Update(std::string_view endpoint, const WaitingDelivery& delivery) {
  const std::scoped_lock lock(mutex_);
  return update_.Bind(1, endpoint)
      .Bind(2, static_cast<int64_t>(delivery.number))
      .Bind(3, int64_t{delivery.attempts})
      .Bind(4, int64_t{delivery.first_attempt.time_since_epoch().count()})
      .Bind(5, int64_t{delivery.is_dead})
      .Bind(6, delivery.error)
      .Run();
}

absl::StatusOr<std::string> DeliveryStore::Closed(std::string_view endpoint) {
  const std::scoped_lock lock(mutex_);
  const auto has_row = get_closed_.Bind(1, endpoint).Step();
  if (!has_row.ok()) return has_row.status();
  std::string why;
  if (*has_row) why = get_closed_.Text(0);
  get_closed_.Reset();
  return why;
}

absl::Status DeliveryStore::SetClosed(std::string_view endpoint, std::string_view why) {
  const std::scoped_lock lock(mutex_);
  return put_closed_.Bind(1, endpoint).Bind(2, why).Run();
}

}  // namespace stockd::webhook
