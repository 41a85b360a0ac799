#include "serp/serve/list_request.hpp"

#include <catch2/catch.hpp>

using namespace braid::serve;

namespace {

/// Code and parameter of the refusal.
std::string wrong(const braid::query_pairs& parameters) {
  auto read = read_list_request(parameters);
  if (std::holds_alternative<list_request>(read)) return "taken";
  const auto& why = std::get<fault>(read);
  return why.code + ' ' + why.parameter;
}

}  // namespace

TEST_CASE("a list is of the newest tasks of all states unless something else is asked for") {
  const auto plain = std::get<list_request>(read_list_request({}));
  CHECK_FALSE(plain.state);
  CHECK(plain.before == 0);
  CHECK(plain.limit == 50);
  const auto full =
      std::get<list_request>(read_list_request({{"status", "failed"}, {"limit", "1000"}, {"cursor", "7"}}));
  CHECK(full.state == braid::scrape::task_state::failed);
  CHECK(full.before == 7);
  CHECK(full.limit == 1000);
}

TEST_CASE("what a list does not know is refused by name") {
  CHECK(wrong({{"order", "up"}}) == "unknown_parameter order");
  CHECK(wrong({{"status", "lost"}}) == "bad_parameter status");
  for (const char* limit : {"0", "1001", "-1", "", "1 ", "18446744073709551616"}) {
    INFO(limit);
    CHECK(wrong({{"limit", limit}}) == "bad_parameter limit");
  }
  for (const char* cursor : {"0", "-1", "", "x", "9223372036854775808"}) {
    INFO(cursor);
    CHECK(wrong({{"cursor", cursor}}) == "bad_parameter cursor");
  }
}
