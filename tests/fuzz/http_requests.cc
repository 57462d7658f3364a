// Bytes of a connection, cut in two, through everything that a request passes before a service sees
// it: no input may do anything but yield an answer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/browser_guard.h"
#include "daemon/http/connect_request.h"
#include "daemon/http/methods.h"
#include "daemon/http/request_reader.h"

namespace stockd::http {
namespace {

constexpr size_t kBytesMax = size_t{64} << 10;

void Take(RequestReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = reader.Space();
    const size_t count = std::min(space.size(), bytes.size());
    std::copy_n(bytes.begin(), count, space.begin());
    reader.Came(count);
    bytes.remove_prefix(count);
    reader.Parse();
  }
}

// As the gateway does, up to the call.
void Look(const Request& request, const BrowserGuard& guard, Methods& methods) {
  (void)guard.Judge(request, false);
  const Method* method = methods.Find(request.path);
  if (method == nullptr) return;
  Calls::Timeout timeout;
  (void)ParseProtocol(request, timeout);
  const auto type = ParseContentType(request.content_type);
  Codec codec = type ? type->codec : Codec::kJson;
  std::string unpacked;
  std::string_view body = request.body;
  CallStatus status;
  if (request.method == "GET") {
    status = ParseQuery(request.query, kBytesMax, codec, unpacked);
    body = unpacked;
  } else if (method->server_streams) {
    status = ParseEnvelope(request.body, request.connect_encoding, kBytesMax, body, unpacked);
  } else {
    status = Unpack(request.content_encoding, kBytesMax, body, unpacked);
  }
  const std::unique_ptr<google::protobuf::Message> message(method->request->New());
  if (status.ok()) status = Decode(codec, body, *message);
  std::string out;
  if (status.ok() && codec == Codec::kJson) {
    // What was taken can be written, and is then taken as the same.
    Encode(Codec::kJson, *message, out);
    const std::unique_ptr<google::protobuf::Message> again(method->request->New());
    if (!Decode(Codec::kJson, out, *again).ok()) __builtin_trap();
    if (again->SerializeAsString().size() != message->SerializeAsString().size()) __builtin_trap();
  } else if (!status.ok()) {
    WriteError(status, out);
  }
}

}  // namespace
}  // namespace stockd::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stockd::http;
  static const BrowserGuard guard({.own_host = "127.0.0.1", .origins = {"https://shop.example"}});
  static Methods methods;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestReader reader({.header_bytes_max = 4096, .body_bytes_max = kBytesMax});
  const size_t cut = data[0] * bytes.size() / 256;
  Take(reader, bytes.substr(0, cut));
  Take(reader, bytes.substr(cut));
  for (int i = 0; i < 4 && reader.Parse() == RequestReader::State::kRequest; ++i) {
    Look(reader.request(), guard, methods);
    reader.Next();
  }
  return 0;
}
