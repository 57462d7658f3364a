// Aligned tables for people.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/text_width.h"

namespace stockd::ctl {

enum class Colour { kPlain, kStrong, kGood, kBad, kDim };

// The text in a colour, or as it is when `colours` is false.
std::string Paint(std::string_view text, Colour colour, bool colours);

struct Cell {
  Cell(std::string_view cell_text, Colour cell_colour = Colour::kPlain);
  Cell(const char* cell_text) : Cell(std::string_view(cell_text)) {}
  Cell(const std::string& cell_text) : Cell(std::string_view(cell_text)) {}
  Cell(int64_t number, Colour cell_colour = Colour::kPlain);

  std::string text;  // Printable.
  Colour colour;
};

enum class Align { kLeft, kRight };

struct Column {
  std::string header;
  Align align = Align::kLeft;
};

// Collects rows and prints them under their headers, each column as wide as its widest cell.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: as many cells as columns.
  void Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  // Lines end behind their last character: nothing to trip over when they are copied.
  void Print(std::ostream& out, bool colours) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Prints one line of cells in columns of the given widths, which grow when a cell does not fit.
void PrintRow(std::ostream& out, const std::vector<Column>& columns, const std::vector<Cell>& row,
              std::vector<int>& widths, bool colours);

// The header cells of `columns`.
std::vector<Cell> HeaderOf(const std::vector<Column>& columns);

}  // namespace stockd::ctl
