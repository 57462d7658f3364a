#include "daemon/http/in_process_calls.h"

#include <grpc/support/time.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/client_callback.h>

#include <utility>

#include "daemon/engine/task.h"
#include "daemon/http/from_grpc.h"
#include "daemon/rpc/status.h"

namespace stockd::http {
namespace {

using google::protobuf::Message;
using Stub = grpc::TemplatedGenericStub<Message, Message>;

CallStatus Stopping() { return FromGrpc(rpc::ToStatus(engine::CommitOutcome::kStopping)); }

void SetDeadline(grpc::ClientContext& context, Calls::Timeout timeout) {
  if (!timeout) return;
  context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                    gpr_time_from_millis(timeout->count(), GPR_TIMESPAN)));
}

class InProcessUnary final : public UnaryCall, public std::enable_shared_from_this<InProcessUnary> {
 public:
  InProcessUnary(std::shared_ptr<Stub> stub, std::shared_ptr<InProcessGate> gate,
                 const Method& method, Calls::Timeout timeout)
      : stub_(std::move(stub)),
        gate_(std::move(gate)),
        path_(method.path),
        request_(method.request->New()),
        response_(method.response->New()) {
    SetDeadline(context_, timeout);
  }

  Message& request() override { return *request_; }
  const Message& response() const override { return *response_; }
  void Cancel() override { context_.TryCancel(); }

  void Start(Done done) override {
    done_ = std::move(done);
    const bool has_begun = gate_->Pass([this] {
      stub_->UnaryCall(&context_, path_, {}, request_.get(), response_.get(),
                       [self = shared_from_this()](const grpc::Status& status) {
                         // Gone when it has been called: it may hold this call.
                         Done done = std::move(self->done_);
                         done(FromGrpc(status));
                       });
    });
    if (has_begun) return;
    const auto self = shared_from_this();
    Done refused = std::move(done_);
    refused(Stopping());
  }

 private:
  const std::shared_ptr<Stub> stub_;
  const std::shared_ptr<InProcessGate> gate_;
  const std::string& path_;
  grpc::ClientContext context_;
  const std::unique_ptr<Message> request_;
  const std::unique_ptr<Message> response_;
  Done done_;
};

class InProcessStream final : public StreamCall,
                              public grpc::ClientBidiReactor<Message, Message>,
                              public std::enable_shared_from_this<InProcessStream> {
 public:
  InProcessStream(std::shared_ptr<Stub> stub, std::shared_ptr<InProcessGate> gate,
                  const Method& method, Calls::Timeout timeout)
      : stub_(std::move(stub)),
        gate_(std::move(gate)),
        path_(method.path),
        request_(method.request->New()),
        response_(method.response->New()) {
    SetDeadline(context_, timeout);
  }

  Message& request() override { return *request_; }
  const Message& response() const override { return *response_; }
  const CallStatus& status() const override { return status_; }
  void Cancel() override { context_.TryCancel(); }

  void Next(absl::AnyInvocable<void(bool)> done) override {
    next_ = std::move(done);
    if (started_) return StartRead(response_.get());
    started_ = true;
    self_ = shared_from_this();
    if (gate_->Pass([this] { Begin(); })) return;
    const auto self = std::move(self_);
    status_ = Stopping();
    auto next = std::move(next_);
    next(false);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return RemoveHold();  // OnDone() tells the end.
    auto next = std::move(next_);  // Which may ask for the next answer at once.
    next(true);
  }

  void OnDone(const grpc::Status& status) override {
    const auto self = std::move(self_);
    status_ = FromGrpc(status);
    auto next = std::move(next_);
    next(false);
  }

 private:
  void Begin() {
    stub_->PrepareBidiStreamingCall(&context_, path_, {}, this);
    // The hold keeps OnDone() away while nothing is being read.
    AddHold();
    StartRead(response_.get());
    StartWriteLast(request_.get(), grpc::WriteOptions());
    StartCall();
  }

  const std::shared_ptr<Stub> stub_;
  const std::shared_ptr<InProcessGate> gate_;
  const std::string& path_;
  grpc::ClientContext context_;
  const std::unique_ptr<Message> request_;
  const std::unique_ptr<Message> response_;
  std::shared_ptr<InProcessStream> self_;  // From the start until OnDone().
  bool started_ = false;
  CallStatus status_;
  absl::AnyInvocable<void(bool)> next_;
};

class InProcess final : public Calls {
 public:
  InProcess(std::shared_ptr<grpc::Channel> channel, std::shared_ptr<InProcessGate> gate)
      : stub_(std::make_shared<Stub>(std::move(channel))), gate_(std::move(gate)) {}

  std::shared_ptr<UnaryCall> NewUnary(const Method& method, Timeout timeout) override {
    return std::make_shared<InProcessUnary>(stub_, gate_, method, timeout);
  }
  std::shared_ptr<StreamCall> NewStream(const Method& method, Timeout timeout) override {
    return std::make_shared<InProcessStream>(stub_, gate_, method, timeout);
  }

 private:
  const std::shared_ptr<Stub> stub_;
  const std::shared_ptr<InProcessGate> gate_;
};

}  // namespace

std::unique_ptr<Calls> InProcessCalls(std::shared_ptr<grpc::Channel> channel,
                                      std::shared_ptr<InProcessGate> gate) {
  return std::make_unique<InProcess>(std::move(channel), std::move(gate));
}

}  // namespace stockd::http
