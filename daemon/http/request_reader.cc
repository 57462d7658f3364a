#include "daemon/http/request_reader.h"

#include <optional>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace stockd::http {
namespace {

namespace beast_http = boost::beast::http;
using beast_http::error;
using beast_http::field;

// Read at a time: little while nothing but a head is expected, for thousands of connections wait
// for one; more of a body, of which few are under way.
constexpr size_t kHeadPieceBytes = size_t{4} << 10;
constexpr size_t kBodyPieceBytes = size_t{64} << 10;

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

struct Refusal {
  int status;
  std::string why;
};

Refusal Explain(const boost::system::error_code& code) {
  if (code == error::header_limit) return {431, "The head of the request is larger than 16 KiB."};
  if (code == error::body_limit || code == error::buffer_overflow) {
    return {413, "The body is larger than http.body_bytes_max allows."};
  }
  if (code == error::bad_version) {
    return {505, "Only HTTP/1.1 and HTTP/1.0 are spoken here; gRPC has a port of its own."};
  }
  return {400, "This is not an HTTP request: " + code.message() + "."};
}

}  // namespace

struct RequestReader::Parts {
  explicit Parts(Limits the_limits) : limits(the_limits) {}

  const Limits limits;
  boost::beast::flat_buffer buffer;
  std::optional<beast_http::request_parser<beast_http::string_body>> parser;
  Request request;
  State state = State::kIdle;
  int refusal_status = 0;
  std::string refusal;
};

RequestReader::RequestReader(Limits limits) : parts_(std::make_unique<Parts>(limits)) { Next(); }
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::Space() {
  const auto space =
      parts_->buffer.prepare(parts_->state == State::kBody ? kBodyPieceBytes : kHeadPieceBytes);
  return {static_cast<char*>(space.data()), space.size()};
}

void RequestReader::Came(size_t count) { parts_->buffer.commit(count); }

RequestReader::State RequestReader::Parse() {
  Parts& parts = *parts_;
  if (parts.state == State::kRefused || parts.state == State::kRequest) return parts.state;
  while (parts.buffer.size() > 0 && !parts.parser->is_done()) {
    boost::system::error_code code;
    const size_t used = parts.parser->put(parts.buffer.data(), code);
    parts.buffer.consume(used);
    if (code == error::need_more) break;
    if (code) {
      Refusal refusal = Explain(code);
      return Refuse(refusal.status, std::move(refusal.why));
    }
    if (used == 0) break;
  }
  if (parts.state == State::kIdle && (parts.buffer.size() > 0 || parts.parser->got_some())) {
    parts.state = State::kHead;
  }
  if (!parts.parser->is_header_done()) return parts.state;
  if (parts.state != State::kBody && ReadHead() == State::kRefused) return State::kRefused;
  parts.state = State::kBody;
  if (parts.parser->is_done()) {
    parts.request.body = parts.parser->get().body();
    parts.state = State::kRequest;
  }
  return parts.state;
}

RequestReader::State RequestReader::ReadHead() {
  const auto& head = parts_->parser->get();
  const std::string_view target = View(head.target());
  Request& request = parts_->request;
  request.method = View(head.method_string());
  request.path = target.substr(0, target.find('?'));
  request.query = target.substr(std::min(request.path.size() + 1, target.size()));
  request.is_http_1_0 = head.version() == 10;
  request.keep_alive = parts_->parser->keep_alive();
  request.expects_continue =
      boost::beast::iequals(head[field::expect], "100-continue") && !request.is_http_1_0;
  request.host = View(head[field::host]);
  request.origin = View(head[field::origin]);
  request.fetch_site = View(head["Sec-Fetch-Site"]);
  request.fetch_mode = View(head["Sec-Fetch-Mode"]);
  request.content_type = View(head[field::content_type]);
  request.content_encoding = View(head[field::content_encoding]);
  request.accept = View(head[field::accept]);
  request.accept_encoding = View(head[field::accept_encoding]);
  request.if_none_match = View(head[field::if_none_match]);
  request.preflight_method = View(head[field::access_control_request_method]);
  request.connect_version = View(head["Connect-Protocol-Version"]);
  request.connect_timeout = View(head["Connect-Timeout-Ms"]);
  request.connect_encoding = View(head["Connect-Content-Encoding"]);
  request.connect_accepting = View(head["Connect-Accept-Encoding"]);
  // Two of them are how one machine is made to see another name than the next.
  if (head.count(field::host) > 1 || (request.host.empty() && !request.is_http_1_0)) {
    return Refuse(400, "A request has one Host header.");
  }
  if (!request.path.starts_with('/') && request.path != "*") {
    return Refuse(400, "The target of a request begins with a slash.");
  }
  return State::kBody;
}

RequestReader::State RequestReader::Refuse(int status, std::string why) {
  parts_->refusal_status = status;
  parts_->refusal = std::move(why);
  return parts_->state = State::kRefused;
}

const Request& RequestReader::request() const { return parts_->request; }
size_t RequestReader::body_bytes() const { return parts_->parser->get().body().size(); }
int RequestReader::refusal_status() const { return parts_->refusal_status; }
const std::string& RequestReader::refusal() const { return parts_->refusal; }

void RequestReader::Next() {
  Parts& parts = *parts_;
  parts.parser.emplace();
  parts.parser->eager(true);
  parts.parser->header_limit(parts.limits.header_bytes_max);
  parts.parser->body_limit(parts.limits.body_bytes_max);
  parts.request = {};
  parts.state = State::kIdle;
}

}  // namespace stockd::http
