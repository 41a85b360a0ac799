#pragma once

#include <boost/asio/awaitable.hpp>
#include <braid/http/client.hpp>
#include <cstdint>
#include <string>

#include "page_parser.hpp"
#include "tally.hpp"
#include "tickets.hpp"

namespace braid::bench {

/// What is done with each ticket.
class job {
 public:
  /// `url` may hold {n}, which becomes the request's number modulo `pages`. Without a parser, pages are not parsed.
  ///
  /// Lifetime: the parser outlives the job.
  job(std::string url, unsigned pages, const page_parser* parser);

  std::string url_of(std::uint64_t number) const;
  const page_parser* parser() const { return parser_; }

 private:
  std::string before_;
  std::string after_;
  bool numbered_ = false;
  unsigned pages_;
  const page_parser* parser_;
};

/// A task: gets a page, parses and saves it, takes the next ticket. This is the whole of the work, in every mode. The
/// timeline, if there is to be one, shows it as number `task`.
///
/// Lifetime: `what`, `left` and `tallies` outlive the task.
boost::asio::awaitable<void> work(http::client client, const job& what, tickets& left, tallies_shared& tallies,
                                  std::uint32_t task);

}  // namespace braid::bench
