#include "defined_engines.hpp"

#include <braid/serp/parse.hpp>
#include <utility>

namespace braid::app {
namespace {

serp::search_request asked_by(const fetch::job& what) {
  serp::search_request asked(what.engine, what.query);
  asked.gl = what.gl;
  asked.hl = what.hl;
  asked.device = what.device;
  asked.page = static_cast<int>(what.page);
  asked.google_domain = what.google_domain;
  asked.location = what.location;
  asked.safe = what.safe;
  asked.tbs = what.tbs;
  asked.num = static_cast<int>(what.num);
  asked.start = static_cast<int>(what.start);
  return asked;
}

serp::page_context context_of(const http::response& response) {
  serp::page_context context;
  context.status = response.status();
  for (const auto& field : response.headers()) context.headers.emplace_back(field.name, field.value);
  context.final_url = response.url().str();
  return context;
}

}  // namespace

defined_engines::defined_engines(serp::registry engines) : engines_(std::move(engines)) {
  std::vector<serp::engine> all;
  for (const auto& name : engines_.names()) all.push_back(engines_.find(name));
  watch_ = std::make_unique<serp::drift_watch_shared>(all);
}

std::string defined_engines::url(const fetch::job& what) const {
  return serp::build_url(engines_.find(what.engine), asked_by(what));
}

void defined_engines::prepare(const fetch::job& what, http::request& request) const {
  for (const auto& [name, value] : serp::build_request(engines_.find(what.engine), asked_by(what)).headers) {
    request.header(name, value);
  }
}

std::string defined_engines::page_kind(const fetch::job& what, const http::response& response) const {
  const auto seen = serp::glance(engines_.find(what.engine), response.body(), context_of(response));
  return std::string(serp::to_string(seen.kind));
}

fetch::page_reading defined_engines::read(const fetch::job& what, const http::response& response) const {
  const auto& engine = engines_.find(what.engine);
  auto record = serp::parse_page(engine, response.body(), context_of(response));
  fetch::page_reading reading;
  for (const auto& one : watch_->add(engine, record.json)) reading.fallen.push_back(serp::to_string(one));
  reading.page_kind = serp::to_string(record.kind);
  reading.parser = std::move(record.json["search_metadata"]["parser"]);
  record.json.erase("search_metadata");
  reading.members = std::move(record.json);
  return reading;
}

std::vector<fetch::field_count> defined_engines::fields() const {
  std::vector<fetch::field_count> all;
  for (auto& one : watch_->fills()) {
    fetch::field_count count;
    count.engine = std::move(one.engine);
    count.name = std::move(one.field.name);
    count.rows = one.field.rows;
    count.filled = one.field.filled;
    count.expected = one.expected;
    all.push_back(std::move(count));
  }
  return all;
}

}  // namespace braid::app
