#pragma once

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "tests/support/random.h"

namespace stockd::storage {

// An order whose every field has any value of its range, empty and extreme ones often. Its parts
// need not fit together. The id is "order-<number>".
fulfilment::Order RandomOrder(support::Random& random, uint64_t number);

// An event of any kind for one of `orders` orders.
fulfilment::OrderEvent RandomOrderEvent(support::Random& random, uint64_t number, uint64_t orders);

}  // namespace stockd::storage
