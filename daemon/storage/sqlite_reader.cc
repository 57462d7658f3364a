#include "daemon/storage/sqlite_reader.h"

#include <filesystem>
#include <utility>

#include "daemon/storage/error_text.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
SqliteReader::SqliteReader(std::vector<std::unique_ptr<ReaderConnection>> connections,
                           std::shared_ptr<const FileLock> lock, std::string path,
                           std::string vfs_name)
    : lock_(std::move(lock)),
      pool_(std::move(connections)),
      path_(std::move(path)),
      vfs_name_(std::move(vfs_name)) {}

void SqliteReader::Fail(ReaderConnection& connection, std::string_view doing) const {
  throw ReadError(ErrorText(path_, doing, connection.connection));
}

bool SqliteReader::StepRow(ReaderConnection& connection, Statement& statement,
                           std::string_view doing) const {
  const int code = statement.Step();
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Fail(connection, doing);
  return false;
}

std::optional<ledger::Reservation> SqliteReader::FindReservation(std::string_view id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_reservation;
  const ResetGuard reset(find);
  find.Text(id);
  if (!StepRow(*lease, find, "look up a reservation")) return std::nullopt;
  ledger::Reservation reservation;
  if (!ReadReservation(find, reservation)) {
    throw ReadError(DamageText(path_, "reservation \"" + std::string(id) + "\""));
  }
  return reservation;
}

Page<ledger::Reservation> SqliteReader::ListReservations(int state,
                                                         std::string_view owner_reference,
                                                         uint64_t after_number, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  const bool open = state == static_cast<int>(ledger::ReservationState::kHeld) ||
                    state == static_cast<int>(ledger::ReservationState::kCommitted);
  Statement& list = open ? lease->list_open_reservations : lease->list_reservations;
  const ResetGuard reset(list);
  list.Number(after_number).Integer(state).Text(owner_reference).Integer(int64_t{limit} + 1);
  Page<ledger::Reservation> page;
  while (StepRow(*lease, list, "list reservations")) {
    ledger::Reservation reservation;
    if (!ReadReservation(list, reservation)) {
      throw ReadError(DamageText(path_, "reservation \"" + reservation.id + "\""));
    }
    AddRow(page, std::move(reservation), limit);
  }
  return page;
}

std::optional<std::string> SqliteReader::ReservationId(uint64_t number) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->reservation_id;
  const ResetGuard reset(find);
  find.Number(number);
  if (!StepRow(*lease, find, "look up a reservation")) return std::nullopt;
  return std::string(find.text(0));
}

Page<Item> SqliteReader::ListItems(std::string_view contains, std::string_view after_sku,
                                   int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_items;
  const ResetGuard reset(list);
  list.Text(after_sku).Text(contains).Integer(int64_t{limit} + 1);
  Page<Item> page;
  while (StepRow(*lease, list, "list items")) {
    Item item;
    if (!ReadItem(list, item)) throw ReadError(DamageText(path_, "a row of the table item"));
    AddRow(page, std::move(item), limit);
  }
  return page;
}

Quantity SqliteReader::DeltaAfter(PositionKey key, Timestamp after) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& sum = lease->delta_after;
  const ResetGuard reset(sum);
  sum.Number(key.packed()).Integer(ToMicros(after));
  return StepRow(*lease, sum, "add up facts") ? sum.integer(0) : 0;
}

std::optional<QuarantinedFact> SqliteReader::FindQuarantined(int64_t id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_quarantined;
  const ResetGuard reset(find);
  find.Integer(id);
  if (!StepRow(*lease, find, "look up a fact in quarantine")) return std::nullopt;
  return ReadQuarantined(find);
}

Page<QuarantinedFact> SqliteReader::ListQuarantined(SourceId source, ledger::Reason reason,
                                                    int64_t after, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_quarantined;
  const ResetGuard reset(list);
  list.Integer(after)
      .Number(ToNumber(source))
      .Text(ledger::ReasonName(reason))
      .Integer(int64_t{limit} + 1);
  Page<QuarantinedFact> page;
  while (StepRow(*lease, list, "list facts in quarantine")) {
    AddRow(page, ReadQuarantined(list), limit);
  }
  return page;
}

int64_t SqliteReader::CountQuarantined(SourceId source) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& count = lease->count_quarantined;
  const ResetGuard reset(count);
  count.Number(ToNumber(source));
  return StepRow(*lease, count, "count facts in quarantine") ? count.integer(0) : 0;
}

Timestamp SqliteReader::NewestFact(SourceId source) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->newest_fact;
  const ResetGuard reset(find);
  find.Number(ToNumber(source));
  if (!StepRow(*lease, find, "look up a source's newest fact")) return kTimestampMin;
  return FromMicros(find.integer(0));
}

int64_t SqliteReader::DatabaseBytes() {
  int64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(path_ + suffix, error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

}  // namespace stockd::storage
