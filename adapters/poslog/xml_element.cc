#include "adapters/poslog/xml_element.h"

#include "adapters/poslog/xml_token.h"

namespace stockd::poslog {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsXmlBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsXmlBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

ElementView::ElementView(const pugi::xml_node& root, const NamespaceScope& scope,
                         bool declares_inside)
    : scope_(scope), declares_inside_(declares_inside), prefix_(PrefixOf(root.name())) {
  name_space_ = NamespaceOf(root);
}

// What is declared nearest counts.
std::string ElementView::NamespaceOf(const pugi::xml_node& node) const {
  const std::string_view prefix = PrefixOf(node.name());
  const std::string declaration =
      prefix.empty() ? std::string("xmlns") : "xmlns:" + std::string(prefix);
  for (pugi::xml_node at = node; at.type() == pugi::node_element; at = at.parent()) {
    if (const pugi::xml_attribute found = at.attribute(declaration.c_str())) return found.value();
  }
  return std::string(scope_.Find(prefix));
}

bool ElementView::IsOurs(const pugi::xml_node& node) const {
  if (node.type() != pugi::node_element) return false;
  if (!declares_inside_ && PrefixOf(node.name()) == prefix_) return true;
  return NamespaceOf(node) == name_space_;
}

bool ElementView::Is(const pugi::xml_node& node, std::string_view local) const {
  return LocalName(node.name()) == local && IsOurs(node);
}

pugi::xml_node ElementView::Child(const pugi::xml_node& parent, std::string_view local) const {
  for (const pugi::xml_node& child : parent.children()) {
    if (Is(child, local)) return child;
  }
  return {};
}

std::string ElementView::ChildText(const pugi::xml_node& parent, std::string_view local) const {
  return TextOf(Child(parent, local));
}

// A comment or CDATA section may cut a text into several.
std::string TextOf(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return std::string(Trimmed(text));
}

std::string AttributeOf(const pugi::xml_node& node, const char* name) {
  return std::string(Trimmed(node.attribute(name).value()));
}

}  // namespace stockd::poslog
