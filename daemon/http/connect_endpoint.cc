#include "daemon/http/connect_endpoint.h"

#include <functional>
#include <utility>

#include "daemon/http/connect_wait.h"
#include "daemon/http/gzip.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;

// Smaller answers are not worth packing.
constexpr size_t kZipBytesMin = 4096;

Response NotTaken(int status, Code code, std::string_view reason, std::string what,
                  std::string headers) {
  Response response = ErrorResponse(Refuse(code, reason, std::move(what)), std::move(headers));
  response.status = status;
  return response;
}

Response UnknownPath(std::string headers) {
  return NotTaken(404, Code::kUnimplemented, "METHOD_UNKNOWN",
                  "There is no such method. Paths are /stockd.v1.Service/Method; the contract is "
                  "in proto/stockd/v1.",
                  std::move(headers));
}

// A caller that streams is told as a stream is: it does not look at anything else.
Response StreamsBothWays(const std::optional<ContentType>& type, std::string headers) {
  const CallStatus status =
      Refuse(Code::kUnimplemented, "GRPC_ONLY",
             "This method streams both ways, which HTTP/1.1 cannot. Use gRPC, at the address of "
             "server.listen.");
  if (!type || !type->streams) return ErrorResponse(status, std::move(headers));
  Response response{.content_type = ContentTypeText(*type), .headers = std::move(headers)};
  AppendEnd(status, response.body);
  return response;
}

Response WrongVerb(bool is_read, std::string headers) {
  AddHeader("allow", is_read ? "GET, POST" : "POST", headers);
  return NotTaken(405, Code::kUnimplemented, "VERB_NOT_ALLOWED",
                  is_read ? "This method takes POST and GET." : "This method takes POST.",
                  std::move(headers));
}

Response WrongContentType(const Method& method, std::string headers) {
  AddHeader("accept-post",
            method.server_streams ? "application/connect+json, application/connect+proto"
                                  : "application/json, application/proto",
            headers);
  return NotTaken(415, Code::kInvalidArgument, "CONTENT_TYPE_UNKNOWN",
                  method.server_streams
                      ? "This method streams: it takes application/connect+json or "
                        "application/connect+proto."
                      : "This method takes application/json or application/proto.",
                  std::move(headers));
}

}  // namespace

Response ErrorResponse(const CallStatus& status, std::string headers) {
  Response response{.status = HttpStatus(status.code),
                    .content_type = "application/json",
                    .headers = std::move(headers)};
  WriteError(status, response.body);
  return response;
}

std::optional<Response> ConnectEndpoint::Screen(const Request& request,
                                                const std::string& headers) {
  const Method* method = methods_.Find(request.path);
  if (method == nullptr) return UnknownPath(headers);
  const bool is_get = request.method == "GET";
  const auto type = is_get ? ContentType{} : ParseContentType(request.content_type);
  if (method->client_streams) return StreamsBothWays(type, headers);
  const bool is_read = !method->has_side_effects && !method->server_streams;
  if (request.method != "POST" && !(is_get && is_read)) return WrongVerb(is_read, headers);
  if (!type || (!is_get && type->streams != method->server_streams)) {
    return WrongContentType(*method, headers);
  }
  return std::nullopt;
}

asio::awaitable<void> ConnectEndpoint::Serve(Exchange& exchange, std::string headers) {
  const Request& request = exchange.request();
  const Method& method = *methods_.Find(request.path);
  const auto type = ParseContentType(request.content_type);
  const Codec codec = type ? type->codec : Codec::kJson;
  if (method.server_streams) return ServeStream(exchange, method, codec, std::move(headers));
  return ServeUnary(exchange, method, codec, std::move(headers));
}

