// Messages that wait for their receivers, on disk.
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

namespace stockd::webhook {

// A message for one endpoint.
struct NewDelivery {
  uint64_t number = 0;  // Of the event.
  std::string order;
  std::string body;
};

// What is known of one that waits, without its body.
struct WaitingDelivery {
  uint64_t number = 0;
  std::string order;
  int attempts = 0;
  sdk::Timestamp first_attempt{};  // Meaningful when there was one.
  bool is_dead = false;            // Given up until a person decides.
  std::string error;               // Of the last attempt.
};

// One SQLite file. A message and the cursor behind it are stored in the same instant, so that a
// crash neither loses nor skips one. What was delivered is removed afterwards: a crash in between
// sends it again. After a crash of the machine an older state may be back, which repeats more. May
// be called from any thread.
class DeliveryStore {
 public:
  // Creates the file when there is none. As SqliteFile::Open().
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<DeliveryStore>> Open(
      const std::filesystem::path& path);

  // How far the endpoint's messages are stored; unset: it is new.
  [[nodiscard]] absl::StatusOr<std::optional<uint64_t>> Cursor(std::string_view endpoint);
  // Stores messages and moves the cursor, all or nothing. Numbers up to the old cursor are passed
  // over. RESOURCE_EXHAUSTED: the disk is full.
  [[nodiscard]] absl::Status Append(std::string_view endpoint, uint64_t cursor,
                                    const std::vector<NewDelivery>& deliveries);

  // Ordered by number.
  [[nodiscard]] absl::StatusOr<std::vector<WaitingDelivery>> Waiting(std::string_view endpoint);
  // NOT_FOUND: none waits under this number.
  [[nodiscard]] absl::StatusOr<std::string> Body(std::string_view endpoint, uint64_t number);
  [[nodiscard]] absl::Status Remove(std::string_view endpoint, uint64_t number);
  // Stores all but number and order.
  [[nodiscard]] absl::Status Update(std::string_view endpoint, const WaitingDelivery& delivery);

  // Why the endpoint is not called any more; empty: it is.
  [[nodiscard]] absl::StatusOr<std::string> Closed(std::string_view endpoint);
  [[nodiscard]] absl::Status SetClosed(std::string_view endpoint, std::string_view why);

 private:
  explicit DeliveryStore(std::unique_ptr<sdk::SqliteFile> file) : file_(std::move(file)) {}

  absl::Status Prepare();
  absl::Status InsertAll(std::string_view endpoint, uint64_t cursor,
                         const std::vector<NewDelivery>& deliveries);
  absl::StatusOr<std::optional<uint64_t>> CursorLocked(std::string_view endpoint);

  const std::unique_ptr<sdk::SqliteFile> file_;  // Outlives the statements.
  std::mutex mutex_;
  sdk::SqliteStatement get_cursor_;
  sdk::SqliteStatement put_cursor_;
  sdk::SqliteStatement insert_;
  sdk::SqliteStatement list_;
  sdk::SqliteStatement get_body_;
  sdk::SqliteStatement remove_;
  sdk::SqliteStatement update_;
  sdk::SqliteStatement get_closed_;
  sdk::SqliteStatement put_closed_;
};

}  // namespace stockd::webhook
