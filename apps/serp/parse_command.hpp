#pragma once

#include <string>
#include <vector>

namespace braid::app {

enum class output_format { json, jsonl, csv };

struct parse_options {
  std::string engine;
  std::string engines_folder;
  output_format format = output_format::json;
  std::vector<std::string> files;
};

/// Saved pages to records on stdout, one a file, in order. A file that cannot be read is a failed record. Returns the
/// exit code: 0 all done, 1 some failed, 2 no such engine, 3 nothing done.
int run_parse(const parse_options& options);

}  // namespace braid::app
