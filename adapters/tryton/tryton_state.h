// What the adapter must not forget about Tryton.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/sqlite_file.h"
#include "adapters/sdk/timestamp_text.h"
#include "adapters/tryton/id_ranges.h"

namespace stockd::tryton {

// A document that the adapter made in Tryton, known by the key it carries there.
struct Document {
  std::string model;  // For example "stock.shipment.out".
  int64_t id = 0;
};

// The opening: where the levels of Tryton and stockd were made the same.
struct Opening {
  std::string snapshot_id;
  sdk::Timestamp as_of{};
  // The journal of stockd stood here before and after the snapshot.
  uint64_t sequence_before = 0;
  uint64_t sequence_after = 0;
};

// How far the journal of a position is booked in Tryton.
struct BookingProgress {
  uint64_t booked = 0;  // Every entry up to here.
  // What is being booked goes up to here: it was decided before the first document was made, so
  // that the same documents are made after a crash. Not above `booked`: nothing is.
  uint64_t planned = 0;
};

// A move that could not be told.
struct SetAsideMove {
  int64_t move = 0;
  std::string reason;
};

// A small SQLite file that a person can read with `sqlite3 -readonly`. Everything is on the disk
// when a call returns. May be called from any thread.
class TrytonState {
 public:
  // As sdk::SqliteFile::Open().
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<TrytonState>> Open(
      const std::filesystem::path& path);

  // Moves that were told, or that need not be, up to this instant of the cursor.
  [[nodiscard]] bool IsSeen(int64_t move) const;
  // The largest id among them; 0: none.
  [[nodiscard]] int64_t newest_seen() const;
  // The newest instant of a move that was read; unset: none yet.
  [[nodiscard]] std::optional<sdk::Timestamp> cursor() const;
  // In one step: these moves are seen, the cursor stands there, and these are set aside. Those that
  // were set aside before and are among `moves` are no more.
  [[nodiscard]] absl::Status PutSeen(const std::vector<int64_t>& moves,
                                     const std::vector<SetAsideMove>& set_aside,
                                     std::optional<sdk::Timestamp> cursor);
  [[nodiscard]] std::vector<SetAsideMove> set_aside() const;

  // The opening begins: moves up to `last_move` but for `open_moves` are in its levels.
  [[nodiscard]] absl::Status BeginOpening(const Opening& opening, int64_t last_move,
                                          const std::vector<int64_t>& open_moves,
                                          std::optional<sdk::Timestamp> cursor);
  [[nodiscard]] absl::Status FinishOpening(uint64_t sequence_after);
  // Unset: not finished.
  [[nodiscard]] std::optional<Opening> opening() const;

  // Unset: nothing was booked yet.
  [[nodiscard]] absl::StatusOr<std::optional<BookingProgress>> FindProgress(
      std::string_view sku, std::string_view location);
  [[nodiscard]] absl::Status PutProgress(std::string_view sku, std::string_view location,
                                         BookingProgress progress);

  [[nodiscard]] absl::StatusOr<std::optional<Document>> FindDocument(std::string_view key);
  // Must be durable before the document moves any stock: from then on its moves are an echo.
  [[nodiscard]] absl::Status PutDocument(std::string_view key, const Document& document);
  // `reference` as Tryton writes it: "stock.shipment.out,17".
  [[nodiscard]] absl::StatusOr<bool> IsOwnDocument(std::string_view reference);

 private:
  explicit TrytonState(std::unique_ptr<sdk::SqliteFile> file) : file_(std::move(file)) {}
  absl::Status Load();
  absl::Status Transact(const std::function<absl::Status()>& changes);
  absl::Status AddSeen(int64_t first, int64_t last);
  absl::Status PutValue(std::string_view name, std::string_view value);
  absl::StatusOr<std::string> Value(std::string_view name);
  absl::Status Run(const char* sql, const std::vector<std::string>& texts,
                   const std::vector<int64_t>& numbers);

  const std::unique_ptr<sdk::SqliteFile> file_;
  mutable std::mutex mutex_;
  IdRanges seen_;
  std::optional<sdk::Timestamp> cursor_;
  std::optional<Opening> opening_;
  std::vector<SetAsideMove> set_aside_;
};

}  // namespace stockd::tryton
