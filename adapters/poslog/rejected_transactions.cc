#include "adapters/poslog/rejected_transactions.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

#include "adapters/poslog/xml_token.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/utf8.h"

namespace stockd::poslog {
namespace {

constexpr int kLoggedMax = 20;
constexpr size_t kRemarkBytesMax = 1024;

// Text that may stand in a comment.
std::string Remark(std::string_view text) {
  std::string remark = sdk::ToPlainText(text, kRemarkBytesMax);
  for (size_t at = remark.find("--"); at != std::string::npos; at = remark.find("--", at)) {
    remark[at + 1] = ' ';
  }
  return remark;
}

constexpr std::string_view kHead = "<?xml version=\"1.0\"?>\n";

// The element that stands for all elements around the transaction; empty: there are none.
std::string RootNameOf(const NamespaceScope& scope) {
  for (const OpenElement& element : scope.elements()) {
    if (LocalName(element.name) == "POSLog") return element.name;
  }
  return {};
}

// Its tag declares what they all did.
std::string HeadOf(const NamespaceScope& scope) {
  const std::string name = RootNameOf(scope);
  if (name.empty()) return std::string(kHead);
  std::string head = fmt::format("{}<{}", kHead, name);
  std::vector<std::string_view> declared;
  for (const OpenElement& element : scope.elements() | std::views::reverse) {
    for (const auto& [prefix, name_space] : element.declarations) {
      if (std::ranges::find(declared, prefix) != declared.end()) continue;
      declared.push_back(prefix);
      const char quote = name_space.find('"') == std::string::npos ? '"' : '\'';
      head += fmt::format(" xmlns{}{}={}{}{}", prefix.empty() ? "" : ":", prefix, quote, name_space,
                          quote);
    }
  }
  return head + ">\n";
}

}  // namespace

RejectedTransactions::RejectedTransactions(std::filesystem::path path, std::string file_name)
    : path_(std::move(path)), file_name_(std::move(file_name)) {}

absl::Status RejectedTransactions::Resume(uint64_t bytes_written) {
  bytes_written_ = bytes_written;
  if (bytes_written == 0) {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return sdk::SystemError("remove", path_);
    return absl::OkStatus();
  }
  if (::truncate(path_.c_str(), static_cast<off_t>(bytes_written)) != 0) {
    return sdk::SystemError("shorten", path_);
  }
  return ReadRootName();
}

absl::Status RejectedTransactions::ReadRootName() {
  const absl::StatusOr<std::string> text = sdk::ReadWholeFile(path_);
  if (!text.ok()) return text.status();
  std::string_view rest = *text;
  if (!rest.starts_with(kHead)) return absl::OkStatus();
  rest.remove_prefix(kHead.size());
  const bool has_root = rest.starts_with('<') && !rest.starts_with("<!");
  const size_t end = rest.find_first_of(" >");
  if (has_root && end != std::string_view::npos) root_name_ = rest.substr(1, end - 1);
  return absl::OkStatus();
}

absl::Status RejectedTransactions::Add(const RejectedTransaction& rejected,
                                       const NamespaceScope& scope) {
  if (logged_ < kLoggedMax) {
    ++logged_;
    spdlog::warn("transaction set aside file={} offset={} key={} reason={} detail={}{}",
                 sdk::LogValue(file_name_), rejected.offset, sdk::LogValue(rejected.key),
                 rejected.reason, sdk::LogValue(rejected.detail),
                 logged_ == kLoggedMax ? " (further ones of this file are not logged)" : "");
  }
  std::string text;
  if (bytes_written_ == 0) {
    text = HeadOf(scope);
    root_name_ = RootNameOf(scope);
  }
  text += fmt::format("<!-- at byte {}{}{}: {}: {} -->\n", rejected.offset,
                      rejected.key.empty() ? "" : ", ", Remark(rejected.key), rejected.reason,
                      Remark(rejected.detail));
  text += rejected.text;
  text += '\n';
  return Write(text);
}

absl::Status RejectedTransactions::Write(std::string_view text) {
  if (!file_.is_open()) {
    file_ =
        sdk::FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file_.is_open()) return sdk::SystemError("open", path_);
  }
  if (absl::Status status = sdk::WriteAll(file_.get(), text, path_); !status.ok()) return status;
  bytes_written_ += text.size();
  return absl::OkStatus();
}

absl::Status RejectedTransactions::Finish() {
  if (bytes_written_ == 0) return absl::OkStatus();
  const std::string end = root_name_.empty() ? "" : fmt::format("</{}>\n", root_name_);
  if (absl::Status status = Write(end); !status.ok()) return status;
  if (::fdatasync(file_.get()) != 0) return sdk::SystemError("sync", path_);
  return absl::OkStatus();
}

}  // namespace stockd::poslog
