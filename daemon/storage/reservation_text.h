#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/reservation.h"

namespace stockd::storage {

// Appends the lines as a JSON array of arrays of numbers:
// [[item,location,requested,granted,held,committed,consumed],...]
void AppendLines(std::string& text, const std::vector<ledger::ReservationLine>& lines);

// Reads what AppendLines() wrote. Whether it was that.
bool ParseLines(std::string_view text, std::vector<ledger::ReservationLine>& lines);

// Writes a whole reservation, without its `original`, as a JSON object with fixed keys in fixed
// order.
std::string ReservationText(const ledger::Reservation& reservation);

// Reads what ReservationText() wrote. Empty when it was not that.
std::optional<ledger::Reservation> ParseReservation(std::string_view text);

// The texts as a JSON array, and back.
std::string TextArray(const std::vector<std::string>& values);
std::optional<std::vector<std::string>> ParseTextArray(std::string_view text);

}  // namespace stockd::storage