CallStatus ConnectEndpoint::Prepare(const Request& request, const Method& method, Codec& codec,
                                    Calls::Timeout& timeout,
                                    std::shared_ptr<UnaryCall>& call) const {
  std::string unpacked;
  std::string_view body = request.body;
  if (CallStatus status = ParseProtocol(request, timeout); !status.ok()) return status;
  if (request.method == "GET") {
    CallStatus status = ParseQuery(request.query, body_bytes_max_, codec, unpacked);
    if (!status.ok()) return status;
    body = unpacked;
  } else {
    CallStatus status = Unpack(request.content_encoding, body_bytes_max_, body, unpacked);
    if (!status.ok()) return status;
  }
  call = calls_.NewUnary(method, timeout);
  return Decode(codec, body, call->request());
}

asio::awaitable<void> ConnectEndpoint::ServeUnary(Exchange& exchange, const Method& method,
                                                  Codec codec, std::string headers) {
  const Request& request = exchange.request();
  const Timestamp came_at = clock_.Now();
  Calls::Timeout timeout;
  std::shared_ptr<UnaryCall> call;
  CallStatus status = Prepare(request, method, codec, timeout, call);
  if (status.ok()) status = co_await Finish(exchange.executor(), *call, timeout);
  Note(method, status, came_at);
  if (!status.ok()) {
    co_await exchange.Answer(ErrorResponse(status, std::move(headers)));
    co_return;
  }
  Response response{.content_type = ContentTypeText({.codec = codec}),
                    .headers = std::move(headers)};
  Encode(codec, call->response(), response.body);
  if (response.body.size() >= kZipBytesMin && AcceptsGzip(request.accept_encoding)) {
    std::string packed;
    Zip(response.body, packed);
    response.body = std::move(packed);
    AddHeader("content-encoding", "gzip", response.headers);
  }
  AddHeader("vary", "accept-encoding", response.headers);
  co_await exchange.Answer(std::move(response));
}

CallStatus ConnectEndpoint::Prepare(const Request& request, const Method& method, Codec codec,
                                    std::shared_ptr<StreamCall>& call) const {
  Calls::Timeout timeout;
  std::string unpacked;
  std::string_view message;
  if (CallStatus status = ParseProtocol(request, timeout); !status.ok()) return status;
  CallStatus status =
      ParseEnvelope(request.body, request.connect_encoding, body_bytes_max_, message, unpacked);
  if (!status.ok()) return status;
  call = calls_.NewStream(method, timeout);
  return Decode(codec, message, call->request());
}

asio::awaitable<void> ConnectEndpoint::ServeStream(Exchange& exchange, const Method& method,
                                                   Codec codec, std::string headers) {
  const Timestamp came_at = clock_.Now();
  std::shared_ptr<StreamCall> call;
  CallStatus status = Prepare(exchange.request(), method, codec, call);
  const bool is_packed = AcceptsGzip(exchange.request().connect_accepting);
  if (is_packed) AddHeader("connect-content-encoding", "gzip", headers);
  Response head{.content_type = ContentTypeText({.codec = codec, .streams = true}),
                .headers = std::move(headers)};
  std::function<void()> cancel = [] {};
  if (status.ok()) cancel = [call] { call->Cancel(); };
  bool is_heard = co_await exchange.Begin(std::move(head), cancel);
  if (status.ok()) {
    std::string payload;
    std::string envelope;
    // To the end in any case: a call that was cancelled ends soon.
    while (co_await HasNext(exchange.executor(), *call)) {
      if (!is_heard) continue;
      payload.clear();
      envelope.clear();
      Encode(codec, call->response(), payload);
      AppendMessage(payload, is_packed && payload.size() >= kZipBytesMin, envelope);
      is_heard = co_await exchange.Send(envelope);
      if (!is_heard) call->Cancel();
    }
    status = call->status();
  }
  Note(method, status, came_at);
  if (!is_heard) co_return;
  std::string end;
  AppendEnd(status, end);
  if (co_await exchange.Send(end)) co_await exchange.End();
}

void ConnectEndpoint::Note(const Method& method, const CallStatus& status,
                           Timestamp came_at) const {
  if (method.row != nullptr) {
    method.row->Note(static_cast<int>(status.code), clock_.Now() - came_at);
  }
}

}  // namespace stockd::http
