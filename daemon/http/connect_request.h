// What a call in the Connect protocol says about itself, and what is wrong with that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/call_status.h"
#include "daemon/http/calls.h"
#include "daemon/http/request.h"

namespace stockd::http {

enum class Codec : uint8_t { kJson, kProto };

struct ContentType {
  Codec codec = Codec::kJson;
  bool streams = false;  // Messages stand in envelopes.
};

// Nothing when it is none of Connect's.
std::optional<ContentType> ParseContentType(std::string_view text);
// As it is written in a response.
std::string_view ContentTypeText(ContentType type);

// Whether a list such as "br, gzip;q=0.5" lets a response be packed by gzip.
bool AcceptsGzip(std::string_view accepting);

CallStatus DeadlineExceeded();

// Checks Connect-Protocol-Version and reads Connect-Timeout-Ms, of which none is left when it is 0.
CallStatus ParseProtocol(const Request& request, Calls::Timeout& timeout);

// Unpacks a body; `encoding` is how it is packed, `body` views `request` or `unpacked`.
CallStatus Unpack(std::string_view encoding, size_t bytes_max, std::string_view& body,
                  std::string& unpacked);

// The message and its codec, as they stand in the query of a GET. `codec` is set first, also when
// the rest is wrong.
CallStatus ParseQuery(std::string_view query, size_t bytes_max, Codec& codec, std::string& message);

// The one message of a stream's request, out of its envelope.
CallStatus ParseEnvelope(std::string_view body, std::string_view encoding, size_t bytes_max,
                         std::string_view& message, std::string& unpacked);

// Fills the message.
CallStatus Decode(Codec codec, std::string_view text, google::protobuf::Message& message);
// Appends the message.
void Encode(Codec codec, const google::protobuf::Message& message, std::string& out);

// Append what a stream is made of: a message, packed by gzip or not, and its end.
void AppendMessage(std::string_view payload, bool is_packed, std::string& out);
void AppendEnd(const CallStatus& status, std::string& out);

}  // namespace stockd::http
