#include "adapters/sample/trade_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>
#include <variant>

#include "adapters/sample/chain.h"
#include "adapters/sample/master_files.h"
#include "adapters/sample/trade_rows.h"
#include "adapters/sdk/file_io.h"

namespace stockd::sample {
namespace {

using std::chrono::milliseconds;

// Between two files of one writer, in real time.
constexpr milliseconds kTillInterval{8000};
constexpr milliseconds kOfficeInterval{3000};

// done/ would grow for ever.
constexpr milliseconds kCleaningInterval{60'000};
constexpr size_t kDoneFilesKept = 600;

}  // namespace

TradeFiles::TradeFiles(const SampleDirectory& directory, const World& world,
                       sdk::Timestamp began_at)
    : directory_(directory), world_(world), began_at_(began_at) {
  for (const Site& store : Stores()) {
    first_till_.push_back(channels_.size());
    for (int till = 1; till <= store.tills; ++till) {
      channels_.push_back(
          {.system = "pos",
           .journal = store.writes_json ? TillJournal(TillName(store, till), "", ".jsonl")
                                        : TillJournal(TillName(store, till), TillHeader(), ".csv"),
           .due_at = {}});
    }
  }
  const auto add = [this](std::string_view system, const char* name, std::string header) {
    channels_.push_back(
        {.system = system, .journal = TillJournal(name, std::move(header), ".csv"), .due_at = {}});
    return channels_.size() - 1;
  };
  orders_ = add("web", "orders", OrderHeader());
  movements_ = add("erp", "movements", MovementHeader());
  supplies_ = add("erp", "supplies", SuppliesCsv(world_, {}, began_at_));
  items_ = add("erp", "items", ItemsCsv({}));
}

TradeFiles::Channel& TradeFiles::Till(size_t site, int till) {
  return channels_[first_till_[site] + static_cast<size_t>(till) - 1];
}

void TradeFiles::Take(const TradeEvent& event) {
  std::visit([this, &event](const auto& what) { Take(what, event.at_ms); }, event.what);
}

void TradeFiles::Take(const TillReceipt& receipt, int64_t at_ms) {
  ++counts_.receipts;
  std::string rows;
  for (size_t line = 0; line < receipt.lines.size(); ++line) {
    rows += TillRow(receipt, line, world_.items()[receipt.lines[line].item], Instant(at_ms));
    switch (receipt.lines[line].kind) {
      case TillLineKind::kSale: ++counts_.sold_lines; break;
      case TillLineKind::kReturn: ++counts_.returned_lines; break;
      case TillLineKind::kCount: ++counts_.counted_lines; break;
    }
  }
  Till(receipt.site, receipt.till).journal.Add(rows, at_ms);
}

void TradeFiles::Take(const TillMishap& mishap, int64_t at_ms) {
  TillJournal& journal = Till(mishap.site, mishap.till).journal;
  switch (mishap.kind) {
    case TillMishapKind::kLateFile: journal.HoldBack(at_ms + mishap.minutes * kMsPerMinute); break;
    case TillMishapKind::kSecondCopy:
      if (journal.last()) copies_.push_back(*journal.last());
      break;
    case TillMishapKind::kGarbledRow:
    case TillMishapKind::kTypedSku: journal.Add(MishapRow(mishap, Instant(at_ms)), at_ms); break;
  }
}

void TradeFiles::Take(const OrderLine& line, int64_t at_ms) {
  ++counts_.order_lines;
  channels_[orders_].journal.Add(OrderRow(line, world_.items()[line.item], Instant(at_ms)), at_ms);
}

void TradeFiles::Take(const Movement& movement, int64_t at_ms) {
  ++counts_.movements;
  channels_[movements_].journal.Add(
      MovementRow(movement, world_.items()[movement.item], Instant(at_ms)), at_ms);
}

void TradeFiles::Take(const SupplyPromise& promise, int64_t at_ms) {
  const std::string header = SuppliesCsv(world_, {}, began_at_);
  const std::string text = SuppliesCsv(world_, std::span(&promise, 1), began_at_);
  channels_[supplies_].journal.Add(text.substr(header.size()), at_ms);
}

void TradeFiles::Take(const LateMasterData& data, int64_t at_ms) {
  const std::string text = ItemsCsv(std::span(&world_.items()[data.item], 1));
  channels_[items_].journal.Add(text.substr(ItemsCsv({}).size()), at_ms);
}

absl::Status TradeFiles::DropDue(sdk::Timestamp real_now, int64_t now_ms) {
  for (size_t i = 0; i < channels_.size(); ++i) {
    Channel& channel = channels_[i];
    const milliseconds interval = channel.system == "pos" ? kTillInterval : kOfficeInterval;
    if (channel.due_at == sdk::Timestamp()) {
      // One after the other, not all at once.
      channel.due_at = real_now + interval * (i + 1) / channels_.size();
    }
    if (real_now < channel.due_at) continue;
    channel.due_at = real_now + interval;
    if (channel.journal.IsHeldBack(now_ms)) continue;
    if (absl::Status status = Drop(channel, now_ms); !status.ok()) return status;
  }
  for (const JournalFile& copy : std::exchange(copies_, {})) {
    if (absl::Status status = Write("pos", copy); !status.ok()) return status;
  }
  if (real_now - cleaned_at_ >= kCleaningInterval) {
    cleaned_at_ = real_now;
    for (const std::string_view system : {"erp", "pos", "web"}) RemoveOldFiles(system);
  }
  return absl::OkStatus();
}

absl::Status TradeFiles::DropAll(int64_t now_ms) {
  for (Channel& channel : channels_) {
    if (absl::Status status = Drop(channel, now_ms); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TradeFiles::Drop(Channel& channel, int64_t now_ms) {
  if (!channel.journal.oldest_ms()) return absl::OkStatus();
  // Two runs of the sample never close a journal at the same instant.
  const std::string stamp =
      fmt::format("{}-{:04}", sdk::FormatCompactTimestamp(Instant(now_ms)), counts_.files % 10'000);
  return Write(channel.system, channel.journal.Close(stamp));
}

absl::Status TradeFiles::Write(std::string_view system, const JournalFile& file) {
  ++counts_.files;
  return sdk::WriteFileAtomically(directory_.Drop(system) / file.name, file.content);
}

int64_t TradeFiles::position_ms(int64_t now_ms) const {
  int64_t position = now_ms;
  for (const Channel& channel : channels_) {
    position = std::min(position, channel.journal.oldest_ms().value_or(now_ms));
  }
  return position;
}

// Somebody tidies up in every company. Files with rows that were set aside stay.
void TradeFiles::RemoveOldFiles(std::string_view system) {
  namespace fs = std::filesystem;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (fs::directory_iterator entry(directory_.Drop(system) / "done", error), end;
       !error && entry != end; entry.increment(error)) {
    const fs::path& path = entry->path();
    const std::string text = path.string();
    const bool is_extra = text.ends_with(".summary.json") || text.ends_with(".rejected.csv");
    std::error_code gone;
    if (is_extra || fs::exists(text + ".rejected.csv", gone)) continue;
    files.emplace_back(entry->last_write_time(gone), path);
  }
  if (files.size() <= kDoneFilesKept) return;
  std::ranges::sort(files);
  files.resize(files.size() - kDoneFilesKept);
  for (const auto& [time, path] : files) {
    fs::remove(path, error);
    fs::remove(path.string() + ".summary.json", error);
  }
}

}  // namespace stockd::sample
