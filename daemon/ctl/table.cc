#include "daemon/ctl/table.h"

#include <algorithm>
#include <ostream>

namespace stockd::ctl {
namespace {

std::string_view EscapeOf(Colour colour) {
  switch (colour) {
    case Colour::kPlain: return "";
    case Colour::kStrong: return "\x1b[1m";
    case Colour::kGood: return "\x1b[32m";
    case Colour::kBad: return "\x1b[31m";
    case Colour::kDim: return "\x1b[2m";
  }
  return "";
}

}  // namespace

std::string Paint(std::string_view text, Colour colour, bool colours) {
  const std::string_view escape = EscapeOf(colour);
  if (!colours || escape.empty()) return std::string(text);
  return std::string(escape) + std::string(text) + "\x1b[0m";
}

Cell::Cell(std::string_view cell_text, Colour cell_colour)
    : text(Printable(cell_text)), colour(cell_colour) {}

Cell::Cell(int64_t number, Colour cell_colour)
    : text(std::to_string(number)), colour(cell_colour) {}

std::vector<Cell> HeaderOf(const std::vector<Column>& columns) {
  std::vector<Cell> header;
  for (const Column& column : columns) header.emplace_back(column.header, Colour::kStrong);
  return header;
}

void PrintRow(std::ostream& out, const std::vector<Column>& columns, const std::vector<Cell>& row,
              std::vector<int>& widths, bool colours) {
  std::string line;
  size_t pending = 0;  // Spaces that are written only if something follows.
  for (size_t i = 0; i < columns.size(); ++i) {
    const int width = WidthOf(row[i].text);
    widths[i] = std::max(widths[i], width);
    const size_t padding = static_cast<size_t>(widths[i] - width);
    const bool right = columns[i].align == Align::kRight;
    if (right) pending += padding;
    if (!row[i].text.empty()) {
      line.append(pending, ' ');
      line += Paint(row[i].text, row[i].colour, colours);
      pending = 0;
    }
    pending += right ? 2 : padding + 2;
  }
  out << line << '\n';
}

void Table::Print(std::ostream& out, bool colours) const {
  const std::vector<Cell> header = HeaderOf(columns_);
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = WidthOf(header[i].text);
    for (const std::vector<Cell>& row : rows_) width = std::max(width, WidthOf(row[i].text));
    widths.push_back(width);
  }
  PrintRow(out, columns_, header, widths, colours);
  for (const std::vector<Cell>& row : rows_) PrintRow(out, columns_, row, widths, colours);
}

}  // namespace stockd::ctl
