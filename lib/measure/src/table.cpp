#include <braid/core/error.hpp>
#include <braid/measure/table.hpp>
#include <braid/measure/text_width.hpp>

#include <algorithm>

namespace braid::measure {
namespace {

constexpr std::size_t gap = 2;

void append_rule(std::string& out, const std::vector<std::size_t>& widths) {
  std::size_t columns = widths.empty() ? 0 : gap * (widths.size() - 1);
  for (const auto width : widths) {
    columns += width;
  }
  for (; columns > 0; --columns) {
    out += "─";
  }
  out += '\n';
}

}  // namespace

table table::of_figures(const std::vector<std::string>& titles) {
  std::vector<column> columns;
  for (const auto& title : titles) {
    columns.push_back({title, columns.empty() ? align::left : align::right, 0});
  }
  return table(std::move(columns));
}

table& table::row(std::vector<std::string> cells) {
  if (cells.size() > columns_.size()) {
    throw invalid_argument("table: " + std::to_string(cells.size()) + " cells for " + std::to_string(columns_.size()) +
                           " columns");
  }
  cells.resize(columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    if (columns_[i].most > 0) {
      cells[i] = clipped(cells[i], columns_[i].most);
    }
  }
  rows_.push_back({std::move(cells), false});
  return *this;
}

table& table::rule() {
  rows_.push_back({{}, true});
  return *this;
}

std::string table::str() const {
  const auto width = widths();
  std::string out;
  std::vector<std::string> titles;
  for (const auto& c : columns_) {
    titles.push_back(c.title);
  }
  append(out, titles, width);
  append_rule(out, width);
  for (const auto& row : rows_) {
    if (row.is_rule) {
      append_rule(out, width);
    } else {
      append(out, row.cells, width);
    }
  }
  return out;
}

std::vector<std::size_t> table::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto widest = text_width(columns_[i].title);
    for (const auto& row : rows_) {
      if (!row.is_rule) {
        widest = std::max(widest, text_width(row.cells[i]));
      }
    }
    widths.push_back(widest);
  }
  return widths;
}

void table::append(std::string& out, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string padding(widths[i] - text_width(cells[i]), ' ');
    if (i > 0) {
      text.append(gap, ' ');
    }
    text += columns_[i].side == align::right ? padding + cells[i] : cells[i] + padding;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  out += text;
  out += '\n';
}

}  // namespace braid::measure
