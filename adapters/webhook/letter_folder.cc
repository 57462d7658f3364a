#include "adapters/webhook/letter_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/sdk/file_io.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::webhook {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kClosed = "closed";

std::string NameOf(std::string_view endpoint, uint64_t number) {
  return number == 0 ? fmt::format("{}-{}", endpoint, kClosed)
                     : fmt::format("{}-{}", endpoint, number);
}

// "crm-42": the endpoint and the number behind the last hyphen; false: it is no such name.
bool ParseName(const std::string& name, LetterCommand& command) {
  const size_t hyphen = name.rfind('-');
  if (hyphen == std::string::npos || hyphen == 0) return false;
  command.endpoint = name.substr(0, hyphen);
  const std::string number = name.substr(hyphen + 1);
  if (number == kClosed) return true;
  const char* const end = number.data() + number.size();
  const auto [stopped, error] = std::from_chars(number.data(), end, command.number);
  return error == std::errc() && stopped == end && command.number > 0;
}

std::string Text(const Json& letter, const char* key) {
  const auto found = letter.find(key);
  if (found == letter.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

absl::Status LetterFolder::Prepare() const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("cannot make the folder {}: {}", folder_.string(), error.message()));
}

std::filesystem::path LetterFolder::PathOf(std::string_view endpoint, uint64_t number) const {
  return folder_ / (NameOf(endpoint, number) + ".json");
}

absl::Status LetterFolder::Put(std::string_view endpoint, const WaitingDelivery& letter,
                               std::string_view body) const {
  const Json event = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  const Json file = {{"endpoint", endpoint},
                     {"number", letter.number},
                     {"order", letter.order},
                     {"first_attempt", sdk::FormatTimestamp(letter.first_attempt)},
                     {"attempts", letter.attempts},
                     {"error", letter.error},
                     {"event", event.is_discarded() ? Json(nullptr) : event}};
  return sdk::WriteFileAtomically(PathOf(endpoint, letter.number),
                                  file.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::Status LetterFolder::PutClosed(std::string_view endpoint, std::string_view why) const {
  const Json file = {{"endpoint", endpoint}, {"error", why}};
  return sdk::WriteFileAtomically(PathOf(endpoint, 0),
                                  file.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void LetterFolder::Remove(std::string_view endpoint, uint64_t number) const {
  std::error_code ignored;
  std::filesystem::remove(PathOf(endpoint, number), ignored);
}

std::vector<LetterCommand> LetterFolder::Commands() const {
  std::vector<LetterCommand> commands;
  for (const std::filesystem::path& file : FilesOf(folder_)) {
    const bool is_again = file.extension() == ".again";
    LetterCommand command{
        .action = is_again ? LetterCommand::Action::kSendAgain : LetterCommand::Action::kDrop,
        .file = file};
    if (!is_again && file.extension() != ".drop") continue;
    if (ParseName(file.stem(), command)) commands.push_back(std::move(command));
  }
  return commands;
}

std::string LetterFolder::List() const {
  std::string table = fmt::format("{:<28} {:<22} {:<20} {:>8}  {}\n", "LETTER", "ORDER",
                                  "FIRST ATTEMPT", "ATTEMPTS", "ERROR");
  int count = 0;
  for (const std::filesystem::path& file : FilesOf(folder_)) {
    if (file.extension() != ".json") continue;
    const absl::StatusOr<std::string> text = sdk::ReadWholeFile(file);
    if (!text.ok()) continue;  // It was dealt with meanwhile.
    const Json letter = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!letter.is_object()) continue;
    table += fmt::format("{:<28} {:<22} {:<20} {:>8}  {}\n", file.stem().string(),
                         Text(letter, "order"), Text(letter, "first_attempt").substr(0, 19),
                         Text(letter, "attempts"), Text(letter, "error"));
    ++count;
  }
  return count == 0 ? "nothing was given up\n" : table;
}

absl::StatusOr<int> LetterFolder::Order(const std::string& letter,
                                        LetterCommand::Action action) const {
  int count = 0;
  for (const std::filesystem::path& file : FilesOf(folder_)) {
    if (file.extension() != ".json" || (letter != "all" && file.stem() != letter)) continue;
    std::filesystem::path command = file;
    command.replace_extension(action == LetterCommand::Action::kDrop ? ".drop" : ".again");
    if (absl::Status status = sdk::MoveFile(file, command); !status.ok()) return status;
    ++count;
  }
  if (count == 0 && letter != "all") {
    return absl::NotFoundError(
        fmt::format("there is no letter \"{}\"; --list-letters shows them", letter));
  }
  return count;
}

}  // namespace stockd::webhook
