#include "adapters/poslog/namespace_scope.h"

#include <ranges>

namespace stockd::poslog {

NamespaceDeclarations DeclarationsOf(const Token& tag) {
  constexpr std::string_view kPrefix = "xmlns:";
  NamespaceDeclarations declarations;
  for (const auto& [name, value] : tag.attributes) {
    if (name == "xmlns") {
      declarations.emplace_back(std::string(), std::string(value));
    } else if (name.starts_with(kPrefix)) {
      declarations.emplace_back(std::string(name.substr(kPrefix.size())), std::string(value));
    }
  }
  return declarations;
}

std::string_view NamespaceScope::Find(std::string_view prefix) const {
  for (const OpenElement& element : elements_ | std::views::reverse) {
    for (const auto& [declared, name_space] : element.declarations) {
      if (declared == prefix) return name_space;
    }
  }
  return {};
}

std::string NamespaceScope::NamespaceOf(const Token& tag) const {
  const std::string_view prefix = PrefixOf(tag.name);
  for (const auto& [declared, name_space] : DeclarationsOf(tag)) {
    if (declared == prefix) return name_space;
  }
  return std::string(Find(prefix));
}

void NamespaceScope::Open(const Token& tag) {
  elements_.push_back({.name = std::string(tag.name),
                       .declarations = DeclarationsOf(tag),
                       .name_space = NamespaceOf(tag)});
}

}  // namespace stockd::poslog
