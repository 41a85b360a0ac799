#include "load_blocks.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <braid/core/error.hpp>

namespace braid::serp {

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

json_path read_path(const json_reader& from) {
  return from.made([](const std::string& text) { return json_path(text); });
}

namespace {

struct named_filter {
  std::string_view name;
  filter_kind kind;
};

constexpr std::array<named_filter, 9> named_filters = {{{"absolute", filter_kind::absolute},
                                                        {"number", filter_kind::number},
                                                        {"date", filter_kind::date},
                                                        {"lower", filter_kind::lower},
                                                        {"base64", filter_kind::base64},
                                                        {"percent", filter_kind::percent},
                                                        {"encode", filter_kind::encode},
                                                        {"markup", filter_kind::markup},
                                                        {"epoch", filter_kind::epoch}}};

std::optional<filter_kind> filter_named(std::string_view name) {
  for (const auto& one : named_filters)
    if (one.name == name) return one.kind;
  return std::nullopt;
}

std::string filter_names() {
  std::string all;
  for (const auto& one : named_filters) all += (all.empty() ? "" : ", ") + std::string(one.name);
  return all;
}

filter read_filter(const json_reader& from) {
  filter made;
  if (from.is_text()) {
    const auto kind = filter_named(from.text());
    if (!kind) from.fail("unknown filter \"" + from.text() + "\"; known: " + filter_names());
    made.kind = *kind;
    return made;
  }
  from.only({"regex", "replace", "with", "keep", "drop", "query", "redirect", "before"});
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
  } else if (from.has("before")) {
    made.kind = filter_kind::before;
    made.with = from.text("before");
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

field_source read_source(const json_reader& from) {
  const auto source = from.text("from", "item");
  if (source == "row") return field_source::row;
  if (source == "after_row") return field_source::after_row;
  if (source == "page") return field_source::page;
  if (source != "item") from.at("from").fail("\"item\", \"row\", \"after_row\" or \"page\" is expected here");
  return field_source::item;
}

/// What fields of either format have.
void read_field_rest(const json_reader& from, field_rule& made) {
  if (from.has("filters"))
    from.at("filters").each([&](const json_reader& one) { made.filters.push_back(read_filter(one)); });
  made.number = !made.filters.empty() && made.filters.back().kind == filter_kind::number;
  if (from.has("default")) made.otherwise = from.at("default").text();
  made.optional = from.flag("optional");
  made.all = from.flag("all");
}

/// A text or a list of them, each read by `read`.
template <class Read>
void read_several(const json_reader& from, Read read) {
  if (from.is_text())
    read(from);
  else
    from.each(read);
}

field_rule read_html_field(const std::string& name, const json_reader& from) {
  field_rule made;
  made.name = name;
  if (from.is_text()) {
    made.select.push_back(read_selector(from));
    return made;
  }
  from.only({"select", "exclude", "from", "attribute", "filters", "default", "optional", "all"});
  if (from.has("select"))
    read_several(from.at("select"), [&](const json_reader& one) { made.select.push_back(read_selector(one)); });
  made.exclude = read_selector(from, "exclude");
  made.from = read_source(from);
  made.attribute = from.text("attribute");
  read_field_rest(from, made);
  return made;
}

field_rule read_json_field(const std::string& name, const json_reader& from) {
  field_rule made;
  made.name = name;
  if (from.is_text()) {
    made.paths.push_back(read_path(from));
    return made;
  }
  from.only({"path", "from", "filters", "default", "optional", "all"});
  read_several(from.at("path"), [&](const json_reader& one) { made.paths.push_back(read_path(one)); });
  made.from = read_source(from);
  if (made.from != field_source::item && made.from != field_source::page)
    from.at("from").fail("\"item\" or \"page\" is expected here");
  read_field_rest(from, made);
  return made;
}

alternative_rule read_alternative(const json_reader& from, page_format format) {
  alternative_rule made;
  const bool html = format == page_format::html;
  if (html) {
    from.only({"rows", "exclude", "within", "climb", "climb_to", "stop", "fields", "nested", "comment"});
    made.rows = read_selector(from.at("rows"));
    made.exclude = read_selector(from, "exclude");
    made.within = read_selector(from, "within");
    made.climb = from.flag("climb");
    made.climb_to = read_selector(from, "climb_to");
    made.stop = read_selector(from, "stop");
  } else {
    from.only({"rows", "fields", "nested", "comment"});
    made.row_path = read_path(from.at("rows"));
  }
  from.at("fields").members([&](const std::string& field, const json_reader& rule) {
    made.fields.push_back(html ? read_html_field(field, rule) : read_json_field(field, rule));
  });
  if (from.has("nested"))
    from.at("nested").members([&](const std::string& block, const json_reader& rule) {
      made.nested.push_back(read_block(block, rule, format));
    });
  return made;
}

}  // namespace

block_rule read_block(const std::string& name, const json_reader& from, page_format format) {
  block_rule made;
  made.name = name;
  from.only({"object", "merge", "unique", "alternatives"});
  made.object = from.flag("object");
  made.merge = from.flag("merge");
  made.unique = from.text("unique");
  from.at("alternatives").each([&](const json_reader& one) {
    made.alternatives.push_back(read_alternative(one, format));
  });
  if (made.alternatives.empty()) from.at("alternatives").fail("a block needs at least one alternative");
  return made;
}

}  // namespace braid::serp
