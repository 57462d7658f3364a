#include "daemon/http/connection.h"

#include <absl/strings/str_cat.h>

#include <span>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace stockd::http {
namespace {

namespace asio = boost::asio;

// What a peer may still send while it is told that nothing more is taken.
constexpr size_t kLingerBytesMax = size_t{8} << 20;
constexpr Ticks kLinger = ToTicks(std::chrono::seconds(2));
// Larger bodies are not copied behind their head.
constexpr size_t kJoinBytesMax = size_t{64} << 10;

constexpr char kNoRoom[] =
    "Too many large bodies are under way, more than http.bodies_bytes_max allows. Try again soon, "
    "or in smaller pieces.";

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return status < 500 ? "Refused" : "Internal Server Error";
  }
}

bool HasBody(int status) { return status != 204 && status != 304; }

}  // namespace

void AddHeader(std::string_view name, std::string_view value, std::string& headers) {
  headers.append(name).append(": ").append(value).append("\r\n");
}

Connection::Connection(std::unique_ptr<Transport> transport, asio::any_io_executor executor,
                       Site& site, const ConnectionLimits& limits, BodyBudget& bodies)
    : transport_(std::move(transport)),
      executor_(std::move(executor)),
      site_(site),
      limits_(limits),
      reader_(limits.request),
      body_(bodies) {}

asio::awaitable<void> Connection::Run() {
  Enter(RequestReader::State::kHead);
  if (!co_await transport_->Handshake()) co_return;
  while (co_await ServeOne()) {
    reader_.Next();
    body_.Clear();
  }
  // Nobody waits for the end of a connection that had nothing to say, or of a daemon that stops.
  if (ends_ && !stopping_) co_await Linger();
  transport_->Close();
}

asio::awaitable<void> Connection::Reject(Response refusal) {
  Allow(limits_.header);
  if (!co_await transport_->Handshake()) co_return;
  ends_ = true;
  co_await Answer(std::move(refusal));
  co_await Linger();
}

// Whether the connection goes on.
asio::awaitable<bool> Connection::ServeOne() {
  using State = RequestReader::State;
  const State state = co_await ReadRequest();
  if (state == State::kIdle) co_return false;
  if (state != State::kRequest && !screened_) {
    co_await AnswerRefusal();
    co_return false;
  }
  AllowForEver();
  ends_ = stopping_ || !request().keep_alive || state != State::kRequest;
  if (screened_) {
    co_await Answer(std::move(*std::exchange(screened_, std::nullopt)));
  } else {
    co_await site_.Serve(*this);
  }
  co_return !ends_ && !stopping_;
}

// Each phase has its time.
void Connection::Enter(RequestReader::State phase) {
  using State = RequestReader::State;
  const bool has_head = phase != State::kIdle && phase != State::kHead;
  is_waiting_ = phase == State::kIdle;
  waits_since_ = has_head ? 0 : now_;
  Allow(has_head ? limits_.body : is_waiting_ ? limits_.idle : limits_.header);
}

// kRequest, kRefused, or how far it came: kIdle when there is nobody to answer, kBody also when the
// rest is not waited for.
asio::awaitable<RequestReader::State> Connection::ReadRequest() {
  using State = RequestReader::State;
  State state = reader_.Parse();  // The next one may have come with the last.
  Enter(state);
  bool is_told_to_go_on = false;
  bool is_screened = false;
  State phase = state;
  while (state != State::kRefused) {
    if (!is_screened && (state == State::kBody || state == State::kRequest)) {
      is_screened = true;
      screened_ = site_.Screen(request());
      if (screened_) co_return state;
    }
    if (state == State::kRequest) break;
    if (state == State::kBody && request().expects_continue && !is_told_to_go_on) {
      is_told_to_go_on = true;
      if (!co_await WriteAll("HTTP/1.1 100 Continue\r\n\r\n")) co_return State::kIdle;
      Allow(limits_.body);
    }
    const std::span<char> space = reader_.Space();
    const size_t count = co_await transport_->Read(space);
    if (count == 0) {
      is_waiting_ = false;
      co_return timed_out_ ? state : State::kIdle;
    }
    reader_.Came(count);
    state = reader_.Parse();
    if (state != phase) Enter(state);
    phase = state;
    if (!body_.Grow(static_cast<int64_t>(reader_.body_bytes()))) {
      screened_ = site_.Refusal(429, kNoRoom);
      co_return State::kBody;
    }
  }
  co_return state;
}

