#pragma once

#include <exception>

#include "engine_pages.hpp"
#include "formats.hpp"
#include "job.hpp"
#include "record.hpp"

namespace braid::fetch {

/// A page that was got, with how.
struct fetched_page {
  fetched_page() = default;

  http::response response;
  request_facts facts;
};

/// What a record tells of its request: search_parameters.
nlohmann::ordered_json parameters_of(const job& what);

/// The record of a page, its text in the given format. A page that cannot be read is a failed record.
record parse_page(const engine_pages& engines, const job& what, fetched_page page, format as);

/// The record of a job that came to no page.
record failed_record(const job& what, const request_facts& facts, const std::exception_ptr& failure, format as);
/// The same, with the facts that a gather_error carries.
record failed_record(const job& what, const std::exception_ptr& failure, format as);

}  // namespace braid::fetch
