// Makes Tryton's documents for bookings: each exactly once, whatever crashes.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tryton/bookings.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_client.h"
#include "adapters/tryton/tryton_state.h"

namespace stockd::tryton {

// A party that stands for all that the other channels' documents do not name.
struct Party {
  int64_t id = 0;
  int64_t address = 0;
  int64_t customer_location = 0;
  int64_t supplier_location = 0;
};

// What documents need besides the booking.
struct DocumentTerms {
  int64_t company = 0;
  int64_t currency = 0;
  Party customer;
  Party supplier;  // id 0: none is configured.
};

// A booking becomes a shipment: a draft with the booking's key as its reference, then pressed
// through its states. Only the last steps move stock, by the document's number, and the number is
// on this disk before them. So a draft that was made twice, because nobody knows what became of a
// call, moves nothing; and a document that is found again is taken on where it stopped.
//
// It writes what moved, never what is there: Tryton applies a counted level as the difference to
// what it showed when the count began, so what is sold meanwhile would be lost or counted twice.
//
// LoadTerms() may be called while another thread is in Write().
class DocumentWriter {
 public:
  // The client and the state outlive it.
  DocumentWriter(TrytonClient* client, TrytonState* state) : client_(*client), state_(*state) {}

  // What the configured parties and the company are in Tryton. `supplier` may be empty.
  //   FAILED_PRECONDITION   there is no such party, or it has no address.
  [[nodiscard]] absl::Status LoadTerms(std::string_view customer, std::string_view supplier);
  // OK: the document is done. FAILED_PRECONDITION, INVALID_ARGUMENT, OUT_OF_RANGE and INTERNAL: a
  // person has to look at it. Else as TrytonClient::Call().
  [[nodiscard]] absl::Status Write(const Booking& booking, const Product& product,
                                   const Warehouse& warehouse, const StockPlaces& places);

 private:
  DocumentTerms terms() const {
    const std::scoped_lock lock(mutex_);
    return terms_;
  }
  absl::StatusOr<Party> FindParty(std::string_view code);
  absl::StatusOr<Document> FindOrCreate(const Booking& booking, const JsonValue& draft,
                                        std::string_view model);
  absl::Status Finish(const Document& document);

  TrytonClient& client_;
  TrytonState& state_;
  mutable std::mutex mutex_;
  DocumentTerms terms_;
};

}  // namespace stockd::tryton
