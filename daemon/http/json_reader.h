#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>

namespace stockd::http {

// Why a text is not the message it should be.
struct JsonProblem {
  std::string field;  // For example "lines[2].position.sku"; empty: the text is not JSON.
  std::string what;   // For people.
};

// Reads a message from its JSON form (proto3 JSON) into the empty `message`. Strict: the text is
// JSON by the letter, every field exists, none comes twice, numbers fit, enumeration names are
// known. At most 100 levels deep. Returns nothing when it worked; otherwise the message is
// unspecified. Pure.
std::optional<JsonProblem> ReadJson(std::string_view text, google::protobuf::Message& message);

// Sets one field from plain text, as it stands in the query of a URL: `path` is dotted
// ("position.sku"); a repeated field grows by one. The same rules. Pure.
std::optional<JsonProblem> ReadField(std::string_view path, std::string_view text,
                                     google::protobuf::Message& message);

}  // namespace stockd::http
