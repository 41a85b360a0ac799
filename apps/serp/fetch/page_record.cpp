#include "page_record.hpp"

#include <string>
#include <utility>

namespace braid::fetch {
namespace {

/// For a page that holds no results and whose definition does not say why.
nlohmann::ordered_json error_of_page(const page_reading& reading, int status) {
  const bool blocked = outcome_of(reading.page_kind) == outcome::blocked;
  const auto code = blocked ? reading.page_kind : std::string("parse_failed");
  const auto message = blocked ? "the engine answered with a page that is no result page: " + reading.page_kind
                               : std::string("the page is no result page");
  return make_error(code, message, blocked, "HTTP " + std::to_string(status));
}

}  // namespace

nlohmann::ordered_json parameters_of(const job& what) {
  nlohmann::ordered_json parameters;
  parameters["engine"] = what.engine;
  parameters["q"] = what.query;
  if (!what.gl.empty()) parameters["gl"] = what.gl;
  if (!what.hl.empty()) parameters["hl"] = what.hl;
  if (!what.google_domain.empty()) parameters["google_domain"] = what.google_domain;
  if (!what.location.empty()) parameters["location"] = what.location;
  parameters["device"] = what.device;
  if (what.num > 0) parameters["num"] = what.num;
  if (what.start > 0) parameters["start"] = what.start;
  parameters["page"] = what.page;
  if (!what.safe.empty()) parameters["safe"] = what.safe;
  if (!what.tbs.empty()) parameters["tbs"] = what.tbs;
  return parameters;
}

record parse_page(const engine_pages& engines, const job& what, fetched_page page, format as) {
  page_reading reading;
  std::exception_ptr failure;
  try {
    reading = engines.read(what, page.response);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) return failed_record(what, page.facts, failure, as);

  record made;
  made.what = outcome_of(reading.page_kind);
  const bool success = made.what == outcome::success;
  made.metadata = make_metadata(what, page.facts, reading.page_kind, success);
  if (!reading.parser.is_null()) made.metadata["parser"] = std::move(reading.parser);
  if (!reading.members.is_object()) reading.members = nlohmann::ordered_json::object();
  nlohmann::ordered_json members;
  members["search_parameters"] = parameters_of(what);
  members.update(reading.members);
  if (!success && !members.contains("error")) members["error"] = error_of_page(reading, page.facts.http_status);
  made.page_kind = reading.page_kind;
  made.fallen = std::move(reading.fallen);
  if (!made.fallen.empty()) made.fallen_page = page.response.take_body();
  if (!success) {
    made.error_code = members["error"].value("code", "parse_failed");
    made.evidence = members["error"].value("evidence", "");
  }
  made.rest = text_of(members, what, success ? "Success" : "Error", as);
  return made;
}

record failed_record(const job& what, const request_facts& facts, const std::exception_ptr& failure, format as) {
  record made;
  made.what = outcome::failed;
  made.metadata = make_metadata(what, facts, {}, false);
  nlohmann::ordered_json members;
  members["search_parameters"] = parameters_of(what);
  members["error"] = error_of(failure);
  made.error_code = members["error"]["code"].get<std::string>();
  made.rest = text_of(members, what, "Error", as);
  return made;
}

record failed_record(const job& what, const std::exception_ptr& failure, format as) {
  try {
    std::rethrow_exception(failure);
  } catch (const gather_error& e) {
    return failed_record(what, e.facts(), failure, as);
  } catch (...) {
    request_facts facts;
    facts.created_at = std::chrono::system_clock::now();
    facts.engine_url = what.url;
    return failed_record(what, facts, failure, as);
  }
}

}  // namespace braid::fetch
