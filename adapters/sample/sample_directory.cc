#include "adapters/sample/sample_directory.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

#include "adapters/sdk/file_io.h"

namespace stockd::sample {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kStoryFile = "sample.json";
constexpr std::string_view kPositionFile = "trade.json";

absl::StatusOr<Json> ReadObject(const std::filesystem::path& path) {
  const absl::StatusOr<std::string> text = sdk::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) return json;
  return absl::InvalidArgumentError(fmt::format(
      "{} is damaged; start over with a fresh sample (./dev run --fresh)", path.string()));
}

template <typename Value>
absl::StatusOr<Value> Member(const Json& json, const std::filesystem::path& path,
                             const std::string& name) {
  const auto found = json.find(name);
  if (found != json.end() && found->is_number_integer()) return found->get<Value>();
  return absl::InvalidArgumentError(
      fmt::format("{} has no number \"{}\"; start over with a fresh sample (./dev run --fresh)",
                  path.string(), name));
}

}  // namespace

absl::Status SampleDirectory::Create() const {
  for (const std::filesystem::path& folder :
       {config(), database().parent_path(), backups(), top_ / "logs", Drop("erp"), Drop("pos"),
        Drop("web")}) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return absl::InternalError(
          fmt::format("cannot create {}: {}", folder.string(), error.message()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SampleStory> SampleStory::Load(const SampleDirectory& directory) {
  const std::filesystem::path path = directory.top_ / kStoryFile;
  const absl::StatusOr<Json> json = ReadObject(path);
  if (!json.ok()) return json.status();
  const absl::StatusOr<uint64_t> seed = Member<uint64_t>(*json, path, "seed");
  if (!seed.ok()) return seed.status();
  const absl::StatusOr<int64_t> began_ms = Member<int64_t>(*json, path, "began_at_ms");
  if (!began_ms.ok()) return began_ms.status();
  return SampleStory{.seed = *seed,
                     .began_at = sdk::Timestamp(std::chrono::milliseconds(*began_ms))};
}

absl::Status SampleStory::Save(const SampleDirectory& directory) const {
  const auto began_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(began_at.time_since_epoch());
  const Json json = {{"seed", seed},
                     {"began_at_ms", began_ms.count()},
                     {"began_at", sdk::FormatTimestamp(began_at)}};
  return sdk::WriteFileAtomically(directory.top_ / kStoryFile, json.dump(2) + "\n");
}

absl::StatusOr<int64_t> TradePosition::Load(const SampleDirectory& directory) {
  const std::filesystem::path path = directory.top_ / kPositionFile;
  const absl::StatusOr<Json> json = ReadObject(path);
  if (absl::IsNotFound(json.status())) return 0;
  if (!json.ok()) return json.status();
  return Member<int64_t>(*json, path, "position_ms");
}

absl::Status TradePosition::Save(const SampleDirectory& directory, int64_t position_ms) {
  const Json json = {{"position_ms", position_ms}};
  return sdk::WriteFileAtomically(directory.top_ / kPositionFile, json.dump(2) + "\n");
}

}  // namespace stockd::sample
