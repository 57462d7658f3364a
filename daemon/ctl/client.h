// The connection to the daemon.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace stockd::ctl {

// A call did not succeed; error_text.h makes sense of the status.
class CallFailed : public std::runtime_error {
 public:
  explicit CallFailed(grpc::Status failed_status)
      : std::runtime_error(failed_status.error_message()), status(std::move(failed_status)) {}

  const grpc::Status status;
};

// How to reach the daemon.
struct ClientOptions {
  std::string server;                                // host:port.
  std::optional<std::chrono::microseconds> timeout;  // For each call; unset: the call's own.
  std::string ca_file;                               // With any of the three: TLS.
  std::string certificate_file;
  std::string key_file;
};

// Makes calls. Connects with the first one. Not thread-safe.
class Client {
 public:
  // Throws UsageError when a TLS file cannot be read.
  explicit Client(ClientOptions options);

  const std::string& server() const { return options_.server; }
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }
  const std::optional<std::chrono::microseconds>& timeout() const { return options_.timeout; }

  // Calls, waits, and returns the answer. Throws CallFailed. `patience` is how long to wait when
  // the user did not say.
  template <typename Stub, typename Request, typename Response>
  Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request,
                std::chrono::microseconds patience = std::chrono::seconds(10)) {
    Stub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(Deadline(options_.timeout.value_or(patience)));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) throw CallFailed(status);
    return response;
  }

  // Follows the pages of a list until its end or `rows_max`, and returns all rows in one answer.
  // Its next_page_token is empty only at the end of the list.
  template <typename Stub, typename Request, typename Response, typename Row>
  Response CallPages(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                     google::protobuf::RepeatedPtrField<Row>* (Response::*rows)(), Request request,
                     int64_t rows_max) {
    Response all;
    while ((all.*rows)()->size() < rows_max) {
      const int64_t rest = rows_max - (all.*rows)()->size();
      request.set_page_size(static_cast<int32_t>(std::min<int64_t>(rest, 1000)));
      const Response page = Call(method, request);
      all.MergeFrom(page);
      all.set_next_page_token(page.next_page_token());
      if (page.next_page_token().empty()) break;
      request.set_page_token(page.next_page_token());
    }
    return all;
  }

  // The instant that is `patience` from now, as gRPC counts deadlines.
  static gpr_timespec Deadline(std::chrono::microseconds patience);

 private:
  ClientOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace stockd::ctl
