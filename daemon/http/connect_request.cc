#include "daemon/http/connect_request.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <utility>

#include "daemon/http/from_grpc.h"
#include "daemon/http/gzip.h"
#include "daemon/http/json_reader.h"
#include "daemon/http/json_writer.h"
#include "daemon/http/url_query.h"
#include "daemon/rpc/malformed_message.h"

namespace stockd::http {
namespace {

constexpr size_t kTimeoutDigitsMax = 10;
constexpr size_t kEnvelopeHead = 5;
constexpr uint8_t kPackedFlag = 1;
constexpr uint8_t kEndFlag = 2;

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

CallStatus WrongProtocol(std::string what) {
  return Refuse(Code::kInvalidArgument, "PROTOCOL_MALFORMED", std::move(what));
}

CallStatus TooLarge() {
  return Refuse(Code::kResourceExhausted, "MESSAGE_TOO_LARGE",
                "The message is larger than http.body_bytes_max allows, or its packing is broken.");
}

void AppendEnvelope(uint8_t flags, std::string_view payload, std::string& out) {
  out += static_cast<char>(flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(payload.size() >> shift & 0xFF);
  }
  out += payload;
}

}  // namespace

CallStatus DeadlineExceeded() {
  return Refuse(Code::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                "There was no answer within Connect-Timeout-Ms. A change may still take effect: "
                "try again with the same ids.");
}

std::optional<ContentType> ParseContentType(std::string_view text) {
  const absl::string_view whole = ToAbsl(text);
  const auto mark = whole.find(';');
  const absl::string_view type = absl::StripAsciiWhitespace(whole.substr(0, mark));
  if (mark != absl::string_view::npos) {
    std::string parameter(absl::StripAsciiWhitespace(whole.substr(mark + 1)));
    absl::AsciiStrToLower(&parameter);
    if (parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"") return std::nullopt;
  }
  for (const ContentType known : {ContentType{Codec::kJson, false},
                                  {Codec::kProto, false},
                                  {Codec::kJson, true},
                                  {Codec::kProto, true}}) {
    if (absl::EqualsIgnoreCase(type, ToAbsl(ContentTypeText(known)))) return known;
  }
  return std::nullopt;
}

std::string_view ContentTypeText(ContentType type) {
  if (type.codec == Codec::kJson) {
    return type.streams ? "application/connect+json" : "application/json";
  }
  return type.streams ? "application/connect+proto" : "application/proto";
}

bool AcceptsGzip(std::string_view accepting) {
  for (const absl::string_view part : absl::StrSplit(ToAbsl(accepting), ',')) {
    std::pair<absl::string_view, absl::string_view> coding =
        absl::StrSplit(part, absl::MaxSplits(';', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(coding.first), "gzip")) continue;
    const absl::string_view weight = absl::StripAsciiWhitespace(coding.second);
    double value = 1;
    return !absl::StartsWithIgnoreCase(weight, "q=") ||
           (absl::SimpleAtod(weight.substr(2), &value) && value > 0);
  }
  return false;
}

CallStatus ParseProtocol(const Request& request, Calls::Timeout& timeout) {
  if (!request.connect_version.empty() && request.connect_version != "1") {
    return WrongProtocol("Connect-Protocol-Version is 1.");
  }
  if (request.connect_timeout.empty()) return {};
  int64_t millis = 0;
  if (request.connect_timeout.size() > kTimeoutDigitsMax ||
      request.connect_timeout.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(ToAbsl(request.connect_timeout), &millis)) {
    return WrongProtocol("Connect-Timeout-Ms is a number of at most ten digits.");
  }
  timeout = std::chrono::milliseconds(millis);
  return millis > 0 ? CallStatus{} : DeadlineExceeded();
}

CallStatus Unpack(std::string_view encoding, size_t bytes_max, std::string_view& body,
                  std::string& unpacked) {
  if (encoding.empty() || encoding == "identity") return {};
  if (encoding != "gzip") {
    return Refuse(Code::kUnimplemented, "ENCODING_UNKNOWN",
                  "Bodies are packed by gzip or not at all.");
  }
  if (!Unzip(body, bytes_max, unpacked)) return TooLarge();
  body = unpacked;
  return {};
}

CallStatus ParseQuery(std::string_view query, size_t bytes_max, Codec& codec,
                      std::string& message) {
  const auto pairs = ParseUrlQuery(query);
  if (!pairs) return WrongProtocol("The query of the URL has a broken escape.");
  bool is_base64 = false;
  bool has_encoding = false;
  std::string packing;
  std::string text;
  for (const auto& [name, value] : *pairs) {
    if (name == "message") {
      text = value;
    } else if (name == "encoding") {
      has_encoding = value == "json" || value == "proto";
      codec = value == "proto" ? Codec::kProto : Codec::kJson;
    } else if (name == "base64") {
      is_base64 = value == "1";
    } else if (name == "compression") {
      packing = value;
    } else if (name == "connect") {
      if (value != "v1") return WrongProtocol("The query's connect is v1.");
    } else {
      return WrongProtocol(
          "The query takes connect, encoding, message, base64 and compression, "
          "not " +
          name + ".");
    }
  }
  if (!has_encoding) return WrongProtocol("The query needs encoding=json or encoding=proto.");
  if (is_base64) {
    std::string bytes;
    if (!absl::WebSafeBase64Unescape(text, &bytes) && !absl::Base64Unescape(text, &bytes)) {
      return WrongProtocol("The query's message is not base64.");
    }
    text = std::move(bytes);
  }
  std::string_view body = text;
  std::string unpacked;
  if (CallStatus status = Unpack(packing, bytes_max, body, unpacked); !status.ok()) return status;
  message = body;
  return {};
}

CallStatus ParseEnvelope(std::string_view body, std::string_view encoding, size_t bytes_max,
                         std::string_view& message, std::string& unpacked) {
  if (body.size() < kEnvelopeHead) {
    return WrongProtocol("A stream begins with one message in an envelope of five bytes.");
  }
  const auto flags = static_cast<uint8_t>(body[0]);
  size_t length = 0;
  for (size_t i = 1; i < kEnvelopeHead; ++i) {
    length = length << 8 | static_cast<unsigned char>(body[i]);
  }
  message = body.substr(kEnvelopeHead);
  if ((flags & ~kPackedFlag) != 0 || length != message.size()) {
    return WrongProtocol(
        "The request of a stream is one message: its envelope says another length.");
  }
  if ((flags & kPackedFlag) == 0) return {};
  if (encoding.empty() || encoding == "identity") {
    return WrongProtocol("The envelope says packed, Connect-Content-Encoding does not say how.");
  }
  return Unpack(encoding, bytes_max, message, unpacked);
}

CallStatus Decode(Codec codec, std::string_view text, google::protobuf::Message& message) {
  if (codec == Codec::kProto) {
    if (message.ParseFromArray(text.data(), static_cast<int>(text.size()))) return {};
    return FromGrpc(rpc::MessageMalformed());
  }
  if (text.empty()) return {};  // The protocol's way to say {}.
  const auto problem = ReadJson(text, message);
  if (!problem) return {};
  if (!problem->field.empty()) return RefuseField(problem->field, problem->what);
  return Refuse(Code::kInvalidArgument, "MESSAGE_MALFORMED", "This is not JSON: " + problem->what);
}

void Encode(Codec codec, const google::protobuf::Message& message, std::string& out) {
  if (codec == Codec::kJson) {
    WriteJson(message, out);
  } else {
    message.AppendToString(&out);
  }
}

void AppendMessage(std::string_view payload, bool is_packed, std::string& out) {
  if (!is_packed) return AppendEnvelope(0, payload, out);
  std::string packed;
  Zip(payload, packed);
  AppendEnvelope(kPackedFlag, packed, out);
}

void AppendEnd(const CallStatus& status, std::string& out) {
  std::string payload = "{";
  if (!status.ok()) {
    payload += "\"error\":";
    WriteError(status, payload);
  }
  AppendEnvelope(kEndFlag, payload + '}', out);
}

}  // namespace stockd::http
