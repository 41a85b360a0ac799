#include "loader.hpp"

#include <braid/core/error.hpp>

#include "json_reader.hpp"

namespace braid::serp {
namespace {

html::selector read_selector(const json_reader& from) {
  return from.made([](const std::string& text) { return html::selector(text); });
}

html::selector read_selector(const json_reader& from, const char* key) {
  return from.has(key) ? read_selector(from.at(key)) : html::selector();
}

pattern read_pattern(const json_reader& from) {
  return from.made([](const std::string& text) { return pattern(text); });
}

pattern read_pattern(const json_reader& from, const char* key) {
  return from.has(key) ? read_pattern(from.at(key)) : pattern();
}

std::vector<std::string> read_texts(const json_reader& from, const char* key) {
  return from.has(key) ? from.at(key).texts() : std::vector<std::string>{};
}

filter read_filter(const json_reader& from) {
  filter made;
  if (from.is_text()) {
    const auto name = from.text();
    if (name == "absolute")
      made.kind = filter_kind::absolute;
    else if (name == "number")
      made.kind = filter_kind::number;
    else if (name == "date")
      made.kind = filter_kind::date;
    else if (name == "lower")
      made.kind = filter_kind::lower;
    else if (name == "base64")
      made.kind = filter_kind::base64;
    else if (name == "percent")
      made.kind = filter_kind::percent;
    else
      from.fail("unknown filter \"" + name + "\"; known: absolute, number, date, lower, base64, percent");
    return made;
  }
  from.only({"regex", "replace", "with", "keep", "drop", "query", "redirect"});
  if (from.has("redirect")) {
    const auto to = from.at("redirect");
    to.only({"when", "query", "part", "strip", "base64"});
    made.kind = filter_kind::redirect;
    made.expression = read_pattern(to.at("when"));
    made.parameters = read_texts(to, "query");
    made.part = read_pattern(to, "part");
    made.strip = to.text("strip");
    made.base64 = to.flag("base64");
    if (made.parameters.empty() == !made.part) to.fail("either \"query\" or \"part\" says where the target is");
  } else if (from.has("query")) {
    made.kind = filter_kind::query;
    made.parameters = read_texts(from, "query");
  } else if (from.has("replace")) {
    made.kind = filter_kind::replace;
    made.expression = read_pattern(from.at("replace"));
    made.with = from.text("with");
  } else if (from.has("keep")) {
    made.kind = filter_kind::keep;
    made.expression = read_pattern(from.at("keep"));
  } else if (from.has("drop")) {
    made.kind = filter_kind::drop;
    made.expression = read_pattern(from.at("drop"));
  } else {
    made.expression = read_pattern(from.at("regex"));
  }
  return made;
}

field_rule read_field(const std::string& name, const json_reader& from) {
  field_rule made;
  made.name = name;
  if (from.is_text()) {
    made.select.push_back(read_selector(from));
    return made;
  }
  from.only({"select", "exclude", "from", "attribute", "filters", "default", "optional", "all"});
  if (from.has("select")) {
    const auto select = from.at("select");
    if (select.is_text())
      made.select.push_back(read_selector(select));
    else
      select.each([&](const json_reader& one) { made.select.push_back(read_selector(one)); });
  }
  made.exclude = read_selector(from, "exclude");
  const auto source = from.text("from", "item");
  if (source == "row")
    made.from = field_source::row;
  else if (source == "after_row")
    made.from = field_source::after_row;
  else if (source == "page")
    made.from = field_source::page;
  else if (source != "item")
    from.at("from").fail("\"item\", \"row\", \"after_row\" or \"page\" is expected here");
  made.attribute = from.text("attribute");
  if (from.has("filters"))
    from.at("filters").each([&](const json_reader& one) { made.filters.push_back(read_filter(one)); });
  made.number = !made.filters.empty() && made.filters.back().kind == filter_kind::number;
  if (from.has("default")) made.otherwise = from.at("default").text();
  made.optional = from.flag("optional");
  made.all = from.flag("all");
  return made;
}

block_rule read_block(const std::string& name, const json_reader& from);

alternative_rule read_alternative(const json_reader& from) {
  from.only({"rows", "exclude", "within", "climb", "climb_to", "stop", "fields", "nested", "comment"});
  alternative_rule made;
  made.rows = read_selector(from.at("rows"));
  made.exclude = read_selector(from, "exclude");
  made.within = read_selector(from, "within");
  made.climb = from.flag("climb");
  made.climb_to = read_selector(from, "climb_to");
  made.stop = read_selector(from, "stop");
  from.at("fields").members(
      [&](const std::string& field, const json_reader& rule) { made.fields.push_back(read_field(field, rule)); });
  if (from.has("nested"))
    from.at("nested").members(
        [&](const std::string& block, const json_reader& rule) { made.nested.push_back(read_block(block, rule)); });
  return made;
}

block_rule read_block(const std::string& name, const json_reader& from) {
  block_rule made;
  made.name = name;
  from.only({"object", "merge", "unique", "alternatives"});
  made.object = from.flag("object");
  made.merge = from.flag("merge");
  made.unique = from.text("unique");
  from.at("alternatives").each([&](const json_reader& one) { made.alternatives.push_back(read_alternative(one)); });
  if (made.alternatives.empty()) from.at("alternatives").fail("a block needs at least one alternative");
  return made;
}

classify_rule read_classify(const json_reader& from) {
  from.only({"kind", "status", "headers", "url", "title", "source", "text", "query", "select", "without", "results",
             "comment"});
  classify_rule made;
  const auto kind = page_kind_from(from.at("kind").text());
  if (!kind) from.at("kind").fail("unknown page kind \"" + from.text("kind") + "\"");
  made.kind = *kind;
  if (from.has("status")) from.at("status").each([&](const json_reader& one) { made.status.push_back(one.number()); });
  if (from.has("headers"))
    from.at("headers").members([&](const std::string& name, const json_reader& value) {
      made.headers.emplace_back(name, read_pattern(value));
    });
  made.url = read_pattern(from, "url");
  made.title = read_pattern(from, "title");
  made.source = read_texts(from, "source");
  made.text = read_texts(from, "text");
  made.query = read_pattern(from, "query");
  made.select = read_selector(from, "select");
  made.without = read_selector(from, "without");
  if (from.has("results")) made.results = from.flag("results");
  return made;
}

std::vector<parameter_rule> read_parameters(const json_reader& from) {
  std::vector<parameter_rule> all;
  from.members([&](const std::string& name, const json_reader& rule) {
    parameter_rule made;
    made.name = name;
    if (rule.is_text()) {
      made.value = rule.text();
    } else {
      rule.only({"value", "map"});
      made.value = rule.at("value").text();
      if (rule.has("map"))
        rule.at("map").members([&](const std::string& key, const json_reader& to) { made.map[key] = to.text(); });
    }
    all.push_back(std::move(made));
  });
  return all;
}

request_rules read_request(const json_reader& from) {
  from.only({"url", "defaults", "parameters", "headers", "page_size", "first_offset"});
  request_rules made;
  made.url = from.at("url").text();
  if (from.has("defaults"))
    from.at("defaults").members([&](const std::string& key, const json_reader& v) { made.defaults[key] = v.text(); });
  made.parameters = read_parameters(from.at("parameters"));
  if (from.has("headers")) made.headers = read_parameters(from.at("headers"));
  made.page_size = from.number("page_size", 10);
  if (made.page_size < 1) from.at("page_size").fail("at least 1 is expected here");
  made.first_offset = from.number("first_offset", 0);
  return made;
}

}  // namespace

definition load_definition(std::string_view json, std::string_view source) {
  const positioned_json file(json, source);
  const json_reader top(file);
  top.only({"$schema", "engine", "title", "version", "home", "comment", "request", "classify", "blocks", "tests"});
  definition made;
  made.source = std::string(json);
  made.name = top.at("engine").text();
  if (made.name.empty()) top.at("engine").fail("an engine needs a name");
  made.title = top.text("title", made.name);
  made.version = top.at("version").text();
  made.home = top.at("home").made([](const std::string& text) { return std::string(url::parse(text).str()); });
  made.request = read_request(top.at("request"));
  if (top.has("classify"))
    top.at("classify").each([&](const json_reader& one) { made.classify.push_back(read_classify(one)); });
  top.at("blocks").members(
      [&](const std::string& name, const json_reader& block) { made.blocks.push_back(read_block(name, block)); });
  if (top.has("tests")) made.tests = top.at("tests").json();
  return made;
}

}  // namespace braid::serp
