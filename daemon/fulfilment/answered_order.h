#pragma once

#include <string>

#include "daemon/fulfilment/order.h"

namespace stockd::fulfilment {

// An order command that was answered before.
struct AnsweredOrder {
  std::string content;  // What was asked, byte by byte.
  Order answer;
};

}  // namespace stockd::fulfilment
