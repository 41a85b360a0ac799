#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <braid/html/selector.hpp>
#include <braid/serp/fill.hpp>
#include <braid/serp/page_kind.hpp>

#include "filter.hpp"
#include "json_path.hpp"

// An engine definition as the loader leaves it. engine.schema.json says what each part is for.

namespace braid::serp {

/// What an engine answers with.
enum class page_format { html, json };

/// Text with {variables}.
struct parameter_rule {
  std::string name;
  std::string value;
  std::map<std::string, std::string> map;  // from a variable's value to the engine's word for it
};

struct request_rules {
  std::string url;
  std::map<std::string, std::string> defaults;
  std::vector<parameter_rule> parameters;
  std::vector<parameter_rule> headers;
  int page_size = 10;
  int first_offset = 0;
};

/// Conditions that must all hold.
struct classify_rule {
  page_kind kind = page_kind::unknown;
  std::vector<int> status;
  std::vector<std::pair<std::string, pattern>> headers;
  pattern url;
  pattern title;
  std::vector<std::string> source;  // any of them stands in the page's bytes
  std::vector<std::string> text;    // any of them stands in the page's visible text
  pattern query;                    // the query, read from the page by the engine's "query_displayed"
  html::selector select;
  html::selector without;
  json_path has;  // a value that is neither null nor empty
  std::optional<bool> results;

  bool needs_parsing() const { return title || !text.empty() || query || select || without || has || results; }
};

enum class field_source {
  item,       // the row, or what it was climbed to
  row,        // the row itself
  after_row,  // what follows the row in the item
  page
};

struct field_rule {
  std::string name;
  std::vector<html::selector> select;  // tried in turn; empty: the source itself
  std::vector<json_path> paths;        // in place of selectors where the answer is JSON
  html::selector exclude;              // elements that are no part of the text
  field_source from = field_source::item;
  std::string attribute;  // empty: the text
  std::vector<filter> filters;
  std::optional<std::string> otherwise;
  bool optional = false;
  bool all = false;     // a list of what every match gives
  bool number = false;  // the value is a number in the record
};

struct block_rule;

/// One way a block may look.
struct alternative_rule {
  html::selector rows;
  json_path row_path;       // in place of all up to `stop` where the answer is JSON
  html::selector exclude;   // rows that are none
  html::selector within;    // rows must stand inside one of these
  bool climb = false;       // the item is the largest element around the row with no other row in it
  html::selector climb_to;  // the item is the nearest such element around the row
  html::selector stop;      // climbing ends below one of these
  std::vector<field_rule> fields;
  std::vector<block_rule> nested;
};

struct block_rule {
  std::string name;
  bool object = false;  // one object in place of a list
  bool merge = false;   // what all alternatives find, not the first that finds something
  std::string unique;   // the field no two rows may share
  std::vector<alternative_rule> alternatives;
};

struct definition {
  std::string name, title, version, home, source;
  page_format format = page_format::html;
  request_rules request;
  std::vector<classify_rule> classify;
  std::vector<block_rule> blocks;
  fill_baseline baseline;
  nlohmann::ordered_json tests;
};

}  // namespace braid::serp
