#include "adapters/poslog/transaction_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <pugixml.hpp>

#include "adapters/poslog/xml_element.h"
#include "adapters/sdk/utf8.h"

namespace stockd::poslog {
namespace {

constexpr std::string_view kKindSuffix = "Transaction";

// Whether a flag of a line is set; a value that is neither is a flaw.
bool IsSet(std::string value, std::string_view name, std::string& flaw) {
  std::ranges::transform(value, value.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (value.empty() || value == "false" || value == "0") return false;
  if (value == "true" || value == "1") return true;
  flaw = fmt::format("{}=\"{}\" is neither true nor false", name, sdk::ToUtf8(value.substr(0, 64)));
  return false;
}

class Reader {
 public:
  Reader(const pugi::xml_node& root, const NamespaceScope& scope, bool declares_inside)
      : root_(root), elements_(root, scope, declares_inside) {}

  Transaction Read() {
    Transaction transaction;
    transaction.store = elements_.ChildText(root_, "RetailStoreID");
    transaction.workstation = elements_.ChildText(root_, "WorkstationID");
    transaction.sequence = elements_.ChildText(root_, "SequenceNumber");
    transaction.business_day = elements_.ChildText(root_, "BusinessDayDate");
    transaction.end_time = elements_.ChildText(root_, "EndDateTime");
    transaction.currency = elements_.ChildText(root_, "CurrencyCode");
    const pugi::xml_node body = Body(transaction);
    ReadFlags(body, transaction);
    if (elements_.Is(body, "RetailTransaction")) ReadLines(body, transaction);
    return transaction;
  }

 private:
  // The child that says what kind of transaction it is.
  pugi::xml_node Body(Transaction& transaction) const {
    pugi::xml_node body;
    for (const pugi::xml_node& child : root_.children()) {
      const std::string_view local = LocalName(child.name());
      if (!local.ends_with(kKindSuffix) || !elements_.IsOurs(child)) continue;
      if (body) {
        transaction.flaw = "it is of two kinds at once";
      } else {
        body = child;
        transaction.kind = sdk::ToUtf8(local.substr(0, 64));
      }
    }
    return body;
  }

  // Attributes of the transaction in most versions, of its body in others, elements in the first.
  std::string Flag(const pugi::xml_node& body, const char* name) const {
    for (const pugi::xml_node& node : {root_, body}) {
      if (std::string value = AttributeOf(node, name); !value.empty()) return value;
      if (std::string value = elements_.ChildText(node, name); !value.empty()) return value;
    }
    return {};
  }

  void ReadFlags(const pugi::xml_node& body, Transaction& transaction) const {
    transaction.cancel_flag = Flag(body, "CancelFlag");
    transaction.training_flag = Flag(body, "TrainingModeFlag");
    transaction.suspend_flag = Flag(body, "SuspendFlag");
    transaction.status = Flag(body, "TransactionStatus");
  }

  void ReadLines(const pugi::xml_node& body, Transaction& transaction) {
    int64_t position = 0;
    for (const pugi::xml_node& child : body.children()) {
      if (elements_.Is(child, "LineItem")) ReadLine(child, ++position, transaction);
    }
  }

  void ReadLine(const pugi::xml_node& line, int64_t position, Transaction& transaction) {
    pugi::xml_node goods;
    std::string kind = "empty";
    for (const pugi::xml_node& child : line.children()) {
      const bool is_goods = elements_.Is(child, "Sale") || elements_.Is(child, "Return");
      if (is_goods && goods) transaction.flaw = "a line sells or returns twice";
      if (is_goods) goods = child;
      const bool is_kind = child.type() == pugi::node_element &&
                           LocalName(child.name()) != "SequenceNumber" && kind == "empty";
      if (is_kind) kind = LocalName(child.name());
    }
    if (!goods) return Skip(kind, transaction);
    WrittenLine written{.position = position};
    written.number = elements_.ChildText(line, "SequenceNumber");
    written.is_return = LocalName(goods.name()) == "Return";
    written.is_void = IsSet(AttributeOf(line, "VoidFlag"), "VoidFlag", transaction.flaw);
    written.linked_number = LinkOf(line, goods);
    ReadGoods(goods, written);
    transaction.lines.push_back(std::move(written));
  }

  static void Skip(std::string_view kind, Transaction& transaction) {
    auto& skipped = transaction.lines_skipped;
    std::string name = sdk::ToUtf8(kind.substr(0, 64));
    if (skipped.size() >= kKindsMax && !skipped.contains(name)) name = "other";
    ++skipped[name];
  }

  std::string LinkOf(const pugi::xml_node& line, const pugi::xml_node& goods) const {
    for (const pugi::xml_node& parent : {goods, line}) {
      const pugi::xml_node link = elements_.Child(parent, "ItemLink");
      if (std::string number = TextOf(link); !number.empty()) return number;
      if (std::string number = elements_.ChildText(link, "SequenceNumber"); !number.empty()) {
        return number;
      }
    }
    return {};
  }

  void ReadGoods(const pugi::xml_node& goods, WrittenLine& line) const {
    line.item_id = elements_.ChildText(goods, "ItemID");
    line.pos_item_id = elements_.ChildText(elements_.Child(goods, "POSIdentity"), "POSItemID");
    line.item_type = AttributeOf(goods, "ItemType");
    for (const pugi::xml_node& child : goods.children()) {
      if (!elements_.Is(child, "Quantity")) continue;
      line.quantities.push_back({.text = TextOf(child),
                                 .units = AttributeOf(child, "Units"),
                                 .unit = AttributeOf(child, "UnitOfMeasureCode")});
    }
    pugi::xml_node price = elements_.Child(goods, "ActualSalesUnitPrice");
    if (!price) price = elements_.Child(goods, "RegularSalesUnitPrice");
    line.price = TextOf(price);
    line.currency = AttributeOf(price, "Currency");
    if (const pugi::xml_node link = elements_.Child(goods, "TransactionLink")) {
      line.original_key = KeyOf(link);
    }
  }

  std::string KeyOf(const pugi::xml_node& link) const {
    const std::string store = elements_.ChildText(link, "RetailStoreID");
    const std::string workstation = elements_.ChildText(link, "WorkstationID");
    const std::string day = elements_.ChildText(link, "BusinessDayDate");
    const std::string sequence = elements_.ChildText(link, "SequenceNumber");
    if (store.empty() || workstation.empty() || day.empty() || sequence.empty()) return {};
    return fmt::format("{}/{}/{}/{}", store, workstation, day, sequence);
  }

  const pugi::xml_node root_;
  const ElementView elements_;
};

}  // namespace

absl::StatusOr<Transaction> ReadTransaction(std::string_view text, const NamespaceScope& scope) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(
      text.data(), text.size(),
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute,
      pugi::encoding_utf8);
  if (!result) {
    return absl::InvalidArgumentError(
        fmt::format("{} at its byte {}", result.description(), result.offset));
  }
  const pugi::xml_node root = document.document_element();
  if (!root) return absl::InvalidArgumentError("it has no element");
  const size_t first_tag_end = text.find('>');
  const bool declares_inside = text.find("xmlns", first_tag_end) != std::string_view::npos;
  return Reader(root, scope, declares_inside).Read();
}

}  // namespace stockd::poslog
