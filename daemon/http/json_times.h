#pragma once

#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

namespace stockd::http {

// The JSON forms of instants (RFC 3339, UTC, 0, 3, 6 or 9 decimals) and durations ("90s", "1.5s").
// Pure.

// Appends without quotes; false when the value is outside of what the form can say.
bool AppendTimestamp(const google::protobuf::Timestamp& value, std::string& out);
bool AppendDuration(const google::protobuf::Duration& value, std::string& out);

// False when the text is malformed or out of range: years 1 to 9999, about 10,000 years.
bool ParseTimestamp(std::string_view text, google::protobuf::Timestamp& value);
bool ParseDuration(std::string_view text, google::protobuf::Duration& value);

}  // namespace stockd::http
