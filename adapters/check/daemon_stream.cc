#include "adapters/check/daemon_stream.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::check {
namespace {

using std::chrono::milliseconds;

std::chrono::system_clock::time_point DeadlineIn(milliseconds patience) {
  return std::chrono::system_clock::time_point(sdk::Now() + patience);
}

}  // namespace

struct DaemonStream::Call {
  grpc::ClientContext context;
  std::unique_ptr<v1::AdapterService::Stub> stub;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ConnectRequest, v1::ConnectResponse>> stream;
  bool is_finished = false;
};

DaemonStream::DaemonStream(const std::shared_ptr<grpc::Channel>& channel, milliseconds patience)
    : call_(std::make_unique<Call>()) {
  call_->context.set_deadline(DeadlineIn(patience));
  call_->stub = v1::AdapterService::NewStub(channel);
  call_->stream = call_->stub->Connect(&call_->context);
}

DaemonStream::~DaemonStream() {
  if (call_->is_finished) return;
  call_->context.TryCancel();
  static_cast<void>(End());
}

bool DaemonStream::Write(const v1::ConnectRequest& request) {
  return call_->stream->Write(request);
}

bool DaemonStream::Read(v1::ConnectResponse* response) { return call_->stream->Read(response); }

void DaemonStream::Cancel() { call_->context.TryCancel(); }

std::optional<v1::Welcome> DaemonStream::Open(const v1::Hello& hello) {
  v1::ConnectRequest request;
  *request.mutable_hello() = hello;
  v1::ConnectResponse response;
  if (!Write(request) || !Read(&response) || !response.has_welcome()) return std::nullopt;
  return response.welcome();
}

std::optional<v1::BatchAck> DaemonStream::Send(uint64_t batch, const std::vector<v1::Fact>& facts) {
  v1::ConnectRequest request;
  request.mutable_facts()->set_batch(batch);
  for (const v1::Fact& fact : facts) *request.mutable_facts()->add_facts() = fact;
  if (!Write(request)) return std::nullopt;
  v1::ConnectResponse response;
  while (Read(&response)) {
    if (response.has_batch_ack() && response.batch_ack().batch() == batch) {
      return response.batch_ack();
    }
  }
  return std::nullopt;
}

std::optional<v1::SnapshotAck> DaemonStream::Send(const v1::SnapshotBegin& begin,
                                                  const std::vector<v1::SnapshotRow>& rows,
                                                  int64_t row_count) {
  v1::ConnectRequest request;
  *request.mutable_snapshot_begin() = begin;
  if (!Write(request)) return std::nullopt;
  for (const v1::SnapshotRow& row : rows) *request.mutable_snapshot_chunk()->add_rows() = row;
  if (!rows.empty() && !Write(request)) return std::nullopt;
  request.mutable_snapshot_end()->set_row_count(row_count);
  if (!Write(request)) return std::nullopt;
  v1::ConnectResponse response;
  while (Read(&response)) {
    if (response.has_snapshot_ack()) return response.snapshot_ack();
  }
  return std::nullopt;
}

absl::Status DaemonStream::End() {
  v1::ConnectResponse response;
  while (Read(&response)) {
  }
  call_->is_finished = true;
  return sdk::ToAbslStatus(call_->stream->Finish());
}

absl::Status DaemonStream::Close() {
  call_->stream->WritesDone();
  return End();
}

absl::Status SendGarbage(const std::shared_ptr<grpc::Channel>& channel, milliseconds patience) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(patience));
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto stream = stub.PrepareCall(&context, "/stockd.v1.AdapterService/Connect", &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
  grpc::Status status;
  stream->StartCall(nullptr);
  if (next()) {
    const grpc::Slice slice("\xff\xff\xff\xff this is no message");
    const grpc::ByteBuffer garbage(&slice, 1);
    stream->Write(garbage, nullptr);
    static_cast<void>(next());
  }
  stream->Finish(&status, nullptr);
  static_cast<void>(next());
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return sdk::ToAbslStatus(status);
}

absl::Status ListSources(const std::shared_ptr<grpc::Channel>& channel, milliseconds patience,
                         v1::ListSourcesResponse* response) {
  grpc::ClientContext context;
  context.set_deadline(DeadlineIn(patience));
  const auto stub = v1::AdapterService::NewStub(channel);
  return sdk::ToAbslStatus(stub->ListSources(&context, {}, response));
}

}  // namespace stockd::check
