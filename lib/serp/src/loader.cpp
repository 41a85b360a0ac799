#include "loader.hpp"

#include <braid/core/error.hpp>

#include "json_reader.hpp"
#include "load_blocks.hpp"

namespace braid::serp {
namespace {

classify_rule read_classify(const json_reader& from, page_format format) {
  if (format == page_format::html)
    from.only({"kind", "status", "headers", "url", "title", "source", "text", "query", "select", "without", "results",
               "comment"});
  else
    from.only({"kind", "status", "headers", "url", "source", "query", "has", "results", "comment"});
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
  if (from.has("has")) made.has = read_path(from.at("has"));
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

fill_baseline read_baseline(const json_reader& from) {
  from.only({"rows_per_page", "fields", "comment"});
  fill_baseline made;
  if (from.has("rows_per_page")) made.rows_per_page = from.at("rows_per_page").real();
  if (from.has("fields"))
    from.at("fields").members([&](const std::string& name, const json_reader& rate) {
      if (name.find('.') == std::string::npos) rate.fail("a field is named \"block.field\"");
      if (rate.real() < 0 || rate.real() > 1) rate.fail("a share between 0 and 1 is expected here");
      made.fields[name] = rate.real();
    });
  return made;
}

}  // namespace

definition load_definition(std::string_view json, std::string_view source) {
  const positioned_json file(json, source);
  const json_reader top(file);
  top.only({"$schema", "engine", "title", "version", "home", "comment", "format", "request", "classify", "blocks",
            "baseline", "tests"});
  definition made;
  made.source = std::string(json);
  made.name = top.at("engine").text();
  if (made.name.empty()) top.at("engine").fail("an engine needs a name");
  made.title = top.text("title", made.name);
  made.version = top.at("version").text();
  made.home = top.at("home").made([](const std::string& text) { return std::string(url::parse(text).str()); });
  const auto format = top.text("format", "html");
  if (format == "json")
    made.format = page_format::json;
  else if (format != "html")
    top.at("format").fail("\"html\" or \"json\" is expected here");
  made.request = read_request(top.at("request"));
  if (top.has("classify"))
    top.at("classify").each([&](const json_reader& one) { made.classify.push_back(read_classify(one, made.format)); });
  top.at("blocks").members([&](const std::string& name, const json_reader& block) {
    made.blocks.push_back(read_block(name, block, made.format));
  });
  if (top.has("baseline")) made.baseline = read_baseline(top.at("baseline"));
  if (top.has("tests")) made.tests = top.at("tests").json();
  return made;
}

}  // namespace braid::serp
