#pragma once

#include <string>
#include <vector>

#include "definition.hpp"
#include "json_reader.hpp"

// How the parts of a definition are read. What is wrong is refused where it stands.

namespace braid::serp {

html::selector read_selector(const json_reader& from);
/// Nothing for a missing key, here and below.
html::selector read_selector(const json_reader& from, const char* key);
pattern read_pattern(const json_reader& from);
pattern read_pattern(const json_reader& from, const char* key);
std::vector<std::string> read_texts(const json_reader& from, const char* key);
json_path read_path(const json_reader& from);

block_rule read_block(const std::string& name, const json_reader& from, page_format format);

}  // namespace braid::serp
