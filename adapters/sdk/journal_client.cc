#include "adapters/sdk/journal_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/availability_service.grpc.pb.h"
#include "stockd/v1/operations_service.grpc.pb.h"

namespace stockd::sdk {
namespace {

constexpr std::chrono::seconds kCallTimeout{60};
constexpr int kPageFirst = 20;      // Most positions have one new entry or two.
constexpr int kPageLargest = 1000;  // What the daemon lists at most.

class GrpcJournalClient final : public JournalClient {
 public:
  explicit GrpcJournalClient(const std::shared_ptr<grpc::Channel>& channel)
      : availability_(channel), operations_(channel) {}

  absl::StatusOr<uint64_t> NewestSequence() override {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::GetStatusResponse response;
    const absl::Status status =
        ToAbslStatus(operations_.GetStatus(&context, v1::GetStatusRequest(), &response));
    if (!status.ok()) return status;
    return response.sequence();
  }

  absl::Status Explain(const v1::ExplainAvailabilityRequest& request,
                       v1::ExplainAvailabilityResponse* response) override {
    grpc::ClientContext context;
    SetDeadline(context);
    return ToAbslStatus(availability_.ExplainAvailability(&context, request, response));
  }

 private:
  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(Now() + kCallTimeout));
  }

  v1::AvailabilityService::Stub availability_;
  v1::OperationsService::Stub operations_;
};

}  // namespace

std::unique_ptr<JournalClient> MakeJournalClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcJournalClient>(channel);
}

absl::StatusOr<JournalPart> ReadJournal(JournalClient& journal, std::string_view sku,
                                        std::string_view location, uint64_t sequence,
                                        int entries_max) {
  v1::ExplainAvailabilityRequest request;
  request.mutable_position()->set_sku(std::string(sku));
  request.mutable_position()->set_location(std::string(location));
  request.set_entries_max(kPageFirst);
  std::vector<v1::JournalEntry> newest_first;
  bool is_complete = false;
  while (!is_complete) {
    v1::ExplainAvailabilityResponse response;
    if (absl::Status status = journal.Explain(request, &response); !status.ok()) return status;
    bool is_longer = false;
    for (const v1::JournalEntry& entry : response.entries()) {
      // A page further back begins with entries of the one before.
      if (!newest_first.empty() && entry.sequence() >= newest_first.back().sequence()) continue;
      newest_first.push_back(entry);
      is_longer = true;
      if (entry.sequence() <= sequence) break;
    }
    is_complete = !response.entries_truncated() || newest_first.empty() ||
                  newest_first.back().sequence() <= sequence;
    if (is_complete) break;
    if (static_cast<int>(newest_first.size()) >= entries_max) break;
    if (request.entries_max() < kPageLargest) {
      request.set_entries_max(kPageLargest);
      newest_first.clear();
    } else if (is_longer) {
      *request.mutable_at() = newest_first.back().recorded_at();
    } else {
      break;  // More than a page was recorded at one instant.
    }
  }
  JournalPart part{.entries = std::move(newest_first), .is_truncated = !is_complete};
  std::ranges::reverse(part.entries);
  return part;
}

}  // namespace stockd::sdk
