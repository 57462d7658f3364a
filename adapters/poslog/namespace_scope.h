// Which namespace a prefix means, in the open elements around a transaction.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/poslog/xml_token.h"

namespace stockd::poslog {

// What one tag declares: prefix (empty: none) and namespace.
using NamespaceDeclarations = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] NamespaceDeclarations DeclarationsOf(const Token& tag);

// An element that is open.
struct OpenElement {
  std::string name;  // With its prefix.
  NamespaceDeclarations declarations;
  std::string name_space;  // Its own.
};

// The open elements, outermost first. For one thread.
class NamespaceScope {
 public:
  // The namespace that `prefix` means; empty: none.
  [[nodiscard]] std::string_view Find(std::string_view prefix) const;

  // The namespace of a tag that stands inside, with what it declares itself.
  [[nodiscard]] std::string NamespaceOf(const Token& tag) const;

  void Open(const Token& tag);
  void Close() { elements_.pop_back(); }
  const std::vector<OpenElement>& elements() const { return elements_; }

 private:
  std::vector<OpenElement> elements_;
};

}  // namespace stockd::poslog
