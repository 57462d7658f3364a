#pragma once

#include "daemon/storage/connection.h"

namespace stockd::storage {

// A read-only connection with every statement of the reader, prepared once.
struct ReaderConnection {
  Connection connection;  // First, so that it is closed last.

  Statement begin;
  Statement commit;

  Statement find_reservation;
  Statement list_open_reservations;  // Those the index of open ones serves.
  Statement list_reservations;
  Statement reservation_id;
  Statement list_items;

  Statement find_position;
  Statement find_entry;
  Statement find_count;
  Statement coverages_at;
  Statement coverages_after;
  Statement delta_after;
  Statement delta_after_recorded_until;

  Statement find_quarantined;
  Statement list_quarantined;
  Statement count_quarantined;
  Statement newest_fact;

  // Returns the SQLite result code. REQUIRES: the connection is open.
  int Prepare();
};

}  // namespace stockd::storage
