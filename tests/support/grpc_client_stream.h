#pragma once

#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "tests/support/grpc_client.h"

namespace stockd::support {

// A fact with the fields that every kind needs.
struct FactLine {
  v1::FactKind kind = v1::FACT_KIND_RECEIPT;
  std::string event_id;
  std::string sku;
  std::string location;
  int64_t quantity = 1;
  std::string reservation_id = {};
};

// It happened now: by the machine's clock, or by the one of FactsDatedBy.
[[nodiscard]] v1::Fact ToFact(const FactLine& line);

// While it lives facts are dated by another clock. For a test whose daemon does not live by the
// machine's: the two must not drift apart with the time that the test takes. One at a time.
class FactsDatedBy {
 public:
  // The clock must outlive this.
  explicit FactsDatedBy(const Clock& clock);
  ~FactsDatedBy();
  FactsDatedBy(const FactsDatedBy&) = delete;
  FactsDatedBy& operator=(const FactsDatedBy&) = delete;
};

// The stream of one source, frame by frame. One thread may write while another reads.
class AdapterStream {
 public:
  // The stream breaks off after `patience`, so that no test hangs.
  explicit AdapterStream(GrpcClient& client, std::chrono::milliseconds patience = kPatience);
  ~AdapterStream();

  // False when the stream has ended; Finish() says why.
  bool Write(const v1::ConnectRequest& frame) { return stream_->Write(frame); }
  bool Read(v1::ConnectResponse& frame) { return stream_->Read(&frame); }

  bool WriteHello(const std::string& source, bool wants_levels = false);
  // Says hello and takes the welcome. False when the stream has ended.
  [[nodiscard]] bool Open(const std::string& source);
  // Sends a batch and waits for its acknowledgement; unset when the stream has ended.
  std::optional<v1::BatchAck> Send(uint64_t batch, const std::vector<v1::Fact>& facts);

  // Says that nothing more comes.
  void WritesDone() { stream_->WritesDone(); }
  void Cancel() { context_.TryCancel(); }
  // Reads what is still coming, and says how the stream ended. Waits until it has. Call once.
  grpc::Status Finish();

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>> stream_;
  bool is_finished_ = false;
};

}  // namespace stockd::support
