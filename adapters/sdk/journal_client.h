// What happened at a position, for adapters that book each happening in their system.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "stockd/v1/availability_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::sdk {

// May be called from any thread. One attempt each, see retry.h; a call answers within 60 seconds.
class JournalClient {
 public:
  virtual ~JournalClient() = default;

  // Sequence of the newest journal entry of the daemon.
  virtual absl::StatusOr<uint64_t> NewestSequence() = 0;
  // ExplainAvailability.
  virtual absl::Status Explain(const v1::ExplainAvailabilityRequest& request,
                               v1::ExplainAvailabilityResponse* response) = 0;
};

[[nodiscard]] std::unique_ptr<JournalClient> MakeJournalClient(
    const std::shared_ptr<grpc::Channel>& channel);

// Entries of one position in the order in which they were recorded.
struct JournalPart {
  std::vector<v1::JournalEntry> entries;
  // There are more, older than these and newer than the sequence asked for.
  bool is_truncated = false;
};

// The entries above `sequence`, at most about `entries_max` and the newest of them, with the one
// before them if there is any. What Explain() fails with.
[[nodiscard]] absl::StatusOr<JournalPart> ReadJournal(JournalClient& journal, std::string_view sku,
                                                      std::string_view location, uint64_t sequence,
                                                      int entries_max);

}  // namespace stockd::sdk
