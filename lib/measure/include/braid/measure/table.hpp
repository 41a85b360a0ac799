#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace braid::measure {

/// A plain-text table for terminals and logs:
///
///     mode         requests/s   p50
///     ──────────────────────────────
///     sequential          9.9   101 ms
///
/// Columns are as wide as their widest cell, counted in terminal columns, so that names in any script line up. Cells
/// are made printable: text from a page cannot move the cursor.
class table {
 public:
  enum class align { left, right };

  struct column {
    std::string title;
    align side = align::left;
    std::size_t most = 0;  ///< wider cells are cut off with an ellipsis; 0 for no limit
  };

  explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}

  /// The first column to the left, as names are, all others to the right, as figures are.
  static table of_figures(const std::vector<std::string>& titles);

  /// Missing cells are empty. Throws invalid_argument when there are more cells than columns.
  table& row(std::vector<std::string> cells);

  /// A line across, below the last row.
  table& rule();

  bool empty() const { return rows_.empty(); }

  /// Lines end in '\n' and in no spaces.
  std::string str() const;

 private:
  struct line {
    std::vector<std::string> cells;
    bool is_rule = false;
  };

  std::vector<std::size_t> widths() const;
  void append(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<column> columns_;
  std::vector<line> rows_;
};

}  // namespace braid::measure
