#pragma once

#include <string>

namespace stockd::storage {

// SQL about the facts of a position by the time of their events.
//
// The index journal_delta begins with the day (UTC). Sources tell a day or two at a time, about
// many positions: by position first, each of their facts would rewrite a page of its own, more
// pages the longer the history; by day first they share them. A search looks into each day of its
// range, at most from the first to the newest that has any fact.

// The net effect on on_hand of position ?1's deltas after the instant ?2. `more` is a condition on
// their entries that begins with AND, or nothing.
std::string DeltaAfterSql(const std::string& more = {});

// The same until the instant ?3, included.
std::string DeltaBetweenSql(const std::string& more = {});

// Deltas and counts of position ?1 from ?2 to ?3, both included, among the entries up to sequence
// ?4, in the order of their events: occurred_at, kind, stated, sequence.
std::string FactsBetweenSql();

}  // namespace stockd::storage
