#include <braid/scrape/table_reader.hpp>

#include "postgres.hpp"
#include "table_names.hpp"

namespace braid::scrape {

struct table_reader::impl {
  impl(const std::string& address, std::string statement) : server(address), sql(std::move(statement)) {}

  postgres::connection server;
  const std::string sql;
};

table_reader::table_reader(const std::string& address, const table_layout& layout) {
  check_names(layout);
  const auto key = '"' + layout.columns.front().name + '"';
  impl_ = std::make_unique<impl>(
      address, "SELECT " + key + ", \"record\" FROM \"" + layout.name + "\" WHERE " + key + " = ANY($1::text[])");
}

table_reader::~table_reader() = default;

std::vector<table_row> table_reader::find(std::span<const std::string> keys) {
  std::vector<table_row> all;
  if (keys.empty()) return all;
  for (auto& cells : impl_->server.rows(impl_->sql, keys)) {
    auto& row = all.emplace_back();
    row.key = std::move(cells[0]);
    row.record = std::move(cells[1]);
  }
  return all;
}

}  // namespace braid::scrape
