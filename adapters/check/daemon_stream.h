// One stream to the daemon under check, frame by frame.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stockd/v1/adapter_service.pb.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::check {

// Ends by itself after its patience, so that no check hangs. One thread may write while another
// reads.
class DaemonStream {
 public:
  DaemonStream(const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds patience);
  ~DaemonStream();

  // False: the stream is over.
  bool Write(const v1::ConnectRequest& request);
  bool Read(v1::ConnectResponse* response);

  // Says hello and takes the welcome; unset when the stream is over.
  std::optional<v1::Welcome> Open(const v1::Hello& hello);
  // Sends a batch and takes its acknowledgement; other frames that come before are passed over.
  std::optional<v1::BatchAck> Send(uint64_t batch, const std::vector<v1::Fact>& facts);
  // Sends a snapshot whose end states `row_count`, and takes its acknowledgement.
  std::optional<v1::SnapshotAck> Send(const v1::SnapshotBegin& begin,
                                      const std::vector<v1::SnapshotRow>& rows, int64_t row_count);

  // Reads on until the daemon ends the stream, and says how: with its reason in front of the
  // message.
  absl::Status End();
  // Ends it from this side: OK when the daemon agrees.
  absl::Status Close();
  void Cancel();

 private:
  struct Call;
  std::unique_ptr<Call> call_;
};

// Sends bytes that are no message as the first frame; how the daemon ended the stream.
[[nodiscard]] absl::Status SendGarbage(const std::shared_ptr<grpc::Channel>& channel,
                                       std::chrono::milliseconds patience);

// The sources as the daemon lists them.
[[nodiscard]] absl::Status ListSources(const std::shared_ptr<grpc::Channel>& channel,
                                       std::chrono::milliseconds patience,
                                       v1::ListSourcesResponse* response);

}  // namespace stockd::check
