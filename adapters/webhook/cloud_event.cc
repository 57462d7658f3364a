#include "adapters/webhook/cloud_event.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::webhook {
namespace {

constexpr std::string_view kKindPrefix = "ORDER_EVENT_KIND_";

std::string DataOf(v1::WatchedOrderEvent watched, bool include_notes) {
  if (!include_notes) watched.mutable_event()->clear_note();
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  // Fails only for what a message of ours cannot hold: unknown Any types, times before year 1.
  if (!google::protobuf::util::MessageToJsonString(watched, &json, options).ok()) json = "{}";
  return json;
}

}  // namespace

std::string KindWord(v1::OrderEventKind kind) {
  std::string word = v1::OrderEventKind_Name(kind);
  if (!word.starts_with(kKindPrefix)) return std::to_string(static_cast<int>(kind));
  word.erase(0, kKindPrefix.size());
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
  return word;
}

v1::OrderEventKind KindOf(std::string_view word) {
  for (int number = v1::OrderEventKind_MIN + 1; number <= v1::OrderEventKind_MAX; ++number) {
    const auto kind = static_cast<v1::OrderEventKind>(number);
    if (v1::OrderEventKind_IsValid(number) && KindWord(kind) == word) return kind;
  }
  return v1::ORDER_EVENT_KIND_UNSPECIFIED;
}

std::string TypeOf(v1::OrderEventKind kind) { return "stockd.order." + KindWord(kind); }

std::string CloudEventOf(const v1::WatchedOrderEvent& watched, const EventStyle& style) {
  const v1::OrderEvent& event = watched.event();
  nlohmann::ordered_json attributes = {
      {"specversion", "1.0"},
      {"id", std::to_string(event.number())},
      {"source", style.source},
      {"type", TypeOf(event.kind())},
      {"subject", event.order_id()},
      {"time", sdk::FormatTimestamp(sdk::FromProto(event.occur_time()))},
      // The extension `sequence` sorts as text.
      {"sequence", fmt::format("{:020}", event.number())},
      {"datacontenttype", "application/json"},
  };
  std::string body = attributes.dump();
  body.pop_back();
  return body + ",\"data\":" + DataOf(watched, style.include_notes) + "}";
}

}  // namespace stockd::webhook