asio::awaitable<void> Connection::AnswerRefusal() {
  ends_ = true;
  Response response = timed_out_ ? site_.Refusal(408, "The request did not arrive in time.")
                                 : site_.Refusal(reader_.refusal_status(), reader_.refusal());
  co_await Answer(std::move(response));
}

std::string Connection::Head(const Response& response, bool is_stream) const {
  std::string head;
  head.reserve(256 + response.headers.size());
  absl::StrAppend(&head, "HTTP/1.1 ", response.status, " ");
  head += ReasonPhrase(response.status);
  head += "\r\n";
  if (!response.content_type.empty()) AddHeader("content-type", response.content_type, head);
  if (is_stream) {
    if (is_chunked_) head += "transfer-encoding: chunked\r\n";
  } else if (HasBody(response.status)) {
    absl::StrAppend(&head, "content-length: ", response.body.size(), "\r\n");
  }
  head += response.headers;
  if (ends_) {
    head += "connection: close\r\n";
  } else if (request().is_http_1_0) {
    head += "connection: keep-alive\r\n";
  }
  head += "\r\n";
  return head;
}

asio::awaitable<void> Connection::Answer(Response response) {
  if (stopping_) ends_ = true;
  std::string head = Head(response, false);
  if (!HasBody(response.status) || request().method == "HEAD") response.body.clear();
  bool ok = true;
  if (response.body.size() <= kJoinBytesMax) {
    head += response.body;
    ok = co_await WriteAll(head);
  } else {
    ok = co_await WriteAll(head) && co_await WriteAll(response.body);
  }
  if (!ok) {
    ends_ = true;
    transport_->Close();
  }
}

asio::awaitable<bool> Connection::Begin(Response head, absl::AnyInvocable<void()> peer_gone) {
  ends_ = true;
  is_stream_ = true;
  is_chunked_ = !request().is_http_1_0;
  peer_gone_ = std::move(peer_gone);
  const std::string text = Head(head, true);
  asio::co_spawn(
      executor_, [self = shared_from_this()] { return self->WatchPeer(); }, asio::detached);
  co_return co_await WriteAll(text);
}

// While an answer streams, nothing is expected: what comes is thrown away, and the end of it means
// that nobody listens any more.
asio::awaitable<void> Connection::WatchPeer() {
  char scratch[1024];
  for (size_t total = 0; total < kLingerBytesMax;) {
    const size_t count = co_await transport_->Read(scratch);
    if (count == 0) break;
    total += count;
  }
  if (auto peer_gone = std::exchange(peer_gone_, nullptr)) peer_gone();
}

asio::awaitable<bool> Connection::Send(std::string_view piece) {
  if (!is_chunked_) co_return co_await WriteAll(piece);
  std::string chunk = absl::StrCat(absl::Hex(piece.size()), "\r\n");
  chunk.append(piece).append("\r\n");
  co_return co_await WriteAll(chunk);
}

asio::awaitable<void> Connection::End() {
  peer_gone_ = nullptr;
  if (is_chunked_ && !co_await WriteAll("0\r\n\r\n")) transport_->Close();
}

asio::awaitable<bool> Connection::WriteAll(std::string_view bytes) {
  while (!bytes.empty()) {
    Allow(limits_.write);
    const size_t count = co_await transport_->Write(std::span(bytes.data(), bytes.size()));
    if (count == 0) co_return false;
    bytes.remove_prefix(count);
  }
  AllowForEver();
  co_return true;
}

// Closing at once while the peer still sends would take back what it was told last.
asio::awaitable<void> Connection::Linger() {
  transport_->FinishWriting();
  Allow(kLinger);
  if (!is_stream_) {
    char scratch[4096];
    for (size_t total = 0; total < kLingerBytesMax;) {
      const size_t count = co_await transport_->Read(scratch);
      if (count == 0) break;
      total += count;
    }
  }
  transport_->Close();
}

void Connection::Tick(Ticks now) {
  now_ = now;
  if (expires_at_ == 0 || now < expires_at_) return;
  expires_at_ = 0;
  timed_out_ = true;
  // What is pending ends; whoever waits for it decides what to say.
  transport_->Cancel();
}

void Connection::StopSoon() {
  stopping_ = true;
  if (is_waiting_) transport_->Cancel();
}

}  // namespace stockd::http
