#include "compare_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/common/json_output.hpp"
#include "compare_report.hpp"

namespace braid::bench {

int run_compare(const compare_options& options) {
  const auto a = read_measured(options.a);
  const auto b = read_measured(options.b);
  json_output json(options.json_file);
  const auto result = compare(a, b, options.least);
  (json.is_stdout() ? std::cerr : std::cout) << render(result) << std::flush;
  json.write(to_json(result));
  if (options.fail_if_worse && result.worse()) return 1;
  const bool supported = a.front().supported && b.front().supported && !result.unknown();
  return supported ? 0 : 4;
}

}  // namespace braid::bench
