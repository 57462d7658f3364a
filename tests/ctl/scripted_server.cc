#include "tests/ctl/scripted_server.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::ctl {
namespace {

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

grpc::ByteBuffer ToBuffer(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

// Reads one request, writes the answers one after the other, ends.
class ScriptedServer::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(ScriptedServer& server, std::string method) : server_(server), method_(std::move(method)) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    reply_ = server_.Take(method_, ToText(request_));
    WriteNext();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    WriteNext();
  }
  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    if (written_ == reply_.messages.size()) return Finish(reply_.status);
    answer_ = ToBuffer(reply_.messages[written_++]);
    StartWrite(&answer_);
  }

  ScriptedServer& server_;
  std::string method_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  ScriptedReply reply_;
  size_t written_ = 0;
};

class ScriptedServer::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(ScriptedServer& server) : server_(server) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    const std::string& path = context->method();
    return new Call(server_, path.substr(path.rfind('/') + 1));
  }

 private:
  ScriptedServer& server_;
};

ScriptedServer::ScriptedServer() : service_(std::make_unique<Service>(*this)) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(service_.get());
  server_ = builder.BuildAndStart();
  address_ = "127.0.0.1:" + std::to_string(port);
}

ScriptedServer::~ScriptedServer() {
  server_->Shutdown();
  server_->Wait();
}

void ScriptedServer::Answer(const std::string& method, const google::protobuf::Message& message) {
  Add(method, {.messages = {message.SerializeAsString()}});
}

void ScriptedServer::AnswerAll(const std::string& method,
                               const std::vector<const google::protobuf::Message*>& messages) {
  ScriptedReply reply;
  for (const google::protobuf::Message* message : messages) {
    reply.messages.push_back(message->SerializeAsString());
  }
  Add(method, std::move(reply));
}

void ScriptedServer::Refuse(const std::string& method, grpc::StatusCode code,
                            const std::string& reason, const std::string& message,
                            const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("stockd");
  info.mutable_metadata()->insert(metadata.begin(), metadata.end());
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(message);
  details.add_details()->PackFrom(info);
  Add(method, {.status = grpc::Status(code, message, details.SerializeAsString())});
}

void ScriptedServer::Add(const std::string& method, ScriptedReply reply) {
  const std::lock_guard lock(mutex_);
  replies_[method].push_back(std::move(reply));
}

ScriptedReply ScriptedServer::Take(const std::string& method, std::string request) {
  const std::lock_guard lock(mutex_);
  received_[method].push_back(std::move(request));
  std::deque<ScriptedReply>& replies = replies_[method];
  if (replies.empty())
    return {.status = grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no script")};
  if (replies.size() > 1 && replies.front().is_given) replies.pop_front();
  replies.front().is_given = true;
  return replies.front();
}

}  // namespace stockd::ctl
