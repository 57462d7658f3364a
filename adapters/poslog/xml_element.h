// Elements of one namespace in a parsed transaction.
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "adapters/poslog/namespace_scope.h"

namespace stockd::poslog {

// Looks at the elements of a document whose root stands in `scope`, which outlives it. pugixml
// knows no namespaces. For one thread.
class ElementView {
 public:
  ElementView(const pugi::xml_node& root, const NamespaceScope& scope, bool declares_inside);

  // Whether it is an element of this local name in the namespace of the root.
  bool Is(const pugi::xml_node& node, std::string_view local) const;
  // Whether it is an element in the namespace of the root.
  bool IsOurs(const pugi::xml_node& node) const;
  // The first such child; empty: there is none.
  pugi::xml_node Child(const pugi::xml_node& parent, std::string_view local) const;
  // What that child says; empty: there is none.
  std::string ChildText(const pugi::xml_node& parent, std::string_view local) const;

 private:
  std::string NamespaceOf(const pugi::xml_node& node) const;

  const NamespaceScope& scope_;
  const bool declares_inside_;  // Whether anything below the root declares a namespace.
  std::string prefix_;          // Of the root.
  std::string name_space_;
};

// The text of an element, without that of its children and without blanks at both ends.
[[nodiscard]] std::string TextOf(const pugi::xml_node& node);

// The value of an attribute without blanks at both ends; empty: there is none.
[[nodiscard]] std::string AttributeOf(const pugi::xml_node& node, const char* name);

}  // namespace stockd::poslog
