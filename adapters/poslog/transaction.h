// A transaction as the file writes it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stockd::poslog {

// One quantity of a line; some tills write several, in pieces and by weight.
struct WrittenQuantity {
  std::string text;
  std::string units;  // The attribute Units.
  std::string unit;   // The attribute UnitOfMeasureCode.
};

// A line that sells goods or takes them back. Texts are without blanks at both ends.
struct WrittenLine {
  int64_t position = 0;  // Among the transaction's lines, from 1.
  std::string number;    // Its own SequenceNumber.
  bool is_return = false;
  bool is_void = false;
  std::string linked_number;  // Of the line that a void undoes; empty: it says none.
  std::string item_id;
  std::string pos_item_id;
  std::string item_type;
  std::vector<WrittenQuantity> quantities;
  std::string price;
  std::string currency;
  std::string original_key;  // Of a return: the transaction that it undoes, as
                             // store/workstation/day/sequence.
};

struct Transaction {
  std::string store;
  std::string workstation;
  std::string business_day;
  std::string sequence;
  std::string end_time;
  std::string currency;
  std::string kind;  // "RetailTransaction", "ControlTransaction" ...; empty: it holds none.
  // Values of the flags, as they are written; empty: not there.
  std::string cancel_flag;
  std::string training_flag;
  std::string suspend_flag;
  std::string status;  // TransactionStatus.
  std::vector<WrittenLine> lines;
  // Lines that move no stock, by what they are: "Tender", "LoyaltyReward". Beyond kKindsMax kinds
  // the rest is "other".
  std::map<std::string, int64_t> lines_skipped;
  // What is wrong with its shape; empty: nothing.
  std::string flaw;
};

}  // namespace stockd::poslog
