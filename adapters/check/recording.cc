#include "adapters/check/recording.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <utility>

#include <nlohmann/json.hpp>

namespace stockd::check {
namespace {

using nlohmann::json;

std::string MessageJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? text : "{}";
}

std::string ToLine(const Event& event) {
  json line = {{"stream", event.stream}, {"at_ms", event.at_ms}};
  switch (event.kind) {
    case Event::Kind::kOpened: line["event"] = "opened"; break;
    case Event::Kind::kClosed:
      line["event"] = "closed";
      line["end"] = event.end;
      break;
    case Event::Kind::kFromAdapter:
      line["direction"] = "from_adapter";
      line["message"] = json::parse(MessageJson(event.request));
      break;
    case Event::Kind::kFromDaemon:
      line["direction"] = "from_daemon";
      line["message"] = json::parse(MessageJson(event.response));
      break;
  }
  return line.dump();
}

// Throws nlohmann::json::exception or std::invalid_argument.
Event FromLine(const std::string& text) {
  const json line = json::parse(text);
  Event event;
  event.stream = line.at("stream").get<int>();
  event.at_ms = line.value("at_ms", int64_t{0});
  if (line.contains("event")) {
    const auto name = line.at("event").get<std::string>();
    if (name != "opened" && name != "closed") {
      throw std::invalid_argument("event must be \"opened\" or \"closed\"");
    }
    event.kind = name == "opened" ? Event::Kind::kOpened : Event::Kind::kClosed;
    event.end = line.value("end", "");
    return event;
  }
  const auto direction = line.at("direction").get<std::string>();
  if (direction != "from_adapter" && direction != "from_daemon") {
    throw std::invalid_argument("direction must be \"from_adapter\" or \"from_daemon\"");
  }
  const bool is_request = direction == "from_adapter";
  event.kind = is_request ? Event::Kind::kFromAdapter : Event::Kind::kFromDaemon;
  google::protobuf::Message* message = &event.response;
  if (is_request) message = &event.request;
  const auto status =
      google::protobuf::util::JsonStringToMessage(line.at("message").dump(), message);
  if (!status.ok()) throw std::invalid_argument(std::string(status.message()));
  return event;
}

}  // namespace

void Recorder::Add(Event event) {
  const std::scoped_lock lock(mutex_);
  event.at_ms = sdk::MillisecondsSince(began_at_).count();
  events_.push_back(std::move(event));
}

std::vector<Event> Recorder::events() const {
  const std::scoped_lock lock(mutex_);
  return events_;
}

absl::Status WriteRecording(const std::vector<Event>& events, const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  for (const Event& event : events) file << ToLine(event) << '\n';
  if (!file.flush()) return absl::UnavailableError("cannot write " + path.string());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Event>> ReadRecording(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot read " + path.string());
  std::vector<Event> events;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    try {
      events.push_back(FromLine(line));
    } catch (const std::exception& error) {
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: {}", path.string(), number, error.what()));
    }
  }
  return events;
}

}  // namespace stockd::check
