#pragma once

#include <braid/scrape/durable_frontier.hpp>
#include <string_view>

#include "sqlite.hpp"

namespace braid::scrape {

/// Makes the file a durable frontier's, or sees that it is one and about this subject, and sets what SQLite is to do.
///
/// Throws: io_error for any other file.
void lay_out(sqlite::database& file, std::string_view subject, const durable_frontier_options& options);

}  // namespace braid::scrape
