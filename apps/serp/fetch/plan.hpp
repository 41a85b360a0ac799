#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine_pages.hpp"
#include "job.hpp"
#include "options.hpp"

namespace braid::fetch {

/// The requests of a run: every query, at every engine, every page. Engines alternate, so that the politeness toward
/// one does not keep the others waiting.
std::vector<job> plan_jobs(const fetch_options& options, const std::vector<std::string>& queries,
                           const engine_pages& engines);

/// Fills in what follows from the request: the URL, at its endpoint, and the id.
void complete(job& what, const fetch_options& options, const engine_pages& engines);

/// What the user should know before it starts: duplicates dropped, the rates that apply.
std::string plan_notes(const fetch_options& options, std::size_t duplicates, std::size_t empty_lines);

}  // namespace braid::fetch
