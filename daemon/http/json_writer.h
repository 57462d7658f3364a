#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace stockd::http {

// Appends the JSON form (proto3 JSON) of a message: names in lowerCamelCase, 64-bit numbers as
// strings, every figure even when it is 0, empty lists as []; absent messages and absent optional
// fields are left out. Pure.
void WriteJson(const google::protobuf::Message& message, std::string& out);

// Appends a JSON string with its quotes. `text` is UTF-8.
void WriteJsonString(std::string_view text, std::string& out);

}  // namespace stockd::http
