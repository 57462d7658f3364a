// A real gRPC server on 127.0.0.1 that answers any method with what a test told it to.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace stockd::ctl {

// One answer to one call: the messages, then the status.
struct ScriptedReply {
  std::vector<std::string> messages;
  grpc::Status status;
  bool is_given = false;  // At least once.
};

// Thread-safe.
class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();

  // "127.0.0.1:PORT".
  const std::string& address() const { return address_; }

  // Answers the next call of a method, named without its service, for example "GetStatus". The last
  // answer given is repeated. A method that was never scripted answers UNIMPLEMENTED.
  void Answer(const std::string& method, const google::protobuf::Message& message);
  void AnswerAll(const std::string& method,
                 const std::vector<const google::protobuf::Message*>& messages);
  void Refuse(const std::string& method, grpc::StatusCode code, const std::string& reason,
              const std::string& message, const std::map<std::string, std::string>& metadata);

  // The requests that a method received, in order.
  template <typename Request>
  std::vector<Request> Requests(const std::string& method) {
    std::vector<Request> requests;
    const std::lock_guard lock(mutex_);
    for (const std::string& bytes : received_[method]) {
      requests.emplace_back();
      requests.back().ParseFromString(bytes);
    }
    return requests;
  }

 private:
  class Call;
  class Service;

  ScriptedReply Take(const std::string& method, std::string request);
  void Add(const std::string& method, ScriptedReply reply);

  std::mutex mutex_;
  std::map<std::string, std::deque<ScriptedReply>> replies_;  // Guarded by mutex_.
  std::map<std::string, std::vector<std::string>> received_;  // Guarded by mutex_.
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace stockd::ctl
