// Instants, lengths and money as people read them, and JSON for programs.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "daemon/base/time.h"
#include "daemon/ctl/command.h"

namespace stockd::ctl {

// RFC 3339 in UTC, for example "2026-11-22T20:15:00Z"; empty for the unset instant.
std::string FormatInstant(const google::protobuf::Timestamp& instant);

// The same cut to whole seconds, for lists.
std::string FormatSecond(const google::protobuf::Timestamp& instant);

// The second and how far away it is, for example "2026-11-22T20:15:00Z (in 14m 59s)".
std::string FormatDeadline(const google::protobuf::Timestamp& instant, Timestamp now);

// "45s", "14m 59s", "3h 20m", "12d 4h": the two largest units.
std::string FormatLength(Duration length);

// "420 m", "12.3 km".
std::string FormatDistance(double metres);

// "12.50 EUR"; at least two and at most six decimals.
std::string FormatMoney(int64_t micros, std::string_view currency);

// "41.03,28.98", as --near takes it.
std::string FormatCoordinate(double latitude, double longitude);

// "512 B", "3.2 MiB".
std::string FormatSize(int64_t bytes);

Timestamp ToTimestamp(const google::protobuf::Timestamp& instant);
google::protobuf::Timestamp ToProto(Timestamp time);
google::protobuf::Duration ToProto(Duration duration);

// One line of protobuf JSON with every field of the message.
std::string ToJson(const google::protobuf::Message& message);

// Prints it as the whole answer of a command.
ExitCode PrintJson(const Session& session, const google::protobuf::Message& message);

// The note under a list that was cut at --limit.
void NoteIfMore(const Session& session, std::string_view next_page_token);

}  // namespace stockd::ctl
