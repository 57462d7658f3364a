// Turns a failed call into what a person can act on.
#pragma once

#include <grpcpp/grpcpp.h>

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/exit_code.h"

namespace stockd::ctl {

// One field of a request that was malformed.
struct FieldProblem {
  std::string field;
  std::string description;
};

// A failed call, taken apart.
struct CallError {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;
  std::string reason;  // UPPER_SNAKE; empty when the daemon did not send one.
  std::map<std::string, std::string> metadata;
  std::vector<FieldProblem> fields;
};

// Reads the details that travel with the status, if any.
CallError DecodeError(const grpc::Status& status);

// "NOT_FOUND" and the like.
std::string CodeName(grpc::StatusCode code);

// What to do next; empty when there is nothing better than the message.
std::string AdviceFor(const CallError& error);

ExitCode ExitCodeFor(const CallError& error);

// For people, several lines; `server` is the address that was called.
void PrintError(std::ostream& err, const CallError& error, const std::string& server, bool colours);

// One line of JSON with code, reason, message, metadata, fields and advice.
void PrintErrorJson(std::ostream& err, const CallError& error);

}  // namespace stockd::ctl
